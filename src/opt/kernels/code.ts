// Prefix codes for sequences: see src/work/kernel-code.ts for what they consist of.

import type { Coded, CodeRange, KernelCode } from '../../work/kernel-code.ts'
import { SEQUENCES, TAPS } from './sequences.ts'

/** Bits of the longest codeword that a code may have. */
export const LONGEST = 32

/** The code with these ranges, in any order. */
export function codeOf(symbols: Uint16Array, ranges: readonly CodeRange[]): KernelCode {
  const lengths = new Uint8Array(SEQUENCES)
  const words = new Uint32Array(SEQUENCES)
  let tableBits = TAPS * symbols.length
  for (const { bits, word, first, size } of ranges) {
    for (let i = 0; i < size; i++) {
      lengths[symbols[first + i]!] = bits
      words[symbols[first + i]!] = word + i
    }
    tableBits += Math.log2(LONGEST) + bits + TAPS
  }
  const sorted = ranges.toSorted((a, b) => a.word / 2 ** a.bits - b.word / 2 ** b.bits)
  return { symbols, ranges: sorted, lengths, words, tableBits }
}

/** The symbols that occur, by falling count; those of equal count in their own order. */
export function ranked(counts: Uint32Array): Uint16Array {
  const symbols = Uint16Array.from(counts.keys()).filter((symbol) => counts[symbol]! > 0)
  return symbols.sort((a, b) => counts[b]! - counts[a]! || a - b)
}

/** Bits a symbol that no code of single symbols can go below. */
export function entropyOf(counts: Uint32Array): number {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return counts.reduce((bits, count) => (count > 0 ? bits + (count / total) * Math.log2(total / count) : bits), 0)
}

/** Bits that symbols with this histogram take. */
export function codedBits(counts: Uint32Array, { lengths }: KernelCode): number {
  return counts.reduce((bits, count, symbol) => bits + count * lengths[symbol]!, 0)
}

/** Throws RangeError for a symbol without a codeword. */
export function encode(sequences: Uint16Array, { lengths, words }: KernelCode): Coded {
  let bits = 0
  for (const symbol of sequences) {
    if (!lengths[symbol]) throw new RangeError(`sequence ${symbol} has no codeword`)
    bits += lengths[symbol]
  }
  const bytes = new Uint8Array(Math.ceil(bits / 8))
  let at = 0
  for (const symbol of sequences)
    for (let bit = lengths[symbol]! - 1; bit >= 0; bit--, at++)
      bytes[at >>> 3]! |= ((words[symbol]! >>> bit) & 1) << (7 - (at & 7))
  return { bytes, bits }
}

/** The first `count` sequences. Throws RangeError where the bytes hold no codeword, or too few. */
export function decode(bytes: Uint8Array, count: number, { symbols, ranges }: KernelCode): Uint16Array {
  const sequences = new Uint16Array(count)
  let at = 0
  for (let i = 0; i < count; i++) {
    const next = window(bytes, at)
    const range = ranges.findLast(({ bits, word }) => next >>> (LONGEST - bits) >= word)
    const index = range === undefined ? 0 : (next >>> (LONGEST - range.bits)) - range.word
    if (range === undefined || index >= range.size) throw new RangeError(`no codeword at bit ${at}`)
    sequences[i] = symbols[range.first + index]!
    at += range.bits
    if (at > 8 * bytes.length) throw new RangeError(`expected ${count} sequences, got ${i}`)
  }
  return sequences
}

/** The 32 bits from bit `at` on; zeros behind the end. */
function window(bytes: Uint8Array, at: number): number {
  const byte = (i: number) => bytes[(at >>> 3) + i] ?? 0
  const four = (byte(0) << 24) | (byte(1) << 16) | (byte(2) << 8) | byte(3)
  return ((four << (at & 7)) | (byte(4) >>> (8 - (at & 7)))) >>> 0
}
