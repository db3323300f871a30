// Nine equal weights in place of nearly equal ones: 3x3 slices that result sharing then computes once.

import { z } from 'zod'
import { changeLayers, layersOption } from '../../../src/opt/layers.ts'
import type { Pass } from '../../../src/opt/pass.ts'
import { popcount32 } from '../../../src/work/bits.ts'
import { kernelsOf, sequencesOf, TAPS, withSequences } from '../../../src/work/sequences.ts'
import type { Layer } from '../../../src/work/workload.ts'

const options = z.strictObject({
  odd: z.int().min(0).max(4).default(1).describe('weights of a slice that may differ from the others'),
  layers: layersOption,
})

export const flatSlices: Pass<z.infer<typeof options>> = {
  name: 'flat-slices',
  summary: 'slices of 3x3 binary kernels lose their few odd weights',
  schema: options,
  lossy: true,
  apply: (workload, { odd, layers }) =>
    changeLayers(workload, layers, 'plain 3x3 binary weights', isPlain, (layer) => flat(layer, odd)),
}

const isPlain = (layer: Layer): boolean =>
  kernelsOf(layer) !== undefined && layer.weights.encoding === 'plain' && layer.terms.kind === 'dense'

function flat(layer: Layer, odd: number): Layer {
  const weights = kernelsOf(layer)!
  const slices = sequencesOf(weights).map((slice) => {
    const ones = popcount32(slice)
    if (ones <= odd) return 0
    return TAPS - ones <= odd ? 2 ** TAPS - 1 : slice
  })
  return { ...layer, weights: { encoding: 'plain', weights: withSequences(weights, slices) } }
}
