// Lines that a cache lacks and that were asked of it: from the access that missed until the fill.
//
//   line, state, dirty, prefetched, filledAt, servedBy, order   by handle
//   active   the handles in use, in no order
//   free     handles in the order they were released: one is given out again as late as can be

import { Ring } from '../ring.ts'

/** What a pending line holds: nothing yet, an MSHR, or one of the prefetcher's places. */
export const WAITING = 0
export const DEMAND = 1
export const PREFETCH = 2

const HANDLES = 1024

export class Pending {
  line = new Float64Array(0)
  state = new Uint8Array(0)
  /** 1 when an access to it was a write. */
  dirty = new Uint8Array(0)
  /** 1 while only the prefetcher has asked for it. */
  prefetched = new Uint8Array(0)
  filledAt = new Float64Array(0)
  servedBy = new Uint8Array(0)
  /** Grows with every line added. */
  order = new Float64Array(0)
  /** Handles in use. */
  size = 0

  private active = new Int32Array(0)
  private free = new Ring(0)
  private freed = new Int32Array(0)
  private added = 0

  constructor() {
    this.grow()
  }

  /** Handle of `line`, -1 when it is not pending. */
  find(line: number): number {
    for (let i = 0; i < this.size; i++) if (this.line[this.active[i]!] === line) return this.active[i]!
    return -1
  }

  add(line: number, dirty: number, state: number, prefetched: number): number {
    if (this.free.size === 0) this.grow()
    const handle = this.freed[this.free.shift()]!
    this.line[handle] = line
    this.state[handle] = state
    this.dirty[handle] = dirty
    this.prefetched[handle] = prefetched
    this.filledAt[handle] = Infinity
    this.servedBy[handle] = 0
    this.order[handle] = this.added++
    this.active[this.size++] = handle
    return handle
  }

  remove(handle: number): void {
    const at = this.active.indexOf(handle)
    this.active[at] = this.active[--this.size]!
    this.freed[this.free.push()] = handle
  }

  private grow(): void {
    const old = this.line.length
    const length = Math.max(HANDLES, 2 * old)
    this.line = copied(new Float64Array(length), this.line)
    this.state = copied(new Uint8Array(length), this.state)
    this.dirty = copied(new Uint8Array(length), this.dirty)
    this.prefetched = copied(new Uint8Array(length), this.prefetched)
    this.filledAt = copied(new Float64Array(length), this.filledAt)
    this.servedBy = copied(new Uint8Array(length), this.servedBy)
    this.order = copied(new Float64Array(length), this.order)
    this.active = copied(new Int32Array(length), this.active)
    this.freed = new Int32Array(length)
    this.free = new Ring(length)
    for (let handle = old; handle < length; handle++) this.freed[this.free.push()] = handle
  }
}

function copied<T extends Float64Array | Int32Array | Uint8Array>(into: T, from: T): T {
  into.set(from)
  return into
}
