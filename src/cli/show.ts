import { stringify } from 'csv-stringify/sync'
import { loadNetwork } from '../model/load.ts'
import { type Column, numbers, table, wrapped } from '../report/table.ts'
import { layerCounts, workload } from '../work/lower.ts'
import type { Network } from '../work/network.ts'
import type { Shape } from '../work/tensor.ts'
import { type Command, printJson } from './command.ts'
import { networkArgument, seedOption } from './network-option.ts'
import { choice, formatOption, formats, whole } from './options.ts'

interface Row {
  readonly layer: string
  readonly activation: string
  readonly input: string
  readonly output: string
  readonly kernel: number
  readonly stride: number
  readonly binaryMacs: number
  readonly integerMacs: number
  readonly realMacs: number
  readonly weightBits: number
  readonly post: string
}

type Totals = Pick<Row, 'binaryMacs' | 'integerMacs' | 'realMacs' | 'weightBits'>

const size = ({ channels, height, width }: Shape): string => `${channels}x${height}x${width}`

const rowsOf = (network: Network): Row[] =>
  workload(network).layers.map((layer) => {
    const { binaryMacs, integerMacs, realMacs, weightBits } = layerCounts(layer)
    const { input, output, kernel, stride } = layer.shape
    return {
      layer: layer.name,
      activation: layer.activation,
      input: size(input),
      output: size(output),
      kernel,
      stride,
      binaryMacs,
      integerMacs,
      realMacs,
      weightBits,
      post: layer.post.map(({ op }) => op.kind).join(' '),
    }
  })

export const showCommand: Command = {
  name: 'show',
  argument: networkArgument,
  describe: 'Print the layers of a network: shapes, MACs, weights',
  options: {
    ...seedOption,
    ...formatOption,
  },
  examples: [
    { line: 'reactnet-a', meaning: 'a network, layer by layer, with its sums' },
    { line: 'cnv-cifar10 --format csv', meaning: 'the same for a spreadsheet, with what follows each layer' },
  ],
  handler: (args) => {
    const format = choice('format', formats, args.format)
    const network = loadNetwork(String(args.network), { seed: whole('seed', 0, args.seed) })
    const rows = rowsOf(network)
    const totals = totalsOf(rows)
    if (format === 'csv') process.stdout.write(stringify(rows, { header: true }))
    else if (format === 'json') printJson({ network: network.name, source: network.source, layers: rows, totals })
    else process.stdout.write(text(network, rows, totals))
  },
}

function totalsOf(rows: readonly Row[]): Totals {
  const sum = (key: keyof Totals): number => rows.reduce((total, row) => total + row[key], 0)
  return {
    binaryMacs: sum('binaryMacs'),
    integerMacs: sum('integerMacs'),
    realMacs: sum('realMacs'),
    weightBits: sum('weightBits'),
  }
}

const hidden = ' What follows each layer is in --format csv or json.'

function text(network: Network, rows: readonly Row[], totals: Totals): string {
  const words = (label: string, of: (row: Row) => string): Column => ({
    label,
    unit: '',
    words: true,
    cells: [...rows.map(of), ''],
  })
  const sums = (label: string, unit: string, key: keyof Totals): Column => ({
    label,
    unit,
    cells: numbers([...rows.map((row) => row[key]), totals[key]]),
  })
  const columns = [
    { ...words('layer', () => ''), cells: [...rows.map(({ layer }) => layer), 'all'] },
    words('input', (row) => `${row.input} ${row.activation}`),
    words('output', (row) => row.output),
    words('kernel', (row) => `${row.kernel}/${row.stride}`),
    sums('binary', 'MACs', 'binaryMacs'),
    sums('integer', 'MACs', 'integerMacs'),
    sums('real', 'MACs', 'realMacs'),
    sums('weights', 'bits', 'weightBits'),
  ]
  const whole = table([...columns, words('then', (row) => row.post)])
  const fits = !whole.includes('\n\n') // else the table goes on in a second one
  const notes = wrapped(
    `kernel: width/stride. MACs are binary of two bits, integer of an 8-bit value and a bit, else real.${fits ? '' : hidden}`,
  )
  return `${wrapped(`${network.name}: ${network.weights} weights; ${network.source}`)}\n${fits ? whole : table(columns)}\n${notes}`
}
