// Logic of a PE array, part by part, from synthesis of single parts; and in which cycles each part is at work.

import type { EngineCount } from '../../units/array/engine.ts'
import { constants as synthesised } from '../fpga/resources.ts'
import { lanesOf } from './groups.ts'
import type { LayerPlan } from './plan.ts'
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

/** What a layer did with the logic. */
export interface Work {
  /** It shares slices. */
  readonly shared: boolean
  readonly count: EngineCount
  readonly cycles: number
  /** Cycles in which the memory port moved its data. */
  readonly moving: number
}

/** A part of the array; lut and ff of all of its instances. */
export interface Part {
  readonly lut: number
  readonly ff: number
  /** Cycles in which it is at work; where only some of its instances are, as many fewer. */
  active(work: Work): number
}

export function logicOf(plans: readonly LayerPlan[], spec: PeArraySpec): Part[] {
  const { array, rows } = spec
  const sequencers = rows === 'lock-step' ? 1 : array.channels
  const { sequencerLut, sequencerFf, loaderLut, loaderFf } = constants
  return [
    peLogic(plans, spec),
    gatherLogic(plans, spec, sequencers),
    sliceLogic(plans, spec),
    {
      lut: sequencerLut.value * sequencers + loaderLut.value,
      ff: sequencerFf.value * sequencers + loaderFf.value,
      active: ({ cycles, count }) => (count.folds > 0 ? cycles : 0),
    },
    { lut: 2 * synthesised.dmaLut.value, ff: 2 * synthesised.dmaFf.value, active: ({ moving }) => moving },
  ]
}

const isDeltas = ({ terms }: LayerPlan): boolean => terms.kind === 'deltas'
const isShared = ({ terms }: LayerPlan): boolean => terms.kind === 'slices'

function peLogic(plans: readonly LayerPlan[], { array: { channels, pixels, bits } }: PeArraySpec): Part {
  const { maskLutPerBit, deltaLutPerBit, deltaFfPerBit, stopLutPerBit } = constants
  const { mvuLutPerSynapse, mvuLutPerAccumulatorBit, mvuFfPerSynapse, mvuFfPerAccumulatorBit } = synthesised
  const width = Math.max(...plans.map(({ accumulatorBits }) => accumulatorBits))
  const deltas = plans.some(isDeltas)
  const stops = plans.some(({ terms }) => terms.stop !== undefined)
  const lut =
    (mvuLutPerSynapse.value + (deltas ? maskLutPerBit.value : 0)) * bits +
    (mvuLutPerAccumulatorBit.value + (deltas ? deltaLutPerBit.value : 0) + (stops ? stopLutPerBit.value : 0)) * width
  const ff = mvuFfPerSynapse.value * bits + (mvuFfPerAccumulatorBit.value + (deltas ? deltaFfPerBit.value : 0)) * width
  const pes = channels * pixels
  return { lut: lut * pes, ff: ff * pes, active: ({ count }) => count.peSteps / pes }
}

/** Several groups of bits are gathered at once: windows are then registers, not memories. */
export const isScattered = (plans: readonly LayerPlan[], { array, skip }: PeArraySpec): boolean =>
  skip < array.bits && plans.some(isDeltas)

/** For each sequencer and column, the choice of each bit of a step among the groups of a window. */
function gatherLogic(plans: readonly LayerPlan[], spec: PeArraySpec, sequencers: number): Part {
  const { array, skip } = spec
  const scattered = isScattered(plans, spec)
  const groups = Math.max(0, ...plans.filter(isDeltas).map(({ bits }) => Math.ceil(bits / skip)))
  const window = Math.max(...plans.map(({ bits, planes }) => bits * planes.length))
  return {
    lut: scattered ? gatherLut(groups) * array.bits * array.pixels * sequencers : 0,
    ff: scattered ? 2 * window * array.pixels : 0,
    active: ({ shared, count }) => (shared ? 0 : count.steps / sequencers),
  }
}

/** Convolvers of each column and lane, and in each PE the addition of what the lanes give. */
function sliceLogic(plans: readonly LayerPlan[], { array, convolvers }: PeArraySpec): Part {
  const shared = plans.filter(isShared)
  const lanes = Math.max(0, ...shared.map((plan) => lanesOf(plan, array.bits)))
  const taps = Math.max(0, ...shared.map((plan) => plan.taps))
  const synapses = array.pixels * lanes * convolvers * taps
  const adders = array.pixels * array.channels * lanes * bitsIn(taps + 1)
  return {
    lut: synthesised.mvuLutPerSynapse.value * synapses + constants.adderLutPerBit.value * adders,
    ff: synthesised.mvuFfPerSynapse.value * synapses + adders,
    active: (work) => (work.shared ? work.count.steps : 0),
  }
}
