// Where a topology gets its numbers from: a model file, or a seeded generator.
// Names are those of the nodes that the numbers belong to, with a suffix where
// a node has several: `block1.bn1.scale`.

import type { BinaryWeights } from '../work/network.ts'

/** What a generator should make; a model file has its own values and ignores it. */
export interface Spread {
  readonly mean: number
  readonly deviation: number
}

export interface Parameters {
  readonly weights: 'trained' | 'seeded'
  binary(name: string, rows: number, channels: number, taps: number): BinaryWeights
  integers(name: string, count: number, spread: Spread): Int32Array
  reals(name: string, count: number, spread: Spread): Float32Array
}
