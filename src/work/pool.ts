// Pooling over square windows. Padding never wins a maximum and counts as 0 in an
// average, which divides by the whole window's area.

import type { Op } from './network.ts'
import {
  type BitTensor,
  bitTensor,
  type IntTensor,
  intTensor,
  type RealTensor,
  realTensor,
  type Shape,
  type Tensor,
  wordsOf,
} from './tensor.ts'

export type PoolOp = Extract<Op, { kind: 'pool' }>

/** Maximum, average or sum of each channel over each window. */
export function pool(op: PoolOp, input: Tensor, output: Shape): Tensor {
  if (op.pool === 'average') return averagePool(op, input as IntTensor | RealTensor, output)
  if (op.pool === 'sum') return sumPool(op, input as IntTensor, output)
  if (input.kind === 'bits') return orPool(op, input, output)
  const out = input.kind === 'int' ? intTensor(output) : realTensor(output)
  maxPool(op, input, out)
  return out
}

/** Calls `visit` with the pixel indices of an output pixel and of each input pixel in its window. */
function eachTap(op: PoolOp, input: Shape, output: Shape, visit: (from: number, to: number) => void): void {
  for (let y = 0, to = 0; y < output.height; y++)
    for (let x = 0; x < output.width; x++, to++) {
      const top = y * op.stride - op.padding.before
      const left = x * op.stride - op.padding.before
      for (let line = Math.max(0, top); line < Math.min(input.height, top + op.window); line++)
        for (let column = Math.max(0, left); column < Math.min(input.width, left + op.window); column++)
          visit(line * input.width + column, to)
    }
}

function orPool(op: PoolOp, input: BitTensor, shape: Shape): BitTensor {
  const out = bitTensor(shape)
  const stride = wordsOf(shape.channels)
  eachTap(op, input.shape, shape, (from, to) => {
    for (let i = 0; i < stride; i++) out.words[to * stride + i]! |= input.words[from * stride + i]!
  })
  return out
}

function maxPool(op: PoolOp, input: IntTensor | RealTensor, out: IntTensor | RealTensor): void {
  const { channels } = out.shape
  const from = input.data
  const to = out.data.fill(out.kind === 'int' ? -(2 ** 31) : -Infinity)
  eachTap(op, input.shape, out.shape, (source, target) => {
    const a = source * channels
    const b = target * channels
    for (let c = 0; c < channels; c++) if (from[a + c]! > to[b + c]!) to[b + c] = from[a + c]!
  })
}

/** The sum of each channel over each window. */
export function sumPool(op: PoolOp, input: IntTensor, output: Shape): IntTensor {
  const out = intTensor(output)
  addUp(op, input, output, out.data)
  return out
}

function averagePool(op: PoolOp, input: IntTensor | RealTensor, shape: Shape): RealTensor {
  const out = realTensor(shape)
  const sums = new Float64Array(out.data.length)
  addUp(op, input, shape, sums)
  const area = op.window * op.window
  for (let i = 0; i < sums.length; i++) out.data[i] = sums[i]! / area
  return out
}

function addUp(op: PoolOp, input: IntTensor | RealTensor, shape: Shape, sums: Float64Array | Int32Array): void {
  const { channels } = shape
  const from = input.data
  eachTap(op, input.shape, shape, (source, target) => {
    const a = source * channels
    const b = target * channels
    for (let c = 0; c < channels; c++) sums[b + c]! += from[a + c]!
  })
}
