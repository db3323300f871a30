// Stores on their way to the L1 data cache, in order, one line a cycle, where each is two cycles after its data. A store
// whose line is missing waits for its fill, and those behind it wait too; its fill is asked for as it is issued.
//
//   ready   by place in a ring, the youngest `size` stores: cycle of the data
//   drain   cycle in which the store is in the cache; UNKNOWN while its fill is not known
//   handle  pending line it waits for, or HIT

import { rebased, UNKNOWN } from './cycles.ts'
import { type DataSide, HIT } from './data-side.ts'

export class StoreBuffer {
  readonly size: number

  private readonly data: DataSide
  private readonly ready: Int32Array
  private readonly drain: Int32Array
  private readonly handle: Int32Array
  private readonly other: Int32Array
  private head = 0 // place of the next store
  private unknown = 0 // youngest stores whose drain is not known

  constructor(size: number, data: DataSide) {
    this.size = size
    this.data = data
    this.ready = new Int32Array(size)
    this.drain = new Int32Array(size)
    this.handle = new Int32Array(size).fill(HIT)
    this.other = new Int32Array(size).fill(HIT)
  }

  /** Cycle from which there is room for one more store; UNKNOWN while that is not known. */
  get roomAt(): number {
    return this.drain[this.head]!
  }

  /** Takes a store with data in `cycle`, of lines that are present (HIT) or pending under handles. There must be room. */
  push(cycle: number, handle: number, other = HIT): void {
    const { head } = this
    const last = this.drain[this.place(0)]!
    this.ready[head] = cycle
    this.handle[head] = handle
    this.other[head] = other
    this.head = head + 1 === this.size ? 0 : head + 1
    if (handle === HIT && other === HIT && last < UNKNOWN) this.drain[head] = (last > cycle + 1 ? last : cycle + 1) + 1
    else {
      this.drain[head] = UNKNOWN
      this.unknown++
      this.resolve()
    }
  }

  /** Whether every drain is known. */
  get settled(): boolean {
    return this.unknown === 0
  }

  /** Works out drains whose fills have become known. */
  resolve(): void {
    for (; this.unknown > 0; this.unknown--) {
      const place = this.place(this.unknown - 1)
      const filled = Math.max(this.known(this.handle[place]!), this.known(this.other[place]!))
      if (filled === Infinity) return
      const before = this.unknown < this.size ? this.drain[this.place(this.unknown)]! : 0 // else long drained
      this.drain[place] = Math.max(before, this.ready[place]! + 1, filled) + 1
      this.handle[place] = HIT
      this.other[place] = HIT
    }
  }

  private known(handle: number): number {
    return handle === HIT ? 0 : this.data.known(handle)
  }

  /** Stores that are not in the cache by `cycle`. */
  inFlight(cycle: number): number {
    let stores = 0
    while (stores < this.size && this.drain[this.place(stores)]! > cycle) stores++
    return stores
  }

  /** Cycle of the data of the store of that age, 0 being the youngest. */
  readyOf(age: number): number {
    return this.ready[this.place(age)]!
  }

  /** Cycle in which it is in the cache; UNKNOWN while that is not known. */
  drainOf(age: number): number {
    return this.drain[this.place(age)]!
  }

  /** Writes drains and, of stores in flight, data cycles relative to `now`, from the oldest; returns the words. */
  save(into: Int32Array, at: number, now: number): number {
    for (let i = 0; i < this.size; i++) {
      const place = this.place(this.size - 1 - i)
      const left = this.drain[place]! - now
      into[at + 2 * i] = left > 0 ? left : 0
      into[at + 2 * i + 1] = left > 0 ? this.ready[place]! - now : 0
    }
    return 2 * this.size
  }

  load(from: Int32Array, at: number, now: number): number {
    for (let i = 0; i < this.size; i++) {
      const place = this.place(this.size - 1 - i)
      this.drain[place] = now + from[at + 2 * i]!
      this.ready[place] = now + from[at + 2 * i + 1]!
      this.handle[place] = HIT
      this.other[place] = HIT
    }
    this.unknown = 0
    return 2 * this.size
  }

  /** Cycles are counted from a later one from now on. */
  rebase(by: number): void {
    for (let place = 0; place < this.size; place++) {
      this.ready[place] = rebased(this.ready[place]!, by)
      this.drain[place] = rebased(this.drain[place]!, by)
    }
  }

  private place(age: number): number {
    const place = this.head - 1 - age
    return place < 0 ? place + this.size : place
  }
}
