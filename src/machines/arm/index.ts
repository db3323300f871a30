// The ARM machine: a network as a program of NEON kernels, executed and timed on one core with its caches and DRAM.

import type { CoreConfig } from '../../config/core.ts'
import type { Execution } from '../../isa/execute.ts'
import { decide } from '../../work/evaluate.ts'
import { layerCounts } from '../../work/lower.ts'
import type { Tensor } from '../../work/tensor.ts'
import type { Workload } from '../../work/workload.ts'
import type { ImageOutput, Lowered, MachineKind, MachineRun, RunOptions, Sample } from '../machine.ts'
import { Sampling } from '../sampling.ts'
import { countsOf, staticComponents } from './figures.ts'
import { blockingOf } from './fixed-tables.ts'
import { type Image, imageOf, loaded } from './image.ts'
import { type Charges, Meter } from './meter.ts'
import { peakBinaryMacs } from './peak.ts'
import type { Plan } from './plan.ts'
import { type ArmSpec, specSchema } from './spec.ts'
import { ArmSystem } from './system.ts'
import { readTensor, writeTensor } from './values.ts'

export const arm: MachineKind<ArmSpec> = {
  kind: 'arm',
  summary: 'ARM core with NEON, caches and DRAM, running a library of kernels in assembly',
  schema: specSchema,
  energyTable: ({ core }) => core.energy,
  design: ({ core, kernels, fusion, decoding, block, blocking }) => {
    const chosen = blocking === undefined || blocking === 'core' ? {} : { blocking }
    return { core: core.name, memory: core.memory.name, kernels, fusion, decoding, block: `${block} B`, ...chosen }
  },
  lower,
}

function lower(workload: Workload, spec: ArmSpec): Lowered {
  const { core: config, blocking, ...library } = spec
  const image = imageOf(workload, { ...library, blocking: blockingOf(blocking, config.core.kind) })
  return {
    actions: countsOf(new ArmSystem(config)),
    staticComponents,
    run: (options) => run(workload, image, config, options),
  }
}

function run(workload: Workload, image: Image, config: CoreConfig, options: RunOptions): MachineRun {
  const { inputs, images, order, observe, progress, tracer } = options
  const { plan, entries } = image
  const system = new ArmSystem(config, order === undefined ? {} : { order })
  const execution = loaded(image)
  const meter = new Meter(system)
  const peak = { binaryMacs: peakBinaryMacs(config) }
  const ends: number[] = []
  const outputs: ImageOutput[] = []
  const names = new Set(plan.steps.map(({ layer }) => layer))
  const sampleIn = (picture: number, step: number): Sample => {
    const charges = meter.chargesSoFar(plan.steps[step]!.layer, names)
    const passed = passedBefore(plan, picture, step)
    return { ...countedBy(workload, system, charges, passed), peak, images: picture, totalCycles: system.core.cycles }
  }
  let at = { picture: 0, step: 0 }
  const sampling = new Sampling(options.interval, () => sampleIn(at.picture, at.step))
  for (let picture = 0; picture < images; picture++) {
    writeTensor(execution.memory, plan.input, inputs[picture % inputs.length]!)
    const values = new Map<string, Tensor>()
    plan.steps.forEach(({ layer, made }, i) => {
      execution.start(entries[i]!)
      const start = system.core.cycles
      at = { picture, step: i }
      for (let words = execution.run(); words > 0; words = execution.run()) time(system, execution, words, sampling)
      if (plan.steps[i + 1]?.layer !== layer) meter.charge(layer)
      tracer?.span('layer', layer, start, system.core.cycles)
      tracer?.span('step', made.map(({ node }) => node).join(', ') || layer, start, system.core.cycles)
      for (const { node, kind, output } of made) {
        const tensor = readTensor(execution.memory, output, kind)
        observe?.(picture, node, tensor)
        if (decides(workload, node)) values.set(node, tensor)
      }
      progress?.(picture + (i + 1) / plan.steps.length)
    })
    ends.push(system.core.cycles)
    const { scores, class: best } = decide(workload.network, values)
    outputs.push({ image: picture, scores, class: best })
  }
  system.finish()
  meter.charge(plan.steps.at(-1)!.layer)
  sampling.end(system.core.cycles)
  return { ...runOf(workload, system, meter.charges, ends, outputs), peak }
}

/** Times what was executed, with a sample at the end of each block in which one is due. */
function time({ core }: ArmSystem, execution: Execution, words: number, sampling: Sampling): void {
  if (sampling.next === Infinity) {
    core.time(execution, words)
    return
  }
  for (let at = 0; at < words; ) {
    at = core.timeUntil(sampling.next, execution, words, at)
    if (core.cycles >= sampling.next) sampling.take(core.cycles)
  }
}

/** For how many images each layer has been done, in step `step` of image `picture`. */
function passedBefore({ steps }: Plan, picture: number, step: number): (layer: string) => number {
  const left = new Set(steps.slice(step).map(({ layer }) => layer))
  return (layer) => picture + (left.has(layer) ? 0 : 1)
}

const decides = ({ network: { decision } }: Workload, node: string): boolean =>
  node === decision.scores || node === decision.bits

function runOf(
  workload: Workload,
  system: ArmSystem,
  charges: Charges,
  ends: readonly number[],
  outputs: readonly ImageOutput[],
): MachineRun {
  const { cycles } = system.core
  const images = ends.length
  const half = images >> 1
  return {
    ...countedBy(workload, system, charges, () => images),
    images,
    simulatedImages: images,
    totalCycles: cycles,
    latencyCycles: ends[0]!,
    intervalCycles: images === 1 ? null : (ends.at(-1)! - ends[half - 1]!) / (images - half),
    cyclesPerImage: cycles / images,
    outputs,
  }
}

/** What a sample and a result have in common; `passed` tells for how many images each layer has been done. */
function countedBy(
  workload: Workload,
  system: ArmSystem,
  charges: Charges,
  passed: (layer: string) => number,
): Omit<Sample, 'images' | 'totalCycles' | 'peak'> {
  const layers = new Map(workload.layers.map((layer) => [layer.name, layer]))
  const operations = (name: string): Record<string, number> => {
    const { binaryMacs, integerMacs, realMacs } = layerCounts(layers.get(name)!)
    const counts = Object.entries({ binaryMacs, integerMacs, realMacs }).filter(([, count]) => count > 0)
    return Object.fromEntries(counts.map(([kind, count]) => [kind, count * passed(name)]))
  }
  return {
    clockHz: system.config.clock,
    layers: charges.runs(operations),
    staticComponents,
    ownPower: { dram: charges.dramBackground() / system.seconds },
    ownEnergy: charges.dramEnergy(),
  }
}
