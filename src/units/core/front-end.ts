// Fetch: when each instruction reaches the queue from which it is issued or dispatched.
//
// Fetch runs ahead of the queue's end, so a taken branch costs nothing where the queue holds enough. The wrong path of
// a mispredicted branch is not fetched; a branch whose direction is predicted finds its target at once.

import { rebased } from './cycles.ts'
import type { FetchSpec } from './spec.ts'
import { reasonAt } from './stalls.ts'

/** Text that does as fetch() to `fetched`, the cycle, `group`, how many in it, and `place`, with `left` at hand. */
export const fetchText = ({ width }: FetchSpec): string =>
  `if (left[place] > fetched) { fetched = left[place]; group = 1 }
  else if (group === ${width}) { fetched++; group = 1 }
  else group++`

/** Text that does as leave(now) to `place`. */
export const leaveText = ({ queue }: FetchSpec): string =>
  `left[place] = now
  place = place + 1 === ${queue} ? 0 : place + 1`

export class FrontEnd {
  /** Why the instruction fetched last was not fetched sooner. */
  reason: number = reasonAt.frontEnd

  private readonly width: number
  private readonly bubble: number
  /** Cycle in which the instruction left that frees this place: a ring. */
  readonly left: Int32Array
  private readonly horizon: number // fetch this far behind cannot delay anything any more
  /** Of the instruction fetched last. */
  place = 0
  /** In which instructions are being fetched, and how many so far. */
  cycle = 0
  fetched = 0
  private cause: number = reasonAt.frontEnd // of `cycle`, if it was not reached by fetching alone

  constructor({ width, queue, takenBubble }: FetchSpec) {
    this.width = width
    this.bubble = takenBubble
    this.left = new Int32Array(queue)
    this.horizon = (queue + 1) * (2 + takenBubble)
  }

  /** Cycle in which the next instruction is in the queue. `leave` must follow before the next one is fetched. */
  fetch(): number {
    if (this.reason !== this.cause) this.reason = this.cause
    if (this.cause !== reasonAt.frontEnd) this.cause = reasonAt.frontEnd
    const free = this.left[this.place]!
    if (free > this.cycle) {
      this.cycle = free
      this.fetched = 1
    } else if (this.fetched === this.width) {
      this.cycle++
      this.fetched = 1
    } else this.fetched++
    return this.cycle
  }

  /** Why the next instruction is not fetched sooner. */
  takeCause(): number {
    const { cause } = this
    this.cause = reasonAt.frontEnd
    return cause
  }

  /** The instruction fetched last leaves the queue in `cycle`. */
  leave(cycle: number): void {
    const { place } = this
    this.left[place] = cycle
    this.place = place + 1 === this.left.length ? 0 : place + 1
  }

  /** The instruction fetched last is a branch, rightly predicted as taken. */
  taken(): void {
    this.cycle += 1 + this.bubble
    this.fetched = 0
  }

  /** Nothing is fetched before `cycle`. */
  resume(cycle: number, cause: number): void {
    if (cycle <= this.cycle) return
    this.cycle = cycle
    this.fetched = 0
    this.cause = cause
  }

  /** Writes the state relative to `now`; what can make no difference is left out. Returns the words. */
  save(into: Int32Array, at: number, now: number): number {
    const old = -this.horizon
    const lag = Math.max(old, this.cycle - now)
    into[at] = lag
    into[at + 1] = lag === old ? 0 : this.fetched
    into[at + 2] = lag === old ? reasonAt.frontEnd : this.cause
    const { length } = this.left
    for (let i = 0; i < length; i++) into[at + 3 + i] = Math.max(old, this.left[(this.place + i) % length]! - now)
    return 3 + length
  }

  /** The reverse of `save`; returns the words. */
  load(from: Int32Array, at: number, now: number): number {
    this.cycle = now + from[at]!
    this.fetched = from[at + 1]!
    this.cause = from[at + 2]!
    this.place = 0
    for (let i = 0; i < this.left.length; i++) this.left[i] = now + from[at + 3 + i]!
    return 3 + this.left.length
  }

  /** Cycles are counted from a later one from now on. */
  rebase(by: number): void {
    this.cycle = rebased(this.cycle, by)
    for (let i = 0; i < this.left.length; i++) this.left[i] = rebased(this.left[i]!, by)
  }
}
