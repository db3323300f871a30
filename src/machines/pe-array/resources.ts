// What a PE array occupies, part by part. Logic follows from synthesis of single parts; memories from their geometry.

import { PENDING } from '../../units/array/writer.ts'
import type { Resources } from '../machine.ts'
import { anyMemory, blockMemory, type Memory, constants as synthesised } from '../streaming/resources.ts'
import { type LayerTables, slicesAtOnce } from './layer.ts'
import type { LayerPlan } from './plan.ts'
import type { PeArraySpec } from './spec.ts'
import { bitsIn, type LayerStores, type Store } from './storage.ts'

const parts = 'yosys synth_xilinx (7 series) of our RTL of the single part'

export const constants = {
  maskLutPerBit: {
    value: 1.25,
    kind: 'derived',
    source: `${parts}: a masked PE of 32 bits takes 105 LUT in place of 65`,
  },
  stopLutPerBit: {
    value: 2.55,
    kind: 'derived',
    source: `${parts}: early decision takes 28 LUT at an accumulator of 11 bits`,
  },
  deltaLutPerBit: {
    value: 2,
    kind: 'assumed',
    source: "choice of the first sum and the parent's complement: an adder and a multiplexer",
  },
  deltaFfPerBit: { value: 1, kind: 'assumed', source: "the parent's sum is registered" },
  sequencerLut: {
    value: 295,
    kind: 'assumed',
    source: 'counters and comparisons as in a sliding-window unit, synthesised',
  },
  sequencerFf: { value: 153, kind: 'assumed', source: 'the same' },
  loaderLut: { value: 295, kind: 'assumed', source: 'as a sliding-window unit, synthesised' },
  loaderFf: { value: 153, kind: 'assumed', source: 'the same' },
  adderLutPerBit: { value: 1, kind: 'assumed', source: 'a carry chain takes a LUT for each bit' },
} as const

/** LUTs that choose one of n bits, as synthesised; straight lines between, and on behind the last. */
const gatherPoints = [
  { inputs: 0, lut: 0 },
  { inputs: 288, lut: 29 },
  { inputs: 576, lut: 49 },
  { inputs: 1152, lut: 100 },
] as const

export function gatherLut(inputs: number): number {
  const above = gatherPoints.findIndex((point) => inputs <= point.inputs)
  const to = above < 0 ? gatherPoints.length - 1 : Math.max(1, above)
  const [left, right] = [gatherPoints[to - 1]!, gatherPoints[to]!]
  return left.lut + ((inputs - left.inputs) * (right.lut - left.lut)) / (right.inputs - left.inputs)
}

/** A part of the array that is at work in some layers. */
export interface Part {
  readonly name: 'pe' | 'gather' | 'control' | 'slices' | 'dma'
  readonly lut: number
  readonly ff: number
}

export interface Design {
  /** Logic by part; lut and ff of all of its instances. */
  readonly logic: readonly Part[]
  /** Memories by what they hold. */
  readonly memories: Readonly<Record<MemoryName, Memory>>
}

export type MemoryName =
  | 'activations'
  | 'weights'
  | 'index'
  | 'masks'
  | 'levels'
  | 'slices'
  | 'uses'
  | 'window'
  | 'sums'
  | 'pooled'
  | 'results'
  | 'pending'

export function designOf(layers: readonly LayerTables[], stores: readonly LayerStores[], spec: PeArraySpec): Design {
  return { logic: logicOf(layers, spec), memories: memoriesOf(layers, stores, spec) }
}

