// LUTs, memories and counts for energy of small dense layers, worked out by hand from the published constants.

import { describe, expect, it } from 'vitest'
import { gatherLut } from '../../../src/machines/pe-array/logic.ts'
import type { PeArraySpec } from '../../../src/machines/pe-array/spec.ts'
import { anyWeights, banks, chain, common, counted, expectCounts, IMAGES, runOn, type Sizes, spec } from './by-hand.ts'
import { baseSpec, layerOf, runChecked } from './small-array.ts'

it('gathers by straight lines through what was synthesised', () => {
  const found = [0, 144, 288, 432, 576, 864, 1152, 1440, 2304].map(gatherLut)
  expect(found).toEqual([0, 14.5, 29, 39, 49, 74.5, 100, 125.5, 202])
})

describe('a dense layer', () => {
  // 4 x 3 PEs; 8 kernels of 3x3x8 = 72 bits: 2 folds of 5 steps; 2 x 4 pixels in groups of 3, 3, 2; sums of 7 bits.
  const network = chain({ channels: 8, height: 4, width: 6 }, [{ kernel: 3, weights: anyWeights(8, 9, 8), level: 36 }])
  const logic = { ...common, popcounts: 1.96 * 16 * 12, accumulators: 0.74 * 7 * 12 }
  const sizes: Sizes = {
    logic,
    // 64 words of 3 bits take 4 LUTs: 22 for words of 16 bits, 43 for 32, 2 for one; weights and levels take one a bit.
    lutram: { leaving: 43, weights: 4 * 16, levels: 4 * 7, window: 3 * 22, pending: 12 * 2 },
    ramb18: banks,
  }

  it('takes PEs of its bits and its sums, and memories of its words', () => {
    const run = runOn(network, baseSpec, [], sizes)
    expect(run.resources!.used).toEqual({ lut: 2598, lutram: 225, ff: 2136, bram36: 8, dsp: 0 })
  })

  it('counts steps of PEs, and words', () => {
    // Of 12 PEs, 4 rows work on 8 pixels in 10 steps. A group is 5 words of a window, and 5 in the fullest bank.
    const pes = (10 * 4 * 8) / 12
    expectCounts(layerOf(runOn(network, baseSpec, [], sizes), 'mac0'), logic, {
      active: { popcounts: pes, accumulators: pes, loader: 3 * 5 },
      // Weights, levels, windows, results.
      lutram: { read: 3 * 10 * 4 * 16 + 3 * 2 * 4 * 7 + 10 * 8 * 22 + 8 * 8 * 2, write: 8 * 5 * 22 + 8 * 8 * 2 },
      // 5x3, 19 and 4x3 pixels are seen by groups; 8 are written.
      ramb18: { read: 15 + 19 + 12, write: 8 },
    })
  })
})

describe('a pool behind it', () => {
  // 4 kernels of 8 bits: 2 folds of a step, sums of 4 bits; 2 x 2 pooled pixels in groups of 3 and 1, four turns each.
  const network = chain({ channels: 8, height: 4, width: 4 }, [
    { kernel: 1, weights: anyWeights(4, 1, 8), level: 4, pool: true },
  ])
  const logic = { ...common, popcounts: 1.96 * 16 * 6, accumulators: 0.74 * 4 * 6 }

  it('has a bit for each fold, and results that are counted once', () => {
    const run = runOn(network, spec, [], {
      logic,
      lutram: { leaving: 43, weights: 2 * 16, levels: 2 * 4, window: 3 * 22, pooled: 6 * 2, pending: 6 * 2 },
      ramb18: banks,
    })
    const layer = layerOf(run, 'mac0')
    const compares = 4 * 16
    const results = 4 * 4
    const pes = (4 * 16) / 6
    expect(layer.operations.compares).toBe(IMAGES * compares)
    expectCounts(layer, logic, {
      // Of a group's three windows, two lie in one bank, in each turn.
      active: { popcounts: pes, accumulators: pes, loader: 4 * 2 + 4 },
      lutram: {
        read: 4 * 8 * (16 + 4) + 2 * 16 * 22 + compares * 2 + results * 2,
        write: 16 * 22 + compares * 2 + results * 2,
      },
      ramb18: { read: 16, write: 4 },
    })
  })
})

