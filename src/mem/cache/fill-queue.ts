// Pending lines that the level below has answered, in the order in which they are to be filled: by tick,
// those of one tick in the order in which they became pending.

import { Ring } from '../ring.ts'
import type { Pending } from './pending.ts'

export class FillQueue {
  private readonly pending: Pending
  private readonly ring: Ring
  private readonly handle: Int32Array

  constructor(pending: Pending, capacity: number) {
    this.pending = pending
    this.ring = new Ring(capacity)
    this.handle = new Int32Array(this.ring.length)
  }

  get size(): number {
    return this.ring.size
  }

  get head(): number {
    return this.handle[this.ring.first]!
  }

  /** Tick of the first fill, Infinity when there is none. */
  get headAt(): number {
    return this.ring.size > 0 ? this.pending.filledAt[this.head]! : Infinity
  }

  /** Adds a line whose tick is no sooner than any before. */
  push(handle: number): void {
    const { ring, pending } = this
    ring.push()
    let i = ring.size - 1
    for (; i > 0; i--) {
      const other = this.handle[ring.at(i - 1)]!
      if (pending.filledAt[other]! < pending.filledAt[handle]! || pending.order[other]! < pending.order[handle]!) break
      this.handle[ring.at(i)] = other
    }
    this.handle[ring.at(i)] = handle
  }

  shift(): void {
    this.ring.shift()
  }
}
