// docs/extending.md: its code is in test/docs/extending, and its commands run where that is part of the program.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { machines } from '../../src/machines/index.ts'
import { passes } from '../../src/opt/index.ts'
import { inProcess } from '../cli/in-process.ts'
import { flatSlices } from './extending/flat-slices.ts'
import { oneEngine } from './extending/one-engine.ts'
import { blockPattern, commandsOf, root } from './guide.ts'

export const page = join(root, 'docs/extending.md')

/** Commands of the page, and what it shows of their output. */
export const commands = (): { readonly command: string; readonly shown: string | undefined }[] =>
  [...readFileSync(page, 'utf8').matchAll(blockPattern)].flatMap(([, script, shown]) =>
    commandsOf(script!.replaceAll('\\\n', '')).map((command) => ({ command, shown })),
  )

/** A file as it would lie in `folder` of `src`. */
export const sourceAs = (file: string, folder: string): string =>
  readFileSync(join(root, 'test/docs/extending', file), 'utf8')
    .replaceAll(`'../../../src/${folder}/`, "'./")
    .replaceAll("'../../../src/", "'../")

/** `body` with the pass and the machine of the page among those that ship. */
export async function extended<T>(body: () => Promise<T>): Promise<T> {
  const registries: Record<string, unknown>[] = [passes, machines]
  const additions = [flatSlices, { ...oneEngine, name: oneEngine.kind }]
  for (const [i, addition] of additions.entries()) registries[i]![addition.name] = addition
  try {
    return await body()
  } finally {
    for (const [i, { name }] of additions.entries()) delete registries[i]![name]
  }
}

/** What must not differ: all but the time that a command took. */
export const timeless = (output: string): string => output.replaceAll(/, [\d.,]+ images\/s$/gm, '')

/** What a command prints. */
export async function outputOf(command: string): Promise<string> {
  const words = [...command.matchAll(/(?:[^\s']|'[^']*')+/g)].map(([word]) => word.replaceAll("'", ''))
  const { stdout, error } = await extended(() => inProcess(...words))
  if (error !== null) throw new Error(`${command}: ${error}`)
  return stdout
}
