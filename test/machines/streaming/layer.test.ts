// Closed forms for one layer alone: the laws that our RTL obeys where nothing irregular happens, and what the
// loops of high-level synthesis add up to.

import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { divisors } from '../../../src/machines/streaming/folding.ts'
import { type LayerParameters, simulateLayer } from '../../../src/machines/streaming/layer.ts'
import { hlsDepths } from '../../../src/machines/streaming/styles.ts'
import { popcountStages } from '../../../src/units/matrix-vector.ts'
import { always, every } from '../../../src/units/test-pattern.ts'
import { getBit } from '../../../src/work/bits.ts'
import { wordsOf } from '../../../src/work/tensor.ts'
import { orders } from '../../units/rig.ts'

type Shape = Omit<LayerParameters, 'style' | 'offered' | 'accepted' | 'seed'>

/** Seeded random layers of kernel 0 (dense) to 3. */
const shapes: readonly Shape[] = Array.from({ length: 60 }, (_, i) => {
  const random = seedrandom(`layer ${i}`)
  const pick = (from: readonly number[]): number => from[Math.floor(random() * from.length)]!
  const kernel = i % 4
  const stride = kernel > 1 ? pick([1, 1, 2]) : 1
  const channels = pick([3, 8, 20, 33, 64, 100])
  const out = pick([2, 6, 16, 24])
  const [pe, simd] = [pick(divisors(out)), pick(divisors(channels))]
  const input = kernel === 0 ? 1 : kernel + stride * pick([0, 1, 3, 5])
  return { kernel, input, in: channels, out, stride, pe, simd, frames: 3 }
})

/** The letters of the reference: folds, words a row, rows and columns of outputs. */
function letters({ kernel: K, input, in: channels, out, stride: S, pe, simd }: Shape) {
  const dense = K === 0
  const CF = channels / simd
  const SF = (dense ? 1 : K * K) * CF
  const OFM = dense ? 1 : (input - K) / S + 1
  return { K, S, CF, SF, NF: out / pe, OFM, IFM: input, ROW: input * CF, PLAT: popcountStages(simd) }
}

const simulate = (shape: Shape, more: Partial<LayerParameters> = {}) =>
  simulateLayer({ ...shape, style: 'rtl', offered: always, accepted: always, seed: 'x', ...more })

const name = ({ kernel, input, in: channels, out, stride, pe, simd }: Shape): string =>
  `${kernel}x${kernel}/${stride} over ${input}x${input}x${channels} to ${out} on ${pe}x${simd}`

const named = shapes.map((shape) => [name(shape), shape] as const)

describe('a layer of the RTL style', () => {
  it.each(named)(
    '%s: the first output comes kernel rows, a vector and the pipeline after the first input',
    (_, shape) => {
      const { K, SF, ROW, PLAT } = letters(shape)
      expect(simulate(shape).firstOutputCycle).toBe(K === 0 ? SF + PLAT + 3 : K * ROW + SF + PLAT + 4)
    },
  )

  it.each(named)('%s: the interval is steps of the matrix-vector unit, and rows that it must wait for', (_, shape) => {
    const { K, S, SF, NF, ROW, OFM } = letters(shape)
    // Regular: a row of windows takes longer than the words of the rows that the next one needs.
    if (OFM * NF * SF < S * ROW) return
    const wait = K === 0 ? 0 : Math.max(0, (K - S) * ROW - (NF - 1) * SF)
    expect(simulate(shape).intervalLast).toBe(OFM ** 2 * NF * SF + wait)
  })

  it.each(named)('%s: with outputs accepted once in P cycles, each takes a multiple of P', (_, shape) => {
    const { K, S, SF, NF, ROW, OFM } = letters(shape)
    if (OFM * NF * SF < S * ROW || (K > 0 && (K - S) * ROW > (NF - 1) * SF)) return
    for (const P of [2, 8]) {
      const { intervalLast } = simulate(shape, { accepted: every(P), frames: 5 })
      expect(intervalLast).toBe(OFM ** 2 * NF * P * Math.ceil(SF / P))
    }
  })

  it('has regular shapes among these', () => {
    const regular = shapes.filter((shape) => {
      const { S, SF, NF, ROW, OFM } = letters(shape)
      return OFM * NF * SF >= S * ROW
    })
    expect(regular.length).toBeGreaterThan(shapes.length / 2)
  })
})

