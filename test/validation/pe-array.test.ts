// What the PE array does for a picture, against statistics of the same trained weights that were taken by other code
// (../shared/data/weight_stats.json): the array counts as many operations as trees of kernels and shared slices say.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { importNetwork } from '../../src/model/load.ts'
import { workload } from '../../src/work/lower.ts'
import { baseSpec, layerOf, pass, runChecked } from '../machines/pe-array/small-array.ts'
import { absent, sharedData } from '../model/shared-data.ts'

const FILE = 'weight_stats.json'

interface Stats {
  readonly repeat?: { readonly distinct_per_in: number; readonly distinct_up_to_inverse_per_in: number }
  readonly pairs: { readonly mst_sum: number; readonly mst_inverse_ratio: number }
}

const spec = { ...baseSpec, array: { channels: 1, pixels: 64, bits: 64 }, skip: 64 }

describe.each(['cnv_w1a1_cifar10', 'cnv_w1a1_roadsigns', 'cnv_w1a1_streetview'])('%s on the PE array', (name) => {
  it.skipIf(absent(FILE, `weights/${name}.json`))('does the operations that its weights ask for', () => {
    const network = importNetwork(sharedData(`weights/${name}.json`))
    const { layers } = workload(network)
    const run = (passName: string, options: object) =>
      runChecked(network, spec, [pass(passName, options)], { images: 1 }).run
    const tree = run('reuse-kernels', { inverse: false })
    const inverse = run('reuse-kernels', {})
    const repeated = run('share-results', { share: 'repeated' })
    const shared = run('share-results', {})
    const stats = Object.values(
      (JSON.parse(readFileSync(sharedData(FILE), 'utf8')) as Record<string, Record<string, Stats>>)[name]!,
    )
    layers.forEach(({ name: layer, shape: { output }, weights: { weights } }, i) => {
      const { pairs, repeat } = stats[i]!
      const pixels = output.width * output.height
      const fanIn = weights.taps * weights.channels
      const needed = (of: typeof tree): number => layerOf(of, layer).operations.neededMacs! / pixels
      expect(needed(tree), layer).toBe(pairs.mst_sum + fanIn)
      expect(needed(inverse) - fanIn, layer).toBeCloseTo(pairs.mst_inverse_ratio * weights.rows * fanIn, 6)
      if (repeat === undefined) return
      const planes = i === 0 ? 8 : 1
      const slices = (of: typeof tree): number =>
        layerOf(of, layer).operations.slices! / pixels / planes / weights.channels
      expect(slices(repeated), layer).toBeCloseTo(repeat.distinct_per_in, 9)
      expect(slices(shared), layer).toBeCloseTo(repeat.distinct_up_to_inverse_per_in, 9)
    })
  })
})
