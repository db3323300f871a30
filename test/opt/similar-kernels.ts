// Seeded kernels that have much in common, and networks of one layer that has them.

import seedrandom from 'seedrandom'
import { getBit, setBit, unpackRow } from '../../src/work/bits.ts'
import { workload } from '../../src/work/lower.ts'
import type { BinaryWeights } from '../../src/work/network.ts'
import { wordsOf } from '../../src/work/tensor.ts'
import type { Layer, Workload } from '../../src/work/workload.ts'
import { macShape, RandomNetwork, randomBinary } from '../work/random-network.ts'

/** Each slice is that of one of the first four kernels or its complement, one weight in 20 changed. */
export function similarKernels(seed: string, rows: number, taps: number, channels: number): BinaryWeights {
  const random = seedrandom(seed)
  const weights = randomBinary(random, rows, taps, channels)
  const { words } = weights
  const size = wordsOf(channels)
  for (let row = 4; row < rows; row++)
    for (let c = 0; c < channels; c++) {
      const like = Math.floor(4 * random())
      const inverse = random() < 0.5
      for (let tap = 0; tap < taps; tap++) {
        const bit = getBit(words, (like * taps + tap) * size, c) === 1
        setBit(words, (row * taps + tap) * size, c, (bit !== inverse) !== random() < 0.05)
      }
    }
  return weights
}

/** Bits into a layer with these weights, its matches into a threshold, and a max pool. */
export function oneLayer(weights: BinaryWeights): Workload {
  const { rows, taps, channels } = weights
  const kernel = Math.sqrt(taps)
  const side = kernel + 1
  const net = new RandomNetwork('one layer', { channels, height: side, width: side }, { kind: 'int8' })
  const shape = macShape({ channels, height: side, width: side }, { channels: rows, kernel })
  const mac = net.node({ kind: 'mac', shape, weights, sum: 'matches' }, [net.threshold('input', 0, 9)], shape.output)
  const bits = net.threshold(mac, (taps * channels) / 2, 3)
  return workload(net.build(net.pool(bits, 'max', 2)))
}

/** The weights of kernel `row` as +1 and -1: tap by tap, channels fastest. */
export function kernelSigns({ taps, channels, words }: BinaryWeights, row: number): number[] {
  const size = wordsOf(channels)
  return Array.from({ length: taps }, (_, tap) => [...unpackRow(words, (row * taps + tap) * size, channels)]).flat()
}

/** Where two lists of +1 and -1 agree. */
export const matches = (a: readonly number[], b: readonly number[]): number =>
  a.filter((sign, i) => sign === b[i]).length

export const randomSigns = (seed: string, length: number): number[] => {
  const random = seedrandom(seed)
  return Array.from({ length }, () => (random() < 0.5 ? 1 : -1))
}

/** Layers that no pass may change the terms of: coded weights, and terms that a pass has changed. */
export const taken = (layer: Layer): readonly Layer[] => {
  const { weights } = layer.weights
  if (weights.kind !== 'binary') throw new Error('expected binary weights')
  const code = {
    symbols: new Uint16Array(),
    ranges: [],
    lengths: new Uint8Array(),
    words: new Uint32Array(),
    tableBits: 0,
  }
  const stream = { bytes: new Uint8Array(), bits: 0 }
  const slices = {
    first: new Int32Array(),
    values: new Uint32Array(),
    use: new Uint16Array(),
    inverse: new Uint8Array(),
  }
  return [
    { ...layer, weights: { encoding: 'coded', weights, code, stream } },
    { ...layer, terms: { kind: 'slices', slices } },
  ]
}

/** One whose sums stop early: who says which terms they have comes before who lets them stop. */
export const stopping = (layer: Layer): Layer => ({
  ...layer,
  terms: { kind: 'dense', stop: { decision: true, bound: false, pool: false } },
})
