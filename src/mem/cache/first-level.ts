// The cache that a core asks. What it holds changes in program order, as the core calls access();
// when data arrive is a matter of events.
//
// Two things make the order of events within a tick unobservable. A fill is due at least one cycle
// after the level below has answered, and it is done by whoever comes first in its tick, an access or
// the cache's own wake. And nothing leaves for below in the tick in which it was asked for.

import { edge } from '../../sim/clock.ts'
import type { Kernel, Unit } from '../../sim/kernel.ts'
import { Alarm } from '../alarm.ts'
import type { Memory, MemoryClient } from '../memory.ts'
import { type CacheCount, cacheCount } from './count.ts'
import { FillQueue } from './fill-queue.ts'
import { Mshrs } from './mshrs.ts'
import { Outgoing } from './outgoing.ts'
import { DEMAND, Pending, PREFETCH, WAITING } from './pending.ts'
import { outstandingOf, type Prefetcher, prefetcherOf } from './prefetcher.ts'
import type { CacheSpec } from './spec.ts'
import { Tags } from './tags.ts'

export class FirstLevelCache implements MemoryClient, Unit {
  readonly name: string
  /** Binary logarithm of the bytes of a line. */
  readonly lineBits: number
  readonly count: CacheCount = cacheCount()
  /** Called when filledAt() of `handle` has become known; never from within a call of the client. */
  onAnswer: (handle: number) => void = () => {}
  /** Called when an MSHR or a place in the write buffer has become free; never from within a call of the client. */
  onFree: () => void = () => {}

  private readonly kernel: Kernel
  private readonly spec: CacheSpec
  private readonly period: number
  private readonly below: Memory
  private readonly tags: Tags
  private readonly tagLine: Float64Array
  private readonly recent: Int32Array
  private readonly setMask: number
  private readonly pending = new Pending()
  private readonly alarm: Alarm
  private readonly outgoing: Outgoing
  private readonly prefetcher: Prefetcher
  private readonly mshrs: Mshrs
  private prefetchesHeld = 0

  private readonly fills: FillQueue
  private fillsExpected = false // whether any is answered and not yet filled: spares most accesses the comparison of ticks
  private nextFillAt = Infinity // no fill can be done before this tick
  private wantsRoom = false // for a dirty line in the write buffer
  private roomAt = Infinity // tick from which on there is
  private freed = false // something, since the last onFree

  /** `period` is that of the cache's clock, in ticks. */
  constructor(kernel: Kernel, spec: CacheSpec, period: number, below: Memory) {
    this.name = spec.name
    this.lineBits = Math.log2(spec.line)
    this.kernel = kernel
    this.spec = spec
    this.period = period
    this.below = below
    this.tags = new Tags(spec)
    this.tagLine = this.tags.line
    this.recent = this.tags.recent
    this.setMask = this.tags.setMask
    this.mshrs = new Mshrs(kernel, spec.mshrs, period, this.count)
    this.alarm = new Alarm(kernel, this)
    this.outgoing = new Outgoing(kernel, spec, period, below, this, this.pending, this.alarm)
    this.prefetcher = prefetcherOf(spec.prefetcher, spec.line, (line) => this.prefetchAhead(line))
    this.fills = new FillQueue(this.pending, spec.mshrs + outstandingOf(spec.prefetcher))
  }

  /** True if the line is present; changes nothing. */
  holds(line: number): boolean {
    if (this.fillsExpected && this.kernel.now >= this.nextFillAt) this.fillDue()
    return this.tagLine[this.recent[line & this.setMask]!] === line || this.tags.find(line) >= 0
  }

  /** Whether use() would be true; changes nothing. */
  wouldUse(line: number): boolean {
    const slot = this.recent[line & this.setMask]!
    if (this.tagLine[slot] === line) return true
    const found = this.tags.find(line)
    return found >= 0 && this.tags.prefetched[found] === 0
  }

  /**
   * If the line is present, and no access trains the prefetcher: performs an access, but does not count it.
   * Else false, and nothing has changed.
   */
  use(line: number, write: boolean): boolean {
    if (this.fillsExpected && this.kernel.now >= this.nextFillAt) this.fillDue()
    const { tags } = this
    let slot = this.recent[line & this.setMask]!
    if (this.tagLine[slot] !== line) {
      slot = tags.find(line)
      if (slot < 0 || tags.prefetched[slot] === 1) return false
      tags.use(slot, line)
    }
    if (write) tags.dirty[slot] = 1
    return true
  }

  /**
   * An access, in program order, to one line. -1 when it is present. Else the handle of its pending line, which
   * all accesses to it share until it is filled: a small integer, given out again only long after that.
   */
  access(line: number, write: boolean): number {
    if (this.fillsExpected && this.kernel.now >= this.nextFillAt) this.fillDue()
    if (write) this.count.writes++
    else this.count.reads++
    const slot = this.tags.find(line)
    if (slot < 0) return this.miss(line, write)
    if (write) this.tags.dirty[slot] = 1
    this.tags.use(slot, line)
    if (this.tags.prefetched[slot] === 1) {
      this.tags.prefetched[slot] = 0
      this.count.usefulPrefetches++
      this.prefetcher.train(line, false)
    }
    return -1
  }

  /** Asks below for a pending line, once; false while no MSHR is free: then ask again after onFree. */
  fetch(handle: number): boolean {
    if (this.fillsExpected && this.kernel.now >= this.nextFillAt) this.fillDue()
    if (this.pending.state[handle] !== WAITING) return true
    if (!this.mshrs.free) return false
    this.mshrs.take()
    this.pending.state[handle] = DEMAND
    this.outgoing.demand(handle)
    return true
  }