function logicOf(layers: readonly LayerTables[], spec: PeArraySpec): Part[] {
  const { array, skip, rows } = spec
  const { channels, pixels, bits } = array
  const plans = layers.map(({ plan }) => plan)
  const pes = channels * pixels
  const width = Math.max(...plans.map(({ accumulatorBits }) => accumulatorBits))
  const deltas = plans.filter(({ terms }) => terms.kind === 'deltas')
  const stops = plans.some(({ terms }) => terms.stop !== undefined)
  const sequencers = rows === 'lock-step' ? 1 : channels
  const c = constants
  const s = synthesised
  const any = deltas.length > 0
  const pe = {
    lut:
      s.mvuLutPerSynapse.value * bits +
      s.mvuLutPerAccumulatorBit.value * width +
      (any ? c.maskLutPerBit.value * bits + c.deltaLutPerBit.value * width : 0) +
      (stops ? c.stopLutPerBit.value * width : 0),
    ff:
      s.mvuFfPerSynapse.value * bits +
      s.mvuFfPerAccumulatorBit.value * width +
      (any ? c.deltaFfPerBit.value * width : 0),
  }
  // Windows in LUT memories are read in order; where several groups are gathered at once they are registers.
  const inputs = Math.max(0, ...deltas.map((plan) => Math.ceil(plan.bits / skip)))
  const scattered = any && skip < bits
  const gather = scattered
    ? { lut: gatherLut(inputs) * bits * pixels * sequencers, ff: 2 * largestWindow(plans) * pixels }
    : { lut: 0, ff: 0 }
  return [
    { name: 'pe', lut: pe.lut * pes, ff: pe.ff * pes },
    { name: 'gather', ...gather },
    {
      name: 'control',
      lut: c.sequencerLut.value * sequencers + c.loaderLut.value,
      ff: c.sequencerFf.value * sequencers + c.loaderFf.value,
    },
    { name: 'slices', ...sliceLogic(plans, spec) },
    { name: 'dma', lut: 2 * s.dmaLut.value, ff: 2 * s.dmaFf.value },
  ]
}

/** Convolvers of each column and lane, and in each PE the addition of what the lanes give. */
function sliceLogic(plans: readonly LayerPlan[], spec: PeArraySpec): { lut: number; ff: number } {
  const shared = plans.filter(({ terms }) => terms.kind === 'slices')
  if (shared.length === 0) return { lut: 0, ff: 0 }
  const { array, convolvers } = spec
  const lanes = Math.max(...shared.map((plan) => slicesAtOnce(plan, spec)))
  const taps = Math.max(...shared.map((plan) => plan.taps))
  const synapses = array.pixels * lanes * convolvers * taps
  const adders = array.pixels * array.channels * lanes * bitsIn(taps + 1)
  return {
    lut: synthesised.mvuLutPerSynapse.value * synapses + constants.adderLutPerBit.value * adders,
    ff: synthesised.mvuFfPerSynapse.value * synapses + adders,
  }
}

const largestWindow = (plans: readonly LayerPlan[]): number =>
  Math.max(...plans.map(({ bits, planes }) => bits * planes.length))

