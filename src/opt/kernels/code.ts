// Prefix codes for sequences, made of their counts: see src/work/kernel-code.ts for what they consist of.

import { type CodeRange, type KernelCode, LONGEST } from '../../work/kernel-code.ts'
import { SEQUENCES, TAPS } from '../../work/sequences.ts'

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
