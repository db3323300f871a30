import { InputError } from '../../work/input-error.ts'
import type { BinaryWeights } from '../../work/network.ts'
import type { Layer } from '../../work/workload.ts'

/**
 * The layer's binary weights, if a pass may say which terms of its sums are computed. The first that does so keeps the
 * layer: later ones leave it alone.
 */
export function openKernels({ name, weights, terms }: Layer): BinaryWeights | undefined {
  if (weights.encoding !== 'plain' || weights.weights.kind !== 'binary') return undefined
  if (terms.stop !== undefined)
    throw new InputError(
      'its sums stop early: name prune-inclusion after the passes that say which terms are computed',
      {
        key: name,
      },
    )
  return terms.kind === 'dense' ? weights.weights : undefined
}
