// Kernels in a prefix code, as a decoder reads them. In all codes the codewords form a few ranges, so one decoder serves them all
// (A. Moffat, A. Turpin, "On the implementation of minimum redundancy prefix codes", 1997): the range that the next bits lie in
// says how long the codeword is, and the place in the range is an index into a table of symbols, the indirection table.

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
