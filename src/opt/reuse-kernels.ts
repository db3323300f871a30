// Kernel reuse (Gao, Liu and Lai, Electronics 2021, 10:1830): the sums of one kernel follow from those of another one and
// the weights in which the two differ. In which order is not published; three are offered.

import { z } from 'zod'
import type { Layer } from '../work/workload.ts'
import { relate } from './kernels/relation.ts'
import { openKernels } from './kernels/terms.ts'
import { changeLayers, layersOption } from './layers.ts'
import type { Pass } from './pass.ts'

const options = z.strictObject({
  order: z
    .enum(['given', 'path', 'tree'])
    .default('tree')
    .describe('a kernel follows from the one before, from the nearest on a greedy path, or by a minimum spanning tree'),
  inverse: z
    .boolean()
    .default(true)
    .describe("a kernel may follow from another one's complement, where this is nearer"),
  trees: z
    .int()
    .min(1)
    .default(1)
    .describe('paths or trees that the kernels of a layer are divided into, each with a root that is computed whole'),
  layers: layersOption,
})

type Options = z.infer<typeof options>

export const reuseKernels: Pass<Options> = {
  name: 'reuse-kernels',
  summary: 'sums of binary kernels follow from those of similar ones',
  schema: options,
  lossy: false,
  apply: (workload, options) =>
    changeLayers(workload, options.layers, 'binary weights', hasKernels, (layer) => related(layer, options)),
}

const hasKernels = ({ weights }: Layer): boolean => weights.weights.kind === 'binary'

function related(layer: Layer, options: Options): Layer {
  const weights = openKernels(layer)
  if (weights === undefined) return layer
  return { ...layer, terms: { kind: 'deltas', relation: relate(weights, options) } }
}