function memoriesOf(
  layers: readonly LayerTables[],
  stores: readonly LayerStores[],
  spec: PeArraySpec,
): Record<MemoryName, Memory> {
  const { array, activations, skip, rows } = spec
  const plans = layers.map(({ plan }) => plan)
  const width = Math.max(...plans.map(({ accumulatorBits }) => accumulatorBits))
  const all = (of: (stores: LayerStores) => Store): Memory => stacked(stores.map(of), spec.weights !== 'on-chip')
  const columns = array.pixels
  const sequencers = rows === 'lock-step' ? 1 : array.channels
  const folded = plans.filter(({ terms }) => terms.kind !== 'slices')
  const scattered = folded.some(({ terms }) => terms.kind === 'deltas') && skip < array.bits
  const steps = Math.max(0, ...folded.map((plan) => Math.ceil(plan.bits / array.bits) * plan.planes.length))
  const kept = Math.max(
    0,
    ...folded.map(({ terms, kernels }) => (terms.kind === 'deltas' ? Math.ceil(kernels / array.channels) : 0)),
  )
  const shared = plans.filter(({ terms }) => terms.kind === 'slices')
  const lanes = Math.max(0, ...shared.map((plan) => slicesAtOnce(plan, spec)))
  const partial = Math.max(0, ...shared.map(({ kernels }) => Math.ceil(kernels / array.channels)))
  const pooled = Math.max(0, ...plans.map(({ kernels, pool }) => (pool > 1 ? Math.ceil(kernels / array.channels) : 0)))
  const folds = Math.max(...plans.map(({ kernels }) => Math.ceil(kernels / array.channels)))
  return {
    activations: times(blockMemory(activations.width, activationDepth(plans, spec)), 2 * activations.banks),
    weights: all(({ weights }) => weights),
    index: all(({ index }) => index),
    masks: all(({ masks }) => masks),
    levels: all(({ folds }) => folds),
    slices: all(({ slices }) => slices),
    uses: all(({ uses }) => uses),
    window: scattered ? nothing : times(lutMemory(array.bits, 2 * steps), columns * sequencers),
    sums: times(lutMemory(width, Math.max(kept, partial)), columns * array.channels),
    pooled: times(lutMemory(1, pooled), columns * array.channels),
    // Two halves, a copy for each row that reads.
    results: times(
      lutMemory(bitsIn(largestSlice(shared) + 1), 2 * sliceDepth(shared)),
      lanes * columns * array.channels,
    ),
    pending: lutMemory(columns * array.channels, PENDING * folds),
  }
}

const largestSlice = (shared: readonly LayerPlan[]): number => Math.max(0, ...shared.map(({ taps }) => taps))

/** Words of a bank that the largest tensor takes. */
function activationDepth(plans: readonly LayerPlan[], { activations: { width, banks } }: PeArraySpec): number {
  const words = plans.flatMap(({ shape, inputBits, output, outputBits }) => [
    shape.input.width * shape.input.height * Math.ceil((shape.input.channels * inputBits) / width),
    output.width * output.height * Math.ceil((output.channels * outputBits) / width),
  ])
  return Math.ceil(Math.max(...words) / banks)
}

function sliceDepth(shared: readonly LayerPlan[]): number {
  const counts = shared.flatMap(({ terms, channels }) =>
    terms.kind === 'slices'
      ? Array.from({ length: channels }, (_, c) => terms.slices.first[c + 1]! - terms.slices.first[c]!)
      : [],
  )
  return Math.max(0, ...counts)
}

export const nothing: Memory = { ramb18: 0, lutram: 0, perAccess: 0 }

/** LUT memories whatever the size: they are read in the cycle in which they are addressed. */
const lutMemory = (width: number, depth: number): Memory =>
  depth === 0 ? nothing : { ramb18: 0, lutram: width * Math.ceil(depth / 64), perAccess: width }

/** Of all layers: behind one another, or where they come one by one the largest, twice. */
function stacked(stores: readonly Store[], streamed: boolean): Memory {
  const used = stores.filter(({ width, depth, number }) => width * depth * number > 0)
  if (used.length === 0) return nothing
  const width = Math.max(...used.map((store) => store.width))
  const number = Math.max(...used.map((store) => store.number))
  const depths = used.map(({ depth }) => depth)
  const depth = streamed ? 2 * Math.max(...depths) : depths.reduce((sum, each) => sum + each, 0)
  return times(anyMemory(width, depth), number)
}

const times = ({ ramb18, lutram, perAccess }: Memory, number: number): Memory => ({
  ramb18: ramb18 * number,
  lutram: lutram * number,
  perAccess,
})

/** Rounded up, of the whole design. */
export function usedBy({ logic, memories }: Design): Resources {
  const stored = Object.values(memories)
  const lutram = stored.reduce((sum, each) => sum + each.lutram, 0)
  return {
    lut: Math.ceil(logic.reduce((sum, part) => sum + part.lut, 0) + lutram),
    lutram,
    ff: Math.ceil(logic.reduce((sum, part) => sum + part.ff, 0)),
    bram36: Math.ceil(stored.reduce((sum, each) => sum + each.ramb18, 0) / 2),
    dsp: 0,
  }
}
