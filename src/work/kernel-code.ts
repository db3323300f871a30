// Kernels in a prefix code, as a decoder reads them. In all codes the codewords form a few ranges, so one decoder serves them all
// (A. Moffat, A. Turpin, "On the implementation of minimum redundancy prefix codes", 1997): the range that the next bits lie in
// says how long the codeword is, and the place in the range is an index into a table of symbols, the indirection table.

/** Bits of the longest codeword that a code may have. */
export const LONGEST = 32

/** Codewords of one length with consecutive values. */
export interface CodeRange {
  /** Of each codeword. */
  readonly bits: number
  /** Value of the first codeword; the first bit is the most significant. */
  readonly word: number
  /** Place of the first codeword's symbol in `symbols`; the others follow. */
  readonly first: number
  readonly size: number
}

/** A prefix code. Only symbols that occur have a codeword. */
export interface KernelCode {
  /** The indirection table: the symbols by falling count. */
  readonly symbols: Uint16Array
  /** A codeword lies in the last range that does not start behind it: they are in the order of their words, read as binary fractions. */
  readonly ranges: readonly CodeRange[]
  /** By symbol: bits of its codeword, 0 where it has none. */
  readonly lengths: Uint8Array
  /** By symbol: its codeword, the first bit the most significant of `lengths` bits. */
  readonly words: Uint32Array
  /**
   * What a decoder must be given: 9 bits for each symbol of the table, and for each range the length of its codewords (5 bits),
   * its first codeword (`bits` bits) and the place of its first symbol (9 bits).
   */
  readonly tableBits: number
}

/** Symbols in a code. */
export interface Coded {
  /** The first bit is the most significant of the first byte; the last byte is filled with zeros. */
  readonly bytes: Uint8Array
  readonly bits: number
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
