// Coded weights: where each bit lies, by definition, and what is looked up.

import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { bitPanels } from '../../../src/machines/arm/weights.ts'
import { lookupOf, slicedDepth, slicedPanels, slicedSequences } from '../../../src/machines/arm/weights-coded.ts'
import { codeOf } from '../../../src/opt/kernels/code.ts'
import type { BinaryWeights } from '../../../src/work/network.ts'
import { sequencesOf, withSequences } from '../../../src/work/sequences.ts'

function weightsOf(rows: number, channels: number): BinaryWeights {
  const random = seedrandom.alea(`${rows} ${channels}`)
  const sequences = Uint16Array.from({ length: rows * channels }, () => 512 * random())
  return withSequences({ kind: 'binary', rows, taps: 9, channels, words: new Uint32Array() }, sequences)
}

describe('slicedPanels', () => {
  it.each([20, 32, 64, 96, 128])('of %i channels, a single slice, are rows of taps', (channels) => {
    const weights = weightsOf(11, channels)
    expect(slicedPanels(weights)).toEqual(bitPanels(weights, slicedDepth(channels)))
  })

  it('has slices of 128 channels one behind the other, then the rest, filled up', () => {
    const [rows, channels] = [10, 300]
    const depth = 144 + 144 + 80
    expect(slicedDepth(channels)).toBe(depth)
    const weights = weightsOf(rows, channels)
    const wanted = new Uint8Array(16 * depth)
    for (const [i, sequence] of sequencesOf(weights).entries()) {
      const [row, channel] = [Math.floor(i / channels), i % channels]
      const [slice, within] = [Math.floor(channel / 128), channel % 128]
      for (let tap = 0; tap < 9; tap++) {
        const byte = 144 * slice + (slice < 2 ? 16 : 8) * tap + Math.floor(within / 8)
        const at = Math.floor(row / 8) * 8 * depth + Math.floor(byte / 16) * 128 + (row % 8) * 16 + (byte % 16)
        wanted[at]! |= ((sequence >> tap) & 1) << (within % 8)
      }
    }
    expect(slicedPanels(weights)).toEqual(wanted)
  })
})

describe('slicedSequences', () => {
  it('come by panel, slice, output channel and channel, and the filler where there is no output channel', () => {
    const [rows, channels] = [10, 150]
    const weights = weightsOf(rows, channels)
    const sequences = sequencesOf(weights)
    const wanted: number[] = []
    for (const panel of [0, 8])
      for (const [from, to] of [
        [0, 128],
        [128, 150],
      ] as const)
        for (let row = panel; row < panel + 8; row++)
          for (let c = from; c < to; c++) wanted.push(row < rows ? sequences[row * channels + c]! : 77)
    expect([...slicedSequences(weights, 77)]).toEqual(wanted)
  })
})

describe('lookupOf', () => {
  // 300: 0, 5: 10, 511: 1100 0000 0000
  const code = codeOf(Uint16Array.of(300, 5, 511), [
    { bits: 1, word: 0, first: 0, size: 1 },
    { bits: 2, word: 2, first: 1, size: 1 },
    { bits: 12, word: 0xc00, first: 2, size: 1 },
  ])
  const { lookup, ranges } = lookupOf(code)

  it('has length and symbol by the next 11 bits, and nothing for longer codewords', () => {
    expect(new Set(lookup.subarray(0, 1024))).toEqual(new Set([1 | (1 << 7) | ((300 & 255) << 8)]))
    expect(new Set(lookup.subarray(1024, 1536))).toEqual(new Set([2 | (5 << 8)]))
    expect(new Set(lookup.subarray(1536))).toEqual(new Set([0]))
  })

  it('has ranges with their first codeword at the upper end', () => {
    expect([...ranges]).toEqual([0, 1, 0, 0, 0x8000_0000, 2, 1, 0, 0xc000_0000, 12, 2, 0])
  })
})
