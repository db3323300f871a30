// The event kernel: a ring of per-cycle FIFO lists.
//
// Time is an integer count of the machine's clock, so the cycle number is the
// bucket number and nothing is ever sorted. Within one cycle events fire in the
// order they were scheduled. An event carries no payload: it only says which
// unit to wake and why (`tag`); data travels through channels.
//
// Slots are columns of typed arrays, threaded on a free list, so scheduling
// allocates nothing. A slot is returned to the free list before its unit is
// woken: the unit may schedule again and be given the very same slot.

export interface Unit {
  readonly name: string
  wake(tag: number): void
}

const CYCLES = 1024 // ring size; DRAM round trips fit, refresh intervals go to `far`
const NONE = -1

interface FarEvent {
  due: number
  unit: Unit
  tag: number
}

export class Kernel {
  now = 0
  fired = 0

  private readonly head = new Int32Array(CYCLES).fill(NONE)
  private readonly tail = new Int32Array(CYCLES).fill(NONE)
  private next = new Int32Array(0)
  private tag = new Int32Array(0)
  private unit: Unit[] = []
  private free = NONE
  private near = 0
  private readonly far: FarEvent[] = [] // sorted by due time, ties in schedule order
  private readonly reversed: boolean

  /** `reversed` fires same-cycle events backwards; results must not change (see test/order). */
  constructor(reversed = false) {
    this.reversed = reversed
  }

  /** Wakes `unit` in `delay` cycles; delay 0 means later in this cycle. */
  schedule(delay: number, unit: Unit, tag = 0): void {
    if (delay < CYCLES) this.append(this.now + delay, unit, tag)
    else this.postpone(this.now + delay, unit, tag)
  }

  /** Fires events until none are left or the clock would pass `limit`. Returns the current cycle. */
  run(limit = Infinity): number {
    while (this.near > 0 || this.far.length > 0) {
      if (this.near === 0) this.now = Math.max(this.now, this.far[0]!.due - CYCLES + 1)
      if (this.now > limit) break
      this.admit()
      this.fireCycle()
      this.now++
    }
    return this.now
  }

  private fireCycle(): void {
    const bucket = this.now & (CYCLES - 1)
    let slot = this.head[bucket]!
    while (slot !== NONE) {
      const unit = this.unit[slot]!
      const tag = this.tag[slot]!
      const following = this.next[slot]!
      this.head[bucket] = following
      if (following === NONE) this.tail[bucket] = NONE
      this.next[slot] = this.free
      this.free = slot
      this.near--
      this.fired++
      unit.wake(tag)
      slot = this.head[bucket]!
    }
  }

  private append(due: number, unit: Unit, tag: number): void {
    if (this.free === NONE) this.grow()
    const slot = this.free
    this.free = this.next[slot]!
    this.next[slot] = NONE
    this.unit[slot] = unit
    this.tag[slot] = tag
    const bucket = due & (CYCLES - 1)
    const last = this.tail[bucket]!
    if (last === NONE) this.head[bucket] = this.tail[bucket] = slot
    else if (this.reversed) {
      this.next[slot] = this.head[bucket]!
      this.head[bucket] = slot
    } else {
      this.next[last] = slot
      this.tail[bucket] = slot
    }
    this.near++
  }

  // Far events enter the ring on the first cycle whose horizon reaches them,
  // before any unit can schedule a nearer rival: schedule order is kept.
  private admit(): void {
    while (this.far.length > 0 && this.far[0]!.due < this.now + CYCLES) {
      const event = this.far.shift()!
      this.append(event.due, event.unit, event.tag)
    }
  }

  private postpone(due: number, unit: Unit, tag: number): void {
    let at = this.far.length
    while (at > 0 && this.far[at - 1]!.due > due) at--
    this.far.splice(at, 0, { due, unit, tag })
  }

  private grow(): void {
    const old = this.next.length
    const size = Math.max(256, old * 2)
    const next = new Int32Array(size)
    const tag = new Int32Array(size)
    next.set(this.next)
    tag.set(this.tag)
    for (let slot = old; slot < size; slot++) next[slot] = slot + 1 < size ? slot + 1 : NONE
    this.next = next
    this.tag = tag
    this.free = old
  }
}
