// What a workload asks of a PE array, layer by layer: windows, packed weights, and levels in terms of what PEs count.
// A facet that no unit here provides is an error that names layer, facet and remedy.

import { type Range, saturatedRange, wholeBits } from '../../work/accumulator.ts'
import { copyBits } from '../../work/bit-range.ts'
import { tapSums } from '../../work/bits.ts'
import { InputError } from '../../work/input-error.ts'
import type { BinaryWeights, Node } from '../../work/network.ts'
import { type Shape, wordsOf } from '../../work/tensor.ts'
import type { Layer, TermsFacet } from '../../work/workload.ts'
import { type Borders, bordersOf } from './borders.ts'

/** Bits of a sum on its way out. */
export const SUM_BITS = 16

/** What sums are brought into, and the bits that it takes. */
export interface Clamp extends Range {
  readonly bits: number
}

export interface LayerPlan {
  readonly name: string
  /** Tensor that it reads. */
  readonly input: string
  /** Node whose values leave: sums, bits, or the OR of each window of the pool. */
  readonly node: string
  readonly shape: Layer['shape']
  readonly output: Shape
  readonly taps: number
  readonly channels: number
  readonly kernels: number
  /** Terms of a sum. */
  readonly bits: number
  /** What a match counts in each bit plane of the activations. */
  readonly planes: readonly number[]
  /** Weights of kernel k from word k * words on: tap after tap. */
  readonly weights: Uint32Array
  readonly words: number
  readonly terms: TermsFacet
  readonly borders: Borders
  /** By class of border, then kernel: bit = sum > level. Null where sums leave. */
  readonly levels: Int32Array | null
  /** What a node's value is of a sum: scale * sum + offset, by class of border, then kernel. */
  readonly scale: number
  readonly offsets: Int32Array
  /** Width of the windows of the pool; 1 without. */
  readonly pool: number
  /** Of a sum in the PEs. */
  readonly accumulatorBits: number
  /** What a sum that saturates is brought into behind the PEs. */
  readonly clamp: Clamp | null
  /** Bits of an element that it reads, and that it writes on the chip or sends to a host; 0 where it does neither. */
  readonly inputBits: number
  readonly outputBits: number
  /** Nodes that follow it here. */
  readonly absorbed: readonly Node[]
}

/** What a match in bit plane i of an int8 counts: its last one is the sign. */
const int8Planes = [1, 2, 4, 8, 16, 32, 64, -128]

export const refuse = (layer: Layer, facet: string, problem: string, remedy: string): InputError =>
  new InputError(`machine pe-array has no unit for ${problem}; ${remedy}`, { key: `layer ${layer.name}: ${facet}` })

/** What keeps the PEs from computing a layer, whatever passes do to it; undefined where they can. */
export function obstacle({ shape, weights, activation, accumulator, bias }: Layer): Obstacle | undefined {
  const padded = shape.padding.before + shape.padding.after > 0
  const { kind } = weights.weights
  if (kind !== 'binary') return { facet: 'weights', problem: `${kind} weights` }
  if (accumulator.sum === 'gated') return { facet: 'accumulator', problem: 'gated sums' }
  if (activation !== 'bit' && activation !== 'int8')
    return { facet: 'activation', problem: `${activation} activations` }
  if (shape.depthwise) return { facet: 'shape', problem: 'depthwise convolutions' }
  if (bias !== undefined) return { facet: 'accumulator', problem: 'sums with a bias' }
  if (activation === 'int8' && shape.padValue !== 0 && padded)
    return { facet: 'shape', problem: `integers padded with ${shape.padValue}` }
  return undefined
}

interface Obstacle {
  readonly facet: string
  readonly problem: string
}

/**
 * Plans a layer without `obstacle`. `readers` counts the nodes that read each node; PEs count `peBits` a cycle. With `lanes`
 * behind the PEs, sums may saturate.
 */
export function planLayer(
  layer: Layer,
  readers: ReadonlyMap<string, number>,
  peBits: number,
  lanes: boolean,
): LayerPlan {
  checkFacets(layer, lanes)
  const { taps: slice } = layer.weights.weights
  if (layer.terms.kind === 'slices' && slice > peBits)
    throw refuse(
      layer,
      'terms',
      `slices of ${slice} bits on PEs of ${peBits}`,
      `give machine.array.bits at least ${slice}`,
    )
  const { shape, accumulator, terms } = layer
  const weights = layer.weights.weights as BinaryWeights
  const { taps, channels, rows: kernels } = weights
  const bits = taps * channels
  const planes = layer.activation === 'bit' ? [1] : int8Planes
  const { threshold, pool } = post(layer, readers)
  if (threshold === undefined && terms.stop !== undefined)
    throw refuse(layer, 'terms', 'sums that stop early and leave', 'leave out that pass for the layer')
  const borders = bordersOf(shape, layer.activation === 'bit')
  const { scale, offsets } = valuesOf(layer, weights, borders)
  const levels = threshold === undefined ? null : levelsOf(layer, threshold, scale, offsets, borders.classes.length)
  const absorbed = [threshold, pool].filter((node) => node !== undefined)
  const node = absorbed.at(-1)
  return {
    name: layer.name,
    input: layer.input,
    node: node?.name ?? layer.name,
    shape,
    output: node?.output ?? shape.output,
    taps,
    channels,
    kernels,
    bits,
    planes,
    weights: packed(weights),
    words: wordsOf(bits),
    terms,
    borders,
    levels,
    scale,
    offsets,
    pool: pool?.op.kind === 'pool' ? pool.op.window : 1,
    accumulatorBits: wholeBits(layer),
    clamp: accumulator.saturate ? { ...saturatedRange(accumulator), bits: accumulator.bits } : null,
    inputBits: planes.length,
    outputBits: levels === null ? SUM_BITS : 1,
    absorbed,
  }
}

