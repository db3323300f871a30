// Elementwise kernels against the evaluation of their steps.

import { describe, expect, it } from 'vitest'
import { steps } from '../../../../src/work/steps.ts'
import { type IntTensor, intTensor, type RealTensor, realTensor, type Shape } from '../../../../src/work/tensor.ts'
import { qemuAbsent } from '../../../isa/oracle/tools.ts'
import { differencesFromQemu, problems, type Word } from './call.ts'
import { Calls } from './rows.ts'

const FILE = 'elementwise'
/** Rows, pixels, channels, bytes between rows. */
const shapes = [
  [1, 1, 8, 0],
  [2, 3, 16, 16],
  [3, 1, 24, 0],
  [1, 5, 32, 48],
  [2, 2, 40, 16],
  [2, 3, 64, 0],
  [3, 2, 88, 32],
  [1, 2, 200, 0],
] as const

/** Few digits, so that elements meet their levels; otherwise any of about 2^-20 to 2^20. */
function real({ random }: Calls): number {
  if (random() < 0.5) return Math.floor(random() * 9) - 4
  return Math.fround((random() * 2 - 1) * 2 ** (random() * 40 - 20))
}

const integer = ({ random }: Calls): number =>
  random() < 0.5 ? Math.floor(random() * 9) - 4 : Math.floor((random() * 2 - 1) * 2 ** 24)

const reals = (calls: Calls, shape: Shape): RealTensor => {
  const tensor = realTensor(shape)
  tensor.data.forEach((_, i) => {
    tensor.data[i] = real(calls)
  })
  return tensor
}

const integers = (calls: Calls, shape: Shape): IntTensor => {
  const tensor = intTensor(shape)
  tensor.data.forEach((_, i) => {
    tensor.data[i] = integer(calls)
  })
  return tensor
}

const table = (calls: Calls, channels: number): Float32Array =>
  Float32Array.from({ length: channels }, () => real(calls))

interface Case {
  readonly calls: Calls
  readonly shape: Shape
  readonly gap: number
}

/** Adds a call of `entry` on `input`, with the words behind the common ones. */
function call(
  { calls, shape, gap }: Case,
  entry: string,
  input: RealTensor | IntTensor,
  output: RealTensor | IntTensor,
  words: readonly Word[],
): void {
  const { height, width, channels } = shape
  const from = calls.input(input.data, height, gap)
  const to = calls.output(output.data, height, 2 * gap)
  const prefix = [height, width, channels / 4, from.data, from.rowBytes, to.data, to.rowBytes]
  calls.call(entry, [...prefix, ...words], `${height}x${width}x${channels}`)
}

function affine(one: Case, input: RealTensor | IntTensor): void {
  const { calls, shape } = one
  const [scale, offset] = [table(calls, shape.channels), table(calls, shape.channels)]
  const output = steps.affine({ kind: 'affine', scale, offset }, [input], shape) as RealTensor
  const words = [scale, offset].map((values) => calls.input(values).data)
  call(one, input.kind === 'int' ? 'affine_i32' : 'affine_f32', input, output, words)
}

function rprelu(one: Case): void {
  const { calls, shape } = one
  const input = reals(calls, shape)
  const [shiftX, slope, shiftY] = [0, 1, 2].map(() => table(calls, shape.channels)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ]
  const output = steps.rprelu({ kind: 'rprelu', shiftX, slope, shiftY }, [input], shape) as RealTensor
  const words = [shiftX, slope, shiftY].map((values) => calls.input(values).data)
  call(one, 'rprelu_f32', input, output, words)
}

function add(one: Case, a: RealTensor | IntTensor, b: RealTensor | IntTensor): void {
  const { calls, shape, gap } = one
  const second = calls.input(b.data, shape.height, 3 * gap)
  const output = steps.add({ kind: 'add' }, [a, b], shape) as RealTensor | IntTensor
  call(one, a.kind === 'int' ? 'add_i32' : 'add_f32', a, output, [second.data, second.rowBytes])
}

function threshold({ calls, shape, gap }: Case, entry: string, input: RealTensor | IntTensor): void {
  const { height, width, channels } = shape
  const level =
    input.kind === 'int' ? Int32Array.from({ length: channels }, () => integer(calls)) : table(calls, channels)
  const inclusive = entry === 'sign_f32'
  const output = steps.threshold({ kind: 'threshold', level, inclusive }, [input], shape)
  if (output.kind !== 'bits') throw new Error('bits are expected')
  const from = calls.input(input.data, height, gap)
  const to = calls.output(output.words, height, gap, 4 * Math.ceil(channels / 32), channels / 8)
  const prefix = [height, width, channels / 4, from.data, from.rowBytes, to.data, to.rowBytes]
  calls.call(entry, [...prefix, calls.input(level).data], `${height}x${width}x${channels}`)
}

function convert(one: Case): void {
  const input = integers(one.calls, one.shape)
  input.data[0] = 2 ** 31 - 1
  const output = realTensor(one.shape)
  output.data.set(input.data)
  call(one, 'convert_i32_f32', input, output, [])
}

const kernels: Readonly<Record<string, (one: Case) => void>> = {
  affine_f32: (one) => affine(one, reals(one.calls, one.shape)),
  affine_i32: (one) => affine(one, integers(one.calls, one.shape)),
  rprelu_f32: rprelu,
  add_f32: (one) => add(one, reals(one.calls, one.shape), reals(one.calls, one.shape)),
  add_i32: (one) => add(one, integers(one.calls, one.shape), integers(one.calls, one.shape)),
  convert_i32_f32: convert,
  sign_f32: (one) => threshold(one, 'sign_f32', reals(one.calls, one.shape)),
  above_f32: (one) => threshold(one, 'above_f32', reals(one.calls, one.shape)),
  above_i32: (one) => threshold(one, 'above_i32', integers(one.calls, one.shape)),
}

/** The output replaces the input, of an odd number of pixels. */
function inPlace(): Calls {
  const calls = new Calls('in place')
  const shape = { channels: 40, height: 2, width: 3 }
  const input = reals(calls, shape)
  const tables = [0, 1, 2].map(() => table(calls, shape.channels))
  const [shiftX, slope, shiftY] = tables as [Float32Array, Float32Array, Float32Array]
  const { data } = steps.rprelu({ kind: 'rprelu', shiftX, slope, shiftY }, [input], shape) as RealTensor
  const both = { before: input.data, after: data }
  calls.call('rprelu_f32', [2, 3, 10, both, 480, both, 480, ...tables], 'in place')
  return calls
}

function callsOf(names: readonly string[]): Calls {
  const calls = new Calls(names.join())
  for (const name of names)
    for (const [height, width, channels, gap] of shapes)
      kernels[name]!({ calls, shape: { height, width, channels }, gap })
  return calls
}

describe('elementwise kernels', () => {
  it.each(Object.keys(kernels))('%s equals the evaluation', (name) => {
    expect(problems(FILE, callsOf([name]).list)).toEqual([])
  })

  it('may write over its input', () => {
    expect(problems(FILE, inPlace().list)).toEqual([])
  })

  it.skipIf(qemuAbsent())('all do the same under qemu', () => {
    expect(differencesFromQemu(FILE, callsOf(Object.keys(kernels)).list)).toEqual([])
  })
})