  /** Asks for a line without waiting for it (`prfm`); false when no MSHR is free, and then nothing is done. */
  prefetch(line: number): boolean {
    if (this.holds(line) || this.pending.find(line) >= 0) return true
    if (!this.mshrs.free) return false
    this.count.softwarePrefetches++
    return this.fetch(this.pending.add(line, 0, WAITING, 0))
  }

  /** Writes a whole line, which needs no fetch; false while the write buffer has no room for the line evicted: then again after onFree. */
  install(line: number): boolean {
    if (this.holds(line) || this.pending.find(line) >= 0) {
      this.access(line, true)
      return true
    }
    if (!this.place(line, 1, 0)) return false
    this.count.writes++
    this.count.writeMisses++
    return true
  }

  /** Tick at which the data of the pending line can be used, Infinity while not known. */
  filledAt(handle: number): number {
    return this.pending.filledAt[handle]!
  }

  /** The level that served the pending line, once filledAt is known: 0 for the one below this, 1 for the next, and so on. */
  servedBy(handle: number): number {
    return this.pending.servedBy[handle]!
  }

  /** Handle of a line that is pending, else -1. */
  pendingOf(line: number): number {
    return this.pending.find(line)
  }

  /** Tick of the next fill that is known; Infinity if none is. */
  get nextFill(): number {
    return this.fillsExpected ? this.nextFillAt : Infinity
  }

  get mshrFree(): boolean {
    if (this.fillsExpected && this.kernel.now >= this.nextFillAt) this.fillDue()
    return this.mshrs.free
  }

  /** True while nothing is pending or on its way out, and the level below is settled: only accesses change anything. */
  get settled(): boolean {
    return this.pending.size === 0 && !this.outgoing.hasWrites && this.below.settled
  }

  /** True while no line is to be filled: what it holds changes by accesses alone. */
  get idle(): boolean {
    return this.pending.size === 0
  }

  /** Makes a line present and clean, for a warm start; to be called before the first access. */
  warm(line: number): void {
    const slot = this.tags.find(line)
    if (slot >= 0) this.tags.use(slot, line)
    else this.tags.insert(this.tags.slotFor(line), line, 0, 0)
  }

  done(handle: number, depth: number): void {
    const filledAt = edge(this.kernel.now, this.period) + this.spec.fillLatency * this.period
    this.pending.filledAt[handle] = filledAt
    this.pending.servedBy[handle] = depth
    this.fills.push(handle)
    this.fillsExpected = true
    if (this.fills.size === 1) this.nextFillAt = filledAt
    this.alarm.by(filledAt)
    this.onAnswer(handle)
  }

  retry(): void {
    this.outgoing.retry()
  }

  wake(): void {
    this.alarm.rang()
    const { now } = this.kernel
    if (now >= this.roomAt) {
      this.roomAt = Infinity
      this.freed = true
    }
    if (now >= this.nextFillAt) this.fillDue()
    this.outgoing.send()
    if (this.wantsRoom && this.outgoing.makesRoom) this.expectRoom()
    this.alarm.by(Math.min(this.nextFillAt, this.roomAt))
    if (!this.freed) return
    this.freed = false
    this.onFree()
  }

  private miss(line: number, write: boolean): number {
    const handle = this.pending.find(line)
    if (handle < 0) {
      if (write) this.count.writeMisses++
      else this.count.readMisses++
      const missing = this.pending.add(line, write ? 1 : 0, WAITING, 0)
      this.prefetcher.train(line, true)
      return missing
    }
    this.count.merged++
    if (write) this.pending.dirty[handle] = 1
    if (this.pending.prefetched[handle] === 1) {
      this.pending.prefetched[handle] = 0
      this.count.latePrefetches++
      this.prefetcher.train(line, false)
    }
    return handle
  }

  private prefetchAhead(line: number): boolean {
    if (this.tags.find(line) >= 0 || this.pending.find(line) >= 0) return true
    if (this.prefetchesHeld === outstandingOf(this.spec.prefetcher)) return false
    this.prefetchesHeld++
    this.count.prefetches++
    this.outgoing.prefetch(this.pending.add(line, 0, PREFETCH, 1))
    return true
  }

  /** The write buffer has room from the next cycle on: for a fill that waits, and for who was refused. */
  private expectRoom(): void {
    this.wantsRoom = false
    this.roomAt = this.kernel.now + this.period
    if (this.fills.size > 0) this.nextFillAt = Math.max(this.roomAt, this.fills.headAt)
    this.alarm.by(this.roomAt)
  }

  /** Does the fills that are due; one that finds the write buffer full waits for room, and the later ones with it. */
  private fillDue(): void {
    const { pending } = this
    this.nextFillAt = Infinity
    while (this.fills.size > 0) {
      if (this.fills.headAt > this.kernel.now) {
        this.nextFillAt = this.fills.headAt
        return
      }
      const handle = this.fills.head
      if (!this.place(pending.line[handle]!, pending.dirty[handle]!, pending.prefetched[handle]!)) return
      this.fills.shift()
      if (pending.state[handle] === PREFETCH) this.prefetchesHeld--
      else this.mshrs.release()
      pending.remove(handle)
      this.freed = true
    }
    this.fillsExpected = false
  }

  /** Makes a line present; false when that would evict a dirty line for which the write buffer has no room. */
  private place(line: number, dirty: number, prefetched: number): boolean {
    const { tags } = this
    const slot = tags.slotFor(line)
    if (tags.dirty[slot] === 1) {
      if (!this.outgoing.canWrite) {
        this.wantsRoom = true
        if (this.outgoing.makesRoom) this.expectRoom()
        return false
      }
      this.outgoing.write(tags.line[slot]!)
      this.count.writeBacks++
    }
    if (!tags.isEmpty(slot)) this.count.evictions++
    tags.insert(slot, line, dirty, prefetched)
    return true
  }
}
