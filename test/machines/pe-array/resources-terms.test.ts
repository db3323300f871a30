// As resources.test.ts, of layers whose terms are deltas, shared slices, or stop early.

import { describe, expect, it } from 'vitest'
import { withSlices } from '../../../src/opt/kernels/slices.ts'
import type { BinaryWeights } from '../../../src/work/network.ts'
import { anyWeights, banks, chain, common, expectCounts, IMAGES, runOn, spec } from './by-hand.ts'
import { layerOf, pass } from './small-array.ts'

/** Kernel `row` has the bits `rows[row]`, without gaps. */
function withBits(channels: number, rows: readonly (readonly number[])[]): BinaryWeights {
  const size = Math.ceil(channels / 32)
  const words = new Uint32Array(rows.length * size)
  rows.forEach((bits, row) => {
    for (const bit of bits) words[row * size + (bit >>> 5)]! |= 1 << (bit & 31)
  })
  return { kind: 'binary', rows: rows.length, taps: 1, channels, words }
}

describe('early decisions', () => {
  it('are comparisons in each PE, which is at work until the decision comes back', () => {
    // 40 steps of 16 bits, decided by the first of them: 6 are issued. Sums of 10 bits.
    const wide = chain({ channels: 640, height: 1, width: 3 }, [
      { kernel: 1, weights: anyWeights(4, 1, 640), level: -1 },
    ])
    const logic = { ...common, popcounts: 1.96 * 16 * 6, accumulators: (0.74 + 2.55) * 10 * 6 }
    // A row has 2 folds of 40 words of weights; windows are 40 words in two halves, which takes two memories of 64. A pixel of
    // 640 bits is 20 words.
    const run = runOn(wide, spec, [pass('prune-inclusion')], {
      logic,
      lutram: { leaving: 43, levels: 2 * 10, window: 3 * 2 * 22, pending: 6 * 2 },
      ramb18: { ...banks, weights: 2 },
    })
    expectCounts(layerOf(run, 'mac0'), logic, {
      active: { popcounts: 2 * 6, accumulators: 2 * 6, loader: 40 },
      lutram: { read: 4 * 10 + 2 * 6 * 3 * 22 + 12 * 2, write: 3 * 40 * 22 + 12 * 2 },
      ramb18: { read: 60 + 2 * 6 * 2, write: 3 },
    })
  })
})

describe('deltas', () => {
  // Sums of 40 bits take 6, on their way 8. Kernels 0 and 1 are roots of 3 steps, one a row; kernel 2 differs from 0 in bits of
  // two groups of 16, kernel 3 from 1 in one of the third. 5 pixels in groups of 3 and 2.
  const all = Array.from({ length: 40 }, (_, i) => i)
  const weights = withBits(40, [all, [], all.filter((bit) => bit !== 0 && bit !== 20), [35]])
  const network = chain({ channels: 40, height: 1, width: 5 }, [{ kernel: 1, weights, level: 20 }])
  const passes = [pass('reuse-kernels', { trees: 2, inverse: false })]
  const pes = { popcounts: (1.96 + 1.25) * 16 * 6, accumulators: (0.74 + 2) * 8 * 6 }
  // Level, distance, number of the parent's sum and two flags: 6 + 6 + 1 + 2.
  const lutram = { leaving: 43, weights: 2 * 16, levels: 2 * 15, sums: 6 * 11, pending: 6 * 2 }
  // Sums of parents, results, levels of 8 folds of rows.
  const read = 10 * 11 + 20 * 2 + 8 * 15
  const write = 10 * 11 + 20 * 2
  const gather = (29 * 80) / 288 // one of both halves' 40 bits
  const ramb18 = { read: 10, write: 5 }

  it('in lock step take the steps of both rows together', () => {
    const logic = { ...common, ...pes }
    const run = runOn(network, { ...spec, skip: 16 }, passes, {
      logic,
      lutram: { ...lutram, index: 2, masks: 2 * 16, window: 3 * 22 },
      ramb18: banks,
    })
    const [steps, groups] = [3 + 3, 2]
    const active = (steps * 2 * 5) / 6
    expectCounts(layerOf(run, 'mac0'), logic, {
      active: { popcounts: active, accumulators: active, loader: 6 },
      lutram: {
        read: read + groups * steps * (2 * 16 + 2 * 16 + 2) + 5 * steps * 22,
        write: write + 5 * 3 * 22,
      },
      ramb18,
    })
  })

  it('bit by bit gather, and keep no window besides', () => {
    const logic = { ...common, ...pes, gather: gather * 16 * 3 }
    const run = runOn(network, { ...spec, skip: 1 }, passes, {
      logic,
      lutram: { ...lutram, index: 16 * 6, masks: 2 * 16 },
      ramb18: banks,
    })
    const [steps, groups] = [3 + 1, 2]
    const active = (steps * 2 * 5) / 6
    expectCounts(layerOf(run, 'mac0'), logic, {
      active: { popcounts: active, accumulators: active, gather: (steps * 5) / 3, loader: 6 },
      lutram: { read: read + groups * steps * (2 * 16 + 2 * 16 + 16 * 6), write },
      ramb18,
    })
  })

  it('of independent rows have sequencers, lists and windows of their own', () => {
    const logic = { ...common, ...pes, sequencers: 2 * 295 }
    const run = runOn(network, { ...spec, skip: 16, rows: 'independent' }, passes, {
      logic,
      lutram: { ...lutram, index: 2 * 2, masks: 2 * 16, window: 2 * 3 * 22 },
      ramb18: banks,
    })
    const [steps, groups] = [5 + 4, 2] // of both rows
    const active = (steps * 5) / 6
    expectCounts(layerOf(run, 'mac0'), logic, {
      active: { popcounts: active, accumulators: active, loader: 6 },
      lutram: { read: read + groups * steps * (16 + 16 + 2) + 5 * steps * 22, write: write + 2 * 5 * 3 * 22 },
      ramb18,
    })
  })

  it('bit by bit of independent rows have the number of the last bit for a mask', () => {
    const logic = { ...common, ...pes, sequencers: 2 * 295, gather: gather * 16 * 3 * 2 }
    const run = runOn(network, { ...spec, skip: 1, rows: 'independent' }, passes, {
      logic,
      lutram: { ...lutram, index: 2 * 16 * 6, masks: 2 * 4 },
      ramb18: banks,
    })
    const [steps, groups] = [4 + 4, 2]
    const active = (steps * 5) / 6
    expectCounts(layerOf(run, 'mac0'), logic, {
      active: { popcounts: active, accumulators: active, gather: active, loader: 6 },
      lutram: { read: read + groups * steps * (16 + 4 + 16 * 6), write },
      ramb18,
    })
  })
})

