// What was executed, block by block: what an execution produces and a recorded trace replays, and what cores time.

import type { Block, Instruction } from './instruction.ts'

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
}

/** What is in a first-level cache before the first instruction is executed. */
export interface Resident {
  readonly cache: 'l1d' | 'l1i'
  readonly address: number
  readonly bytes: number
}
