// Results folders: all files of a result appear at once and whole, or none does.

import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { InputError } from '../work/input-error.ts'
import { resultCsv } from './csv.ts'
import { type ResultDocument, resultJson } from './result.ts'
import { dumpsOf, statsJson, statsText } from './stats.ts'
import type { Dump } from './stats-dump.ts'
import { resultText } from './text.ts'

/** Texts of a result's files by name; `config` is the resolved experiment as YAML, `samples` what was dumped on the way. */
export function resultFiles(
  result: ResultDocument,
  config: string,
  samples: readonly Dump[] = [],
): Record<string, string> {
  const dumps = dumpsOf(result, samples)
  return {
    'result.json': resultJson(result),
    'result.csv': resultCsv(result),
    'result.txt': resultText(result),
    'stats.txt': statsText(dumps),
    'stats.json': statsJson(result, dumps),
    'config.yaml': config,
  }
}

/**
 * Writes `files`, texts by name, into `folder`, which is made where it is missing; files of these names are
 * replaced. Whatever fails, no part of them stays. Throws InputError where the folder cannot be written.
 */
export function writeFolder(folder: string, files: Readonly<Record<string, string>>): void {
  const written: string[] = []
  let made: string | undefined
  try {
    made = makeFolder(resolve(folder))
    const pairs = Object.entries(files).map(([name, text]) => {
      const temporary = join(folder, `.${name}.${process.pid}.part`)
      written.push(temporary)
      writeFileSync(temporary, text, { flag: 'wx' })
      return { temporary, file: join(folder, name) }
    })
    for (const { temporary, file } of pairs) {
      renameSync(temporary, file)
      written.push(file)
    }
  } catch (error) {
    for (const file of written) rmSync(file, { force: true })
    if (made !== undefined) rmSync(made, { recursive: true, force: true })
    throw refusal(error, folder)
  }
}

/** The document of each kind of results folder. */
const documents = ['result.json', 'sweep.json', 'reproduction.json'] as const

/**
 * Throws InputError where `writeFolder` would, before there is anything to write, and where the folder holds results of
 * another kind than `document`: both have files of one name. Leaves nothing behind.
 */
export function checkFolder(folder: string, document?: (typeof documents)[number]): void {
  const other = documents.find((name) => name !== document && existsSync(join(folder, name)))
  if (document !== undefined && other !== undefined)
    throw new InputError(`expected a folder without ${other}: results of another kind`, { file: folder })
  let made: string | undefined
  const probe = join(folder, `.${process.pid}.part`)
  try {
    made = makeFolder(resolve(folder))
    writeFileSync(probe, '', { flag: 'wx' })
    rmSync(probe)
  } catch (error) {
    throw refusal(error, folder)
  } finally {
    if (made !== undefined) rmSync(made, { recursive: true, force: true })
  }
}

/** What to throw for `error`: an InputError where the system refuses to write in `folder`. */
export function refusal(error: unknown, folder: string): unknown {
  if (!(error instanceof Error && 'code' in error && 'syscall' in error)) return error
  return new InputError(`expected a folder that can be written (${error.code})`, { file: folder })
}

/**
 * Makes `folder` and what is missing above it; gives the topmost one made. mkdirSync's own recursion never ends
 * where the system refuses a folder with ENOENT, as below /proc.
 */
export function makeFolder(folder: string): string | undefined {
  if (existsSync(folder) && statSync(folder).isDirectory()) return undefined
  const above = existsSync(dirname(folder)) ? undefined : makeFolder(dirname(folder))
  try {
    mkdirSync(folder)
  } catch (error) {
    if (above !== undefined) rmSync(above, { recursive: true, force: true })
    throw error
  }
  return above ?? folder
}
