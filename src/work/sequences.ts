// Sequences: the nine bits of a 3x3 kernel at one pair of output and input channel, one of 512 values. Bit t is set where
// the weight at tap t (row by row) is +1.

import { getBit, setBit } from './bits.ts'
import type { BinaryWeights } from './network.ts'
import { wordsOf } from './tensor.ts'
import type { Layer } from './workload.ts'

/** Taps of a kernel, bits of a sequence. */
export const TAPS = 9
/** Values that a sequence can have. */
export const SEQUENCES = 2 ** TAPS

/** The layer's binary weights, if they are 3x3 kernels: what has sequences. */
export function kernelsOf({ weights: { weights } }: Layer): BinaryWeights | undefined {
  return weights.kind === 'binary' && weights.taps === TAPS ? weights : undefined
}

/** By output channel, then input channel. */
export function sequencesOf({ rows, channels, words }: BinaryWeights): Uint16Array {
  const sequences = new Uint16Array(rows * channels)
  const size = wordsOf(channels)
  for (let row = 0; row < rows; row++)
    for (let tap = 0; tap < TAPS; tap++)
      for (let c = 0; c < channels; c++)
        sequences[row * channels + c]! |= getBit(words, (row * TAPS + tap) * size, c) << tap
  return sequences
}

/** The weights with these sequences instead of their own. */
export function withSequences(weights: BinaryWeights, sequences: Uint16Array): BinaryWeights {
  const { rows, channels } = weights
  const size = wordsOf(channels)
  const words = new Uint32Array(rows * TAPS * size)
  for (let row = 0; row < rows; row++)
    for (let tap = 0; tap < TAPS; tap++)
      for (let c = 0; c < channels; c++)
        setBit(words, (row * TAPS + tap) * size, c, ((sequences[row * channels + c]! >> tap) & 1) === 1)
  return { ...weights, words }
}

/** How often each of the 512 values comes. */
export function histogram(sequences: Uint16Array): Uint32Array {
  const counts = new Uint32Array(SEQUENCES)
  for (const sequence of sequences) counts[sequence]!++
  return counts
}

/** How often each comes in all layers together. */
export function countsOf(layers: readonly Layer[]): Uint32Array {
  const counts = new Uint32Array(SEQUENCES)
  for (const layer of layers) {
    const weights = kernelsOf(layer)
    if (weights !== undefined) for (const sequence of sequencesOf(weights)) counts[sequence]!++
  }
  return counts
}
