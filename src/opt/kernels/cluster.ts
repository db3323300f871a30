// Clusters of sequences: each rare sequence goes to the nearest of the frequent ones.

import { popcount32 } from '../../work/bits.ts'
import { SEQUENCES } from '../../work/sequences.ts'

/** The `keep` most frequent of the sequences that come at all, most frequent first; of equals, the lowest first. */
export function mostFrequent(counts: Uint32Array, keep: number): number[] {
  const coming = [...counts.keys()].filter((sequence) => counts[sequence]! > 0)
  return coming.sort((a, b) => counts[b]! - counts[a]! || a - b).slice(0, keep)
}

/**
 * For each of the 512 sequences the nearest of `kept`, the first in its order of those as near; itself where
 * none is within `distance`.
 */
export function nearest(kept: readonly number[], distance: number): Uint16Array {
  return Uint16Array.from({ length: SEQUENCES }, (_, sequence) => {
    let best = sequence
    let least = distance + 1
    for (const one of kept) {
      const differing = popcount32(sequence ^ one)
      if (differing < least) {
        best = one
        least = differing
      }
    }
    return best
  })
}
