// What a PE array occupies: logic part by part, and memories, which follow from their geometry.

import { anyMemory, blockMemory, constants, type Memory } from '../fpga/resources.ts'
import type { Resources } from '../machine.ts'
import { lanesOf, tensorWords, windowWords } from './groups.ts'
import { foldsIn, type LayerTables, pendingOf } from './layer.ts'
import { isScattered, logicOf, type Part, sumBits } from './logic.ts'
import type { LayerPlan } from './plan.ts'
import type { PostPlan } from './post-plan.ts'
import type { PeArraySpec } from './spec.ts'
import { bitsIn, type LayerStores, type Store } from './storage.ts'

export interface Design {
  readonly logic: readonly Part[]
  /** Memories by what they hold. */
  readonly memories: Readonly<Record<MemoryName, Memory>>
}

export type MemoryName =
  | 'activations'
  | 'pictures'
  | 'leaving'
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
  | 'parameters'
  | 'fetched'
  | 'values'

export function designOf(layers: readonly LayerTables[], stores: readonly LayerStores[], spec: PeArraySpec): Design {
  const plans = layers.map(({ plan }) => plan)
  const posts = layers.flatMap(({ post }) => (post === null ? [] : [post]))
  return { logic: logicOf(plans, posts, spec), memories: memoriesOf(layers, stores, spec) }
}

function memoriesOf(
  layers: readonly LayerTables[],
  stores: readonly LayerStores[],
  spec: PeArraySpec,
): Record<MemoryName, Memory> {
  const { array, activations, rows } = spec
  const plans = layers.map(({ plan }) => plan)
  const width = sumBits(plans)
  const all = (of: (stores: LayerStores) => Store): Memory => stacked(stores.map(of), spec.weights === 'streamed')
  const columns = array.pixels
  const pes = columns * array.channels
  const readers = columns * (rows === 'lock-step' ? 1 : array.channels)
  const shared = plans.filter(({ terms }) => terms.kind === 'slices')
  const lanes = Math.max(0, ...shared.map((plan) => lanesOf(plan, array.bits)))
  const most = (of: (layer: LayerTables) => number): number => Math.max(0, ...layers.map(of))
  const words = most(({ plan }) => windowWords(plan, array.bits))
  return {
    activations: times(blockMemory(activations.width, activationDepth(layers, spec)), 2 * activations.banks),
    pictures: times(blocks(activations.width, pictureDepth(plans, spec)), 2 * activations.banks),
    leaving: lutMemory(activations.width, leavingWords(plans, spec)),
    weights: all(({ weights }) => weights),
    index: all(({ index }) => index),
    masks: all(({ masks }) => masks),
    levels: all(({ folds }) => folds),
    slices: all(({ slices }) => slices),
    uses: all(({ uses }) => uses),
    window: isScattered(plans, spec) ? nothing : times(lutMemory(array.bits, 2 * words), readers),
    sums: times(
      lutMemory(
        width,
        most((layer) => keptSums(layer, spec)),
      ),
      pes,
    ),
    pooled: times(
      lutMemory(
        1,
        most((layer) => (layer.plan.pool > 1 ? foldsIn(layer, spec) : 0)),
      ),
      pes,
    ),
    // Two halves of words of all that a lane's convolvers give in a cycle, a copy for each row that reads.
    results: times(lutMemory(spec.convolvers * resultBits(shared), 2 * resultDepth(shared, spec)), lanes * pes),
    pending: times(
      lutMemory(
        1,
        most((layer) => waitingBits(layer, spec)),
      ),
      pes,
    ),
    parameters: all(({ parameters }) => parameters),
    fetched: laneBuffer(layers, ({ readWidth }) => readWidth, spec),
    values: laneBuffer(layers, ({ writeWidth }) => writeWidth, spec),
  }
}

