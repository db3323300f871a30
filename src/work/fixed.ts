// Steps on fixed-point numbers, as network.ts defines them: saturation and shifts that round half up, as NEON has them.

import { InputError } from './input-error.ts'
import type { FixedBits } from './network.ts'
import { type PoolOp, sumPool } from './pool.ts'
import type { Step } from './steps.ts'
import { type IntTensor, intTensor, type Shape, type Tensor } from './tensor.ts'

/** Values that fixed-point numbers of so many bits can have. */
export function rangeOf(bits: FixedBits): { readonly low: number; readonly high: number } {
  const high = 2 ** (bits - 1) - 1
  return { low: bits === 8 ? -high : -high - 1, high }
}

/** floor(x / 2^shift + 1/2); x * 2^-shift where that is negative. */
export const rshift = (x: number, shift: number): number => Math.floor(x * 2 ** -shift + 0.5)

function integers(tensor: Tensor | undefined, taker: string): IntTensor {
  if (tensor?.kind === 'int') return tensor
  throw new InputError(`${taker} takes integers, not ${tensor?.kind ?? 'nothing'}`)
}

/** f of each element and its channel, saturated to `bits`. */
function mapped({ shape, data }: IntTensor, bits: FixedBits, f: (x: number, c: number) => number): IntTensor {
  const { channels } = shape
  const { low, high } = rangeOf(bits)
  const out = intTensor(shape)
  for (let pixel = 0; pixel < data.length; pixel += channels)
    for (let c = 0; c < channels; c++) {
      const y = f(data[pixel + c]!, c)
      out.data[pixel + c] = y > high ? high : y < low ? low : y
    }
  return out
}

export const quantise: Step<'quantise'> = ({ fraction, bits }, inputs) => {
  const [tensor] = inputs
  if (tensor?.kind !== 'real') throw new InputError(`quantise takes reals, not ${tensor?.kind ?? 'nothing'}`)
  const { low, high } = rangeOf(bits)
  const units = 2 ** fraction
  const out = intTensor(tensor.shape)
  for (let i = 0; i < out.data.length; i++) {
    const x = tensor.data[i]! * units
    const nearest = x < 0 ? -Math.floor(0.5 - x) : Math.floor(x + 0.5)
    out.data[i] = nearest > high ? high : nearest < low ? low : nearest
  }
  return out
}

export const fixedAffine: Step<'fixed-affine'> = (op, inputs) => {
  const { multiplier, shift, offset, bits } = op
  const { low, high } = rangeOf(bits === 8 ? 16 : bits)
  const scales = Float64Array.from(shift, (s) => 2 ** -s)
  return mapped(integers(inputs[0], op.kind), bits, (x, c) => {
    const shifted = Math.floor((multiplier === undefined ? x : x * multiplier[c]!) * scales[c]! + 0.5)
    return (shifted > high ? high : shifted < low ? low : shifted) + offset[c]!
  })
}

const wide = rangeOf(16)
const toWide = (x: number): number => (x > wide.high ? wide.high : x < wide.low ? wide.low : x)

export const fixedRprelu: Step<'fixed-rprelu'> = (op, inputs) => {
  const { shiftX, slope, shift, shiftY, bits } = op
  const scales = Float64Array.from(shift, (s) => 2 ** -s)
  return mapped(integers(inputs[0], op.kind), bits, (x, c) => {
    const t = toWide(x + shiftX[c]!)
    const u = t > 0 ? t : toWide(Math.floor((slope === undefined ? t : t * slope[c]!) * scales[c]! + 0.5))
    return u + shiftY[c]!
  })
}

/** Saturates after each term. */
export function fixedSum(bits: FixedBits, inputs: readonly Tensor[]): IntTensor {
  const [first, ...others] = inputs.map((tensor) => integers(tensor, 'add'))
  let sum = first!
  for (const { data } of others) {
    let at = 0
    const term = data
    sum = mapped(sum, bits, (x) => x + term[at++]!)
  }
  return sum
}

export function fixedAverage(op: PoolOp, bits: FixedBits, input: Tensor, output: Shape): IntTensor {
  const shift = 2 * Math.log2(op.window)
  const units = 2 ** -shift
  return mapped(sumPool(op, integers(input, 'pool'), output), bits, (sum) => Math.floor(sum * units + 0.5))
}
