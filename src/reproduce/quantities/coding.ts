import { z } from 'zod'
import { clusterKernels } from '../../opt/cluster-kernels.ts'
import { compressKernels } from '../../opt/compress-kernels.ts'
import { applyPasses } from '../../opt/index.ts'
import { ratiosOf } from '../../opt/kernels/ratio.ts'
import { workload } from '../../work/lower.ts'
import { count } from '../../work/quantity.ts'
import { about, type NetworkOptions, networkOf, networkOptions, type Quantity } from '../quantity.ts'

const schema = z.strictObject({
  ...networkOptions,
  /** Replace rare sequences by similar frequent ones first. */
  clustered: z.boolean().default(false),
  /** Bits of a real weight. */
  realBits: count(1).default(32),
})

export const coding: Quantity = {
  summary: 'how many times less memory coded 3x3 kernels, and the whole model, take, tables counted',
  schema,
  figures: ['kernels', 'model', 'bits', 'entropy'],
  count(options: NetworkOptions & z.output<typeof schema>) {
    const network = networkOf(options)
    const chosen = [...(options.clustered ? [clusterKernels] : []), compressKernels]
    const passes = chosen.map(({ name, schema: own }) => ({ name, options: own.parse({}) }))
    const { all, modelRatio } = ratiosOf(applyPasses(workload(network), passes), options.realBits)
    return {
      ...about(network, options),
      figures: { kernels: all.ratio, model: modelRatio, bits: all.coded, entropy: all.entropy },
    }
  },
}