/** Sums in each PE: those that others start from, parts of sums of slices, and sums that wait to leave. */
function keptSums(layer: LayerTables, spec: PeArraySpec): number {
  const { terms, levels } = layer.plan
  const own = terms.kind === 'dense' ? 0 : foldsIn(layer, spec)
  return own + (levels === null ? pendingOf(layer.plan) * foldsIn(layer, spec) : 0)
}

/** Bits that wait to leave, of each PE. */
const waitingBits = (layer: LayerTables, spec: PeArraySpec): number =>
  layer.plan.levels === null ? 0 : pendingOf(layer.plan) * foldsIn(layer, spec)

/** Bits of a 2-D result. */
const resultBits = (shared: readonly LayerPlan[]): number => bitsIn(Math.max(0, ...shared.map(({ taps }) => taps)) + 1)

/** Words that the slices of a channel take. */
const resultDepth = (shared: readonly LayerPlan[], { convolvers }: PeArraySpec): number =>
  Math.ceil(sliceDepth(shared) / convolvers)

/** The results of an image leave while the next is computed. */
function leavingWords(plans: readonly LayerPlan[], { activations: { width } }: PeArraySpec): number {
  const { output, outputBits } = plans.at(-1)!
  return tensorWords(output, outputBits, width)
}

/** Words of a bank that the largest tensor takes. */
function activationDepth(layers: readonly LayerTables[], { activations: { width, banks } }: PeArraySpec): number {
  const words = layers.flatMap(({ plan: { shape, inputBits, output, outputBits }, toHost }) => [
    tensorWords(shape.input, inputBits, width),
    toHost ? 0 : tensorWords(output, outputBits, width),
  ])
  return Math.ceil(Math.max(...words) / banks)
}

/** The next picture has a place of its own. */
function pictureDepth(plans: readonly LayerPlan[], { activations: { width, banks } }: PeArraySpec): number {
  const words = plans.map(({ input, shape, inputBits }) =>
    input === 'input' ? tensorWords(shape.input, inputBits, width) : 0,
  )
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

const blocks = (width: number, depth: number): Memory => (depth === 0 ? nothing : blockMemory(width, depth))

const nothing: Memory = { ramb18: 0, lutram: 0, perAccess: 0 }

/**
 * LUT memories whatever the size, as they are written and read in the same cycle: 64 words of 3 bits take 4 LUTs (UG474, 7
 * Series FPGAs Configurable Logic Block, simple dual port).
 */
function lutMemory(width: number, depth: number): Memory {
  const luts = Math.ceil((4 * width) / 3)
  return depth === 0 ? nothing : { ramb18: 0, lutram: luts * Math.ceil(depth / 64), perAccess: luts }
}

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

/** Two halves for a group of pixels, in words of what all lanes take or give in a cycle. */
function laneBuffer(
  layers: readonly LayerTables[],
  widthOf: (post: PostPlan) => number,
  { array, post }: PeArraySpec,
): Memory {
  const lanes = post?.lanes ?? 1
  const posts = layers.flatMap((layer) => (layer.post === null || widthOf(layer.post) === 0 ? [] : [layer.post]))
  if (posts.length === 0) return nothing
  const width = lanes * Math.max(...posts.map(widthOf))
  const depth = 2 * Math.ceil((array.pixels * Math.max(...posts.map(({ pixel }) => pixel.elements))) / lanes)
  return depth <= constants.lutramDepth.value ? lutMemory(width, depth) : blockMemory(width, depth)
}

/** Rounded up, of the whole design. */
export function usedBy({ logic, memories }: Design): Resources {
  const stored = Object.values(memories)
  const lutram = stored.reduce((sum, each) => sum + each.lutram, 0)
  return {
    lut: Math.ceil(logic.reduce((sum, part) => sum + part.lut, 0) + lutram),
    lutram,
    ff: Math.ceil(logic.reduce((sum, part) => sum + part.ff, 0)),
    bram36: Math.ceil(stored.reduce((sum, each) => sum + each.ramb18, 0) / 2),
    dsp: logic.reduce((sum, part) => sum + (part.dsp ?? 0), 0),
  }
}
