// The store queue of an out-of-order core: stores from dispatch until they are in the L1 data cache. After retirement
// they drain in order, one a cycle; one whose line is missing drains after its fill, and those behind it wait.
//
// By place in a ring, oldest first from `head`:
//   entry          in the reorder buffer, while it is there
//   issued         cycle, UNKNOWN while it has not
//   retired        likewise
//   drain          cycle in which it is in the cache, UNKNOWN while that is not known
//   first, second  pending lines that it writes to, or HIT
//   filled         with no line pending: cycle of the fill, if it is still to come

import { rebased, UNKNOWN } from './cycles.ts'
import { type DataSide, HIT } from './data-side.ts'
import type { IssueQueues } from './issue-queues.ts'
import { NONE, type ReorderBuffer } from './reorder-buffer.ts'

export class StoreQueue {
  /** Stores dispatched and not drained. */
  size = 0
  readonly mask: number
  head = 0

  private readonly entry: Int32Array
  private readonly issued: Int32Array
  private readonly retired: Int32Array
  private readonly drain: Int32Array
  private readonly first: Int32Array
  private readonly second: Int32Array
  private readonly filled: Int32Array
  private known = 0 // oldest ones whose drain is known
  private done = 0 // oldest ones that have retired
  private lastDrain = 0
  private readonly oldest: number
  private readonly data: DataSide
  private readonly buffer: ReorderBuffer
  private readonly queues: IssueQueues

  /** `places` is a power of two. What issued `oldest` cycles ago and more could as well have issued then. */
  constructor(places: number, oldest: number, data: DataSide, buffer: ReorderBuffer, queues: IssueQueues) {
    this.mask = places - 1
    this.entry = new Int32Array(places)
    this.issued = new Int32Array(places)
    this.retired = new Int32Array(places)
    this.drain = new Int32Array(places)
    this.first = new Int32Array(places)
    this.second = new Int32Array(places)
    this.filled = new Int32Array(places)
    this.oldest = oldest
    this.data = data
    this.buffer = buffer
    this.queues = queues
  }

  /** Place of the next store, which is taken in; there must be room. */
  push(entry: number, first: number, second: number): number {
    const place = (this.head + this.size++) & this.mask
    this.entry[place] = entry
    this.issued[place] = UNKNOWN
    this.retired[place] = UNKNOWN
    this.drain[place] = UNKNOWN
    this.first[place] = first
    this.second[place] = second
    this.filled[place] = 0
    return place
  }

  /** Place of the store of that age, 0 being the youngest. */
  placeOf(age: number): number {
    return (this.head + this.size - 1 - age) & this.mask
  }

  entryOf(place: number): number {
    return this.entry[place]!
  }

  issue(place: number, cycle: number): void {
    this.issued[place] = cycle
  }

  issuedAt(place: number): number {
    return this.issued[place]!
  }

  drainedAt(place: number): number {
    return this.drain[place]!
  }

  /** The oldest store that has not retired does so. */
  retire(cycle: number): void {
    this.retired[(this.head + this.done++) & this.mask] = cycle
    this.resolve()
  }

  /** Cycle from which there is room for one more; UNKNOWN while that is not known. Of a full queue. */
  get roomAt(): number {
    return this.drain[this.head]!
  }

  /** Whether a drain is not known for want of a fill. */
  get waits(): boolean {
    return this.known < this.done
  }

  /** The store that has come back from a saved state is that entry. */
  belongs(place: number, entry: number): void {
    this.entry[place] = entry
  }

  /** Stores that have retired. */
  get leading(): number {
    return this.done
  }

  /** Works out the drains that have become known. */
  resolve(): void {
    for (; this.known < this.done; this.known++) {
      const place = (this.head + this.known) & this.mask
      const filled = this.filledAt(place)
      if (filled === UNKNOWN) return
      this.lastDrain = Math.max(this.lastDrain, this.retired[place]!, filled) + 1
      this.drain[place] = this.lastDrain
      this.queues.fire(this.buffer.drains + place, this.lastDrain)
    }
  }

  /** Frees the places of what is in the cache by `cycle`. */
  free(cycle: number): void {
    while (this.known > 0 && this.drain[this.head]! <= cycle) {
      this.head = (this.head + 1) & this.mask
      this.size--
      this.known--
      this.done--
    }
  }

  rebase(by: number): void {
    this.lastDrain = rebased(this.lastDrain, by)
    for (const column of [this.issued, this.retired, this.drain, this.filled])
      for (let i = 0; i < column.length; i++) column[i] = rebased(column[i]!, by)
  }

  /** With all fills known: writes the state after `cycle`. */
  save(into: Int32Array, at: number, cycle: number): number {
    let to = at
    into[to++] = this.size
    into[to++] = this.done
    into[to++] = Math.max(0, this.lastDrain - cycle - 1)
    for (let i = 0; i < this.size; i++) {
      const place = (this.head + i) & this.mask
      const issued = this.issued[place]!
      into[to++] = issued === UNKNOWN ? 1 : Math.max(-this.oldest, issued - cycle)
      into[to++] = i < this.done ? this.drain[place]! - cycle : Math.max(0, this.filledAt(place) - cycle - 1)
    }
    return to - at
  }

  load(from: Int32Array, at: number, cycle: number): number {
    this.head = 0
    this.size = 0
    const size = from[at]!
    this.done = from[at + 1]!
    this.known = this.done
    this.lastDrain = from[at + 2]! + cycle + 1
    let word = at + 3
    for (let i = 0; i < size; i++) {
      const place = this.push(NONE, HIT, HIT)
      const issued = from[word++]!
      const then = from[word++]!
      if (issued <= 0) this.issued[place] = cycle + issued
      if (i < this.done) this.drain[place] = cycle + then
      else this.filled[place] = cycle + 1 + then
    }
    return word - at
  }

  private filledAt(place: number): number {
    const first = this.first[place]!
    const second = this.second[place]!
    const filled = first === HIT ? this.filled[place]! : this.data.known(first)
    return Math.min(UNKNOWN, second === HIT ? filled : Math.max(filled, this.data.known(second)))
  }
}
