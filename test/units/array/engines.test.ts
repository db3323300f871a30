// Engines behind a loader, cycle by cycle and bit by bit, against the naive model that the RTL agrees with.

import { describe, expect, it } from 'vitest'
import { foldsOf } from '../../../src/machines/pe-array/folds.ts'
import { groupsOf } from '../../../src/machines/pe-array/groups.ts'
import { foldDepth } from '../../../src/machines/pe-array/layer.ts'
import type { LayerPlan } from '../../../src/machines/pe-array/plan.ts'
import { programOf } from '../../../src/machines/pe-array/program.ts'
import type { PeArraySpec } from '../../../src/machines/pe-array/spec.ts'
import { applyPasses, type PassChoice, passesText } from '../../../src/opt/index.ts'
import { evaluate } from '../../../src/work/evaluate.ts'
import { workload } from '../../../src/work/lower.ts'
import type { BitTensor } from '../../../src/work/tensor.ts'
import { baseSpec, pass, pictures, randomNetwork, randomSpec } from '../../machines/pe-array/small-array.ts'
import { simulateFolds, simulateSlices } from '../../rtl/array-engines.ts'
import { naiveFolds, naiveSlices, stepLatency } from '../../rtl/naive-array.ts'
import { naiveArray, naiveGroups, naiveSliceArray } from './naive.ts'

interface Sample {
  readonly plan: LayerPlan
  readonly spec: PeArraySpec
  readonly input: BitTensor
}

/** Layers of bits that end with a threshold and have the same levels everywhere. */
function layersOf(seed: string, chosen: readonly PassChoice[], array?: PeArraySpec['array']): Sample[] {
  const network = randomNetwork(seed, { first: 'bits', thresholds: 'int', zeroPadding: false })
  const random = randomSpec(seed, chosen)
  const spec = array === undefined ? random : { ...random, array, skip: 1 }
  const work = applyPasses(workload(network), chosen)
  const [picture] = pictures(network, 1)
  const { tensors } = evaluate(work, picture!, true)
  return programOf(work, spec).flatMap((step) => {
    if (step.kind !== 'array' || step.plan.levels === null) return []
    return [{ plan: step.plan, spec, input: tensors.get(step.plan.input) as BitTensor }]
  })
}

/** One PE of few bits decides early. */
const single = { channels: 1, pixels: 1, bits: 4 }

const lists: readonly (readonly PassChoice[])[] = [
  [],
  [pass('prune-inclusion')],
  [pass('prune-inclusion', { decision: false })],
  [pass('reuse-kernels', { trees: 3 })],
  [pass('reuse-kernels', { trees: 5 }), pass('prune-inclusion')],
  [pass('reuse-kernels', { trees: 5, order: 'path' }), pass('prune-inclusion', { decision: false })],
  [pass('reuse-kernels', { trees: 2, order: 'given' }), pass('prune-inclusion', { pool: false })],
]

describe('rows of PEs', () => {
  it.each(lists.map((chosen) => [passesText(chosen), chosen] as const))(
    'do each cycle what the naive model does: [%s]',
    (_, chosen) => {
      let [emitted, cuts] = [0, 0]
      for (let i = 0; i < 7; i++)
        for (const sample of layersOf(
          `folds ${JSON.stringify(chosen)} ${i}`,
          chosen,
          i % 3 === 0 ? single : undefined,
        )) {
          const { plan, spec, input } = sample
          for (const own of foldsOf(plan, spec)) {
            const ours = simulateFolds(plan, own, spec, input)
            const groups = naiveGroups(plan, groupsOf(plan, spec), input)
            const naive = naiveFolds(naiveArray(plan, own, spec), groups, '1')
            expect(ours).toEqual(naive)
            emitted += ours.emissions.length
            cuts += ours.cuts
          }
        }
      expect(emitted).toBeGreaterThan(1000)
      if (chosen.some(({ name }) => name === 'prune-inclusion')) expect(cuts).toBeGreaterThan(10)
      else expect(cuts).toBe(0)
    },
  )

  it.each([1, 3, 4, 8, 12, 13, 16, 24, 48, 49, 64, 96, 128, 192, 193, 256])(
    'of %d bits take as long from a step to its decision as the RTL does',
    (bits) => {
      expect(foldDepth({ ...baseSpec, array: { ...baseSpec.array, bits } })).toBe(stepLatency(bits))
    },
  )
})

describe('slices', () => {
  it.each([true, false])('leave as those of the naive model do, complements %s', (inverse) => {
    let emitted = 0
    for (let i = 0; i < 14; i++)
      for (const sample of layersOf(`slices ${inverse} ${i}`, [
        pass('share-results', { share: inverse ? 'inverse' : 'repeated' }),
      ])) {
        const { plan, spec, input } = sample
        if (plan.terms.kind !== 'slices') continue
        const ours = simulateSlices(plan, spec, input)
        const groups = naiveGroups(plan, groupsOf(plan, spec), input)
        const naive = naiveSlices(naiveSliceArray(plan, spec), groups, '1')
        expect(ours.emissions).toEqual(naive.emissions)
        emitted += ours.emissions.length
      }
    expect(emitted).toBeGreaterThan(500)
  })
})
