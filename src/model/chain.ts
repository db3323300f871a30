// Networks that are a chain of binary convolutions and dense layers, each followed
// by a threshold and perhaps a pool: CNV, LFC, TFC, BinaryNet, VGG-Small. Layer L
// becomes the nodes `L` (its sums), `L.bits` (after the threshold) and
// `L.pool` (after 2x2 max pooling on bits, which is OR).

import type { Decision, Encoding, Network } from '../work/network.ts'
import { elements, type Shape } from '../work/tensor.ts'
import { NetworkBuilder, type Window } from './builder.ts'
import type { Parameters, Spread } from './parameters.ts'

export interface ChainLayer {
  readonly name: string
  readonly out: number
  /** A convolution's window; absent for a dense layer, whose kernel covers its input. */
  readonly window?: Window
  readonly thresholds: boolean
  /** 2x2 max pooling of the bits. */
  readonly pool: boolean
}

export interface Chain {
  readonly name: string
  readonly source: string
  readonly picture: Shape
  readonly encoding: Encoding
  /** From input to scores. Where the last has thresholds too, the highest set bit is the class (LFC's rule). */
  readonly layers: readonly ChainLayer[]
  readonly classes: readonly string[]
}

/** Fraction of a sum's deviation by which seeded thresholds vary from channel to channel. */
const variation = 0.3

/** Raises seeded thresholds before a pool, in deviations of the sum: an OR of four bits is then about balanced. */
const poolLift = 0.8

/**
 * The parameters' names are the layer's for weights and `L.bits` for thresholds. A layer fed by bits counts
 * matches; the first layer of an `int8` chain sums dot products, its padding worth 0.
 */
export function chainNetwork(chain: Chain, parameters: Parameters): Network {
  const { picture, encoding } = chain
  const input = encoding.kind === 'bit' ? { channels: elements(picture), height: 1, width: 1 } : picture
  const builder = new NetworkBuilder(input, parameters)
  let from = 'input'
  for (const layer of chain.layers) from = addLayer(builder, from, layer, encoding)
  return builder.finish({ ...chainHead(chain), decision: decisionOf(chain) })
}

const chainHead = ({ name, source, picture, encoding, classes }: Chain) => ({
  name,
  source,
  picture,
  encoding,
  classes,
})

function addLayer(builder: NetworkBuilder, from: string, layer: ChainLayer, encoding: Encoding): string {
  const { name, out } = layer
  const { channels, height } = builder.shape(from)
  const window = layer.window ?? { kernel: height }
  const real = from === 'input' && encoding.kind !== 'bit'
  builder.binaryConv(name, from, out, real ? { ...window, padValue: 0 } : window, real ? 'dot' : 'matches')
  if (!layer.thresholds) return name
  const spread = thresholdSpread(channels * window.kernel ** 2, real, layer.pool)
  const bits = builder.threshold(`${name}.bits`, name, builder.parameters.integers(`${name}.bits`, out, spread), false)
  return layer.pool ? builder.pool(`${name}.pool`, bits, 'max', { kernel: 2 }) : bits
}

/** Popcounts of `terms` fair bits have mean terms / 2; int8 inputs give sums around 0, their deviation taken as 64. */
function thresholdSpread(terms: number, real: boolean, pool: boolean): Spread {
  const deviation = Math.sqrt(terms) * (real ? 64 : 0.5)
  return { mean: (real ? 0 : terms / 2) + (pool ? poolLift * deviation : 0), deviation: variation * deviation }
}

function decisionOf({ layers }: Chain): Decision {
  const last = layers.at(-1)!
  return last.thresholds
    ? { rule: 'highest-bit', scores: last.name, bits: `${last.name}.bits` }
    : { rule: 'argmax', scores: last.name }
}
