// What a decode unit is, as data: `decodeUnit` of configs/cores/*.yaml after validation. Cycles are the core's.

/** Bytes of a symbol in memory. */
export const SYMBOL_BYTES = 2

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
