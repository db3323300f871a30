// Convolutional result sharing (Chang et al., DATE 2020): at one input channel, kernels with equal slices share one 2-D
// convolution. Of an n-bit slice's complement, matches are n - matches, and a dot product changes its sign. With `share: none`
// kernels are the same sums of 2-D results, none of them shared: what sharing is measured against.

import { z } from 'zod'
import type { Layer } from '../work/workload.ts'
import { isSliced, type Sharing, SLICED, sharedSlices, sharings } from './kernels/slices.ts'
import { openKernels } from './kernels/terms.ts'
import { changeLayers, layersOption } from './layers.ts'
import type { Pass } from './pass.ts'

const options = z.strictObject({
  share: z
    .enum(sharings)
    .default('inverse')
    .describe('none: each kernel has slices of its own; repeated: equal ones; inverse: a slice and its complement too'),
  layers: layersOption,
})

type Options = z.infer<typeof options>

export const shareResults: Pass<Options> = {
  name: 'share-results',
  summary: 'binary kernels of 2x2 to 5x5 share the 2-D results of equal and inverse slices',
  schema: options,
  lossy: false,
  apply: (workload, { share, layers }) =>
    changeLayers(workload, layers, SLICED, isSliced, (layer) => shared(layer, share)),
}

function shared(layer: Layer, share: Sharing): Layer {
  const weights = openKernels(layer)
  return weights === undefined ? layer : { ...layer, terms: { kind: 'slices', slices: sharedSlices(weights, share) } }
}
