// Commands that the documentation shows: lines of its `sh` blocks, and the examples of each command's help.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadCommands } from '../../src/cli/commands.ts'
import { root } from './guide.ts'

export interface Shown {
  /** Where it is shown: a page, or the help of a command. */
  readonly place: string
  /** Without its comment, and without `npx`. */
  readonly line: string
  /** What it prints, where the page shows that; a line of three dots stands for any lines. */
  readonly output?: string
}

/** Lines of the pages' `sh` blocks, in order, then examples of help. */
export async function shownCommands(): Promise<Shown[]> {
  const commands = await loadCommands()
  const examples = commands.flatMap(({ name, examples }) =>
    examples.map(({ line }) => ({ place: `bnnsim ${name} --help`, line: `bnnsim ${name} ${line}` })),
  )
  return [
    ...pages().flatMap(({ page, text }) => blocksOf(text).map((shown) => ({ place: page, ...shown }))),
    ...examples,
  ]
}

/** README and the pages of docs. */
export const pages = (): { readonly page: string; readonly text: string }[] =>
  ['README.md', ...markdownIn('docs')].map((page) => ({ page, text: readFileSync(join(root, page), 'utf8') }))

const markdownIn = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.md'))
    .sort()
    .map((file) => `${folder}/${file}`)

/** Lines of `sh` blocks. A `text` block right behind is what the last of them prints. */
const blocksOf = (text: string): Omit<Shown, 'place'>[] =>
  [...text.matchAll(/^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?/gms)].flatMap(([, block, output]) => {
    const lines = block!
      .replaceAll('\\\n', '')
      .split('\n')
      .map((line) => line.replace(/(^| +)# .*/, '').replace(/^npx bnnsim /, 'bnnsim '))
      .filter((line) => line !== '')
    return lines.map((line, i) => (output === undefined || i < lines.length - 1 ? { line } : { line, output }))
  })

/** Whether `printed` is what a page shows. */
export function isShown(printed: string, shown: string): boolean {
  const parts = shown.split(/^\.\.\.\n/m)
  const [first, last] = [parts[0]!, parts.at(-1)!]
  if (parts.length === 1) return printed === shown
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = printed.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return printed.startsWith(first) && printed.endsWith(last) && printed.length - last.length >= at
}

/** Files that a reader of the pages writes: YAML blocks that begin with their name, `# my-experiment.yaml`. */
export function writtenFiles(): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  for (const { page, text } of pages())
    for (const [, file, content] of text.matchAll(/^```ya?ml\n# ([\w-]+\.yaml)\n(.*?)^```$/gms)) {
      if (files.has(file!)) throw new Error(`${page} has another ${file}`)
      files.set(file!, content!)
    }
  return files
}

/** Files and folders that a command writes. */
export const outputsOf = (line: string): string[] =>
  [...line.matchAll(/(?:--(?:out|trace|record|svg|assembly|html)[= ]|> )(\S+)/g)].map(([, file]) => file!)

/** Whether `line` reads or writes one of the `outputs` of an earlier one. */
export const needs = (line: string, outputs: readonly string[]): boolean =>
  line.split(/[ =]/).some((word) => outputs.some((output) => word === output || word.startsWith(`${output}/`)))