describe('a layer of high-level synthesis', () => {
  const { matrixVector, window } = hlsDepths

  it.each(named)('%s: is never ahead of its loops, and its slower unit sets the interval', (_, shape) => {
    const { K, S, CF, SF, NF, OFM, ROW } = letters(shape)
    if (K === 0) return
    const windows = K * ROW + OFM * Math.max(OFM * K * K * CF, S * ROW) + window - 2
    const steps = OFM ** 2 * NF * SF
    expect(simulate(shape, { style: 'hls' }).firstOutputCycle).toBeGreaterThanOrEqual(
      K * ROW + (window - 2) + SF + (matrixVector - 2),
    )
    // What one frame more in the middle adds; the last is shorter, as its outputs run out at once.
    const spans = [11, 12].map((frames) => simulate(shape, { style: 'hls', frames }).intervalMean! * (frames - 1))
    const interval = spans[1]! - spans[0]!
    expect(interval).toBeGreaterThanOrEqual(Math.max(steps, windows))
    if (NF === 1) expect(interval).toBe(windows)
  })

  it('keeps the last output of a frame until the next frame comes, where the RTL lets it out', () => {
    const dense: Shape = { kernel: 0, input: 1, in: 8, out: 4, stride: 1, pe: 4, simd: 8, frames: 2 }
    const offered = (cycle: number): number => (cycle <= 0 ? 0 : Math.max(cycle, 100))
    expect(simulate(dense, { offered }).firstFrameCycles).toBeLessThan(10)
    expect(simulate(dense, { offered, style: 'hls' }).firstFrameCycles).toBeGreaterThan(100)
  })
})

describe.each(['rtl', 'hls'] as const)('a layer, %s', (style) => {
  it.each(named)('%s: computes its outputs, whatever the order of events', (_, shape) => {
    const [forward, ...others] = orders.map((order) => simulate(shape, { style, order, accepted: every(3) }))
    for (const other of others) expect(other).toEqual(forward)
    const { inputs, matrix, levels, outputs } = forward!
    expect(outputs).toEqual(expectedOutputs(shape, inputs, matrix.words, levels))
  })
})

/** Bit by bit, from input words of `simd` bits to output words of `pe` bits. */
function expectedOutputs(shape: Shape, inputs: Uint32Array, weights: Uint32Array, levels: Int32Array): number[] {
  const { in: channels, out, simd, pe, stride, frames } = shape
  const { K, OFM } = letters(shape)
  const kernel = Math.max(1, K)
  const size = K === 0 ? 1 : shape.input
  const columns = kernel ** 2 * channels
  const input = (pixel: number, channel: number): number =>
    getBit(inputs, (pixel * (channels / simd) + Math.floor(channel / simd)) * wordsOf(simd), channel % simd)
  const words: number[] = []
  for (let vector = 0; vector < frames * OFM ** 2; vector++) {
    const [frame, y, x] = [Math.floor(vector / OFM ** 2), Math.floor(vector / OFM) % OFM, vector % OFM]
    for (let first = 0; first < out; first += pe) {
      let word = 0
      for (let row = first; row < first + pe; row++) {
        let matches = 0
        for (let c = 0; c < columns; c++) {
          const tap = Math.floor(c / channels)
          const at = (y * stride + Math.floor(tap / kernel)) * size + x * stride + (tap % kernel)
          if (input(frame * size ** 2 + at, c % channels) === getBit(weights, row * wordsOf(columns), c)) matches++
        }
        if (matches > levels[row]!) word |= 1 << (row - first)
      }
      words.push(word >>> 0)
    }
  }
  return words
}
