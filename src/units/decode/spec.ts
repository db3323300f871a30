// What a decode unit is, as data: `decodeUnit` of configs/cores/*.yaml after validation. Cycles are the core's.

export interface DecodeUnitSpec {
  /** Lines of the coded stream that are held or on their way. */
  readonly streamLines: number
  /** Sequences decoded a cycle. */
  readonly width: number
  /** Cycles from the decoding of a slice's last sequence until its registers can be read. */
  readonly depth: number
  /** Over the indirection table: what its places hold. A line of another table replaces it. */
  readonly cache: { readonly bytes: number; readonly ways: number; readonly line: number }
  /** Cycles from a load of the table that hits L1D, or from its fill, until decoding goes on. */
  readonly tableLatency: number
  /** Slices that are packed or wait to be read. */
  readonly buffers: number
}

/** Bits that it stores, by what for: of symbols 9 of the 16 bits in memory, of a slice 72 registers. */
export function storageBits({ streamLines, cache, buffers }: DecodeUnitSpec, lineBytes: number) {
  const SYMBOL_BITS = 9
  const SLICE_BITS = 8 * 9 * 128
  return {
    stream: 8 * streamLines * lineBytes,
    cache: SYMBOL_BITS * (cache.bytes / 2),
    slices: buffers * SLICE_BITS,
  }
}
