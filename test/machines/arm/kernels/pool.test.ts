// Pools against their evaluation; padding is a border of the buffer.

import { describe, expect, it } from 'vitest'
import { type PoolOp, pool } from '../../../../src/work/pool.ts'
import { bitTensor, intTensor, realTensor, type Shape, type Tensor } from '../../../../src/work/tensor.ts'
import { qemuAbsent } from '../../../isa/oracle/tools.ts'
import { differencesFromQemu, problems } from './call.ts'
import { Calls } from './rows.ts'

const FILE = 'pool'
/** Window, stride, padding before and behind, height, width, channels (of bits: 4 times as many), bytes between rows. */
const cases = [
  [1, 1, 0, 0, 1, 1, 8, 0],
  [2, 2, 0, 0, 4, 6, 16, 0],
  [2, 2, 0, 0, 5, 5, 24, 16],
  [3, 2, 1, 0, 6, 4, 64, 32],
  [3, 1, 1, 1, 3, 4, 40, 0],
  [5, 5, 0, 0, 5, 10, 8, 16],
  [7, 7, 0, 0, 7, 7, 72, 0],
] as const

interface Kind {
  readonly make: (shape: Shape) => Tensor
  readonly value: (random: () => number, channel: number) => number
  /** What surrounds the image. */
  readonly border: number
  readonly pool: PoolOp['pool']
}

const real = (random: () => number): number =>
  random() < 0.3 ? Math.floor(random() * 5) : (random() * 2 - 1) * 2 ** (random() * 50 - 25)
const integer = (random: () => number): number => Math.floor((random() * 2 - 1) * 2 ** (31 * random()))
/** Every second channel is constant, halfway between two float32: a quotient that is off by little is rounded down, not up. */
const halfway = (random: () => number, channel: number): number =>
  channel % 2 === 0 ? integer(random) : 2 ** 26 - 6 - 4 * channel
const word = (random: () => number): number => Math.floor(random() * 2 ** 32)

const kinds: Readonly<Record<string, Kind>> = {
  max_pool_f32: { make: realTensor, value: real, border: -Infinity, pool: 'max' },
  max_pool_i32: { make: intTensor, value: integer, border: -(2 ** 31), pool: 'max' },
  or_pool_bits: {
    make: (shape) => bitTensor({ ...shape, channels: 4 * shape.channels }),
    value: word,
    border: 0,
    pool: 'max',
  },
  average_pool_f32: { make: realTensor, value: real, border: 0, pool: 'average' },
  average_pool_i32: { make: intTensor, value: halfway, border: 0, pool: 'average' },
}

const elementsOf = (tensor: Tensor) => (tensor.kind === 'bits' ? tensor.words : tensor.data)

/** `input` within a border of elements that are `value`. */
function padded(input: Tensor, { make, border }: Kind, { channels }: Shape, { before, after }: PoolOp['padding']) {
  const { height, width } = input.shape
  const outer = { channels, height: height + before + after, width: width + before + after }
  const from = elementsOf(input)
  const to = elementsOf(make(outer)).fill(border)
  const pixel = from.length / (height * width)
  for (let y = 0; y < height; y++)
    to.set(from.subarray(y * width * pixel, (y + 1) * width * pixel), ((y + before) * outer.width + before) * pixel)
  return { data: to, rows: outer.height, groups: input.kind === 'bits' ? pixel : pixel / 4 }
}

function call(calls: Calls, name: string, one: (typeof cases)[number]): void {
  const [window, stride, before, after, height, width, channels, gap] = one
  const kind = kinds[name]!
  const op: PoolOp = { kind: 'pool', pool: kind.pool, window, stride, padding: { before, after } }
  const shape = { channels, height, width }
  const input = kind.make(shape)
  const data = elementsOf(input)
  for (let i = 0; i < data.length; i++) data[i] = kind.value(calls.random, i % channels)
  const size = (length: number) => Math.floor((length + before + after - window) / stride) + 1
  const output = pool(op, input, { ...input.shape, height: size(height), width: size(width) })
  const outer = padded(input, kind, shape, op.padding)
  const from = calls.input(outer.data, outer.rows, gap)
  const to = calls.output(elementsOf(output), output.shape.height, 2 * gap)
  const { height: rows, width: pixels } = output.shape
  const words = [rows, pixels, outer.groups, from.data, from.rowBytes, to.data, to.rowBytes, window, stride]
  calls.call(name, words, `window ${window} of ${height}x${width}x${channels}`)
}

function callsOf(names: readonly string[]): Calls {
  const calls = new Calls(names.join())
  for (const name of names) for (const one of cases) call(calls, name, one)
  return calls
}

describe('pools', () => {
  it.each(Object.keys(kinds))('%s equals the evaluation', (name) => {
    expect(problems(FILE, callsOf([name]).list)).toEqual([])
  })

  it.skipIf(qemuAbsent())('all do the same under qemu', () => {
    expect(differencesFromQemu(FILE, callsOf(Object.keys(kinds)).list)).toEqual([])
  })
})
