// Logic of a PE array, part by part, from synthesis of single parts; and in which cycles each part is at work.

import type { EngineCount } from '../../units/array/engine.ts'
import { laneFor, totalCost } from '../fpga/post-units.ts'
import { constants as synthesised } from '../fpga/resources.ts'
import { lanesOf } from './groups.ts'
import type { LayerPlan } from './plan.ts'
import type { PostPlan } from './post-plan.ts'
import type { PeArraySpec } from './spec.ts'
import { bitsIn } from './storage.ts'

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
  choiceLutPerInput: {
    value: 0.25,
    kind: 'assumed',
    source: 'a LUT of six inputs chooses one of four bits; a shifter takes one for each factor of four',
  },
  adderLutPerBit: { value: 1, kind: 'assumed', source: 'a carry chain takes a LUT for each bit' },
} as const

/** LUTs of a lane that gathers one of n bits, its copy of them counted, as synthesised; straight lines between, and on. */
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

/** What a layer did with the logic. */
export interface Work {
  /** It shares slices. */
  readonly shared: boolean
  readonly count: EngineCount
  readonly cycles: number
  /** Cycles in which the memory port moved its data, and in which the loader read windows. */
  readonly moving: number
  readonly loading: number
  /** LUTs of the lanes that were at work, times the cycles. */
  readonly posting: number
}

/** A part of the array; lut and ff of all of its instances. */
export interface Part {
  readonly lut: number
  readonly ff: number
  readonly dsp?: number
  /** Cycles in which it is at work; where only some of its instances are, as many fewer. */
  active(work: Work): number
}

export function logicOf(plans: readonly LayerPlan[], posts: readonly PostPlan[], spec: PeArraySpec): Part[] {
  const { rows, array } = spec
  const sequencers = rows === 'lock-step' ? 1 : array.channels
  const { sequencerLut, sequencerFf } = constants
  return [
    popcounts(plans, spec),
    accumulators(plans, spec),
    gatherLogic(plans, spec, sequencers),
    convolverLogic(plans, spec),
    laneAdders(plans, spec),
    loaderLogic(spec),
    {
      lut: sequencerLut.value * sequencers,
      ff: sequencerFf.value * sequencers,
      active: ({ cycles, count }) => (count.folds > 0 ? cycles : 0),
    },
    { lut: 2 * synthesised.dmaLut.value, ff: 2 * synthesised.dmaFf.value, active: ({ moving }) => moving },
    ...(posts.length > 0 ? [laneLogic(posts, spec)] : []),
  ]
}

const isDeltas = ({ terms }: LayerPlan): boolean => terms.kind === 'deltas'
const isShared = ({ terms }: LayerPlan): boolean => terms.kind === 'slices'

const pesOf = ({ array }: PeArraySpec): number => array.channels * array.pixels

function popcounts(plans: readonly LayerPlan[], spec: PeArraySpec): Part {
  const { mvuLutPerSynapse, mvuFfPerSynapse } = synthesised
  const lut = mvuLutPerSynapse.value + (plans.some(isDeltas) ? constants.maskLutPerBit.value : 0)
  const bits = spec.array.bits * pesOf(spec)
  const active = ({ shared, count }: Work): number => (shared ? 0 : count.peSteps / pesOf(spec))
  return { lut: lut * bits, ff: mvuFfPerSynapse.value * bits, active }
}

/** Bits of the widest accumulator: deltas may lead a sum from -n to 2 n on its way. */
export const sumBits = (plans: readonly LayerPlan[]): number =>
  Math.max(...plans.map((plan) => plan.accumulatorBits + (isDeltas(plan) ? 2 : 0)))

