// Which lines a cache has.
//
//   line, dirty, prefetched   by slot = set * ways + way; after them one slot that no line is ever in
//   recent                    by set: slot of the line used last, that last slot when another was filled since
//
// A line is its address divided by the bytes of a line: an integer below 2^53.

import { type ReplacementPolicy, replacementPolicy, setsOf } from './replacement.ts'
import type { CacheSpec } from './spec.ts'

const EMPTY = -1

export class Tags {
  readonly line: Float64Array
  readonly dirty: Uint8Array
  /** Prefetched and not yet accessed. */
  readonly prefetched: Uint8Array
  readonly recent: Int32Array
  readonly setMask: number

  private readonly ways: number
  private readonly policy: ReplacementPolicy

  constructor(spec: CacheSpec) {
    const sets = setsOf(spec)
    const slots = sets * spec.ways
    this.ways = spec.ways
    this.setMask = sets - 1
    this.line = new Float64Array(slots + 1).fill(EMPTY)
    this.dirty = new Uint8Array(slots + 1)
    this.prefetched = new Uint8Array(slots + 1)
    this.recent = new Int32Array(sets).fill(slots)
    this.policy = replacementPolicy(spec)
  }

  /** Slot of `line`, -1 when it is not present. */
  find(line: number): number {
    const from = (line & this.setMask) * this.ways
    const to = from + this.ways
    for (let slot = from; slot < to; slot++) if (this.line[slot] === line) return slot
    return -1
  }

  use(slot: number, line: number): void {
    this.recent[line & this.setMask] = slot
    this.policy.used(slot)
  }

  /** Slot for `line`, which is not present: an empty one where there is one, else that of the line to evict. */
  slotFor(line: number): number {
    const set = line & this.setMask
    const from = set * this.ways
    const to = from + this.ways
    for (let slot = from; slot < to; slot++) if (this.line[slot] === EMPTY) return slot
    return this.policy.victim(set)
  }

  isEmpty(slot: number): boolean {
    return this.line[slot] === EMPTY
  }

  insert(slot: number, line: number, dirty: number, prefetched: number): void {
    this.line[slot] = line
    this.dirty[slot] = dirty
    this.prefetched[slot] = prefetched
    this.recent[line & this.setMask] = prefetched === 1 ? this.line.length - 1 : slot
    this.policy.filled(slot)
  }
}
