// The store queue of an out-of-order core: stores from dispatch until they are in the L1 data cache. After retirement
// they drain in order, one a cycle; one whose line is missing drains after its fill, and those behind it wait.
//
// By place in a ring, oldest first from `head`:
//   issued         cycle, UNKNOWN while it is not known
//   retired        likewise
//   drain          cycle in which it is in the cache, UNKNOWN while that is not known
//   first, second  pending lines that it writes to, or HIT

import { rebased, UNKNOWN } from './cycles.ts'
import { type DataSide, HIT } from './data-side.ts'

export class StoreQueue {
  /** Stores dispatched and not drained. */
  size = 0

  private readonly mask: number
  private readonly issued: Int32Array
  private readonly retired: Int32Array
  private readonly drain: Int32Array
  private readonly first: Int32Array
  private readonly second: Int32Array
  private readonly oldest: number
  private readonly data: DataSide
  private head = 0
  private known = 0 // oldest ones whose drain is known
  private done = 0 // oldest ones that have retired
  private lastDrain = 0

  /** For at most `stores`. What issued `oldest` cycles ago and more could as well have issued then. */
  constructor(stores: number, oldest: number, data: DataSide) {
    const places = 2 ** Math.ceil(Math.log2(stores))
    this.mask = places - 1
    this.issued = new Int32Array(places)
    this.retired = new Int32Array(places)
    this.drain = new Int32Array(places)
    this.first = new Int32Array(places)
    this.second = new Int32Array(places)
    this.oldest = oldest
    this.data = data
  }

  /** Place of the next store, which is taken in; there must be room. */
  push(first: number, second: number): number {
    const place = (this.head + this.size++) & this.mask
    this.issued[place] = UNKNOWN
    this.retired[place] = UNKNOWN
    this.drain[place] = UNKNOWN
    this.first[place] = first
    this.second[place] = second
    return place
  }

  /** Place of the store of that age, 0 being the youngest. */
  placeOf(age: number): number {
    return (this.head + this.size - 1 - age) & this.mask
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

  /** The oldest store whose retirement was not known retires in `cycle`. */
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

  /** Works out the drains that have become known. */
  resolve(): void {
    for (; this.known < this.done; this.known++) {
      const place = (this.head + this.known) & this.mask
      const filled = this.filledAt(place)
      if (filled === UNKNOWN) return
      this.lastDrain = Math.max(this.lastDrain, this.retired[place]!, filled) + 1
      this.drain[place] = this.lastDrain
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
    for (const column of [this.issued, this.retired, this.drain])
      for (let i = 0; i < column.length; i++) column[i] = rebased(column[i]!, by)
  }

  /** With all drains known: writes the state after `cycle`. */
  save(into: Int32Array, at: number, cycle: number): number {
    let to = at
    into[to++] = this.size
    into[to++] = Math.max(0, this.lastDrain - cycle - 1)
    for (let i = 0; i < this.size; i++) {
      const place = (this.head + i) & this.mask
      into[to++] = Math.max(-this.oldest, this.issued[place]! - cycle)
      into[to++] = this.drain[place]! - cycle
    }
    return to - at
  }

  load(from: Int32Array, at: number, cycle: number): number {
    this.head = 0
    this.size = from[at]!
    this.done = this.size
    this.known = this.size
    this.lastDrain = from[at + 1]! + cycle + 1
    let word = at + 2
    for (let place = 0; place < this.size; place++) {
      this.issued[place] = cycle + from[word++]!
      this.drain[place] = cycle + from[word++]!
    }
    return word - at
  }

  private filledAt(place: number): number {
    const first = this.first[place]!
    const second = this.second[place]!
    const filled = first === HIT ? 0 : this.data.known(first)
    return Math.min(UNKNOWN, second === HIT ? filled : Math.max(filled, this.data.known(second)))
  }
}
