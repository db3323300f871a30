import { stringify } from 'csv-stringify/sync'
import { loadNetwork } from '../model/load.ts'
import { type Column, numbers, table, wrapped } from '../report/table.ts'
import { type MultiplicationRow, multiplicationRoles, multiplicationsOf } from '../work/multiplications.ts'
import type { Network } from '../work/network.ts'
import { type Command, printJson } from './command.ts'
import { choice, formatOption, formats, single, whole } from './options.ts'

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
  argument: { name: 'network', describe: 'name, or model file (JSON manifest)' },
  describe: 'Count the multiplications of a network for one image, by what they are for',
  options: {
    weights: { describe: 'model file with weights for the network named', requiresArg: true },
    seed: { describe: 'seed of random weights', default: 1, requiresArg: true },
    ...formatOption,
  },
  examples: ['reactnet-18-nf'],
  handler: (args) => {
    const format = choice('format', formats, args.format)
    const weights = args.weights === undefined ? {} : { weightsFile: single('weights', args.weights) }
    const network = loadNetwork(String(args.network), { seed: whole('seed', 0, args.seed), ...weights })
    const rows = multiplicationsOf(network)
    const { counted, published } = totalsOf(rows)
    if (format === 'csv')
      process.stdout.write(stringify(rows, { header: true, columns: ['node', 'role', 'counted', 'published'] }))
    else if (format === 'json')
      printJson({ network: network.name, source: network.source, nodes: rows, totals: { counted, published } })
    else process.stdout.write(text(network, rows))
  },
}

const legend =
  'counted: products of two numbers, as the network is written; +1/-1, a factor of 1 and shifts of integers are none. ' +
  'published: what the totals that A&B BNN states for ReActNets count, by a rule derived from them: without stem and ' +
  "classifier, one scale for each sum of the main path, masks at its convolutions' outputs, and four products for each result " +
  'of a 2x2 average that is itself the shortcut.'

function text(network: Network, rows: readonly MultiplicationRow[]): string {
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
  return `${wrapped(`${network.name}: multiplications per image; ${network.source}`)}\n${table(columns)}\n${wrapped(legend)}`
}
