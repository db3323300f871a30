// The streaming machine (FINN-like): a matrix-vector unit for each layer, all at work at
// once on different images or different rows of one, with FIFOs between them.

import type { Device } from '../../config/device.ts'
import type { MemoryPortSpec } from '../../mem/memory-port.ts'
import { classOf } from '../../work/evaluate.ts'
import type { Workload } from '../../work/workload.ts'
import { availableOn, checkFit } from '../fpga/fit.ts'
import { sumResources } from '../fpga/resources.ts'
import type { Lowered, MachineKind, MachineRun, Resources, RunOptions, Sample } from '../machine.ts'
import { portOf, styleFactor } from './fit.ts'
import { foldFor } from './fold.ts'
import { checkFolding, foldCycles } from './folding.ts'
import { type FoldedLayer, type Netlist, netlistOf } from './netlist.ts'
import { type LayerPlan, planLayers } from './plan.ts'
import { actionsOf, layerResources, layerRuns } from './report.ts'
import { type Counted, stream } from './run.ts'
import { type StreamingSpec, specSchema } from './spec.ts'

export const streaming: MachineKind<StreamingSpec> = {
  kind: 'streaming',
  summary: 'FPGA pipeline with one matrix-vector unit a layer, folded over PEs and SIMD lanes (FINN-like)',
  schema: specSchema,
  lower,
}

function lower(workload: Workload, spec: StreamingSpec): Lowered {
  const { device } = spec
  const port = portOf(spec)
  const plans = planLayers(workload, port.width)
  const layers = foldingOf(plans, spec, port.width)
  const netlist = netlistOf(layers, spec, port.width)
  const factor = styleFactor(spec)
  const used = sumResources([layerResources(netlist, null, factor)])
  checkFit(used, device, 'machine.folding', 'fold it more or take a larger device')
  return {
    actions: actionsOf(netlist),
    staticComponents: staticComponents(device),
    run: (options) => run(netlist, layers, spec, port, { used, device, factor }, workload, options),
  }
}

/** Priced by the energy table; the FPGA's own static power is the device's. */
const staticComponents = ({ memory }: Device): string[] => [
  'processing-system',
  ...Array<string>(memory.chips.value).fill('ddr3-chip'),
]

export interface FoldReport {
  readonly layers: readonly {
    readonly name: string
    readonly pe: number
    readonly simd: number
    /** Words of the FIFO after it. */
    readonly fifo: number
    /** Steps of its matrix-vector unit for an image. */
    readonly cycles: number
    readonly resources: Resources
  }[]
  /** Steps of the slowest layer; the rate follows from it where nothing else holds the stream up. */
  readonly interval: number
  readonly imagesPerSecond: number
  readonly used: Resources
  readonly available: Resources
}

/** PE and SIMD of each layer as `spec.folding` chooses or gives them, and what they take of the device. */
export function foldReport(workload: Workload, spec: StreamingSpec): FoldReport {
  const { device } = spec
  const port = portOf(spec)
  const layers = foldingOf(planLayers(workload, port.width), spec, port.width)
  const netlist = netlistOf(layers, spec, port.width)
  const factor = styleFactor(spec)
  const interval = Math.max(...layers.map(({ plan, folding }) => foldCycles(plan, folding)))
  return {
    layers: layers.map(({ plan, folding: { pe, simd, fifo = spec.fifo } }) => ({
      name: plan.name,
      pe,
      simd,
      fifo,
      cycles: foldCycles(plan, { pe, simd }),
      resources: sumResources([layerResources(netlist, plan.name, factor)]),
    })),
    interval,
    imagesPerSecond: spec.clock / interval,
    used: sumResources([layerResources(netlist, null, factor)]),
    available: availableOn(device),
  }
}

function foldingOf(plans: readonly LayerPlan[], spec: StreamingSpec, portWidth: number): FoldedLayer[] {
  if (!Array.isArray(spec.folding)) return foldFor(plans, spec, portWidth).layers
  return checkFolding(plans, spec.folding)
}

function run(
  netlist: Netlist,
  layers: readonly FoldedLayer[],
  spec: StreamingSpec,
  port: MemoryPortSpec,
  fit: { used: Resources; device: Device; factor: number },
  workload: Workload,
  options: RunOptions,
): MachineRun {
  const { plan } = layers.at(-1)!
  const { outChannels, outputBits, real } = plan
  const fixed = {
    clockHz: spec.clock,
    staticComponents: staticComponents(fit.device),
    ownPower: { [fit.device.name]: fit.device.staticPower.value },
  }
  const sampleOf = (counted: Counted, images: number): Sample => {
    const { totalCycles } = counted
    return { ...fixed, images, totalCycles, layers: layerRuns(netlist, counted, port, fit.factor) }
  }
  const result = stream(netlist, port, { outputs: outChannels, outputBits, real }, options, sampleOf)
  const { rule } = workload.network.decision
  return {
    ...fixed,
    images: options.images,
    simulatedImages: result.frames.length,
    totalCycles: result.totalCycles,
    latencyCycles: result.latencyCycles,
    intervalCycles: result.intervalCycles,
    cyclesPerImage: result.cyclesPerImage,
    layers: layerRuns(netlist, result, port, fit.factor),
    outputs: result.frames.map(({ image, outputs }) => {
      const scores = outputBits > 1 ? outputs : outputs.map((bit) => (bit === 1 ? 1 : -1))
      return { image, scores, class: classOf(rule, scores) }
    }),
    resources: { used: fit.used, available: availableOn(fit.device), device: fit.device.name },
  }
}
