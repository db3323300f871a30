// What a workload asks of a streaming machine, layer by layer, before it is folded:
// the matrix that each matrix-vector unit holds, and the units around it. A facet that
// no unit here provides is an error that names layer, facet and remedy.

import { resultBits } from '../../units/elementwise.ts'
import type { Matrix } from '../../units/matrix-vector.ts'
import { wholeBits } from '../../work/accumulator.ts'
import { copyBits } from '../../work/bit-range.ts'
import { InputError } from '../../work/input-error.ts'
import type { BinaryWeights, Network } from '../../work/network.ts'
import { wordsOf } from '../../work/tensor.ts'
import type { Layer, Workload } from '../../work/workload.ts'
import { type ElementwisePlan, elementwiseOf, postOf, type Threshold } from './post.ts'
import { OTHER_MACHINES, refuse } from './refuse.ts'

/** Bits of a class score on its way out. */
const SCORE_BITS = 16

export interface LayerPlan {
  readonly name: string
  /** Reads one pixel: needs no window. */
  readonly dense: boolean
  readonly kernel: number
  readonly stride: number
  /** Width and height of input and output. */
  readonly size: number
  readonly outputs: number
  readonly inChannels: number
  /** Bits of an input element: 1, or 8 in a first layer that reads pixels. */
  readonly elementBits: number
  /** Rows and columns include padding to whole words of the memory port. */
  readonly matrix: Matrix
  /** Real output channels; further rows are padding. */
  readonly outChannels: number
  /** One per row: bit = sum > level; null where the matrix-vector unit yields sums. */
  readonly levels: Int32Array | null
  /** What sums pass before anything else; null where the matrix-vector unit compares them, or where they are the scores. */
  readonly elementwise: ElementwisePlan | null
  /** Of an element that leaves, in front of the pool. */
  readonly outputBits: number
  /** Whether those are float32 patterns. */
  readonly real: boolean
  readonly accumulatorBits: number
  readonly pool: { readonly window: number; readonly node: string } | null
  /** Network node whose values leave in front of the pool. */
  readonly node: string
}

/** Plans for all layers. `portWidth` is the width of the memory port, to which first input and last output are padded. */
export function planLayers(workload: Workload, portWidth: number): LayerPlan[] {
  const { layers, network } = workload
  const firstStep = workload.preamble[0]
  if (firstStep !== undefined)
    throw new InputError('machine streaming has no unit for steps before the first layer; encode them in the input', {
      key: `node ${firstStep.name}`,
    })
  checkDecision(workload)
  return layers.map((layer, index) => {
    checkBias(layer, network)
    const previous = layers[index - 1]
    const expected = index === 0 ? 'input' : (previous!.post.at(-1)?.name ?? previous!.name)
    if (layer.input !== expected)
      throw refuse(layer, 'post', `reading '${layer.input}' here, a shortcut: layers form one chain`, OTHER_MACHINES)
    return planLayer(layer, index === 0, index === layers.length - 1, portWidth, network.decision.rule)
  })
}

function planLayer(layer: Layer, first: boolean, last: boolean, portWidth: number, rule: string): LayerPlan {
  checkFacets(layer, first)
  const { shape } = layer
  const dense = shape.input.width === 1
  const post = postOf(layer, last)
  if (last && shape.output.width > 1)
    throw refuse(
      layer,
      'shape',
      `scores of ${shape.output.width}x${shape.output.width} pixels`,
      'end with a dense layer',
    )
  const elementBits = layer.activation === 'bit' ? 1 : 8
  const taps = shape.kernel ** 2
  const columns =
    dense && first ? upTo(taps * shape.input.channels, portWidth / elementBits) : taps * shape.input.channels
  const rows = last ? upTo(shape.output.channels, portWidth) : shape.output.channels
  const accumulatorBits = wholeBits(layer)
  const elementwise = elementwiseOf(layer, post, accumulatorBits, rows, SCORE_BITS)
  if (post.threshold === null) checkScores(layer, rule, post.steps.length === 0)
  const compares = elementwise === null && post.threshold !== null
  return {
    name: layer.name,
    dense,
    kernel: shape.kernel,
    stride: shape.stride,
    size: shape.input.width,
    outputs: shape.output.width,
    inChannels: dense ? columns : shape.input.channels,
    elementBits,
    matrix: packed(layer.weights.weights as BinaryWeights, rows, columns),
    outChannels: shape.output.channels,
    levels: compares ? levelsOf(layer, post.threshold!, rows, columns) : null,
    elementwise,
    outputBits: elementwise !== null ? resultBits(elementwise.result) : compares ? 1 : SCORE_BITS,
    real: elementwise?.result.kind === 'real',
    accumulatorBits,
    pool: post.pool,
    node: post.node,
  }
}

