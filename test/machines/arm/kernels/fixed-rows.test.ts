// Fixed-point kernels that are the same in all channels against the evaluation of their steps: runs of any number of elements.

import { describe, expect, it } from 'vitest'
import { steps } from '../../../../src/work/steps.ts'
import { type IntTensor, intTensor, type RealTensor, realTensor, type Shape } from '../../../../src/work/tensor.ts'
import { qemuAbsent } from '../../../isa/oracle/tools.ts'
import { differencesFromQemu, problems } from './call.ts'
import { bitsOf, type Stored, storages, tensorOf } from './fixed-numbers.ts'
import { Calls } from './rows.ts'

const FILE = 'fixed-rows'
/** Rows, elements, bytes behind rows. */
const shapes = [
  [1, 1, 0],
  [2, 15, 16],
  [3, 16, 0],
  [2, 17, 4],
  [1, 47, 0],
  [3, 64, 32],
  [2, 200, 0],
] as const
type Size = (typeof shapes)[number]

const bits = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0]!
const typed = (data: Int32Array, storage: Stored) => storages[storage].from(data)

/** Halves of units, what is next to them, all exponents, zeros and infinities. */
function real({ random }: Calls, fraction: number): number {
  const part = random()
  const sign = random() < 0.5 ? -1 : 1
  if (part < 0.4) return sign * (Math.floor(random() * 300) + 0.5) * 2 ** -fraction
  if (part < 0.6)
    return sign * (Math.floor(random() * 300) + 0.5) * 2 ** -fraction * (1 + (random() < 0.5 ? 1 : -1) * 2 ** -23)
  if (part < 0.9) return sign * random() * 2 ** (Math.floor(random() * 250) - 125)
  return sign * [0, Infinity, 2 ** -149, 3e38, 2 ** -fraction, 2 ** (-fraction - 1)][Math.floor(6 * random())]!
}

function reals(calls: Calls, shape: Shape, fraction: number): RealTensor {
  const tensor = realTensor(shape)
  tensor.data.forEach((_, i) => {
    tensor.data[i] = real(calls, fraction)
  })
  return tensor
}

const fractions = [0, 4, 13, -3, 40, -20, 1]

function quantise(calls: Calls, [rows, elements, gap]: Size, to: Stored, fraction: number): void {
  const input = reals(calls, { channels: elements, height: rows, width: 1 }, fraction)
  const op = { kind: 'quantise', fraction, bits: bitsOf(to) } as const
  const { data } = steps.quantise(op, [input], input.shape) as IntTensor
  const from = calls.input(input.data, rows, gap)
  const out = calls.output(typed(data, to), rows, 2 * gap)
  const params = [fraction * 2 ** 23, bits(2 ** (bitsOf(to) - fraction)), bits(2 ** (-fraction - 1))]
  const words = [rows, elements, from.data, from.rowBytes, out.data, out.rowBytes, ...params]
  calls.call(`quantise_f32_${to}`, words, `${rows}x${elements} at ${fraction}`)
}

function convert(calls: Calls, [rows, elements, gap]: Size, from: Stored, to: 'f32' | 'i32'): void {
  const { data } = tensorOf(calls, { channels: elements, height: rows, width: 1 }, from)
  const input = calls.input(typed(data, from), rows, gap)
  const out = calls.output(to === 'f32' ? Float32Array.from(data) : data, rows, gap)
  const words = [rows, elements, input.data, input.rowBytes, out.data, out.rowBytes]
  calls.call(`convert_${from}_${to}`, words, `${rows}x${elements}`)
}

function add(calls: Calls, [rows, elements, gap]: Size, storage: Stored): void {
  const shape = { channels: elements, height: rows, width: 1 }
  const terms = [tensorOf(calls, shape, storage), tensorOf(calls, shape, storage)]
  const sum = steps.add({ kind: 'add', bits: bitsOf(storage) }, terms, shape)
  const [a, b] = terms.map(({ data }, i) => calls.input(typed(data, storage), rows, (1 + i) * gap))
  const out = calls.output(typed(sum.kind === 'int' ? sum.data : intTensor(shape).data, storage), rows, gap)
  const words = [rows, elements, a!.data, a!.rowBytes, out.data, out.rowBytes, b!.data, b!.rowBytes]
  calls.call(`add_fixed_${storage}`, words, `${rows}x${elements}`)
}

const kernels: Readonly<Record<string, (calls: Calls, size: Size) => void>> = {
  quantise_f32_i8: (calls, size) => each(fractions, (fraction) => quantise(calls, size, 'i8', fraction)),
  quantise_f32_i16: (calls, size) => each(fractions, (fraction) => quantise(calls, size, 'i16', fraction)),
  quantise_f32_i32: (calls, size) => each(fractions, (fraction) => quantise(calls, size, 'i32', fraction)),
  convert_i8_f32: (calls, size) => convert(calls, size, 'i8', 'f32'),
  convert_i16_f32: (calls, size) => convert(calls, size, 'i16', 'f32'),
  convert_i8_i32: (calls, size) => convert(calls, size, 'i8', 'i32'),
  convert_i16_i32: (calls, size) => convert(calls, size, 'i16', 'i32'),
  add_fixed_i8: (calls, size) => add(calls, size, 'i8'),
  add_fixed_i16: (calls, size) => add(calls, size, 'i16'),
  add_fixed_i32: (calls, size) => add(calls, size, 'i32'),
}

const each = (values: readonly number[], visit: (value: number) => void): void => values.forEach(visit)

function callsOf(names: readonly string[]): Calls {
  const calls = new Calls(names.join())
  for (const name of names) for (const size of shapes) kernels[name]!(calls, size)
  return calls
}

describe('fixed-point steps of all elements', () => {
  it.each(Object.keys(kernels))('%s equals the evaluation', (name) => {
    expect(problems(FILE, callsOf([name]).list)).toEqual([])
  })

  it.skipIf(qemuAbsent())('all do the same under qemu', () => {
    expect(differencesFromQemu(FILE, callsOf(Object.keys(kernels)).list)).toEqual([])
  })
})
