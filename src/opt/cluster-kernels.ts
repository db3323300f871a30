// Kernels of few values: what is left after clustering codes into fewer bits (Silfa, Arnau and Gonzalez,
// "Exploiting Kernel Compression on BNNs", DATE 2023).

import { z } from 'zod'
import { InputError } from '../work/input-error.ts'
import { countsOf, histogram, kernelsOf, SEQUENCES, sequencesOf, TAPS, withSequences } from '../work/sequences.ts'
import type { Layer } from '../work/workload.ts'
import { mostFrequent, nearest } from './kernels/cluster.ts'
import type { Pass } from './pass.ts'

// The defaults change few weights, 2.5 to 4.4 %, as nothing is trained again. Of 1,000 pictures of CIFAR-10, BNN-PYNQ's
// CNV then has 798 right in place of 805, and 772 with `keep: 128`, 774 with `distance: 9`, 687 with `ties: low`, which
// turns +1 into -1 more often than back, 714 with `scope: network`; cnv-cifar10 has 451 in place of 625.
const options = z.strictObject({
  keep: z.int().min(1).max(SEQUENCES).default(256).describe('sequences kept as they are: the most frequent ones'),
  distance: z.int().min(1).max(TAPS).default(1).describe('weights of a kernel that may change sign at most'),
  ties: z
    .enum(['frequent', 'low'])
    .default('frequent')
    .describe('of equally near sequences, the most frequent or the one of the lowest value'),
  scope: z.enum(['layer', 'network']).default('layer').describe('where sequences are counted'),
})

type Options = z.infer<typeof options>

export const clusterKernels: Pass<Options> = {
  name: 'cluster-kernels',
  summary: 'rare 3x3 binary kernels become the nearest frequent one',
  schema: options,
  lossy: true,
  apply: (workload, options) => {
    const whole = options.scope === 'network' ? substitutes(countsOf(workload.layers), options) : undefined
    return { ...workload, layers: workload.layers.map((layer) => clustered(layer, options, whole)) }
  },
}

/** `whole` goes before what the layer's own counts give. */
function clustered(layer: Layer, options: Options, whole?: Uint16Array): Layer {
  const weights = kernelsOf(layer)
  if (weights === undefined) return layer
  if (layer.weights.encoding !== 'plain')
    throw new InputError(
      'cluster-kernels takes weights that are not coded yet; name it before the pass that codes them',
      {
        key: layer.name,
      },
    )
  if (layer.terms.kind !== 'dense')
    throw new InputError('cluster-kernels takes dense terms; name it before the pass that relates or shares kernels', {
      key: layer.name,
    })
  const sequences = sequencesOf(weights)
  const table = whole ?? substitutes(histogram(sequences), options)
  const changed = sequences.map((sequence) => table[sequence]!)
  return { ...layer, weights: { encoding: 'plain', weights: withSequences(weights, changed) } }
}

/** What each of the 512 sequences becomes. */
function substitutes(counts: Uint32Array, { keep, distance, ties }: Options): Uint16Array {
  const kept = mostFrequent(counts, keep)
  return nearest(ties === 'low' ? kept.sort((a, b) => a - b) : kept, distance)
}