describe('pictures and results', () => {
  // A pixel of 40 bits takes two words of 32, its 4 results one.
  const network = chain({ channels: 40, height: 1, width: 5 }, [
    { kernel: 1, weights: anyWeights(4, 1, 40), level: 20 },
  ])
  const { run } = runChecked(network, spec)

  it('come and leave as bits over the memory port', () => {
    expect(counted(layerOf(run, 'input'), 'dram', 'readBit')).toBe(IMAGES * 200)
    expect(counted(layerOf(run, 'output'), 'dram', 'writeBit')).toBe(IMAGES * 20)
  })

  it('are written to as many words as they take, and results read from as many', () => {
    expect(counted(layerOf(run, 'input'), 'ramb18', 'write')).toBe(IMAGES * 5 * 2)
    // 32 bits of LUT memory, 4 LUTs for 3.
    expect(counted(layerOf(run, 'output'), 'lutram', 'read')).toBe(IMAGES * 5 * 43)
  })
})

describe('weights', () => {
  // 80 kernels of 16 bits: 40 folds of a step; 12 of 80 bits: 6 folds of 5. Sums of 5 bits, and of 7 that leave; a group.
  const network = chain({ channels: 16, height: 1, width: 3 }, [
    { kernel: 1, weights: anyWeights(80, 1, 16), level: 8 },
    { kernel: 1, weights: anyWeights(12, 1, 80) },
  ])
  const logic = { ...common, popcounts: 1.96 * 16 * 6, accumulators: 0.74 * 7 * 6 }
  // Of results that leave, 16 bits each, a pixel has 6 words; sums of two groups wait, and 16 groups of 40 bits: 10 x 64.
  const lutram = { leaving: 43, window: 3 * 22, sums: 6 * 10, pending: 6 * 10 * 2 }
  // 70 or 80 words of 16 bits are more than 64, and more than 1024 bits.
  const ramb18 = { ...banks, weights: 2 }
  const design = { onChip: { ...lutram, levels: 2 * 5 }, streamed: { ...lutram, levels: 2 * 2 * 5 } }

  /** Cycles of one direction, which is half of the logic: it has half of 32 bits of 1066 MT/s, at 200 MHz. */
  const reading = (bits: number): number => bits / ((32 * 1066) / 200 / 2) / 2

  const layersOn = (weights: PeArraySpec['weights'], lutram: Sizes['lutram']) => {
    const run = runOn(network, { ...spec, weights }, [], { logic, lutram, ramb18 })
    return [layerOf(run, 'mac0'), layerOf(run, 'mac2')] as const
  }
  const mac0 = {
    active: { popcounts: 40, accumulators: 40, loader: 1 },
    lutram: { read: 80 * 5 + 40 * 3 * 22 + 240 * 2, write: 3 * 22 + 240 * 2 },
    ramb18: { read: 80 + 3, write: 9 },
  }
  const mac2 = {
    active: { popcounts: 30, accumulators: 30, loader: 5 },
    lutram: { read: 30 * 3 * 22 + 36 * 10, write: 3 * 5 * 22 + 36 * 10 },
    ramb18: { read: 60 + 9, write: 18 },
  }

  it('on the chip lie behind one another, and are never written', () => {
    const [first] = layersOn('on-chip', design.onChip)
    expectCounts(first, logic, mac0)
  })

  it('that are streamed have two halves for the largest layer, and are written once an image', () => {
    const [first] = layersOn('streamed', design.streamed)
    const bits = 2 * 40 * (16 + 5)
    expectCounts(first, logic, {
      active: { ...mac0.active, dma: reading(bits) },
      lutram: { ...mac0.lutram, write: mac0.lutram.write + 2 * 40 * 5 },
      ramb18: { ...mac0.ramb18, write: mac0.ramb18.write + 2 * 40 },
    })
    expect(counted(first, 'dram', 'readBit')).toBe(IMAGES * bits)
    expect(counted(first, 'dram', 'activate')).toBeCloseTo((IMAGES * bits) / 512, 6)
    expect(counted(first, 'dram-phy', 'bit')).toBe(IMAGES * bits)
  })

  it('of a layer without thresholds have no levels, read or written', () => {
    const [, onChip] = layersOn('on-chip', design.onChip)
    expectCounts(onChip, logic, mac2)
    const [, streamed] = layersOn('streamed', design.streamed)
    expectCounts(streamed, logic, {
      active: { ...mac2.active, dma: reading(2 * 30 * 16) },
      lutram: mac2.lutram,
      ramb18: { ...mac2.ramb18, write: mac2.ramb18.write + 2 * 30 },
    })
  })
})
