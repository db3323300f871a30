// The engines of the PE array behind a loader that takes a word of each column's window in every cycle.

import { groupsOf } from '../../src/machines/pe-array/groups.ts'
import { foldSpec, sliceSpec } from '../../src/machines/pe-array/layer.ts'
import type { LayerPlan } from '../../src/machines/pe-array/plan.ts'
import type { PeArraySpec } from '../../src/machines/pe-array/spec.ts'
import { Windows } from '../../src/machines/pe-array/windows.ts'
import { SerialPort } from '../../src/mem/serial-port.ts'
import { Kernel } from '../../src/sim/kernel.ts'
import type { EmissionListener, Engine } from '../../src/units/array/engine.ts'
import type { Fold } from '../../src/units/array/fold.ts'
import { FoldEngine } from '../../src/units/array/fold-engine.ts'
import { Loader } from '../../src/units/array/loader.ts'
import { Sequencer } from '../../src/units/array/sequencer.ts'
import { SliceEngine } from '../../src/units/array/slice-engine.ts'
import { Writer } from '../../src/units/array/writer.ts'
import type { BitTensor } from '../../src/work/tensor.ts'
import type { ArrayRun } from './naive-array.ts'

function simulated(
  plan: LayerPlan,
  spec: PeArraySpec,
  input: BitTensor,
  wordsOfGroup: number,
  make: (windows: Windows, told: EmissionListener) => Engine,
): ArrayRun {
  const kernel = new Kernel()
  const groups = groupsOf(plan, spec)
  const windows = new Windows(plan, spec.array.pixels)
  const emissions: ArrayRun['emissions'] = []
  const engine = make(windows, (cycle, bits) => emissions.push({ cycle, bits: bits.map(Boolean) }))
  const work = {
    groups: groups.length,
    cycles: () => wordsOfGroup,
    fill: (group: number, half: number) => windows.fill(groups[group]!, half, input),
  }
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
  return { emissions, cuts: engine.count.cuts }
}

/** The rows of one sequencer, which go through the folds `own`. */
export function foldEngine(
  plan: LayerPlan,
  own: readonly Fold[],
  machine: PeArraySpec,
  windows: Windows,
  told?: EmissionListener,
): FoldEngine {
  return new FoldEngine(foldSpec(plan, machine), own, windows.words, plan.weights, sink, told)
}

const sink = { put: () => {} }

export const simulateFolds = (plan: LayerPlan, own: readonly Fold[], spec: PeArraySpec, input: BitTensor): ArrayRun =>
  simulated(plan, spec, input, Math.ceil(plan.bits / spec.array.bits), (windows, told) =>
    foldEngine(plan, own, spec, windows, told),
  )

export function simulateSlices(plan: LayerPlan, spec: PeArraySpec, input: BitTensor): ArrayRun {
  const { terms } = plan
  if (terms.kind !== 'slices') throw new Error('no slices')
  const engineSpec = sliceSpec(plan, spec)
  return simulated(
    plan,
    spec,
    input,
    Math.ceil(plan.channels / engineSpec.lanes),
    (windows, told) => new SliceEngine(engineSpec, terms.slices, windows.words, sink, told),
  )
}
