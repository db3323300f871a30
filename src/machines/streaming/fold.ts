// Chooses PE and SIMD for each layer: for a rate of images, or for the highest rate that
// fits the device. Layers run side by side, so the slowest sets the rate; each gets the
// cheapest folding that keeps up, and none more.

import { InputError } from '../../work/input-error.ts'
import { availableOn } from '../fpga/fit.ts'
import { blockMemory, lanesLogic, matrixVectorLogic, sumResources } from '../fpga/resources.ts'
import type { Resources } from '../machine.ts'
import { styleFactor } from './fit.ts'
import { columnsToFold, divisors, foldCycles, rowsToFold } from './folding.ts'
import { type FoldedLayer, netlistOf } from './netlist.ts'
import type { LayerPlan } from './plan.ts'
import { layerResources } from './report.ts'
import type { StreamingSpec } from './spec.ts'

export interface FoldPlan {
  readonly layers: FoldedLayer[]
  /** Cycles of the slowest layer for an image. */
  readonly interval: number
  readonly used: Resources
}

interface Option {
  readonly pe: number
  readonly simd: number
  readonly cycles: number
}

/** Folds for `spec.folding`; throws InputError where the device, or the network, allows no such rate. */
export function foldFor(plans: readonly LayerPlan[], spec: StreamingSpec, portWidth: number): FoldPlan {
  const options = plans.map(optionsOf)
  const rate = spec.folding
  if (rate !== 'max' && !Array.isArray(rate)) {
    const interval = spec.clock / rate.fps
    const plan = planFor(plans, options, interval, spec, portWidth)
    if (plan === null) throw tooFast(plans, options, spec)
    if (!fits(plan.used, spec)) throw doesNotFit(plan, spec)
    return plan
  }
  return fastest(plans, options, spec, portWidth)
}

function optionsOf(plan: LayerPlan): Option[] {
  const simds = divisors(columnsToFold(plan))
  return divisors(rowsToFold(plan)).flatMap((pe) =>
    simds.map((simd) => ({ pe, simd, cycles: foldCycles(plan, { pe, simd }) })),
  )
}

/** The cheapest folding of every layer that takes at most `interval` cycles; null where one has none. */
function planFor(
  plans: readonly LayerPlan[],
  options: readonly (readonly Option[])[],
  interval: number,
  spec: StreamingSpec,
  portWidth: number,
): FoldPlan | null {
  const available = availableOn(spec.device)
  const layers: FoldedLayer[] = []
  let width = portWidth
  for (const [i, plan] of plans.entries()) {
    const quick = options[i]!.filter(({ cycles }) => cycles <= interval)
    if (quick.length === 0) return null
    const direct = quick.filter(({ simd }) => converts(width, simd * plan.elementBits))
    const choices = plan.dense && direct.length > 0 ? direct : quick
    const { pe, simd } = choices.reduce((best, each) =>
      cost(plan, each, available) < cost(plan, best, available) ? each : best,
    )
    layers.push({ plan, folding: { pe, simd, fifo: fifoDepth(plan, pe, spec) } })
    width = (plan.dense ? pe : plan.matrix.rows) * plan.outputBits
  }
  const used = sumResources([layerResources(netlistOf(layers, spec, portWidth), null, styleFactor(spec))])
  return { layers, interval: Math.max(...layers.map(({ plan, folding }) => foldCycles(plan, folding))), used }
}

/** Room for two rows of pixels, or for one vector of a dense layer, and for no more than block RAM gives for free. */
function fifoDepth(plan: LayerPlan, pe: number, spec: StreamingSpec): number {
  const rows = 2 * (plan.outputs / (plan.pool?.window ?? 1))
  const words = plan.dense ? plan.matrix.rows / pe : rows
  return Math.max(spec.fifo, Math.min(DEEPEST, words))
}

const DEEPEST = 512 // words of one RAMB18

/** A converter between these widths needs no common multiple. */
const converts = (from: number, to: number): boolean => from % to === 0 || to % from === 0

/** Shares of the device's LUTs, block RAM and DSPs that the layer's units take, added. */
function cost(plan: LayerPlan, { pe, simd }: Option, available: Resources): number {
  const depth = (plan.matrix.rows / pe) * (plan.matrix.columns / simd)
  const logic = matrixVectorLogic(pe, simd, plan.elementBits, plan.accumulatorBits)
  const lanes = lanesLogic(plan.elementwise?.units ?? [], pe)
  const lut = (logic.lut + lanes.lut) / available.lut
  const bram = (pe * blockMemory(simd, depth).ramb18) / (2 * available.bram36)
  return lut + bram + (lanes.dsp ?? 0) / Math.max(1, available.dsp)
}

/** Resources within the ceilings to which a device can be filled. */
function fits(used: Resources, spec: StreamingSpec): boolean {
  return overflows(used, spec).length === 0
}

function overflows(used: Resources, spec: StreamingSpec): string[] {
  const { device } = spec
  return (['lut', 'ff', 'bram36', 'dsp'] as const).flatMap((key) => {
    const limit = Math.floor(device[key].value * device.ceilings[key].value)
    if (used[key] <= limit) return []
    const share = `${count(100 * device.ceilings[key].value)} % of ${count(device[key].value)}`
    return [
      `${count(used[key])} of ${count(limit)} (${share}) ${key.toUpperCase()}, ${count(used[key] - limit)} too many`,
    ]
  })
}

const count = (value: number): string => value.toLocaleString('en')

/** Tries the intervals that any layer can have, the shortest first. */
function fastest(
  plans: readonly LayerPlan[],
  options: readonly (readonly Option[])[],
  spec: StreamingSpec,
  portWidth: number,
): FoldPlan {
  const intervals = new Set(options.flatMap((layer) => layer.map(({ cycles }) => cycles)))
  let slowest: FoldPlan | null = null
  for (const interval of [...intervals].sort((a, b) => a - b)) {
    const plan = planFor(plans, options, interval, spec, portWidth)
    if (plan !== null && fits(plan.used, spec)) return plan
    slowest = plan
  }
  throw doesNotFit(slowest!, spec)
}

function tooFast(
  plans: readonly LayerPlan[],
  options: readonly (readonly Option[])[],
  spec: StreamingSpec,
): InputError {
  const least = options.map((layer) => Math.min(...layer.map(({ cycles }) => cycles)))
  const slowest = least.indexOf(Math.max(...least))
  const fps = Math.floor(spec.clock / least[slowest]!)
  return new InputError(
    `layer ${plans[slowest]!.name} takes ${count(least[slowest]!)} cycles fully unfolded: expected at most ${count(fps)} images/s`,
    { key: 'machine.folding.fps' },
  )
}

const doesNotFit = (plan: FoldPlan, spec: StreamingSpec): InputError =>
  new InputError(`does not fit ${spec.device.name}: ${overflows(plan.used, spec).join('; ')}`, {
    key: 'machine.folding',
  })
