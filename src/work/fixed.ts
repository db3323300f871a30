// Fixed-point numbers, as network.ts defines them: saturation and shifts that round half up, as NEON has them. Of one element
// for machines, and of tensors for evaluation.

import type { Range } from './accumulator.ts'
import { InputError } from './input-error.ts'
import type { FixedBits, Op, OpKind } from './network.ts'
import { type PoolOp, sumPool } from './pool.ts'
import type { Step } from './steps.ts'
import { type IntTensor, intTensor, type Shape, type Tensor } from './tensor.ts'

type OpOf<K extends OpKind> = Extract<Op, { kind: K }>

/** Result for a value of a channel. */
export type Element = (x: number, channel: number) => number

/** Values that fixed-point numbers of so many bits can have. */
export function fixedRange(bits: FixedBits): Range {
  const high = 2 ** (bits - 1) - 1
  return { low: bits === 8 ? -high : -high - 1, high }
}

const clamp = (x: number, { low, high }: Range): number => (x > high ? high : x < low ? low : x)

function quantiseElement({ fraction, bits }: OpOf<'quantise'>): Element {
  const range = fixedRange(bits)
  const units = 2 ** fraction
  return (x) => clamp(x < 0 ? -Math.floor(0.5 - x * units) : Math.floor(x * units + 0.5), range)
}

/** rshift(x * factor[c], shift[c]), with the sign that `negative` says, saturated to `bits`. */
function scaled(factor: Int32Array | undefined, shift: Int32Array, negative: Uint8Array | undefined, bits: FixedBits) {
  const range = fixedRange(bits)
  const factors = Float64Array.from(shift, (s, c) => 2 ** -s * (factor?.[c] ?? 1))
  const signs = Float64Array.from(shift, (_, c) => (negative?.[c] === 1 ? -1 : 1))
  return (x: number, c: number): number => clamp(signs[c]! * Math.floor(x * factors[c]! + 0.5), range)
}

export function affineElement({ multiplier, shift, negative, offset, bits }: OpOf<'fixed-affine'>): Element {
  const range = fixedRange(bits)
  const product = scaled(multiplier, shift, negative, bits === 8 ? 16 : bits)
  return (x, c) => clamp(product(x, c) + offset[c]!, range)
}

export function rpreluElement({ shiftX, slope, shift, negative, shiftY, bits }: OpOf<'fixed-rprelu'>): Element {
  const range = fixedRange(bits)
  const width = bits === 8 ? 16 : bits
  const wide = fixedRange(width)
  const product = scaled(slope, shift, negative, width)
  return (x, c) => {
    const t = clamp(x + shiftX[c]!, wide)
    return clamp((t > 0 ? t : product(t, c)) + shiftY[c]!, range)
  }
}

/** The sum of two values. */
export function sumElement(bits: FixedBits): (a: number, b: number) => number {
  const range = fixedRange(bits)
  return (a, b) => clamp(a + b, range)
}

function integers(tensor: Tensor | undefined, taker: OpKind): IntTensor {
  if (tensor?.kind === 'int') return tensor
  throw new InputError(`${taker} takes integers, not ${tensor?.kind ?? 'nothing'}`)
}

function mapped(shape: Shape, from: Int32Array | Float32Array, element: Element): IntTensor {
  const { channels } = shape
  const out = intTensor(shape)
  const to = out.data
  for (let pixel = 0; pixel < from.length; pixel += channels)
    for (let c = 0; c < channels; c++) to[pixel + c] = element(from[pixel + c]!, c)
  return out
}

export const quantise: Step<'quantise'> = (op, inputs) => {
  const [tensor] = inputs
  if (tensor?.kind !== 'real') throw new InputError(`quantise takes reals, not ${tensor?.kind ?? 'nothing'}`)
  return mapped(tensor.shape, tensor.data, quantiseElement(op))
}

export const fixedAffine: Step<'fixed-affine'> = (op, inputs) => {
  const { shape, data } = integers(inputs[0], op.kind)
  return mapped(shape, data, affineElement(op))
}

export const fixedRprelu: Step<'fixed-rprelu'> = (op, inputs) => {
  const { shape, data } = integers(inputs[0], op.kind)
  return mapped(shape, data, rpreluElement(op))
}

/** Saturates after each term. */
export function fixedSum(bits: FixedBits, inputs: readonly Tensor[]): IntTensor {
  const sum = sumElement(bits)
  return inputs
    .map((tensor) => integers(tensor, 'add'))
    .reduce((a, b) => {
      const out = intTensor(a.shape)
      for (let i = 0; i < out.data.length; i++) out.data[i] = sum(a.data[i]!, b.data[i]!)
      return out
    })
}

export function fixedAverage(op: PoolOp, bits: FixedBits, input: Tensor, output: Shape): IntTensor {
  const range = fixedRange(bits)
  const units = 1 / op.window ** 2
  const { data } = sumPool(op, integers(input, 'pool'), output)
  return mapped(output, data, (sum) => clamp(Math.floor(sum * units + 0.5), range))
}
