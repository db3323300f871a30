// The PE array: one array of XNOR-popcount PEs, output channels x output pixels x bits, and one layer after another on it.

import type { Device } from '../../config/device.ts'
import { classOf, tasksOf } from '../../work/evaluate.ts'
import { InputError } from '../../work/input-error.ts'
import { layerCounts, workload as workloadOf } from '../../work/lower.ts'
import type { Network } from '../../work/network.ts'
import { valuesOf } from '../../work/tensor-values.ts'
import type { Workload } from '../../work/workload.ts'
import { availableOn, checkFit } from '../fpga/fit.ts'
import type { Lowered, MachineKind, MachineRun, Resources, RunOptions, Sample } from '../machine.ts'
import type { Counted } from './counted.ts'
import { ArrayLayer, type LayerTables, tablesOf } from './layer.ts'
import { type ArrayStep, bitsOf, programOf, type Step } from './program.ts'
import { actionsOf, layerRuns } from './report.ts'
import { type Design, designOf, usedBy } from './resources.ts'
import { type BuiltStep, runProgram } from './run.ts'
import { type PeArraySpec, specSchema } from './spec.ts'
import { type LayerStores, layerBits, storesOf } from './storage.ts'

export const peArray: MachineKind<PeArraySpec> = {
  kind: 'pe-array',
  summary: 'FPGA array of XNOR-popcount PEs, output channels x pixels x bits, one layer after another',
  schema: specSchema,
  design: ({ array, skip, rows, convolvers, weights, post }) => ({
    array: `${array.channels} x ${array.pixels} x ${array.bits}`,
    skip: `${skip}`,
    rows,
    convolvers: `${convolvers}`,
    weights,
    ...(post === undefined ? {} : { lanes: `${post.lanes}` }),
  }),
  lower,
}

interface BuiltLayer {
  readonly step: ArrayStep
  readonly tables: LayerTables
  readonly stores: LayerStores
}

function lower(workload: Workload, spec: PeArraySpec): Lowered {
  const { device } = spec
  const program = programOf(workload, spec)
  const built = program.flatMap((step): BuiltLayer[] => {
    if (step.kind === 'host') return []
    const tables = tablesOf(step, spec)
    return [{ step, tables, stores: storesOf(tables, spec) }]
  })
  if (built.length === 0)
    throw new InputError('machine pe-array finds no layer with binary weights and activations here', { key: 'network' })
  const design = designOf(
    built.map(({ tables }) => tables),
    built.map(({ stores }) => stores),
    spec,
  )
  const used = usedBy(design)
  checkFit(used, device, 'machine.array', remedyFor(used, spec))
  return {
    actions: actionsOf(design),
    staticComponents: staticComponents(device),
    run: (options) => run(program, built, design, spec, workload, options),
  }
}

/** By what overflows. */
function remedyFor({ lut, lutram, bram36, dsp }: Resources, { device, weights, post }: PeArraySpec): string {
  const logic = lut > device.lut.value || lutram > device.lutram.value
  const lanes = post !== undefined && (logic || dsp > device.dsp.value)
  const remedies = [
    ...(logic ? ['make the array smaller, take fewer convolvers or a coarser skip'] : []),
    ...(lanes ? ['take fewer post-processing lanes'] : []),
    ...(bram36 > device.bram36.value && weights === 'on-chip' ? ['have weights streamed'] : []),
    ...(bram36 > device.bram36.value && weights === 'streamed' ? ['leave passes out for the largest layers'] : []),
    'take a larger device',
  ]
  return remedies.join(', or ')
}

const staticComponents = ({ memory }: Device): string[] => [
  'processing-system',
  ...Array<string>(memory.chips.value).fill('ddr3-chip'),
]

function run(
  program: readonly Step[],
  built: readonly BuiltLayer[],
  design: Design,
  spec: PeArraySpec,
  workload: Workload,
  options: RunOptions,
): MachineRun {
  const { network } = workload
  const tasks = new Map(tasksOf(workload).map((task) => [task.name, task]))
  const layers = new Map(
    built.map(({ step, tables, stores }) => [step, { layer: new ArrayLayer(tables, spec), stores }]),
  )
  const steps = program.map((step): BuiltStep => {
    if (step.kind === 'host') return { kind: 'host', task: tasks.get(step.node.name)! }
    const { layer, stores } = layers.get(step)!
    const weightBits = spec.weights === 'on-chip' ? 0 : layerBits(stores)
    return { kind: 'array', layer, fromHost: step.fromHost, weightBits }
  })
  const { device, array } = spec
  const fixed = {
    clockHz: spec.clock,
    peak: { binaryMacs: array.channels * array.pixels * array.bits },
    staticComponents: staticComponents(device),
    ownPower: { [device.name]: device.staticPower.value },
  }
  const sampleOf = (counted: Counted, cycle: number, images: number): Sample => {
    const sampled = layerRuns([...layers.values()], design, counted, spec, cycle)
    return { ...fixed, images, totalCycles: cycle, layers: sampled }
  }
  const result = runProgram(steps, spec, network, pictureBits(network, built), options, sampleOf)
  return {
    ...fixed,
    images: options.images,
    simulatedImages: options.images,
    totalCycles: result.totalCycles,
    latencyCycles: result.latencyCycles,
    intervalCycles: intervalOf(result.ends),
    cyclesPerImage: result.totalCycles / options.images,
    perImage: { cycles: result.imageCycles, neededMacs: result.imageNeeded },
    layers: layerRuns([...layers.values()], design, result, spec),
    ...outsideOf(network, built, program),
    outputs: result.outputs.map(({ image, leaving }) => {
      const scores = valuesOf(leaving)
      return { image, scores, class: classOf(network.decision.rule, scores) }
    }),
    resources: { used: usedBy(design), available: availableOn(device), device: device.name },
  }
}

/** What is left to a host, if anything. */
function outsideOf(
  network: Network,
  built: readonly BuiltLayer[],
  program: readonly Step[],
): Pick<MachineRun, 'outside'> {
  const names = new Set(built.map(({ tables }) => tables.plan.name))
  const macs = workloadOf(network).layers.map((layer) => {
    const { binaryMacs, integerMacs, realMacs } = layerCounts(layer)
    return { left: !names.has(layer.name), macs: binaryMacs + integerMacs + realMacs }
  })
  const left = macs.filter((each) => each.left)
  const sum = (parts: typeof macs): number => parts.reduce((total, each) => total + each.macs, 0)
  const host = program.filter((step) => step.kind === 'host').length
  return host === 0 ? {} : { outside: { layers: left.length, steps: host - left.length, macs: sum(left) / sum(macs) } }
}

/** Bits of a picture that the array reads; none where a host does. */
function pictureBits({ input, encoding }: Network, built: readonly BuiltLayer[]): number {
  if (built.every(({ tables }) => tables.plan.input !== 'input')) return 0
  return bitsOf(input, encoding.kind === 'int8' ? 8 : 1)
}

/** Mean over the second half of the images, from the cycles of their results. */
function intervalOf(ends: readonly number[]): number | null {
  if (ends.length < 2) return null
  const middle = Math.floor((ends.length - 1) / 2)
  return (ends.at(-1)! - ends[middle]!) / (ends.length - 1 - middle)
}