describe('shared slices', () => {
  // 5 kernels of 2x2x6, as many different slices by channel as said; 4 lanes of 4 bits: two blocks, 3 folds. A row of 4 pixels
  // in groups of 3 and 1. Sums of 24 bits take 5, results of 4 bits 3.
  const different = [5, 3, 1, 1, 2, 4]
  const kernelSlices = Uint32Array.from({ length: 5 * 6 }, (_, i) => 1 + (Math.floor(i / 6) % different[i % 6]!))
  const weights = withSlices(anyWeights(5, 4, 6), kernelSlices)
  const network = chain({ channels: 6, height: 2, width: 5 }, [{ kernel: 2, weights, level: 12 }])
  const pes = { popcounts: 1.96 * 16 * 6, accumulators: 0.74 * 5 * 6 }
  // A row's word says for each lane which of up to 5 slices, and whether it is the complement.
  const lutram = { leaving: 43, levels: 2 * 5, uses: 2 * 4 * 4, window: 3 * 22, sums: 6 * 7, pending: 6 * 2 }
  const added = (5 * 2 * 4) / 6 // kernels, blocks, pixels

  // Cycles of both blocks, words of the fullest lane (channels 0 and 4), and what a row chooses from.
  it.each([
    { convolvers: 1, cycles: 5 + 4, words: 5 + 2, choice: 0, resultLuts: 4 },
    { convolvers: 4, cycles: 2 + 1, words: 2 + 1, choice: 1, resultLuts: 16 },
  ])('of $convolvers a lane', ({ convolvers, cycles, words, choice, resultLuts }) => {
    expect(words).toBeLessThan(64) // so that a LUT holds them
    const logic = {
      ...common,
      ...pes,
      convolvers: 1.96 * 4 * (3 * 4 * convolvers),
      adders: (1 + choice) * 4 * 3 * 6,
    }
    const run = runOn(network, { ...spec, convolvers }, [pass('share-results')], {
      logic,
      lutram: { ...lutram, slices: 4 * 4 * convolvers, results: 4 * 6 * resultLuts },
      ramb18: banks,
    })
    const layer = layerOf(run, 'mac0')
    expect(layer.operations.slices).toBe(IMAGES * 16 * 4)
    // Slices of a channel that rows use, each row once: all 5; 2, 2, 1; 2; 2; one row each; one row each.
    const copies = 5 + 5 + 2 + 2 + 2 + 4
    expectCounts(layer, logic, {
      active: { accumulators: added, adders: added, convolvers: (16 * 4) / (12 * convolvers), loader: 2 * 2 },
      lutram: {
        read:
          2 * cycles * 4 * (4 * convolvers) + // slices: groups, lanes
          5 * 2 * 2 * 16 + // uses: kernels, blocks, groups
          6 * 5 * 4 * resultLuts + // results: channels, kernels, pixels
          5 * 2 * 5 + // levels
          cycles * 4 * 22 + // windows
          5 * 4 * 7 + // sums of the first block
          5 * 4 * 2,
        write: ((copies * 4) / convolvers) * resultLuts + 4 * 2 * 22 + 2 * 5 * 4 * 7 + 5 * 4 * 2,
      },
      ramb18: { read: 8 + 4, write: 4 },
    })
  })
})
