// What a core tells about its pipeline to those who draw it. A core without an observer pays nothing.

import type { Instruction } from '../../isa/instruction.ts'

/** The life of one instruction; cycles are the core's, each the first one of its stage. */
export interface InstructionTimes {
  /** Number in program order, from 0. */
  readonly sequence: number
  readonly instruction: Instruction
  readonly fetch: number
  /** Enters the queues of an out-of-order core; as `issue` in an in-order one. */
  readonly dispatch: number
  /** Begins to execute. */
  readonly issue: number
  /** The result is there; at least `issue` + 1. */
  readonly complete: number
  /** In program order. */
  readonly retire: number
  /** Index in the core's pipes, -1 if it used none, and how many whole cycles it kept it. */
  readonly pipe: number
  readonly busy: number
  /** Sequence numbers of the instructions whose results it waited for or used, the youngest writer of each source. */
  readonly producers: readonly number[]
}

export interface PipelineObserver {
  /** Called in program order, as each instruction retires. */
  retired(times: InstructionTimes): void
}
