// The narrow waist. A workload is a network cut into layers: each multiply-accumulate
// node, seen through five facets, with the steps that follow it. Passes edit facets,
// machines read facets; nobody reads pass names.

import type { Coded, KernelCode } from './kernel-code.ts'
import type { BinaryWeights, MacShape, Network, Node, Sum, Weights } from './network.ts'

/** How a layer's weights are stored, and what they are: of `coded` ones, what decoding gives. */
export type WeightsFacet =
  | { readonly encoding: 'plain'; readonly weights: Weights }
  | { readonly encoding: 'coded'; readonly weights: BinaryWeights; readonly stream: Coded; readonly code: KernelCode }

/**
 * Which terms of the dot products are computed, and how outputs use them: all of them for each output channel (kernel),
 * those in which a kernel differs from another one, or 2-D slices that kernels share. What is computed is the same.
 */
export type TermsFacet = (
  | { readonly kind: 'dense' }
  | { readonly kind: 'deltas'; readonly relation: Relation }
  | { readonly kind: 'slices'; readonly slices: SharedSlices }
) & { readonly stop?: Stop }

/**
 * Each kernel's sum follows from that of another one, its parent: where `distance` of the n weights differ, matches =
 * parent's - distance + 2 * matches among these. From the parent's complement where `inverse`: n - parent's in its place.
 */
export interface Relation {
  /** All kernels, each after its parent. */
  readonly order: Int32Array
  /** By kernel: its parent, or -1 for a root, which is computed whole. */
  readonly parent: Int32Array
  /** By kernel: 1 where it differs least from its parent's complement. */
  readonly inverse: Uint8Array
  /** By kernel: weights in which it differs from its parent, or from that one's complement; all of them for a root. */
  readonly distance: Int32Array
  /** By kernel: number of its tree. A tree has one root. */
  readonly tree: Int32Array
}

/** 2-D slices of kernels: at each input channel those that are computed, and which of them each kernel has there. */
export interface SharedSlices {
  /** Slices of input channel c are values[first[c]] .. values[first[c + 1] - 1]. */
  readonly first: Int32Array
  /** Weight of tap t in bit t, +1 as 1. */
  readonly values: Uint32Array
  /** By kernel o and channel c, at o * channels + c: position among the slices of c; inverse 1 where it has the complement. */
  readonly use: Uint16Array
  readonly inverse: Uint8Array
}

/** Where a sum need not be finished, as what follows is known before: a threshold, and a max pool behind it. */
export interface Stop {
  /** As soon as the terms that are left cannot change the threshold's bit. */
  readonly decision: boolean
  /** Before the first term, where the parent's sum and the distance decide the bit. */
  readonly bound: boolean
  /** Before the first term, where another bit of the same window of the pool is 1. */
  readonly pool: boolean
}

/** How sums are held. `bits` is the width the layer's fan-in needs; `saturate` clips instead of growing. */
export interface AccumulatorFacet {
  readonly sum: Sum | 'gated'
  readonly bits: number
  readonly saturate: boolean
}

/** What a multiply-accumulate reads; `int`: fixed-point numbers and sums of more than 8 bits. */
export type Activation = 'bit' | 'two-bit' | 'int8' | 'int' | 'real'

export interface Layer {
  readonly name: string
  /** Tensor that the layer reads: `input`, or a step of an earlier layer. */
  readonly input: string
  readonly activation: Activation
  readonly shape: MacShape
  readonly weights: WeightsFacet
  readonly terms: TermsFacet
  readonly accumulator: AccumulatorFacet
  /** Added to each output channel's sums, which makes them reals. */
  readonly bias?: Float32Array
  /** The multiply-accumulate node itself comes first in evaluation, then these, in order. */
  readonly post: readonly Node[]
}

export interface Workload {
  readonly network: Network
  /** Steps on the encoded picture before the first layer. */
  readonly preamble: readonly Node[]
  readonly layers: readonly Layer[]
}