/** Sums that leave as they are have to fit. */
export function checkLeaving(layer: Layer, { accumulatorBits, clamp }: LayerPlan): void {
  const { sum } = layer.accumulator
  const bits = (clamp === null ? accumulatorBits : clamp.bits) + (sum === 'matches' ? 1 : 0)
  if (bits > SUM_BITS)
    throw refuse(layer, 'accumulator', `sums of ${bits} bits that leave`, `keep them within ${SUM_BITS}, sign included`)
}

function checkFacets(layer: Layer, lanes: boolean): void {
  const { weights, terms, accumulator, activation } = layer
  if (weights.encoding !== 'plain') throw refuse(layer, 'weights', `${weights.encoding} weights`, 'leave out that pass')
  if (accumulator.saturate && !lanes)
    throw refuse(layer, 'accumulator', 'saturating sums', 'leave out that pass, or set machine.post.lanes')
  if (activation === 'int8' && terms.stop !== undefined)
    throw refuse(layer, 'terms', 'sums of integers that stop early', 'leave out that pass for the layer')
}

/** A threshold that follows, and a max pool behind that, where nothing else reads what lies between and sums are whole. */
function post(layer: Layer, readers: ReadonlyMap<string, number>): { threshold?: Node; pool?: Node } {
  const [threshold, pool] = layer.post
  if (layer.accumulator.saturate) return {}
  if (threshold?.op.kind !== 'threshold' || threshold.inputs[0] !== layer.name || readers.get(layer.name)! > 1)
    return {}
  if (pool?.op.kind !== 'pool' || pool.inputs[0] !== threshold.name || readers.get(threshold.name)! > 1)
    return { threshold }
  const { op } = pool
  const { width, height } = layer.shape.output
  const whole = width % op.window === 0 && height % op.window === 0 && op.stride === op.window
  if (op.pool !== 'max' || !whole || op.padding.before + op.padding.after > 0) return { threshold }
  return { threshold, pool }
}

/**
 * PEs count matches of bits, padded ones as those of -1. A dot product is 2 * matches - terms; where padding counts nothing,
 * the padded weights, each counted as -1 times itself, are added back. Of int8 q = sum of c[i] * b[i] over bit planes, with
 * -128 + 1 + .. + 64 = -1: the sum of w * q is the sum of c[i] * matches[i], and 1 more for each weight of -1.
 */
function valuesOf(layer: Layer, weights: BinaryWeights, { classes }: Borders): { scale: number; offsets: Int32Array } {
  const { rows, taps, channels } = weights
  const offsets = new Int32Array(Math.max(1, classes.length) * rows)
  if (layer.accumulator.sum === 'matches') return { scale: 1, offsets }
  const sums = tapSums(weights)
  const whole = (row: number): number => {
    let sum = 0
    for (let tap = 0; tap < taps; tap++) sum += sums[row * taps + tap]!
    return sum
  }
  const terms = taps * channels
  for (let row = 0; row < rows; row++) {
    if (layer.activation === 'int8') {
      for (let at = 0; at < classes.length; at++) offsets[at * rows + row] = (terms - whole(row)) / 2
      continue
    }
    classes.forEach((padded, at) => {
      const back = layer.shape.padValue === 0 ? padded.reduce((sum, tap) => sum + sums[row * taps + tap]!, 0) : 0
      offsets[at * rows + row] = back - terms
    })
  }
  return { scale: layer.activation === 'int8' ? 1 : 2, offsets }
}

/** Levels of sums from those of values, which are whole numbers: scale * sum + offset > level. */
function levelsOf(layer: Layer, node: Node, scale: number, offsets: Int32Array, classes: number): Int32Array {
  const { op } = node
  if (op.kind !== 'threshold') throw new Error(`${node.name} is no threshold`)
  const { level, inclusive } = op
  const kernels = layer.shape.output.channels
  return Int32Array.from({ length: classes * kernels }, (_, i) => {
    const real = level[i % kernels]!
    if (Number.isNaN(real)) return LARGEST // no value is above it
    const whole = inclusive ? Math.ceil(real) - 1 : Math.floor(real)
    return Math.max(-LARGEST, Math.min(LARGEST, Math.floor((whole - offsets[i]!) / scale)))
  })
}

/** Beyond all sums. */
const LARGEST = 2 ** 31 - 1

/** Rows of weights without gaps between taps. */
function packed({ rows, taps, channels, words }: BinaryWeights): Uint32Array {
  const stride = wordsOf(taps * channels)
  const out = new Uint32Array(rows * stride)
  for (let row = 0; row < rows; row++)
    for (let tap = 0; tap < taps; tap++) {
      const from = (row * taps + tap) * wordsOf(channels) * 32
      copyBits(words, from, out, row * stride * 32 + tap * channels, channels)
    }
  return out
}
