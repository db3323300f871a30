// Results by key, a file each, as they come. Files are only ever added, and appear whole: whatever ends the process, what
// is finished is kept, and several processes may share a store.

import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { VariantResult } from '../report/result.ts'
import { makeFolder, refusal } from '../report/write.ts'

/** Files of a store. */
const OWN = /^[0-9a-f]{2}\/[0-9a-f]{62}\.json(\.[0-9a-f-]+\.part)?$/

/** Milliseconds after which a file that is being written has been left. */
const LEFT = 3_600_000

export class Store {
  readonly folder: string

  /** Throws InputError where the folder cannot be made. */
  constructor(folder: string) {
    this.folder = folder
    try {
      makeFolder(resolve(folder))
    } catch (error) {
      throw refusal(error, folder)
    }
  }

  /** What is stored under `key`, else what `made` gives, which is stored. */
  once(key: string, made: () => VariantResult): VariantResult {
    const file = this.fileOf(key)
    const known = readResult(file)
    if (known !== undefined) return known
    const result = made()
    const part = `${file}.${randomUUID()}.part`
    try {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(part, `${JSON.stringify(result)}\n`)
      renameSync(part, file)
    } catch {
      rmSync(part, { force: true }) // what cannot be kept is a result all the same
    }
    return result
  }

  /** Removes what was left by processes that were ended in the middle of writing. */
  tidy(): void {
    for (const file of this.files()) if (file.endsWith('.part') && ageOf(file) > LEFT) rmSync(file, { force: true })
  }

  /** Removes all that a store has written in its folder, and nothing else. */
  clear(): void {
    for (const file of this.files()) rmSync(file, { force: true })
  }

  private files(): string[] {
    const names = readdirSync(this.folder, { recursive: true, encoding: 'utf8' })
    return names.filter((name) => OWN.test(name.replaceAll('\\', '/'))).map((name) => join(this.folder, name))
  }

  private fileOf(key: string): string {
    return join(this.folder, key.slice(0, 2), `${key.slice(2)}.json`)
  }
}

/** Undefined where there is none, or none that can be read: it is made anew then. */
function readResult(file: string): VariantResult | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as VariantResult
  } catch {
    return undefined
  }
}

/** Undefined where another process has removed it. */
const ageOf = (file: string): number => Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
