import { describe, expect, it } from 'vitest'
import { codedBits, entropyOf } from '../../../src/opt/kernels/code.ts'
import { canonicalWords, huffmanCode, limitedCode, optimalLengths } from '../../../src/opt/kernels/huffman.ts'
import { InputError } from '../../../src/work/input-error.ts'
import { counts, histograms, huffmanBits, kraftSum, occurring, small, total } from './histograms.ts'

const several = Object.entries(histograms).filter(([, histogram]) => occurring(histogram) > 1)

describe('huffmanCode', () => {
  it.each(several)('%s: takes the bits of Huffman’s tree, within a bit of the entropy', (_, histogram) => {
    const code = huffmanCode(histogram)
    const bits = codedBits(histogram, code)
    expect(bits).toBe(huffmanBits(histogram))
    expect(kraftSum(code)).toBe(1)
    expect(bits / total(histogram)).toBeGreaterThanOrEqual(entropyOf(histogram) - 1e-12)
    expect(bits / total(histogram)).toBeLessThan(entropyOf(histogram) + 1)
  })

  it('gives a single symbol one bit', () => {
    expect(huffmanCode(counts([0, 0, 9])).ranges).toEqual([{ bits: 1, word: 0, first: 0, size: 1 }])
  })

  it('breaks ties by symbol', () => {
    const { lengths, words, symbols } = huffmanCode(counts([1, 1, 1, 1, 1]))
    expect([...symbols]).toEqual([0, 1, 2, 3, 4])
    expect([...lengths.subarray(0, 5)]).toEqual([2, 2, 2, 3, 3])
    expect([...words.subarray(0, 5)]).toEqual([0b00, 0b01, 0b10, 0b110, 0b111])
  })

  it('has no codeword of more than 32 bits, even where Huffman’s tree is deeper', () => {
    const fibonacci = [1, 1]
    while (fibonacci.length < 40) fibonacci.push(fibonacci.at(-1)! + fibonacci.at(-2)!)
    const code = huffmanCode(counts(fibonacci))
    expect(Math.max(...code.lengths)).toBe(32)
    expect(kraftSum(code)).toBe(1)
    expect(codedBits(counts(fibonacci), code)).toBeGreaterThan(huffmanBits(fibonacci))
    const fits = fibonacci.slice(0, 33)
    expect(Math.max(...huffmanCode(counts(fits)).lengths)).toBe(32)
    expect(codedBits(counts(fits), huffmanCode(counts(fits)))).toBe(huffmanBits(fits))
  })
})

describe('limitedCode', () => {
  it.each(several)('%s: takes no fewer bits the shorter the limit, and never exceeds it', (_, histogram) => {
    let fewest = huffmanBits(histogram)
    for (let longest = 24; 2 ** longest >= occurring(histogram); longest--) {
      const code = limitedCode(histogram, longest)
      const bits = codedBits(histogram, code)
      expect(bits).toBeGreaterThanOrEqual(fewest)
      expect(Math.max(...code.lengths)).toBeLessThanOrEqual(longest)
      expect(kraftSum(code)).toBe(1)
      fewest = bits
    }
  })

  it('is the best of all codes of up to 6 symbols', () => {
    for (const histogram of small('package-merge', 6)) {
      const weights = [...histogram.subarray(0, occurring(histogram))]
      for (let longest = Math.ceil(Math.log2(weights.length)); longest <= 5; longest++)
        expect(codedBits(histogram, limitedCode(histogram, longest))).toBe(fewestBits(weights, longest))
    }
  })

  it('refuses a limit that is too short for the symbols that occur, or no length', () => {
    expect(limitedCode(counts([1, 1, 1, 1]), 2).ranges).toHaveLength(1)
    const message = 'expected codewords of 3 bits or more for 5 symbols, got 2'
    expect(() => limitedCode(counts([1, 1, 1, 1, 1]), 2)).toThrow(new InputError(message))
    for (const longest of [0, 33, 2.5, Number.NaN]) expect(() => limitedCode(counts([1]), longest)).toThrow(InputError)
  })
})

describe('canonicalWords', () => {
  it('counts up through lengths in any order', () => {
    expect(canonicalWords([3, 1, 3, 2])).toEqual([0b110, 0b0, 0b111, 0b10])
  })
})

describe('optimalLengths', () => {
  it('keeps the order of the weights', () => {
    expect(optimalLengths([1, 8, 2, 4], 32)).toEqual([3, 1, 3, 2])
    expect(optimalLengths([1, 8, 2, 4], 2)).toEqual([2, 2, 2, 2])
  })
})

/** Tries all lengths up to `longest` that Kraft's inequality admits. */
function fewestBits([weight, ...rest]: readonly number[], longest: number, room = 1): number {
  if (weight === undefined) return 0
  let fewest = Infinity
  for (let bits = 1; bits <= longest; bits++)
    if (2 ** -bits <= room) fewest = Math.min(fewest, weight * bits + fewestBits(rest, longest, room - 2 ** -bits))
  return fewest
}
