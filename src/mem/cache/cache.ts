// A cache that caches ask: level 2 and below. Requests queue by client and are looked up one at a time;
// a miss that finds no MSHR free, or a write whose victim finds the write buffer full, waits at the head of
// its client's queue, and other clients pass. It neither includes nor excludes what the caches above hold.

import { edge } from '../../sim/clock.ts'
import type { Kernel, Unit } from '../../sim/kernel.ts'
import { Alarm } from '../alarm.ts'
import type { Memory, MemoryClient } from '../memory.ts'
import { type Port, Ports } from '../ports.ts'
import { Ring } from '../ring.ts'
import type { CacheCount } from './count.ts'
import { FirstLevelCache } from './first-level.ts'
import { outstandingOf } from './prefetcher.ts'
import type { LowerCacheSpec } from './spec.ts'
import { Targets } from './targets.ts'

export class Cache implements Memory, Unit {
  readonly name: string
  readonly count: CacheCount

  private readonly kernel: Kernel
  private readonly spec: LowerCacheSpec
  private readonly period: number
  private readonly alarm: Alarm
  private readonly ports: Ports
  private readonly lines: FirstLevelCache
  private nextLookupAt = 0

  // Reads of present lines: whom to answer, and when.
  private readonly hits: Ring
  private readonly hitClient: MemoryClient[] = []
  private readonly hitTag: Int32Array
  private readonly hitDueAt: Float64Array

  // Pending lines that the level below has answered, in that order, and who waits for each.
  private readonly fills: Ring
  private readonly fillHandle: Int32Array
  private readonly targets = new Targets()

  /** `period` is that of the cache's clock, in ticks. */
  constructor(kernel: Kernel, spec: LowerCacheSpec, period: number, below: Memory) {
    this.name = spec.name
    this.kernel = kernel
    this.spec = spec
    this.period = period
    this.alarm = new Alarm(kernel, this)
    this.ports = new Ports(kernel, spec.queue, (port) => this.lookUp(port))
    this.lines = new FirstLevelCache(kernel, { ...spec, missLatency: spec.missLatency - 1 }, period, below)
    this.lines.onAnswer = (handle) => this.expectFill(handle)
    this.lines.onFree = () => {
      if (!this.ports.empty) this.alarm.by(kernel.now)
    }
    this.count = this.lines.count
    this.hits = new Ring(spec.hitLatency + 1)
    this.hitTag = new Int32Array(this.hits.length)
    this.hitDueAt = new Float64Array(this.hits.length)
    this.fills = new Ring(spec.mshrs + outstandingOf(spec.prefetcher))
    this.fillHandle = new Int32Array(this.fills.length)
  }

  request(address: number, write: boolean, client: MemoryClient, tag: number): boolean {
    if (!this.ports.request(address, write, client, tag)) {
      this.alarm.by(edge(this.ports.retryAt, this.period))
      return false
    }
    this.alarm.by(Math.max(edge(this.kernel.now + 1, this.period), this.nextLookupAt))
    return true
  }

  get settled(): boolean {
    return this.ports.empty && this.hits.size === 0 && this.lines.settled
  }

  /** Makes a line present and clean, for a warm start; to be called before the first request. */
  warm(line: number): void {
    this.lines.warm(line)
  }

  wake(): void {
    this.alarm.rang()
    const { now } = this.kernel
    const served = now >= this.nextLookupAt && this.ports.serve()
    if (served) this.nextLookupAt = now + this.spec.interval * this.period
    this.answer()
    this.ports.retry()
    // Requests that could not be served wait for onFree, or for one of another client.
    if (!this.ports.empty && this.nextLookupAt > now) this.alarm.by(this.nextLookupAt)
    else if (this.ports.anew) this.alarm.by(now + this.period)
    if (this.hits.size > 0) this.alarm.by(this.hitDueAt[this.hits.first]!)
    if (this.fills.size > 0) this.alarm.by(this.lines.filledAt(this.fillHandle[this.fills.first]!))
    if (this.ports.retryAt < Infinity) this.alarm.by(edge(this.ports.retryAt, this.period))
  }

  /** Looks up the first request of `port`; false when it has to wait. */
  private lookUp(port: Port): boolean {
    const { lines } = this
    const line = Math.floor(port.address[port.head]! / this.spec.line)
    if (port.write[port.head] === 1) return lines.install(line)
    if (lines.holds(line)) {
      lines.access(line, false)
      this.hit(port)
      return true
    }
    if (lines.pendingOf(line) < 0 && !lines.mshrFree) return false
    const handle = lines.access(line, false)
    lines.fetch(handle)
    // Past its tick, a fill waits for the write buffer only: the data are here.
    if (lines.filledAt(handle) <= this.kernel.now) this.hit(port)
    else this.targets.add(handle, port.client, port.tag[port.head]!)
    return true
  }

  private hit(port: Port): void {
    const at = this.hits.push()
    this.hitClient[at] = port.client
    this.hitTag[at] = port.tag[port.head]!
    this.hitDueAt[at] = this.kernel.now + (this.spec.hitLatency - 1) * this.period
  }

  private expectFill(handle: number): void {
    this.fillHandle[this.fills.push()] = handle
    this.alarm.by(this.lines.filledAt(handle))
  }

  private answer(): void {
    const { now } = this.kernel
    while (this.hits.size > 0 && this.hitDueAt[this.hits.first]! <= now) {
      const at = this.hits.shift()
      this.hitClient[at]!.done(this.hitTag[at]!, 0)
    }
    while (this.fills.size > 0 && this.lines.filledAt(this.fillHandle[this.fills.first]!) <= now) {
      const handle = this.fillHandle[this.fills.shift()]!
      this.targets.answer(handle, this.lines.servedBy(handle) + 1)
    }
  }
}
