import type { BinaryWeights } from '../../work/network.ts'
import type { Layer } from '../../work/workload.ts'

/**
 * The layer's binary weights, if a pass may say which terms of its sums are computed. The first that does so keeps the
 * layer: later ones leave it alone.
 */
export function openKernels({ weights, terms }: Layer): BinaryWeights | undefined {
  if (weights.encoding !== 'plain' || weights.weights.kind !== 'binary') return undefined
  return terms.kind === 'dense' && terms.stop === undefined ? weights.weights : undefined
}
