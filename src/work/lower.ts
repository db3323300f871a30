// Cuts a network into the layers of a workload, and counts what a layer does.

import { checkNetwork, type Values } from './check.ts'
import type { Network, Node, Weights } from './network.ts'
import { elements } from './tensor.ts'
import type { AccumulatorFacet, Activation, Layer, Workload } from './workload.ts'

/** Largest magnitude of an activation. */
const magnitude = { bit: 1, 'two-bit': 3, int8: 128 } as const

/** Bits of a real sum: float32. */
const REAL_BITS = 32

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
  const largest = weights.taps * weights.channels * magnitude[activation]
  const bits = 32 - Math.clz32(largest)
  return sum === 'matches' ? bits : bits + 1
}

export interface LayerCounts {
  /** Multiply-accumulates of two bits; a two-bit activation makes two of each. Padded taps count. */
  readonly binaryMacs: number
  /** Multiply-accumulates of 8-bit activations and binary weights. Padded taps count. */
  readonly integerMacs: number
  /** Multiply-accumulates with real weights. Padded taps count. */
  readonly realMacs: number
  /** Terms of one sum. */
  readonly fanIn: number
  /** Stored weights: 1 bit each if binary, else 32. */
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
  const binary = weights.kind === 'binary'
  const planes = activation === 'bit' ? 1 : activation === 'two-bit' ? 2 : 0
  return {
    binaryMacs: binary ? macs * planes : 0,
    integerMacs: binary && planes === 0 ? macs : 0,
    realMacs: binary ? 0 : macs,
    fanIn,
    weightBits: weights.rows * fanIn * (binary ? 1 : 32),
    inputs: elements(shape.input),
    outputs,
  }
}
