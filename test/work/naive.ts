// The definition of a convolution, one multiplication at a time: what src/work/mac.ts must equal.

import { getBit } from '../../src/work/bits.ts'
import type { MacShape, Weights } from '../../src/work/network.ts'
import { type Tensor, wordsOf } from '../../src/work/tensor.ts'

/** Element (c, y, x); bits as +1 and -1. */
export function valueAt(tensor: Tensor, c: number, y: number, x: number): number {
  const { channels, width } = tensor.shape
  const pixel = y * width + x
  if (tensor.kind === 'bits') return 2 * getBit(tensor.words, pixel * wordsOf(channels), c) - 1
  return tensor.data[pixel * channels + c]!
}

function weightAt(weights: Weights, row: number, tap: number, c: number): number {
  const at = row * weights.taps + tap
  if (weights.kind !== 'binary') return weights.data[at * weights.channels + c]!
  return 2 * getBit(weights.words, at * wordsOf(weights.channels), c) - 1
}

/** Signed sums in storage order, accumulated tap by tap and channel by channel. */
export function naiveSums(shape: MacShape, weights: Weights, input: Tensor): number[] {
  const { output, kernel, stride, padding, padValue } = shape
  const sums: number[] = []
  for (let y = 0; y < output.height; y++)
    for (let x = 0; x < output.width; x++)
      for (let o = 0; o < output.channels; o++) {
        let sum = 0
        for (let tap = 0; tap < kernel * kernel; tap++)
          for (let c = 0; c < weights.channels; c++) {
            const line = y * stride - padding.before + Math.floor(tap / kernel)
            const column = x * stride - padding.before + (tap % kernel)
            const inside = line >= 0 && line < shape.input.height && column >= 0 && column < shape.input.width
            const channel = shape.depthwise ? Math.floor((o * shape.input.channels) / output.channels) : c
            sum += weightAt(weights, o, tap, c) * (inside ? valueAt(input, channel, line, column) : padValue)
          }
        sums.push(sum)
      }
  return sums
}
