// The event kernel: a ring of per-cycle lists.
//
// Time is an integer count of the base clock, so the cycle number is the bucket
// number and nothing is sorted. An event carries no payload: it says which unit
// to wake and why (`tag`); data travels through channels.
//
//   occupied  1 bit a bucket, so that a run skips empty cycles
//   last      by bucket = cycle mod 1024: last slot of the cycle's circular list, whose `next` is the first
//   next, tag, unit   by slot: one event; free slots are chained through `next`
//
// All events due within the ring's 1024 cycles are in the ring, later ones in a heap
// of slots (far-queue.ts). Scheduling allocates nothing: columns only grow when more
// events are pending than ever before. A slot is freed before its unit is woken:
// the unit may schedule again and be given the very same slot.

import seedrandom from 'seedrandom'
import { FarQueue } from './far-queue.ts'
import type { Tracer } from './tracer.ts'

/** Something that events wake. A wake may be spurious: a unit looks at its channels and state, not at why it woke. */
export interface Unit {
  readonly name: string
  wake(tag: number): void
}

/**
 * Order among the events of one cycle: as scheduled, the reverse, or pseudo-random from a seed.
 * Results must not depend on it.
 */
export type Order = 'forward' | 'backward' | { readonly shuffle: string }

const CYCLES = 1024 // DRAM round trips fit; refresh intervals go to the far queue
const MASK = CYCLES - 1
const WORDS = CYCLES / 32
const NONE = -1
const UNKNOWN = -1

export class Kernel {
  /** The current cycle while one runs; between runs the first cycle that has not run. */
  now = 0
  /** Events fired so far. */
  fired = 0
  /** What units report their activity to, if anything; set before they are built. */
  tracer: Tracer | null = null

  private readonly occupied = new Int32Array(WORDS)
  private readonly last = new Int32Array(CYCLES).fill(NONE)
  private next = new Int32Array(0)
  private tag = new Int32Array(0)
  private readonly unit: Unit[] = []
  private free = NONE
  private readonly far = new FarQueue()
  private scheduled = 0
  private soonest = Infinity // cycle of the earliest event; UNKNOWN after some have fired
  private stopping = false
  private readonly forward: boolean
  private readonly random: seedrandom.PRNG | null

  constructor(order: Order = 'forward') {
    this.forward = order === 'forward'
    this.random = typeof order === 'object' ? seedrandom(order.shuffle) : null
  }

  /**
   * Wakes `unit` in `delay` cycles, an integer; 0 means once more, or still, in this cycle.
   * `tag` is a 32-bit integer handed to the unit.
   */
  schedule(delay: number, unit: Unit, tag = 0): void {
    const near = (delay & MASK) === delay
    if (!near && !(delay > 0 && Number.isSafeInteger(this.now + delay)))
      throw new RangeError(`${unit.name}: not a delay in cycles: ${delay}`)
    if (this.free === NONE) this.grow()
    this.scheduled++
    if (this.now + delay < this.soonest) this.soonest = this.now + delay
    const slot = this.free
    this.free = this.next[slot]!
    if (this.unit[slot] !== unit) this.unit[slot] = unit // mostly the same: spares the write barrier
    this.tag[slot] = tag
    if (near) this.insert((this.now + delay) & MASK, slot)
    else this.far.push(this.now + delay, slot)
  }

  /**
   * Runs cycles until no event is left, cycle `limit` has run, or a unit stops the run.
   * Returns `now`: the last cycle run plus one, `limit` + 1 where later events remain.
   */
  run(limit = Infinity): number {
    this.stopping = false
    while (!this.stopping) {
      const due = this.nextDue()
      if (due === Infinity) break
      if (due > limit) {
        if (limit >= this.now) this.advance(limit + 1)
        break
      }
      this.advance(due)
      this.fireCycle()
      this.advance(due + 1)
    }
    return this.now
  }

  /**
   * Fires all events before `cycle` and makes it the current one: for who is no unit but goes ahead by itself,
   * and asks units that events wake.
   */
  runUntil(cycle: number): void {
    if (cycle > this.soonest) this.run(cycle - 1)
    if (this.now < cycle) this.advance(cycle)
  }

