// 2-D slices: the weights of a kernel at one input channel, as a number with the weight of tap t in bit t, +1 as 1.

import { getBit, setBit } from '../../work/bits.ts'
import type { BinaryWeights } from '../../work/network.ts'
import { wordsOf } from '../../work/tensor.ts'
import type { Layer, SharedSlices } from '../../work/workload.ts'

/** Sides of kernels whose slices are compared: 1x1 slices are single weights, 6x6 ones no longer numbers of 32 bits. */
const SIDES = { least: 2, most: 5 } as const

/** The layer's binary weights, if their slices can be compared. */
export function slicedKernels({ shape: { kernel }, weights: { weights } }: Layer): BinaryWeights | undefined {
  return weights.kind === 'binary' && kernel >= SIDES.least && kernel <= SIDES.most ? weights : undefined
}

/** What such layers are, for people. */
export const SLICED = 'binary weights with kernels of 2x2 to 5x5'

export const isSliced = (layer: Layer): boolean => slicedKernels(layer) !== undefined

/** Complement of a slice of `taps` weights. */
export const complement = (slice: number, taps: number): number => (slice ^ (2 ** taps - 1)) >>> 0

/** Slices by kernel, then input channel. */
export function slicesOf({ rows, taps, channels, words }: BinaryWeights): Uint32Array {
  const slices = new Uint32Array(rows * channels)
  const size = wordsOf(channels)
  for (let row = 0; row < rows; row++)
    for (let tap = 0; tap < taps; tap++)
      for (let c = 0; c < channels; c++)
        slices[row * channels + c]! |= getBit(words, (row * taps + tap) * size, c) << tap
  return slices
}

/** The weights with these slices instead of their own. */
export function withSlices(weights: BinaryWeights, slices: Uint32Array): BinaryWeights {
  const { rows, taps, channels } = weights
  const size = wordsOf(channels)
  const words = new Uint32Array(weights.words.length)
  for (let row = 0; row < rows; row++)
    for (let tap = 0; tap < taps; tap++)
      for (let c = 0; c < channels; c++)
        if ((slices[row * channels + c]! >>> tap) & 1) setBit(words, (row * taps + tap) * size, c, true)
  return { ...weights, words }
}

/** Which slices of an input channel share a 2-D result: none, equal ones, or a slice and its complement too. */
export const sharings = ['none', 'repeated', 'inverse'] as const
export type Sharing = (typeof sharings)[number]

/** Each slice comes as the first kernel that uses it has it, in the order of these kernels. */
export function sharedSlices(weights: BinaryWeights, share: Sharing): SharedSlices {
  const { rows, taps, channels } = weights
  const slices = slicesOf(weights)
  const first = new Int32Array(channels + 1)
  const values: number[] = []
  const use = new Uint16Array(rows * channels)
  const complemented = new Uint8Array(rows * channels)
  for (let c = 0; c < channels; c++) {
    const positions = new Map<number, number>()
    for (let at = c; at < slices.length; at += channels) {
      const slice = slices[at]!
      const own = share === 'none' ? undefined : positions.get(slice)
      const other = own === undefined && share === 'inverse' ? positions.get(complement(slice, taps)) : undefined
      use[at] = own ?? other ?? values.length - first[c]!
      if (other !== undefined) complemented[at] = 1
      else if (own === undefined) {
        positions.set(slice, use[at]!)
        values.push(slice)
      }
    }
    first[c + 1] = values.length
  }
  return { first, values: Uint32Array.from(values), use, inverse: complemented }
}
