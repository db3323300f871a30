// Accumulators: the width of sums that are held whole, and the values of those that saturate.

import type { AccumulatorFacet, Layer } from './workload.ts'

/** Values from `low` to `high`. */
export interface Range {
  readonly low: number
  readonly high: number
}

/** What a saturating accumulator can hold: matches from 0, signed sums symmetrically. */
export function saturatedRange({ sum, bits }: AccumulatorFacet): Range {
  if (sum === 'matches') return { low: 0, high: 2 ** bits - 1 }
  const high = 2 ** (bits - 1) - 1
  return { low: -high, high }
}

/** Bits of a sum of bits or pixels with binary weights that does not saturate. */
export function wholeBits({ accumulator, activation, weights: { weights } }: Layer): number {
  if (!accumulator.saturate) return accumulator.bits
  const largest = weights.taps * weights.channels * (activation === 'int8' ? 128 : 1)
  return Math.ceil(Math.log2(largest + 1)) + (accumulator.sum === 'matches' ? 0 : 1)
}