function accumulators(plans: readonly LayerPlan[], spec: PeArraySpec): Part {
  const { deltaLutPerBit, deltaFfPerBit, stopLutPerBit } = constants
  const { mvuLutPerAccumulatorBit, mvuFfPerAccumulatorBit } = synthesised
  const deltas = plans.some(isDeltas)
  const stops = plans.some(({ terms }) => terms.stop !== undefined)
  const lut = mvuLutPerAccumulatorBit.value + (deltas ? deltaLutPerBit.value : 0) + (stops ? stopLutPerBit.value : 0)
  const ff = mvuFfPerAccumulatorBit.value + (deltas ? deltaFfPerBit.value : 0)
  const bits = sumBits(plans) * pesOf(spec)
  return { lut: lut * bits, ff: ff * bits, active: ({ count }) => count.peSteps / pesOf(spec) }
}

/** Several groups of bits are gathered at once: each lane has a copy of the windows. */
export const isScattered = (plans: readonly LayerPlan[], { array, skip }: PeArraySpec): boolean =>
  skip < array.bits && plans.some(isDeltas)

/** For each sequencer and column, the choice of each bit of a step among the groups of both halves of a window. */
function gatherLogic(plans: readonly LayerPlan[], spec: PeArraySpec, sequencers: number): Part {
  const { array, skip } = spec
  const groups = Math.max(0, ...plans.map(({ bits, planes }) => Math.ceil(bits / skip) * planes.length))
  const lanes = isScattered(plans, spec) ? array.bits * array.pixels * sequencers : 0
  const active = ({ shared, count }: Work): number => (shared ? 0 : count.columnSteps / (array.pixels * sequencers))
  return { lut: gatherLut(2 * groups) * lanes, ff: 0, active }
}

/** Of each column and lane. */
function convolverLogic(plans: readonly LayerPlan[], { array, convolvers }: PeArraySpec): Part {
  const shared = plans.filter(isShared)
  const instances = array.pixels * mostLanes(shared, array.bits) * convolvers
  const taps = Math.max(0, ...shared.map((plan) => plan.taps))
  return {
    lut: synthesised.mvuLutPerSynapse.value * instances * taps,
    ff: synthesised.mvuFfPerSynapse.value * instances * taps,
    active: ({ count }) => (instances === 0 ? 0 : count.slices / instances),
  }
}

/** In each PE, the choice of a result from the word of each lane's buffer, and the addition of what the lanes give. */
function laneAdders(plans: readonly LayerPlan[], spec: PeArraySpec): Part {
  const shared = plans.filter(isShared)
  const taps = Math.max(0, ...shared.map((plan) => plan.taps))
  const bits = shared.length === 0 ? 0 : mostLanes(shared, spec.array.bits) * bitsIn(taps + 1) * pesOf(spec)
  const { adderLutPerBit, choiceLutPerInput } = constants
  const choice = spec.convolvers === 1 ? 0 : choiceLutPerInput.value * spec.convolvers
  const active = (work: Work): number => (work.shared ? work.count.peSteps / pesOf(spec) : 0)
  return { lut: (adderLutPerBit.value + choice) * bits, ff: bits, active }
}

const mostLanes = (shared: readonly LayerPlan[], bits: number): number =>
  Math.max(0, ...shared.map((plan) => lanesOf(plan, bits)))

/** Lanes alike, each with what any of the layers needs. */
function laneLogic(posts: readonly PostPlan[], { post }: PeArraySpec): Part {
  const { lut, ff, dsp } = totalCost(laneFor(posts.map(({ units }) => units)))
  const lanes = post?.lanes ?? 0
  return {
    lut: lut * lanes,
    ff: ff * lanes,
    dsp: dsp * lanes,
    active: ({ posting }) => (lut * lanes === 0 ? 0 : posting / (lut * lanes)),
  }
}

/** For each column, each bit of a word from any bank, shifted to where it belongs in the window. */
function loaderLogic({ array, activations }: PeArraySpec): Part {
  const { loaderLut, loaderFf, choiceLutPerInput } = constants
  const bits = array.pixels * array.bits
  const shifts = Math.ceil(Math.log2(array.bits) / 2)
  return {
    lut: loaderLut.value + bits * (activations.banks * choiceLutPerInput.value + shifts),
    ff: loaderFf.value + bits,
    active: ({ loading }) => loading,
  }
}
