// What lies in memories on the chip: weights and lists by layer, and their shapes in block RAM.

import { lanesOf } from './groups.ts'
import type { LayerTables } from './layer.ts'
import type { LayerPlan } from './plan.ts'
import type { PeArraySpec } from './spec.ts'

/** A memory of words that are read as one. */
export interface Store {
  readonly width: number
  readonly depth: number
  /** Alike and read together. */
  readonly number: number
}

/** Of one layer, in the same order for all layers; a machine has the deepest, or all of them behind one another. */
export interface LayerStores {
  /** A bank for each row: bits of weights for each step. */
  readonly weights: Store
  /** For each sequencer, what each step gathers; for each row, which of the bits count, and what is left after the step. */
  readonly index: Store
  readonly masks: Store
  /** For each row, what a fold needs: level, distance, parent. */
  readonly folds: Store
  /** Shared slices by lane, and for each row which of them its kernels use. */
  readonly slices: Store
  readonly uses: Store
  /** Of lanes, by turns: what their steps need for each channel. */
  readonly parameters: Store
}

const none: Store = { width: 0, depth: 0, number: 0 }

export const bitsIn = (value: number): number => Math.ceil(Math.log2(Math.max(2, value)))

export const storeBits = ({ width, depth, number }: Store): number => width * depth * number

export const layerBits = (stores: LayerStores): number =>
  Object.values(stores).reduce((sum, store: Store) => sum + storeBits(store), 0)

export function storesOf(layer: LayerTables, spec: PeArraySpec): LayerStores {
  const { plan } = layer
  const own = plan.terms.kind === 'slices' ? sliceStores(plan, spec) : foldStores(layer, spec)
  return { ...own, parameters: parametersOf(layer, spec) }
}

/** A lane has the words of channels that it meets where channels are dealt out in turn. */
function parametersOf({ post }: LayerTables, spec: PeArraySpec): Store {
  if (post === null || post.parameterBits === 0) return none
  const channels = post.pixel.elements
  const number = Math.min(spec.post?.lanes ?? 1, channels)
  return { width: post.parameterBits, depth: Math.ceil(channels / number), number }
}

type OwnStores = Omit<LayerStores, 'parameters'>

function foldStores({ plan, folds }: LayerTables, { array, skip, rows }: PeArraySpec): OwnStores {
  const { terms, accumulatorBits, bits, borders } = plan
  const deltas = terms.kind === 'deltas'
  const used = folds.reduce((sum, [first]) => sum + first!.rows.filter((row) => row !== null).length, 0)
  const steps = Math.max(...folds.map((own) => own.reduce((sum, fold) => sum + fold.steps, 0)))
  const deepest = Math.max(...folds.map((own) => own.length))
  const lanes = array.bits / skip
  // Where a step gathers single bits for one row, only the last step of a fold is not full.
  const masked = !(skip === 1 && (rows === 'independent' || array.channels === 1))
  const left = terms.stop?.decision === true ? accumulatorBits : 0
  const level = plan.levels === null ? 0 : accumulatorBits * borders.classes.length
  return {
    weights: { width: array.bits, depth: steps, number: used },
    index: deltas ? { width: lanes * bitsIn(Math.ceil(bits / skip)), depth: steps, number: folds.length } : none,
    masks: deltas ? { width: (masked ? array.bits : bitsIn(array.bits)) + left, depth: steps, number: used } : none,
    folds: {
      width: level + (deltas ? accumulatorBits + bitsIn(deepest) + 2 : 0),
      depth: deepest,
      number: used,
    },
    slices: none,
    uses: none,
  }
}

function sliceStores(plan: LayerPlan, spec: PeArraySpec): OwnStores {
  const { terms, channels, kernels, taps, accumulatorBits, borders } = plan
  if (terms.kind !== 'slices') throw new Error(`${plan.name} shares no slices`)
  const { array, convolvers } = spec
  const lanes = lanesOf(plan, array.bits)
  const { first } = terms.slices
  const counts = Array.from({ length: channels }, (_, c) => first[c + 1]! - first[c]!)
  const perLane = Array.from({ length: lanes }, (_, lane) =>
    counts.reduce((sum, count, c) => sum + (c % lanes === lane ? Math.ceil(count / convolvers) : 0), 0),
  )
  const folds = Math.ceil(kernels / array.channels)
  return {
    weights: none,
    index: none,
    masks: none,
    folds: {
      width: plan.levels === null ? 0 : accumulatorBits * borders.classes.length,
      depth: folds,
      number: array.channels,
    },
    slices: { width: convolvers * taps, depth: Math.max(...perLane), number: lanes },
    uses: {
      width: lanes * (bitsIn(Math.max(...counts)) + 1),
      depth: folds * Math.ceil(channels / lanes),
      number: array.channels,
    },
  }
}
