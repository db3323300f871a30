// What docs/decode-unit.md shows: commands with their output, of which all or the first lines are shown.

import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inProcess } from '../cli/in-process.ts'
import { blockPattern, commandsOf, root, words } from './guide.ts'

export const page = join(root, 'docs/decode-unit.md')
export const text = readFileSync(page, 'utf8')

/** Each command of the page, and what it shows of the output. */
export const commands = [...text.matchAll(blockPattern)].map(([, script, shown]) => {
  const [command] = commandsOf(script!)
  return { command: command!, shown }
})

/** Code of the page in this language. */
export const shownIn = (language: string): string[] =>
  [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, of, code]) => (of === language ? [code!] : []))

/** A folder with the files that a reader has. */
export function readersFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bnnsim-docs-'))
  writeFileSync(join(folder, 'mine.yaml'), shownIn('yaml')[0]!)
  copyFileSync(join(root, 'models/cnv-cifar10.json'), join(folder, 'my-network.json'))
  copyFileSync(join(root, 'models/cnv-cifar10.bin'), join(folder, 'cnv-cifar10.bin'))
  return folder
}

/** Standard output of a command that is given in `folder`; the shipped programs are where they are. */
export async function outputOf(command: string, folder: string): Promise<string> {
  const args = words(command, folder).map((word) =>
    word
      .replace(/^traces\//, `${root}traces/`)
      .replace(/^(network=)?(?:\.\/)?([\w-]+\.(?:s|yaml|json))$/, `$1${folder}/$2`),
  )
  const { stdout, error } = await inProcess(...args)
  if (error !== null) throw new Error(error)
  return stdout
}

/** As much of `output` as the page shows: `lines`, and dots for the rest. */
export const shortened = (output: string, lines: number): string =>
  `${output.split('\n').slice(0, lines).join('\n')}\n...\n`

/** Lines in front of the dots; null where all are shown. */
export const linesShown = (shown: string): number | null =>
  shown.endsWith('...\n') ? shown.split('\n').length - 2 : null
