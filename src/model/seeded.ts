// Seeded parameters for topologies without trained weights. Every name has its own
// stream of random numbers, so changing one layer leaves the others as they were.

import seedrandom, { type PRNG } from 'seedrandom'
import type { BinaryWeights } from '../work/network.ts'
import { wordsOf } from '../work/tensor.ts'
import type { Parameters, Spread } from './parameters.ts'
import { type SequenceChoice, sampler, sequenceShares } from './sequences.ts'

/**
 * 3x3 binary kernels are slices drawn independently from the measured histogram that `choice` names; all other
 * binary weights are fair coin flips; integers and reals are uniform with the spread asked for. Equal seeds and
 * names give equal values on every machine.
 */
export function seededParameters(seed: string, choice: SequenceChoice = {}): Parameters {
  const draw = sampler(sequenceShares(choice))
  const stream = (name: string) => seedrandom.alea(`${seed}/${name}`)
  return {
    weights: 'seeded',
    binary(name, rows, channels, taps) {
      const weights = { kind: 'binary', rows, taps, channels, words: new Uint32Array(rows * taps * wordsOf(channels)) }
      if (taps === 9) fillSlices(weights.words, rows, channels, stream(name), draw)
      else fillBits(weights.words, channels, stream(name))
      return weights as BinaryWeights
    },
    integers: (name, count, spread) => new Int32Array(uniform(stream(name), count, spread).map(Math.round)),
    reals: (name, count, spread) => new Float32Array(uniform(stream(name), count, spread)),
  }
}

/** Words (row * 9 + tap) * stride .. of network.ts's layout: one drawn slice gives a channel's bit in nine words. */
function fillSlices(words: Uint32Array, rows: number, channels: number, random: PRNG, draw: (random: PRNG) => number) {
  const stride = wordsOf(channels)
  const packed = new Uint32Array(9)
  for (let row = 0; row < rows; row++) {
    for (let word = 0; word < stride; word++) {
      packed.fill(0)
      const bits = Math.min(32, channels - word * 32)
      for (let bit = 0; bit < bits; bit++) {
        let slice = draw(random)
        for (let tap = 0; tap < 9; tap++) {
          packed[tap]! |= (slice & 1) << bit
          slice >>>= 1
        }
      }
      for (let tap = 0; tap < 9; tap++) words[(row * 9 + tap) * stride + word] = packed[tap]!
    }
  }
}

function fillBits(words: Uint32Array, channels: number, random: PRNG) {
  const stride = wordsOf(channels)
  const last = channels & 31 ? (1 << (channels & 31)) - 1 : -1
  for (let word = 0; word < words.length; word++) {
    words[word] = (word + 1) % stride === 0 ? random.int32() & last : random.int32()
  }
}

function uniform(random: PRNG, count: number, { mean, deviation }: Spread): Float64Array {
  const low = mean - Math.sqrt(3) * deviation
  const range = 2 * Math.sqrt(3) * deviation
  const values = new Float64Array(count)
  for (let i = 0; i < count; i++) values[i] = low + range * random()
  return values
}
