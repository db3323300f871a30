// The reorder buffer: instructions from dispatch to retirement, in program order, a ring of records of ENTRY_WORDS words.
// An entry is named by the place of its first word; the words are the constants below. Behind the records, by place
// in the store queue, stand the lists of who waits for that store's drain.

import { rebased, UNKNOWN } from './cycles.ts'

/** Of an entry. */
export const ENTRY_WORDS = 32

/** Its decoded words begin here. */
export const INSTRUCTION = 0
/** What it waits for, one of those below, until COMPLETE is known. */
export const STATE = 1
/** Cycle in which it is complete, UNKNOWN until then. */
export const COMPLETE = 2
/** Cycle in which it issued. */
export const ISSUED = 3
/** List of edges, as issue-queues.ts has them: who waits for its data. */
export const AT_DATA = 4
/** In a queue: that of this pipe, as issue-queues.ts names it. */
export const PIPE = 5
/** Cycle from which it can issue, UNKNOWN while it waits for edges: so many, and LEAST is the latest cycle known so far. */
export const READY = 6
export const WAITS = 7
export const LEAST = 8
/** The next younger one in its queue, else NONE. */
export const FOLLOWER = 9
// Of those that access memory alone, and of these, but for CAUSE, only of those that are SPECIAL:
/** Who waits for its issue: for the register that it writes back. */
export const AT_ISSUE = 10
/** Twelfths of a cycle that it keeps its pipe, and cycles that its data take, longer than others. */
export const LONGER = 11
export const LATER = 12
/** Of a store: place in the store queue. */
export const PLACE = 13
/** 1: a load that a store feeds; its data come in cycle FLOOR at the earliest. */
export const FORWARDED = 14
export const FLOOR = 15
/** Pending lines that it accesses, or HIT. */
export const FIRST = 16
export const SECOND = 17
/** With no line pending: cycle of the fill of what it loads, if that is still to come. */
export const FILLED = 18
/** Of a load that has issued: what waiting for its data is charged to. */
export const CAUSE = 19
/** Of a prefetch. */
export const ADDRESS = 20
// For an observer:
export const FETCHED = 21
export const DISPATCHED = 22

/** Operands and its pipe. */
export const WAITING = 0
/** The same; and it is one of those whose issue takes more than time. */
export const SPECIAL = 1
/** A miss status register. */
export const BLOCKED = 2
/** It has issued, and its line's fill is not known. */
export const MISSING = 3

export const NONE = -1

const CYCLES = [COMPLETE, ISSUED, READY, LEAST, FLOOR, FILLED, FETCHED, DISPATCHED]

export class ReorderBuffer {
  readonly words: Int32Array
  /** The oldest entry. */
  head = 0
  size = 0
  /** Of the list of the first place of the store queue. */
  readonly drains: number

  /** Of the place of an entry. */
  readonly mask: number

  /** `entries` is a power of two. */
  constructor(entries: number, stores: number) {
    this.drains = entries * ENTRY_WORDS
    this.mask = this.drains - 1
    this.words = new Int32Array(this.drains + stores).fill(NONE)
  }

  /** Most entries that can be in it. */
  get entries(): number {
    return this.drains / ENTRY_WORDS
  }

  /** Entry of the next instruction, which is dispatched; there must be room. */
  push(instruction: number): number {
    const { words } = this
    const entry = this.at(this.size++)
    words[entry + INSTRUCTION] = instruction
    words[entry + STATE] = WAITING
    words[entry + COMPLETE] = UNKNOWN
    words[entry + AT_DATA] = NONE
    return entry
  }

  /** The oldest entry retires. */
  pop(): void {
    this.head = (this.head + ENTRY_WORDS) & this.mask
    this.size--
  }

  /** The youngest entry. */
  get last(): number {
    return this.at(this.size - 1)
  }

  /** The entry so many behind the oldest. */
  at(offset: number): number {
    return (this.head + offset * ENTRY_WORDS) & this.mask
  }

  /** The reverse of `at`. */
  offsetOf(entry: number): number {
    return ((entry - this.head) & this.mask) / ENTRY_WORDS
  }

  /** Nothing is in it. */
  clear(): void {
    this.head = 0
    this.size = 0
    this.words.fill(NONE)
  }

  rebase(by: number): void {
    for (let entry = 0; entry < this.drains; entry += ENTRY_WORDS)
      for (const word of CYCLES) this.words[entry + word] = rebased(this.words[entry + word]!, by)
  }
}