  /** Fires the events of the next cycle that has any; false if there is none. */
  runNext(): boolean {
    const due = this.nextDue()
    if (due === Infinity) return false
    this.run(due)
    return true
  }

  /** Cycle of the earliest event, Infinity when there is none. */
  get due(): number {
    return this.nextDue()
  }

  /** Events that have not fired. */
  get waiting(): number {
    return this.scheduled - this.fired
  }

  /** Ends the run after the current cycle. */
  stop(): void {
    this.stopping = true
  }

  /** Visits every pending event with the cycles left until it fires; in no particular order. */
  pending(visit: (delay: number, unit: Unit, tag: number) => void): void {
    for (let delay = 0; delay < CYCLES; delay++) {
      const last = this.last[(this.now + delay) & MASK]!
      if (last === NONE) continue
      let slot = last
      do {
        slot = this.next[slot]!
        visit(delay, this.unit[slot]!, this.tag[slot]!)
      } while (slot !== last)
    }
    this.far.forEach((due, slot) => {
      visit(due - this.now, this.unit[slot]!, this.tag[slot]!)
    })
  }

  /** Event slots allocated: at least as many as were ever pending at once. */
  get slots(): number {
    return this.next.length
  }

  private fireCycle(): void {
    const bucket = this.now & MASK
    if (this.random !== null) this.shuffle(bucket, this.random)
    for (let last = this.last[bucket]!; last !== NONE; last = this.last[bucket]!) {
      const slot = this.next[last]!
      if (slot === last) this.last[bucket] = NONE
      else this.next[last] = this.next[slot]!
      this.next[slot] = this.free
      this.free = slot
      this.fired++
      this.unit[slot]!.wake(this.tag[slot]!)
    }
    this.occupied[bucket >>> 5]! &= ~(1 << (bucket & 31))
    this.soonest = UNKNOWN
  }

  private insert(bucket: number, slot: number): void {
    const last = this.last[bucket]!
    if (last === NONE) {
      this.occupied[bucket >>> 5]! |= 1 << (bucket & 31)
      this.next[slot] = slot
    } else {
      this.next[slot] = this.next[last]!
      this.next[last] = slot
      if (!this.forward && !this.putsLast()) return
    }
    this.last[bucket] = slot
  }

  private putsLast(): boolean {
    return this.random !== null && this.random.int32() >= 0
  }

  /** Permutes the bucket's list at random; what is added while the cycle runs goes first or last. */
  private shuffle(bucket: number, random: seedrandom.PRNG): void {
    const last = this.last[bucket]!
    if (last === NONE) return
    const slots = [last]
    for (let slot = this.next[last]!; slot !== last; slot = this.next[slot]!) slots.push(slot)
    for (let i = slots.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1))
      const slot = slots[i]!
      slots[i] = slots[j]!
      slots[j] = slot
    }
    slots.forEach((slot, i) => {
      this.next[slot] = slots[(i + 1) % slots.length]!
    })
    this.last[bucket] = slots.at(-1)!
  }

  private nextDue(): number {
    if (this.soonest === UNKNOWN) this.soonest = this.search()
    return this.soonest
  }

  private search(): number {
    const from = this.now & MASK
    let word = from >>> 5
    let bits = this.occupied[word]! & (-1 << (from & 31))
    for (let tried = 0; tried <= WORDS; tried++) {
      if (bits !== 0) {
        const bucket = word * 32 + 31 - Math.clz32(bits & -bits)
        return this.now + ((bucket - from) & MASK)
      }
      word = (word + 1) % WORDS
      bits = this.occupied[word]!
    }
    return this.far.earliest
  }

  // Far events enter the ring as soon as its horizon reaches them, before any unit
  // can schedule a nearer rival: the order of scheduling is kept.
  private advance(cycle: number): void {
    this.now = cycle
    while (this.far.earliest < cycle + CYCLES) {
      const due = this.far.earliest
      this.insert(due & MASK, this.far.pop())
    }
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
