import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { codedBits } from '../../../src/opt/kernels/code.ts'
import { bestGroups, GROUPS, groupedCode } from '../../../src/opt/kernels/grouped.ts'
import { InputError } from '../../../src/work/input-error.ts'
import { counts, histograms, huffmanBits, occurring, small } from './histograms.ts'

const bitsIn = (histogram: Uint32Array, indexBits: readonly number[]) =>
  codedBits(histogram, groupedCode(histogram, indexBits))

describe('groupedCode', () => {
  it('puts an index behind the prefix of a group', () => {
    // Groups {0}, {1, 2}, {3}, which weigh 5, 5 and 1.
    const code = groupedCode(counts([5, 3, 2, 1]), [0, 1, 3, 4])
    expect(code.ranges).toEqual([
      { bits: 1, word: 0b0, first: 0, size: 1 },
      { bits: 3, word: 0b100, first: 1, size: 2 },
      { bits: 5, word: 0b11000, first: 3, size: 1 },
    ])
    expect([...code.words.subarray(0, 4)]).toEqual([0b0, 0b100, 0b101, 0b11000])
    expect(code.tableBits).toBe(4 * 9 + 3 * (5 + 9) + 1 + 3 + 5)
  })

  it('needs no prefix for one group, except of one symbol', () => {
    expect(groupedCode(counts([1, 1, 1]), [2]).ranges).toEqual([{ bits: 2, word: 0, first: 0, size: 3 }])
    expect(groupedCode(counts([4]), [0]).ranges).toEqual([{ bits: 1, word: 0, first: 0, size: 1 }])
    expect(groupedCode(counts([4])).ranges).toEqual([{ bits: 1, word: 0, first: 0, size: 1 }])
  })

  it('is Huffman’s code if every group is one symbol', () => {
    const histogram = histograms['random, some absent']!
    expect(bitsIn(histogram, Array(occurring(histogram)).fill(0))).toBe(huffmanBits(histogram))
  })

  it('refuses groups without room for all symbols, and index bits that are none', () => {
    const message = 'expected groups with room for 4 symbols, got room for 3'
    expect(() => groupedCode(counts([5, 3, 2, 1]), [0, 1])).toThrow(new InputError(message))
    for (const bits of [-1, 10, 1.5]) expect(() => groupedCode(counts([1]), [bits])).toThrow(InputError)
  })
})

describe('bestGroups', () => {
  it('finds the best of all ways to cut up to 12 symbols', () => {
    for (const histogram of [...small('groups', 12), counts(Array.from({ length: 12 }, (_, i) => 2 ** i))]) {
      const fewest = Math.min(...cuts(occurring(histogram)).map((indexBits) => bitsIn(histogram, indexBits)))
      expect(bitsIn(histogram, bestGroups(histogram))).toBe(fewest)
    }
  })

  it.each(Object.entries(histograms))(
    '%s: no worse than groupings drawn, no better than Huffman',
    (name, histogram) => {
      const best = bestGroups(histogram)
      const bits = bitsIn(histogram, best)
      expect(best.length).toBeLessThanOrEqual(GROUPS)
      expect(bits).toBeGreaterThanOrEqual(huffmanBits(histogram))
      const random = seedrandom(name)
      for (let i = 0; i < 100; i++) {
        const drawn = Array.from({ length: GROUPS - 1 }, () => Math.floor(10 * random())).sort((a, b) => a - b)
        expect(bits).toBeLessThanOrEqual(bitsIn(histogram, [...drawn, 9]))
      }
    },
  )

  it('is raw bits where all are equally frequent', () => {
    expect(bestGroups(histograms['uniform over 512']!)).toEqual([9])
  })
})

/** All groups of powers of two, full but for the last, that `symbols` symbols are cut into. */
function cuts(symbols: number, groups = GROUPS): number[][] {
  if (symbols <= 0) return [[]]
  if (groups === 0) return []
  const all: number[][] = []
  for (let bits = 0; bits === 0 || 2 ** (bits - 1) < symbols; bits++)
    for (const rest of cuts(symbols - 2 ** bits, groups - 1)) all.push([bits, ...rest])
  return all
}