const upTo = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple

function checkFacets(layer: Layer, first: boolean): void {
  const { shape, weights, terms, accumulator, activation } = layer
  const { padding } = shape
  if (weights.weights.kind !== 'binary')
    throw refuse(
      layer,
      'weights',
      `${weights.weights.kind} weights`,
      `use a network with binary weights throughout, or ${OTHER_MACHINES}`,
    )
  if (weights.encoding !== 'plain') throw refuse(layer, 'weights', `${weights.encoding} weights`, 'leave out that pass')
  if (terms.kind !== 'dense') throw refuse(layer, 'terms', `${terms.kind} terms`, 'leave out that pass')
  if (terms.stop !== undefined) throw refuse(layer, 'terms', 'sums that stop early', 'leave out that pass')
  if (shape.depthwise) throw refuse(layer, 'shape', 'depthwise convolutions', OTHER_MACHINES)
  if (padding.before + padding.after > 0)
    throw refuse(layer, 'shape', 'padding', `use a network of 'valid' convolutions, or ${OTHER_MACHINES}`)
  if (shape.input.width !== shape.input.height)
    throw refuse(layer, 'shape', `an input of ${shape.input.width}x${shape.input.height}`, 'make it square')
  const bits = activation === 'bit' && accumulator.sum !== 'gated'
  const pixels = activation === 'int8' && accumulator.sum === 'dot' && first
  if (!bits && !pixels)
    throw refuse(
      layer,
      'accumulator',
      `sums of kind '${accumulator.sum}' over ${activation} activations`,
      `it counts matches of bits, and adds int8 pixels in the first layer; ${OTHER_MACHINES} for others`,
    )
}

/** What decides must be what leaves the machine. */
function checkDecision({ layers, network }: Workload): void {
  const { scores, bits = scores } = network.decision
  const last = layers.at(-1)!
  const leaving = last.post.at(-1)?.name ?? last.name
  if (bits !== leaving)
    throw refuse(last, 'post', `a decision on '${bits}' where '${leaving}' leaves`, 'end the network with what decides')
}

function checkBias(layer: Layer, network: Network): void {
  const op = network.nodes.find(({ name }) => name === layer.name)?.op
  if (op?.kind === 'mac' && op.bias !== undefined)
    throw refuse(layer, 'accumulator', 'sums with a bias', 'fold it into thresholds')
}

/** `sums`: scores are sums, which leave as two's complement. */
function checkScores(layer: Layer, rule: string, sums: boolean): void {
  const { bits, sum } = layer.accumulator
  if (rule === 'highest-bit')
    throw refuse(layer, 'post', 'scores where the network decides by bits', 'end it with a threshold')
  if (sums && bits + (sum === 'matches' ? 1 : 0) > SCORE_BITS)
    throw refuse(layer, 'accumulator', `scores of ${bits} bits`, `keep them within ${SCORE_BITS}, sign included`)
}

/** The weights in the order in which window words arrive; padding columns never match the zeros sent for them. */
function packed(weights: BinaryWeights, rows: number, columns: number): Matrix {
  const { taps, channels } = weights
  const stride = wordsOf(columns)
  const words = new Uint32Array(rows * stride)
  const ones = Uint32Array.of(0xffffffff)
  for (let row = 0; row < weights.rows; row++) {
    for (let tap = 0; tap < taps; tap++) {
      const from = (row * taps + tap) * wordsOf(channels) * 32
      copyBits(weights.words, from, words, row * stride * 32 + tap * channels, channels)
    }
    for (let c = taps * channels; c < columns; c++) copyBits(ones, 0, words, row * stride * 32 + c, 1)
  }
  return { rows, columns, words }
}

/**
 * Levels of what the matrix-vector unit counts, which padding rows never reach. A dot product of bits is 2 * matches - terms,
 * so it is above a level where matches are above half of level + terms.
 */
function levelsOf(layer: Layer, { level, inclusive }: Threshold, rows: number, columns: number): Int32Array {
  const { activation, accumulator, weights } = layer
  const terms = weights.weights.taps * weights.weights.channels
  const halved = activation === 'bit' && accumulator.sum === 'dot'
  const levels = new Int32Array(rows).fill(columns)
  for (const [row, value] of level.entries()) {
    const above = inclusive ? value - 1 : value
    levels[row] = halved ? Math.floor((above + terms) / 2) : above
  }
  return levels
}
