// Cuts a network into the layers of a workload, and counts what a layer does.

import { checkNetwork, type Values } from './check.ts'
import type { BinaryWeights, IntegerWeights, Network, Node, Op, Weights } from './network.ts'
import { elements } from './tensor.ts'
import type { AccumulatorFacet, Activation, Layer, Workload } from './workload.ts'

/** Largest magnitude of an activation. */
const magnitude = { bit: 1, 'two-bit': 3, int8: 128, int: 2 ** 15 } as const

/** Bits of a real sum: float32. */
const REAL_BITS = 32

/** Bits of a sum of integers at most. */
const SUM_BITS = 32

/**
 * The baseline workload of `network`: every multiply-accumulate node starts a layer, the other nodes up to the
 * next one are its `post`. Throws InputError, naming the node, where the network does not fit together.
 */
export function workload(network: Network): Workload {
  const values = checkNetwork(network)
  const preamble: Node[] = []
  const layers: Layer[] = []
  let following = preamble
  for (const node of network.nodes) {
    if (node.op.kind === 'mac' || node.op.kind === 'gated-mac') {
      following = []
      layers.push(layerOf(node, values, following))
    } else following.push(node)
  }
  return { network, preamble, layers }
}

/**
 * `before` as a network of the nodes `nodes`, whose layers keep their names and what passes have made of their weights, terms and
 * saturation. Throws InputError, naming the node, where they do not fit together.
 */
export function withNodes(before: Workload, nodes: readonly Node[]): Workload {
  const after = workload({ ...before.network, nodes })
  const known = new Map(before.layers.map((layer) => [layer.name, layer]))
  const layers = after.layers.map((layer) => {
    const old = known.get(layer.name)
    if (old === undefined) return layer
    const weights = old.weights.weights === layer.weights.weights ? old.weights : layer.weights
    const accumulator = old.accumulator.saturate ? old.accumulator : layer.accumulator
    return { ...layer, weights, terms: old.terms, accumulator }
  })
  return { ...after, layers }
}

/** The nodes of a workload with what its facets say: what `withNodes` takes. */
export function nodesOf({ network, preamble, layers }: Workload): Node[] {
  const nodes = new Map(network.nodes.map((node) => [node.name, node]))
  const macs = layers.flatMap((layer) => {
    const node = nodes.get(layer.name)!
    return [{ ...node, op: { ...node.op, weights: layer.weights.weights } as Op }, ...layer.post]
  })
  return [...preamble, ...macs]
}

function layerOf(node: Node, values: ReadonlyMap<string, Values>, post: readonly Node[]): Layer {
  if (node.op.kind !== 'mac' && node.op.kind !== 'gated-mac') throw new Error(`${node.name} starts no layer`)
  const { shape, weights } = node.op
  const input = node.inputs[0]!
  const activation = values.get(input) as Activation
  const sum = node.op.kind === 'mac' ? node.op.sum : 'gated'
  return {
    name: node.name,
    input,
    activation,
    shape,
    weights: { encoding: 'plain', weights },
    terms: { kind: 'dense' },
    accumulator: { sum, bits: accumulatorBits(sum, activation, weights), saturate: false },
    ...(node.op.kind === 'mac' && node.op.bias !== undefined ? { bias: node.op.bias } : {}),
    post,
  }
}

/** Bits that hold every sum of the layer: unsigned for matches, two's complement else. */
function accumulatorBits(sum: AccumulatorFacet['sum'], activation: Activation, weights: Weights): number {
  if (weights.kind === 'real' || activation === 'real') return REAL_BITS
  const bits = Math.ceil(Math.log2(largestSum(weights) * magnitude[activation] + 1))
  return sum === 'matches' ? bits : Math.min(bits + 1, SUM_BITS)
}

/** Magnitude of a sum of activations of magnitude 1. */
function largestSum(weights: BinaryWeights | IntegerWeights): number {
  const terms = weights.taps * weights.channels
  if (weights.kind === 'binary') return terms
  let largest = 0
  for (let row = 0; row < weights.rows; row++) {
    let sum = 0
    for (let i = row * terms; i < (row + 1) * terms; i++) sum += Math.abs(weights.data[i]!)
    largest = Math.max(largest, sum)
  }
  return largest
}

const weightBits = { binary: 1, integer: 16, real: 32 } as const

export interface LayerCounts {
  /** Multiply-accumulates of two bits; a two-bit activation makes two of each. Padded taps count. */
  readonly binaryMacs: number
  /** Multiply-accumulates of integers, the weights binary or integers. Padded taps count. */
  readonly integerMacs: number
  /** Multiply-accumulates with real weights. Padded taps count. */
  readonly realMacs: number
  /** Terms of one sum. */
  readonly fanIn: number
  /** Stored weights: 1 bit each if binary, 16 if integers, else 32. */
  readonly weightBits: number
  /** Elements that the layer reads and yields, before the steps that follow it. */
  readonly inputs: number
  readonly outputs: number
}

/** Work and data of one layer for one image, whatever its facets leave out of it. */
export function layerCounts(layer: Layer): LayerCounts {
  const { activation, shape } = layer
  const { weights } = layer.weights
  const fanIn = weights.taps * weights.channels
  const outputs = elements(shape.output)
  const macs = outputs * fanIn
  const planes = activation === 'bit' ? 1 : activation === 'two-bit' ? 2 : 0
  return {
    binaryMacs: macs * planes,
    integerMacs: weights.kind !== 'real' && planes === 0 ? macs : 0,
    realMacs: weights.kind === 'real' ? macs : 0,
    fanIn,
    weightBits: weights.rows * fanIn * weightBits[weights.kind],
    inputs: elements(shape.input),
    outputs,
  }
}
