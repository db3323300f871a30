// Pools of fixed-point numbers against their evaluation; padding is a border of the buffer.

import { describe, expect, it } from 'vitest'
import { type PoolOp, pool } from '../../../../src/work/pool.ts'
import { type IntTensor, intTensor } from '../../../../src/work/tensor.ts'
import { qemuAbsent } from '../../../isa/oracle/tools.ts'
import { differencesFromQemu, problems } from './call.ts'
import { bitsOf, type Stored, storages, tensorOf } from './fixed-numbers.ts'
import { Calls } from './rows.ts'

/** Window, stride, padding before and behind, height, width, channels, bytes between rows. */
const cases = [
  [1, 1, 0, 0, 1, 1, 8, 0],
  [2, 2, 0, 0, 4, 6, 16, 0],
  [2, 2, 0, 0, 5, 5, 24, 16],
  [3, 2, 1, 0, 6, 4, 64, 32],
  [3, 1, 1, 1, 3, 4, 40, 0],
  [7, 7, 0, 0, 7, 7, 72, 0],
  [17, 1, 0, 0, 17, 18, 8, 0],
] as const

/** Within a border of elements that are `value`. */
function padded({ shape, data }: IntTensor, value: number, { before, after }: PoolOp['padding']): IntTensor {
  const { channels, height, width } = shape
  const outer = intTensor({ channels, height: height + before + after, width: width + before + after })
  outer.data.fill(value)
  for (let y = 0; y < height; y++)
    outer.data.set(
      data.subarray(y * width * channels, (y + 1) * width * channels),
      ((y + before) * outer.shape.width + before) * channels,
    )
  return outer
}

function call(calls: Calls, storage: Stored, what: 'max' | 'sum', one: (typeof cases)[number]): void {
  const [window, stride, before, after, height, width, channels, gap] = one
  const op: PoolOp = { kind: 'pool', pool: what, window, stride, padding: { before, after } }
  const input = tensorOf(calls, { channels, height, width }, storage)
  for (let i = 0; i < input.data.length; i += channels) input.data[i] = -(2 ** (bitsOf(storage) - 1)) // sums at the end
  const places = (length: number) => Math.floor((length + before + after - window) / stride) + 1
  const shape = { channels, height: places(height), width: places(width) }
  const output = pool(op, input, shape) as IntTensor
  const outer = padded(input, what === 'max' ? -(2 ** (bitsOf(storage) - 1)) : 0, op.padding)
  const Numbers = storages[storage]
  const size = Numbers.BYTES_PER_ELEMENT
  const from = calls.input(Numbers.from(outer.data), outer.shape.height, gap)
  const rows = [shape.height, shape.width]
  const description = `window ${window} of ${height}x${width}x${channels}`
  if (what === 'max') {
    const to = calls.output(Numbers.from(output.data), shape.height, 2 * gap)
    const words = [...rows, (size * channels) / 4, from.data, from.rowBytes, to.data, to.rowBytes, window, stride]
    calls.call(`max_pool_${storage}`, words, description)
    return
  }
  const to = calls.output(output.data, shape.height, 2 * gap)
  const ins = [from.data, size * channels, from.rowBytes]
  const words = [...rows, channels / 8, ...ins, to.data, 4 * channels, to.rowBytes, window, stride]
  calls.call(`sum_pool_${storage}`, words, description)
}

const kernels = [
  ['pool', 'max', 'i8'],
  ['pool', 'max', 'i16'],
  ['fixed-pool', 'sum', 'i8'],
  ['fixed-pool', 'sum', 'i16'],
  ['fixed-pool', 'sum', 'i32'],
] as const

function callsOf(what: 'max' | 'sum', storage: Stored): Calls {
  const calls = new Calls(`${what} ${storage}`)
  for (const one of cases) call(calls, storage, what, one)
  return calls
}

describe('pools of fixed-point numbers', () => {
  it.each(kernels)('of %s.s: %s of %s equals the evaluation', (file, what, storage) => {
    expect(problems(file, callsOf(what, storage).list)).toEqual([])
  })

  it.skipIf(qemuAbsent()).each(kernels)('of %s.s: %s of %s does the same under qemu', (file, what, storage) => {
    expect(differencesFromQemu(file, callsOf(what, storage).list)).toEqual([])
  })
})
