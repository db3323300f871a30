// Engines behind a loader, cycle by cycle and bit by bit, against the naive model that the RTL agrees with.

import { describe, expect, it } from 'vitest'
import { foldsOf } from '../../../src/machines/pe-array/folds.ts'
import { groupsOf, lanesOf } from '../../../src/machines/pe-array/groups.ts'
import { foldDepth } from '../../../src/machines/pe-array/layer.ts'
import type { LayerPlan } from '../../../src/machines/pe-array/plan.ts'
import { programOf } from '../../../src/machines/pe-array/program.ts'
import type { PeArraySpec } from '../../../src/machines/pe-array/spec.ts'
import { Windows } from '../../../src/machines/pe-array/windows.ts'
import { SerialPort } from '../../../src/mem/serial-port.ts'
import { applyPasses, type PassChoice, passesText } from '../../../src/opt/index.ts'
import { Kernel } from '../../../src/sim/kernel.ts'
import type { EmissionListener, Engine } from '../../../src/units/array/engine.ts'
import { FoldEngine } from '../../../src/units/array/fold-engine.ts'
import { Loader } from '../../../src/units/array/loader.ts'
import { Sequencer } from '../../../src/units/array/sequencer.ts'
import { SliceEngine } from '../../../src/units/array/slice-engine.ts'
import { Writer } from '../../../src/units/array/writer.ts'
import { evaluate } from '../../../src/work/evaluate.ts'
import { workload } from '../../../src/work/lower.ts'
import type { BitTensor } from '../../../src/work/tensor.ts'
import { baseSpec, pass, pictures, randomNetwork, randomSpec } from '../../machines/pe-array/small-array.ts'
import { type Emission, naiveFolds, naiveSlices, stepLatency } from '../../rtl/naive-array.ts'
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

const sink = { put: () => {} }

/** What leaves an engine to which windows come a word of all columns each cycle. */
function emissionsOf(
  { plan, spec, input }: Sample,
  make: (windows: Uint32Array, told: EmissionListener) => Engine,
  words: number,
) {
  const kernel = new Kernel()
  const groups = groupsOf(plan, spec)
  const windows = new Windows(plan, spec.array.pixels)
  const emissions: string[] = []
  const engine = make(windows.words, (cycle, bits) => emissions.push(`${cycle}: ${bits.join('')}`))
  const fill = (group: number, half: number): void => windows.fill(groups[group]!, half, input)
  const work = { groups: groups.length, cycles: () => words, fill }
  const loader: Loader = new Loader('loader', kernel, work, 1, () => sequencer.wake())
  const port = new SerialPort('port', kernel, 0)
  const writer = new Writer(
    groups.length,
    1,
    groups.length,
    (_, done) => port.move(0, done),
    () => sequencer.wake(),
  )
  const sequencer = new Sequencer('sequencer', kernel, engine, groups, loader, writer)
  loader.begin()
  kernel.run()
  expect(writer.done).toBe(true)
  return { emissions, count: engine.count, groups: naiveGroups(plan, groups, input) }
}

const text = (emissions: readonly Emission[]): string[] =>
  emissions.map(({ cycle, bits }) => `${cycle}: ${bits.map(Number).join('')}`)

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
          const { plan, spec } = sample
          for (const own of foldsOf(plan, spec)) {
            const engineSpec = {
              columns: spec.array.pixels,
              bits: plan.bits,
              words: plan.words,
              planes: plan.planes,
              levels: plan.levels,
              kernels: plan.kernels,
              depth: foldDepth(spec),
              stop: plan.terms.stop,
            }
            const words = Math.ceil(plan.bits / spec.array.bits)
            const { emissions, count, groups } = emissionsOf(
              sample,
              (windows, told) => new FoldEngine(engineSpec, own, windows, plan.weights, sink, told),
              words,
            )
            const naive = naiveFolds(naiveArray(plan, own, spec), groups, '1')
            expect(emissions).toEqual(text(naive.emissions))
            expect(count.cuts).toBe(naive.cuts)
            expect(count.folds).toBe(naive.emissions.length)
            emitted += emissions.length
            cuts += count.cuts
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
        const { plan, spec } = sample
        const { terms } = plan
        if (terms.kind !== 'slices') continue
        const engineSpec = {
          rows: spec.array.channels,
          columns: spec.array.pixels,
          taps: plan.taps,
          channels: plan.channels,
          kernels: plan.kernels,
          depth: spec.depths.add,
          lanes: lanesOf(plan, spec.array.bits),
          convolvers: spec.convolvers,
          planes: plan.planes,
          levels: plan.levels,
        }
        const words = Math.ceil(plan.channels / engineSpec.lanes)
        const { emissions, groups } = emissionsOf(
          sample,
          (windows, told) => new SliceEngine(engineSpec, terms.slices, windows, sink, told),
          words,
        )
        const naive = naiveSlices(naiveSliceArray(plan, spec), groups, '1')
        expect(emissions).toEqual(text(naive.emissions))
        emitted += emissions.length
      }
    expect(emitted).toBeGreaterThan(500)
  })
})
