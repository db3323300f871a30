// What was executed, block by block: what an execution produces and a recorded trace replays, and what cores time.

import type { Block, Instruction } from './instruction.ts'

/** What a decode unit is to decode since a `decstart`. */
export interface Decoding {
  /** Addresses of the descriptor, of the ranges and their bytes, of the first symbol, and of the stream's first byte. */
  readonly descriptor: number
  readonly ranges: number
  readonly rangeBytes: number
  readonly symbols: number
  readonly stream: number
  /** By sequence, of all panels: bits of its codeword, and place of its symbol. */
  readonly lengths: Uint8Array
  readonly places: Uint16Array
  /** Symbols up to the last place. */
  readonly symbolCount: number
  /** By panel, and behind the last one: the bit at which it begins, from `stream` on. */
  readonly panelBits: Float64Array
  /** Of a panel: what is decoded before any of it can be read. */
  readonly slices: readonly DecodingSlice[]
  /** Times that each panel is decoded before the next one. */
  readonly repeats: number
}

export interface DecodingSlice {
  readonly sequences: number
  /** 128-bit registers that they make. */
  readonly registers: number
}

export interface BlockStream {
  /** Instructions and blocks executed so far; of a replayed trace both grow, and what is there stays. */
  readonly instructions: readonly Instruction[]
  readonly blocks: readonly Block[]
  /**
   * Records of executed blocks, one behind another: the index of the block, then for each of its instructions that
   * access memory, in program order, the byte address (an unsigned 32-bit integer held as a signed one).
   */
  readonly trace: Int32Array
  /** Fills `trace` anew; returns the words in it, 0 at the end. */
  run(): number
  /** Index of the block that is executed after the last one in `trace`, -1 at the end. */
  readonly next: number
  /** What each `decstart` executed so far began, oldest first; who times it takes it away. */
  readonly decodings?: Decoding[]
}

/** What is in a first-level cache before the first instruction is executed. */
export interface Resident {
  readonly cache: 'l1d' | 'l1i'
  readonly address: number
  readonly bytes: number
}
