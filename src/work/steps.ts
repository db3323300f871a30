// One function per step: every op kind that does not multiply and accumulate. Reals
// are rounded to float32 after each operation, as the networks were trained.

import { concatBits, packAbove } from './bits.ts'
import { fixedAffine, fixedAverage, fixedRprelu, fixedSum, quantise } from './fixed.ts'
import { InputError } from './input-error.ts'
import type { Op, OpKind } from './network.ts'
import { pool } from './pool.ts'
import { type IntTensor, intTensor, type RealTensor, realTensor, type Shape, type Tensor } from './tensor.ts'

export type StepKind = Exclude<OpKind, 'mac' | 'gated-mac'>

/** Evaluates one op of its kind; `output` is the node's shape. */
export type Step<K extends OpKind> = (op: Extract<Op, { kind: K }>, inputs: readonly Tensor[], output: Shape) => Tensor

export type Numbers = IntTensor | RealTensor

const TWO_THIRDS = Math.fround(2 / 3)

/** The tensor of numbers at `inputs[at]`; a step that was given bits names itself as `taker`. */
function numbers(inputs: readonly Tensor[], taker: OpKind, at = 0): Numbers {
  const tensor = inputs[at]
  if (tensor === undefined) throw new InputError(`${taker} needs an input`)
  if (tensor.kind === 'bits') throw new InputError(`${taker} takes integers or reals, not bits`)
  return tensor
}

const threshold: Step<'threshold'> = (op, inputs) => packAbove(numbers(inputs, 'threshold'), op.level, op.inclusive)

const affine: Step<'affine'> = ({ scale, offset }, inputs) => {
  const { shape, data } = numbers(inputs, 'affine')
  const { channels } = shape
  const out = realTensor(shape)
  const to = out.data
  for (let pixel = 0; pixel < data.length; pixel += channels)
    for (let c = 0; c < channels; c++) to[pixel + c] = Math.fround(data[pixel + c]! * scale[c]!) + offset[c]!
  return out
}

const rprelu: Step<'rprelu'> = ({ shiftX, slope, shiftY }, inputs) => {
  const { shape, data } = numbers(inputs, 'rprelu')
  const { channels } = shape
  // A factor of 1 in place of a branch, which would be mispredicted at every other element.
  const factor = new Float32Array(2 * channels).fill(1)
  for (let c = 0; c < channels; c++) factor[2 * c] = slope[c]!
  const out = realTensor(shape)
  const to = out.data
  for (let pixel = 0; pixel < data.length; pixel += channels)
    for (let c = 0; c < channels; c++) {
      const t = Math.fround(data[pixel + c]! + shiftX[c]!)
      to[pixel + c] = Math.fround(t * factor[2 * c + Number(t > 0)]!) + shiftY[c]!
    }
  return out
}

const quantise2: Step<'quantise2'> = ({ level = TWO_THIRDS }, inputs) => {
  const { shape, data } = numbers(inputs, 'quantise2')
  const out = intTensor(shape)
  for (let i = 0; i < data.length; i++) {
    const x = data[i]!
    out.data[i] = x >= 0 ? (x > level ? 3 : 1) : x >= -level ? -1 : -3
  }
  return out
}

/** Integers stay integers; any real makes the sum real. */
const add: Step<'add'> = ({ bits }, inputs) => {
  if (bits !== undefined) return fixedSum(bits, inputs)
  const real = inputs.some((tensor) => tensor.kind === 'real')
  let sum = numbers(inputs, 'add')
  for (let i = 1; i < inputs.length; i++) {
    const a = sum.data
    const b = numbers(inputs, 'add', i).data
    const out: Numbers = real ? realTensor(sum.shape) : intTensor(sum.shape)
    for (let j = 0; j < a.length; j++) out.data[j] = a[j]! + b[j]!
    sum = out
  }
  return sum
}

/** Joins along channels, in the order of the inputs; the same input may come more than once. */
const concat: Step<'concat'> = (_op, inputs, output) => {
  const bits = inputs.filter((tensor) => tensor.kind === 'bits')
  if (bits.length === inputs.length) return concatBits(bits, output)
  const out = inputs.some((tensor) => tensor.kind === 'real') ? realTensor(output) : intTensor(output)
  for (let i = 0, first = 0; i < inputs.length; i++) {
    const { shape, data } = numbers(inputs, 'concat', i)
    for (let from = 0, to = first; from < data.length; from += shape.channels, to += output.channels)
      for (let c = 0; c < shape.channels; c++) out.data[to + c] = data[from + c]!
    first += shape.channels
  }
  return out
}

/** Every step by its op kind. */
export const steps = {
  threshold,
  affine,
  rprelu,
  quantise2,
  quantise,
  'fixed-affine': fixedAffine,
  'fixed-rprelu': fixedRprelu,
  pool: (op, inputs, output) => {
    const tensor = op.pool === 'max' ? inputs[0]! : numbers(inputs, 'pool')
    return op.bits === undefined ? pool(op, tensor, output) : fixedAverage(op, op.bits, tensor, output)
  },
  add,
  concat,
} satisfies { [K in StepKind]: Step<K> }
