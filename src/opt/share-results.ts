// Convolutional result sharing (Chang et al., DATE 2020): at one input channel, kernels with equal slices share one 2-D
// convolution. Of an n-bit slice's complement, matches are n - matches, and a dot product changes its sign.

import { z } from 'zod'
import type { Layer } from '../work/workload.ts'
import { sharedSlices, slicedKernels } from './kernels/slices.ts'
import { openKernels } from './kernels/terms.ts'
import type { Pass } from './pass.ts'

const options = z.strictObject({
  inverse: z.boolean().default(true).describe('a slice and its complement share a result too, not equal ones only'),
})

type Options = z.infer<typeof options>

export const shareResults: Pass<Options> = {
  name: 'share-results',
  summary: 'binary kernels of 2x2 to 5x5 share the 2-D results of equal and inverse slices',
  schema: options,
  lossy: false,
  apply: (workload, options) => ({ ...workload, layers: workload.layers.map((layer) => shared(layer, options)) }),
}

function shared(layer: Layer, { inverse }: Options): Layer {
  const weights = openKernels(layer)
  if (weights === undefined || slicedKernels(layer) === undefined) return layer
  return { ...layer, terms: { kind: 'slices', slices: sharedSlices(weights, inverse) } }
}
