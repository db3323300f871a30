import { describe, expect, it } from 'vitest'
import { codedBits, codeOf, entropyOf } from '../../../src/opt/kernels/code.ts'
import { groupedCode } from '../../../src/opt/kernels/grouped.ts'
import { huffmanCode, limitedCode } from '../../../src/opt/kernels/huffman.ts'
import { decode, encode, type KernelCode } from '../../../src/work/kernel-code.ts'
import { codewords, counts, drawn, histograms, isPrefixFree, kraftSum, occurring } from './histograms.ts'

const codes: Readonly<Record<string, (histogram: Uint32Array) => KernelCode>> = {
  Huffman: huffmanCode,
  'limited to 9 bits': (histogram) => limitedCode(histogram, 9),
  'limited to 12 bits': (histogram) => limitedCode(histogram, 12),
  'best groups': (histogram) => groupedCode(histogram),
  'groups of 2, 4, 16, 64 and 512': (histogram) => groupedCode(histogram, [1, 2, 4, 6, 9]),
  'one group': (histogram) => groupedCode(histogram, [9]),
}

describe.each(Object.entries(codes))('%s', (_, make) => {
  it.each(Object.entries(histograms))('%s: is a prefix code that decodes to what was encoded', (name, histogram) => {
    const code = make(histogram)
    const sequences = drawn(histogram, name)
    const { bytes, bits } = encode(sequences, code)
    expect(decode(bytes, sequences.length, code)).toEqual(sequences)
    expect(bytes.length).toBe(Math.ceil(bits / 8))
    expect(bits).toBe(sequences.reduce((sum, symbol) => sum + code.lengths[symbol]!, 0))

    expect(isPrefixFree(codewords(code))).toBe(true)
    expect(kraftSum(code)).toBeLessThanOrEqual(1)
    expect(codewords(code)).toHaveLength(occurring(histogram))
    expect(code.lengths.every((length, symbol) => length > 0 === histogram[symbol]! > 0)).toBe(true)
    expect(code.symbols.every((symbol, i) => i === 0 || histogram[code.symbols[i - 1]!]! >= histogram[symbol]!)).toBe(
      true,
    )
  })

  it('is the same each time', () => {
    const histogram = histograms['random, some absent']!
    expect(make(histogram)).toEqual(make(histogram))
  })

  it('of nothing has no codewords', () => {
    const code = make(counts([]))
    expect(codewords(code)).toEqual([])
    expect(code.tableBits).toBe(0)
    expect(encode(new Uint16Array(), code)).toEqual({ bytes: new Uint8Array(), bits: 0 })
    expect(decode(new Uint8Array(), 0, code)).toEqual(new Uint16Array())
  })
})

describe('a code by hand', () => {
  // 5: 0, 1: 10, 2: 11
  const code = huffmanCode(counts([0, 2, 1, 0, 0, 4]))

  it('puts the first bit into the most significant one', () => {
    expect(encode(Uint16Array.of(1, 5, 2, 2, 5, 1), code)).toEqual({
      bytes: Uint8Array.of(0b10011110, 0b10000000),
      bits: 10,
    })
    expect(codedBits(counts([0, 2, 1, 0, 0, 4]), code)).toBe(10)
  })

  it('needs 9 bits a symbol, and for each range 5, the codeword and 9', () => {
    expect(code.ranges).toEqual([
      { bits: 1, word: 0, first: 0, size: 1 },
      { bits: 2, word: 2, first: 1, size: 2 },
    ])
    expect(code.tableBits).toBe(3 * 9 + (5 + 1 + 9) + (5 + 2 + 9))
  })

  it('has ranges in the order of their words', () => {
    const [one, two] = code.ranges
    expect(codeOf(code.symbols, [two!, one!])).toEqual(code)
  })

  it('refuses a symbol without a codeword', () => {
    expect(() => encode(Uint16Array.of(5, 3), code)).toThrow(new RangeError('sequence 3 has no codeword'))
    expect(() => encode(Uint16Array.of(512), code)).toThrow(RangeError)
  })

  it('refuses bytes that hold too few sequences, and bits that are no codeword', () => {
    expect(decode(Uint8Array.of(0), 8, code)).toEqual(new Uint16Array(8).fill(5))
    expect(() => decode(Uint8Array.of(0), 9, code)).toThrow(new RangeError('expected 9 sequences, got 8'))
    const single = huffmanCode(counts([0, 1]))
    expect(() => decode(Uint8Array.of(0b00100000), 3, single)).toThrow(new RangeError('no codeword at bit 2'))
  })

  it('decodes codewords of 32 bits that lie across bytes', () => {
    const ranges = [
      { bits: 1, word: 0, first: 0, size: 1 },
      { bits: 32, word: 0xffff_fffe, first: 1, size: 2 },
    ]
    const long = codeOf(Uint16Array.of(7, 8, 9), ranges)
    const sequences = Uint16Array.of(7, 9, 8, 7, 7, 7, 8, 7, 9)
    expect(decode(encode(sequences, long).bytes, 9, long)).toEqual(sequences)
  })
})

describe('entropyOf', () => {
  it('is 0 for one symbol and for none, 9 for 512 equal ones', () => {
    expect(entropyOf(counts([]))).toBe(0)
    expect(entropyOf(counts([0, 12345]))).toBe(0)
    expect(entropyOf(new Uint32Array(512).fill(11))).toBeCloseTo(9, 12)
    expect(entropyOf(counts([2, 1, 1]))).toBe(1.5)
  })
})
