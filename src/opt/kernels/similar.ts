// Similar slices: which of them become which other ones, so that kernels share more.

import { popcount32 } from '../../work/bits.ts'
import { complement } from './slices.ts'

/** What is similar: slices of `taps` weights at most `distance` bits apart, or from each other's complement if `inverse`. */
export interface Likeness {
  readonly taps: number
  readonly distance: number
  readonly inverse: boolean
}

/** Bits between slices, or between one and the other's complement if fewer and these count as well. */
export function apart(a: number, b: number, { taps, inverse }: Likeness): number {
  const bits = popcount32(a ^ b)
  return inverse ? Math.min(bits, taps - bits) : bits
}

/** What stands for a slice and its complement, where these share a result: the lower one. */
export const shareable = (slice: number, { taps, inverse }: Likeness): number =>
  inverse ? Math.min(slice, complement(slice, taps)) : slice

/** `target` or its complement: what `slice` becomes. */
export function become(slice: number, target: number, { taps, inverse }: Likeness): number {
  return inverse && 2 * popcount32(slice ^ target) > taps ? complement(target, taps) : target
}

/**
 * Greedy cover of `slices`, different and rising: always the slice that is similar to most of those not yet covered, of
 * equals the lowest. Returns by slice which one stands for it, the nearest of those chosen, the first chosen of equals.
 */
export function cover(slices: readonly number[], likeness: Likeness): number[] {
  const { length } = slices
  const bits = new Uint8Array(length * length)
  const gain = new Int32Array(length).fill(1)
  for (let i = 0; i < length; i++)
    for (let j = 0; j < i; j++) {
      const near = apart(slices[i]!, slices[j]!, likeness)
      bits[i * length + j] = near
      bits[j * length + i] = near
      if (near > likeness.distance) continue
      gain[i]!++
      gain[j]!++
    }
  const standing = new Array<number>(length)
  const nearest = new Uint8Array(length).fill(likeness.distance + 1)
  for (let left = length; left > 0; ) {
    const chosen = gain.reduce((best, each, i) => (each > gain[best]! ? i : best), 0)
    for (let i = 0; i < length; i++) {
      const near = bits[chosen * length + i]!
      if (near >= nearest[i]!) continue
      if (nearest[i]! > likeness.distance) {
        left--
        for (let j = 0; j < length; j++) if (bits[i * length + j]! <= likeness.distance) gain[j]!--
      }
      nearest[i] = near
      standing[i] = slices[chosen]!
    }
  }
  return standing
}
