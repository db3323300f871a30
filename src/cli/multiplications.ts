import { stringify } from 'csv-stringify/sync'
import { loadNetwork } from '../model/load.ts'
import { applyPasses, type PassChoice, passesText } from '../opt/index.ts'
import { type Column, numbers, table, wrapped } from '../report/table.ts'
import { keyed } from '../work/input-error.ts'
import { workload } from '../work/lower.ts'
import { type MultiplicationRow, multiplicationRoles, multiplicationsOf } from '../work/multiplications.ts'
import type { Network } from '../work/network.ts'
import { type Command, printJson } from './command.ts'
import { networkArgument, seedOption, weightsOption } from './network-option.ts'
import { choice, formatOption, formats, single, whole } from './options.ts'
import { passesIn, passOption } from './pass-option.ts'

interface Totals {
  readonly nodes: number
  readonly counted: number
  readonly published: number
}

function totalsOf(rows: readonly MultiplicationRow[]): Totals {
  const sum = (key: 'counted' | 'published'): number => rows.reduce((total, row) => total + row[key], 0)
  return { nodes: rows.length, counted: sum('counted'), published: sum('published') }
}

export const multiplicationsCommand: Command = {
  name: 'multiplications',
  argument: networkArgument,
  describe: 'Count the multiplications of a network, by what they are for',
  options: {
    ...weightsOption,
    ...seedOption,
    ...passOption,
    ...formatOption,
  },
  examples: [
    { line: 'reactnet-18-nf', meaning: 'what is left to multiply, and what for' },
    { line: 'reactnet-18-nf --pass add-bit-only stem=power', meaning: 'what a pass leaves of it' },
  ],
  handler: (args) => {
    const format = choice('format', formats, args.format)
    const chosen = passesIn(args.pass)
    const weights = args.weights === undefined ? {} : { weightsFile: single('weights', args.weights) }
    const network = loadNetwork(String(args.network), { seed: whole('seed', 0, args.seed), ...weights })
    const rows = multiplicationsOf(afterPasses(network, chosen))
    const { counted, published } = totalsOf(rows)
    const named: { passes?: string } = chosen.length === 0 ? {} : { passes: passesText(chosen) }
    if (format === 'csv')
      process.stdout.write(stringify(rows, { header: true, columns: ['node', 'role', 'counted', 'published'] }))
    else if (format === 'json')
      printJson({
        network: network.name,
        source: network.source,
        ...named,
        nodes: rows,
        totals: { counted, published },
      })
    else process.stdout.write(text(network, named.passes, rows))
  },
}

const afterPasses = (network: Network, chosen: readonly PassChoice[]): Network =>
  chosen.length === 0 ? network : keyed('--pass', () => applyPasses(workload(network), chosen).network)

const legend =
  'counted: products of two numbers, as the network is written; +1/-1, a factor of 1 and shifts of integers are none. ' +
  'published: what the totals that A&B BNN states for ReActNets count, by a rule derived from them: without stem and ' +
  "classifier, one scale for each sum of the main path, masks at its convolutions' outputs, and four products for each result " +
  'of a 2x2 average that is itself the shortcut.'

function text({ name, source }: Network, passes: string | undefined, rows: readonly MultiplicationRow[]): string {
  const groups = multiplicationRoles.flatMap((role) => {
    const own = rows.filter((row) => row.role === role)
    return own.length === 0 ? [] : [{ role: role as string, ...totalsOf(own) }]
  })
  const lines = [...groups, { role: 'all', ...totalsOf(rows) }]
  const column = (label: string, key: keyof Totals): Column => ({
    label,
    unit: '',
    cells: numbers(lines.map((line) => line[key])),
  })
  const roles: Column = { label: 'for', unit: '', words: true, cells: lines.map(({ role }) => role) }
  const columns = [roles, column('nodes', 'nodes'), column('counted', 'counted'), column('published', 'published')]
  const heading = `${name}: multiplications per image${passes === undefined ? '' : ` with ${passes}`}; ${source}`
  return `${wrapped(heading)}\n${table(columns)}\n${wrapped(legend)}`
}
