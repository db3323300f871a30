// The narrow waist. A workload is a network cut into layers: each multiply-accumulate
// node, seen through five facets, with the steps that follow it. Passes edit facets,
// machines read facets; nobody reads pass names.

import type { Coded, KernelCode } from './kernel-code.ts'
import type { BinaryWeights, MacShape, Network, Node, RealWeights, Sum } from './network.ts'

/** How a layer's weights are stored, and what they are: of `coded` ones, what decoding gives. */
export type WeightsFacet =
  | { readonly encoding: 'plain'; readonly weights: BinaryWeights | RealWeights }
  | { readonly encoding: 'coded'; readonly weights: BinaryWeights; readonly stream: Coded; readonly code: KernelCode }

/** Which terms of the dot products are computed, and how outputs use them. */
export type TermsFacet = { readonly kind: 'dense' }

/** How sums are held. `bits` is the width the layer's fan-in needs; `saturate` clips instead of growing. */
export interface AccumulatorFacet {
  readonly sum: Sum | 'gated'
  readonly bits: number
  readonly saturate: boolean
}

/** What a multiply-accumulate reads. */
export type Activation = 'bit' | 'two-bit' | 'int8' | 'real'

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
