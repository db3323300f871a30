// Values on their way through the rewriting of a network: what they are by now, and what their elements stand for.

import { fixedRange } from '../../work/fixed.ts'
import type { BinaryWeights, Encoding, IntegerWeights, Node, Sum } from '../../work/network.ts'
import { largestRow } from './factors.ts'
import type { Follow, Limits } from './fold.ts'

/** Where a value is, and what its elements stand for. */
export type Value =
  | { readonly kind: 'real'; readonly name: string }
  | { readonly kind: 'bits'; readonly name: string }
  | ({ readonly kind: 'fixed'; readonly name: string; readonly unit: number } & Limits)
  /** Integers of another node, and what follows them up to a threshold. */
  | { readonly kind: 'folded'; readonly of: Fixed; readonly follow: Follow }
export type Fixed = Extract<Value, { kind: 'fixed' }>

/** Bits of a quantised picture. */
export const PICTURE_BITS = 8

/** Largest magnitude of an element. */
export const magnitudeOf = (value: Value): number => (value.kind === 'fixed' ? Math.max(value.high, -value.low) : 1)

/** Whether elements may need more than 16 bits. */
export const isWide = ({ high }: Limits): boolean => high > fixedRange(16).high

/** Of sums of products with elements of magnitude `largest`. */
export function sumLimits(weights: BinaryWeights | IntegerWeights, sum: Sum, largest: number): Limits {
  const terms = weights.taps * weights.channels
  if (sum === 'matches') return { low: 0, high: terms }
  const high = (weights.kind === 'binary' ? terms : largestRow(weights.data, terms)) * largest
  return { low: -high, high }
}

/** Whether a step works on fixed-point numbers. */
export function isFixedPoint({ op }: Node): boolean {
  if (op.kind === 'mac') return op.weights.kind === 'integer'
  return op.kind === 'quantise' || op.kind.startsWith('fixed-') || ('bits' in op && op.bits !== undefined)
}

export const nameOf = (value: Value): string => (value.kind === 'folded' ? value.of.name : value.name)

/** The network's input. */
export function inputValue({ kind }: Encoding): Value {
  if (kind === 'real') return { kind: 'real', name: 'input' }
  if (kind === 'int8') return { kind: 'fixed', name: 'input', unit: 1, low: -128, high: 127 }
  return { kind: 'bits', name: 'input' }
}

/** Bits behind the binary point that no pixel leaves room for one more of. */
export function pictureFraction(encoding: Encoding): number {
  if (encoding.kind !== 'real') return 0
  const largest = encoding.mean.map((mean, c) => Math.max(mean, 1 - mean) / encoding.deviation[c]!)
  return Math.floor(Math.log2(fixedRange(PICTURE_BITS).high / Math.max(...largest)))
}
