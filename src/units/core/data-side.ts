// The L1 data cache as a core's pipeline uses it: one access of an instruction may touch two lines, and what is
// missing is asked for when the instruction gets there.

import type { FirstLevelCache } from '../../mem/cache/first-level.ts'
import type { Kernel } from '../../sim/kernel.ts'
import { UNKNOWN } from './cycles.ts'

export const HIT = -1

export class DataSide {
  /** Cycle that the cycles here are relative to: a pipeline may keep small numbers. */
  base = 0
  /** Set when the fill of a line that was accessed, or one that frees what a request waits for, is known or done; whoever hears of it clears it. */
  news = false

  private readonly kernel: Kernel
  private readonly period: number
  private readonly cache: FirstLevelCache
  private listening = false
  private accessed = new Uint8Array(0) // by handle of a pending line: 1 until its fill is known
  private refused = false // a request, since a miss status register was free

  constructor(kernel: Kernel, period: number, cache: FirstLevelCache) {
    this.kernel = kernel
    this.period = period
    this.cache = cache
    cache.onAnswer = (handle) => {
      if (this.accessed[handle] !== 1 && !this.refused) return
      this.accessed[handle] = 0
      this.tell()
    }
    cache.onFree = () => {
      if (!this.refused) return
      this.refused = false
      this.tell()
    }
  }

  /** Brings memory to the start of `cycle`. */
  advance(cycle: number): void {
    this.kernel.runUntil((this.base + cycle) * this.period)
  }

  /** Brings memory to the start of `cycle`, or only of the cycle in which there are news; returns which. Where nothing happens before, it stays. */
  advanceToNews(cycle: number): number {
    if (cycle !== UNKNOWN && this.kernel.due >= (this.base + cycle) * this.period) return cycle
    this.listening = true
    this.kernel.run((this.base + cycle) * this.period - 1)
    this.listening = false
    if (!this.news && this.kernel.waiting === 0 && cycle === UNKNOWN) throw new Error('memory has nothing left to do')
    const reached = this.news ? Math.min(cycle, Math.ceil(this.kernel.now / this.period) - this.base) : cycle
    this.advance(reached)
    return reached
  }

  /** The line at `address`, in program order: HIT, or the handle of its pending line. */
  first(address: number, write: boolean): number {
    return this.noted(this.cache.access(address >>> this.cache.lineBits, write))
  }

  /** The line that the access reaches into beyond its first one: HIT if it is none, too. */
  second(address: number, bytes: number, write: boolean): number {
    const last = (address + bytes - 1) >>> this.cache.lineBits
    return last === address >>> this.cache.lineBits ? HIT : this.noted(this.cache.access(last, write))
  }

  /** Loads what is present in one line or two; else false, and nothing matters that has changed. */
  hits(address: number, bytes: number): boolean {
    const { cache } = this
    const line = address >>> cache.lineBits
    const last = (address + bytes - 1) >>> cache.lineBits
    if (!cache.use(line, false) || (last !== line && !cache.use(last, false))) return false
    cache.count.reads += last === line ? 1 : 2
    return true
  }

  /** Whether the line at `address` is present; changes nothing. */
  holds(address: number): boolean {
    return this.cache.holds(address >>> this.cache.lineBits)
  }

  prefetch(address: number): void {
    this.cache.prefetch(address >>> this.cache.lineBits)
  }

  /** Asks for a pending line; false while no miss status register is free: there will be news when one is. */
  ask(handle: number): boolean {
    if (this.cache.fetch(handle)) return true
    this.refused = true
    return false
  }

  /** First cycle after `cycle` in which a miss status register may be free, as far as is known; UNKNOWN if there will be news. */
  freeAfter(cycle: number): number {
    const next = Math.ceil(this.cache.nextFill / this.period) - this.base
    return next > cycle && next < UNKNOWN ? next : UNKNOWN
  }

  /** Asks for a pending line; waits, if need be, until a miss status register is free. Returns the cycle, at least `cycle`. */
  fetch(handle: number, cycle: number): number {
    let at = cycle
    while (!this.cache.fetch(handle)) {
      // A fill that is known frees one in its own tick; what is not known, or late for want of room below, an event brings.
      const fill = this.cache.nextFill
      const known = fill < Infinity && fill >= this.kernel.now
      if (!known) this.next()
      at = Math.max(at, Math.ceil((known ? fill : this.kernel.now) / this.period) - this.base)
      this.advance(at)
    }
    return at
  }

  /** Lets the next event of memory happen. */
  next(): void {
    if (!this.kernel.runNext()) throw new Error('memory has nothing left to do')
  }

  /** Cycle of the fill of a pending line; Infinity while it is not known. */
  known(handle: number): number {
    return Math.ceil(this.cache.filledAt(handle) / this.period) - this.base
  }

  /** Waits for a pending line that has been asked for; returns the cycle of its fill. */
  wait(handle: number): number {
    while (this.cache.filledAt(handle) === Infinity) this.next()
    return this.known(handle)
  }

  /** Levels below the next one that the fill came through: 0 for L2. */
  depth(handle: number): number {
    return this.cache.servedBy(handle)
  }

  private noted(handle: number): number {
    if (handle === HIT || this.cache.filledAt(handle) < Infinity) return handle
    if (handle >= this.accessed.length) {
      const grown = new Uint8Array(2 * handle + 1024)
      grown.set(this.accessed)
      this.accessed = grown
    }
    this.accessed[handle] = 1
    return handle
  }

  private tell(): void {
    this.news = true
    if (this.listening) this.kernel.stop()
  }
}
