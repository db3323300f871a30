// What docs/kernels.md shows: commands with their output, and tables of figures, each of which says how it is got.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { asmCommand } from '../../src/cli/asm.ts'
import { type CoreConfig, loadCore } from '../../src/config/core.ts'
import { loadEnergyTable } from '../../src/energy/table.ts'
import { ArmSystem } from '../../src/machines/arm/system.ts'
import { type ProgramResult, runAssembly, type Target } from '../../src/program.ts'
import { number } from '../../src/report/table.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const page = join(root, 'docs/kernels.md')
export const kernels = join(root, 'docs/kernels')

/** A block of shell commands, and the output of the last of them where the page shows it. */
export const blockPattern = /^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?/gms

/**
 * The words of a command, as a shell splits them.
 * Files that it writes, or reads from an earlier one, are in `folder`.
 */
export function words(command: string, folder: string): string[] {
  const split = [...command.matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([word]) => word.replaceAll('"', ''))
  return split.map((word) => (/^[\w-]+\.(kanata|json|trace\.gz)$/.test(word) ? join(folder, word) : word))
}

/** `npx bnnsim ...` of a block: what follows these two words. */
export const commandsOf = (script: string): string[] =>
  [...script.matchAll(/^npx bnnsim (.*)$/gm)].map(([, command]) => command!)

/**
 * A table whose head begins with code. Head and first cell of a row together are arguments of `bnnsim asm`; each other
 * head is a core and a figure.
 */
export const tablePattern = /^\| (`[^|]*--[^|]*`) \|(.*)\|\n(\|[-|]+\|)\n((?:\|.*\n)+)/gm

const figures: Readonly<Record<string, (result: ProgramResult) => number>> = {
  cycles: ({ cycles }) => cycles,
  'cycles per iteration': ({ cyclesPerIteration }) => cyclesPerIteration!,
  µJ: ({ energy }) => energy.total * 1e6,
  µs: ({ seconds }) => seconds * 1e6,
}

/** The table with the figures of runs in its cells. */
export function filled(table: string): string {
  return table.replace(tablePattern, (_, label: string, heads: string, rule: string, body: string) => {
    const columns = cells(heads)
    const rows = body
      .trimEnd()
      .split('\n')
      .map((row) => cells(row.slice(1))[0]!)
    const lines = rows.map((row) => `| ${[row, ...figuresOf(`${code(row)} ${code(label)}`, columns)].join(' | ')} |\n`)
    return `| ${[label, ...columns].join(' | ')} |\n${rule}\n${lines.join('')}`
  })
}

const cells = (row: string): string[] => row.split('|').map((cell) => cell.trim())
const code = (cell: string): string => /^`(.*)`$/.exec(cell)?.[1] ?? ''

function figuresOf(command: string, columns: readonly string[]): string[] {
  const results = new Map<string, ProgramResult>()
  return columns.map((column) => {
    const [, core, figure] = /^`([\w-]+)` (.*)$/.exec(column) ?? []
    if (core === undefined || !Object.hasOwn(figures, figure!)) throw new Error(`'${column}' is no core and figure`)
    const result = results.get(core) ?? run(command, core)
    results.set(core, result)
    return number(figures[figure!]!(result))
  })
}

/** As `bnnsim asm` would; a file is one in docs/kernels. */
function run(command: string, core: string): ProgramResult {
  const { file, set, ...start } = argumentsOf(command)
  return runAssembly(target(core, set), readFileSync(join(kernels, file), 'utf8'), file, start)
}

const cores = new Map<string, CoreConfig>()

/** As `loadTarget` makes it; a core is read once. */
function target(name: string, set: readonly string[]): Target {
  const key = [name, ...set].join(' ')
  const core = cores.get(key) ?? loadCore(name, { set })
  cores.set(key, core)
  return { system: new ArmSystem(core), table: loadEnergyTable(core.energy) }
}

function argumentsOf(command: string) {
  const [given, set] = [words(command, ''), [] as string[]]
  let file = ''
  let start = {}
  for (let i = 0; i < given.length; i++) {
    const word = given[i]!
    if (word === '--set') set.push(given[++i]!)
    else if (word === '--entry') start = { entry: given[++i]! }
    else if (word === '--loop')
      start = { loop: { label: given[++i]!, iterations: Number(asmCommand.options.iterations?.default) } }
    else if (word.startsWith('--') || file !== '') throw new Error(`'${word}' of '${command}' is not known here`)
    else file = word
  }
  return { file, set, ...start }
}
