// The ARM machine: a network as a program of NEON kernels, executed and timed on one core with its caches and DRAM.

import type { CoreConfig } from '../../config/core.ts'
import { decide } from '../../work/evaluate.ts'
import { layerCounts } from '../../work/lower.ts'
import type { Tensor } from '../../work/tensor.ts'
import type { Workload } from '../../work/workload.ts'
import type { ImageOutput, Lowered, MachineKind, MachineRun, RunOptions } from '../machine.ts'
import { countsOf, staticComponents } from './figures.ts'
import { blockingOf } from './fixed-tables.ts'
import { type Image, imageOf, loaded } from './image.ts'
import { Meter } from './meter.ts'
import { peakBinaryMacs } from './peak.ts'
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
  const ends: number[] = []
  const outputs: ImageOutput[] = []
  for (let picture = 0; picture < images; picture++) {
    writeTensor(execution.memory, plan.input, inputs[picture % inputs.length]!)
    const values = new Map<string, Tensor>()
    plan.steps.forEach(({ layer, made }, i) => {
      execution.start(entries[i]!)
      const start = system.core.cycles
      for (let words = execution.run(); words > 0; words = execution.run()) system.core.time(execution, words)
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
  return runOf(workload, system, meter, ends, outputs)
}

const decides = ({ network: { decision } }: Workload, node: string): boolean =>
  node === decision.scores || node === decision.bits

function runOf(
  workload: Workload,
  system: ArmSystem,
  meter: Meter,
  ends: readonly number[],
  outputs: readonly ImageOutput[],
): MachineRun {
  const { cycles } = system.core
  const images = ends.length
  const half = images >> 1
  const layers = new Map(workload.layers.map((layer) => [layer.name, layer]))
  const operations = (name: string): Record<string, number> => {
    const { binaryMacs, integerMacs, realMacs } = layerCounts(layers.get(name)!)
    const counts = Object.entries({ binaryMacs, integerMacs, realMacs }).filter(([, count]) => count > 0)
    return Object.fromEntries(counts.map(([kind, count]) => [kind, count * images]))
  }
  return {
    clockHz: system.config.clock,
    images,
    simulatedImages: images,
    totalCycles: cycles,
    latencyCycles: ends[0]!,
    intervalCycles: images === 1 ? null : (ends.at(-1)! - ends[half - 1]!) / (images - half),
    cyclesPerImage: cycles / images,
    layers: meter.runs(operations),
    peak: { binaryMacs: peakBinaryMacs(system.config) },
    outputs,
    staticComponents,
    ownPower: { dram: meter.dramBackground() / system.seconds },
    ownEnergy: meter.dramEnergy(),
  }
}
