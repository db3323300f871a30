// What a cache asks of the level below: one request a cycle. Demand goes before prefetches, both before
// dirty lines; but a full write buffer goes first, and so does a dirty line that is asked for again.
//
//   demand, prefetch   rings of handles of pending lines, each with the tick from which it may go
//   writes             the write buffer: a ring of lines, likewise

import { edge } from '../../sim/clock.ts'
import type { Kernel } from '../../sim/kernel.ts'
import type { Alarm } from '../alarm.ts'
import type { Memory, MemoryClient } from '../memory.ts'
import { Ring } from '../ring.ts'
import type { Pending } from './pending.ts'
import { outstandingOf } from './prefetcher.ts'
import type { CacheSpec } from './spec.ts'

/** Entries, each a number, and from which tick on they may go. */
class Queue {
  private readonly ring: Ring
  private readonly entry: Float64Array
  private readonly readyAt: Float64Array

  constructor(capacity: number) {
    this.ring = new Ring(capacity)
    this.entry = new Float64Array(this.ring.length)
    this.readyAt = new Float64Array(this.ring.length)
  }

  get size(): number {
    return this.ring.size
  }

  get head(): number {
    return this.entry[this.ring.first]!
  }

  /** Tick from which the head may go, Infinity without one. */
  get headReadyAt(): number {
    return this.ring.size > 0 ? this.readyAt[this.ring.first]! : Infinity
  }

  get tailReadyAt(): number {
    return this.readyAt[this.ring.at(this.ring.size - 1)]!
  }

  push(entry: number, readyAt: number): void {
    const at = this.ring.push()
    this.entry[at] = entry
    this.readyAt[at] = readyAt
  }

  shift(): void {
    this.ring.shift()
  }

  has(entry: number): boolean {
    for (let i = 0; i < this.ring.size; i++) if (this.entry[this.ring.at(i)] === entry) return true
    return false
  }
}

export class Outgoing {
  private readonly kernel: Kernel
  private readonly spec: CacheSpec
  private readonly period: number
  private readonly below: Memory
  private readonly client: MemoryClient
  private readonly pending: Pending
  private readonly alarm: Alarm
  private readonly demands: Queue
  private readonly prefetches: Queue
  private readonly writes: Queue
  private nextAt = 0 // no request before this tick
  private writtenAt = -1 // tick of the last write that went
  private refused = false

  /** Sends for `client`, which `alarm` wakes to call send(). */
  constructor(
    kernel: Kernel,
    spec: CacheSpec,
    period: number,
    below: Memory,
    client: MemoryClient,
    pending: Pending,
    alarm: Alarm,
  ) {
    this.kernel = kernel
    this.spec = spec
    this.period = period
    this.below = below
    this.client = client
    this.pending = pending
    this.alarm = alarm
    this.demands = new Queue(spec.mshrs)
    this.prefetches = new Queue(outstandingOf(spec.prefetcher))
    this.writes = new Queue(spec.writeBuffer)
  }

  get hasWrites(): boolean {
    return this.writes.size > 0
  }

  /** True when the write buffer can take a line; the place of a line that goes is free from the next tick on. */
  get canWrite(): boolean {
    const held = this.writes.size + (this.writtenAt === this.kernel.now ? 1 : 0)
    return held < this.spec.writeBuffer
  }

  /** True when a place of the write buffer has become free in this tick, for use in the next cycle. */
  get makesRoom(): boolean {
    return this.writtenAt === this.kernel.now
  }

  demand(handle: number): void {
    this.push(this.demands, handle, this.spec.missLatency)
  }

  prefetch(handle: number): void {
    this.push(this.prefetches, handle, this.spec.missLatency)
  }

  write(line: number): void {
    this.push(this.writes, line, 1)
  }

  /** Sends at most one request; after a refusal none until retry(). */
  send(): void {
    if (this.refused) return
    const { now } = this.kernel
    if (now >= this.nextAt) this.choose()
    const due = Math.min(this.demands.headReadyAt, this.prefetches.headReadyAt, this.writes.headReadyAt)
    if (!this.refused && due < Infinity) this.alarm.by(Math.max(due, this.nextAt, now + this.period))
  }

  /** The level below may take what it refused. */
  retry(): void {
    this.refused = false
    this.alarm.by(edge(this.kernel.now, this.period))
  }

  private choose(): void {
    const { now } = this.kernel
    const reads = this.demands.headReadyAt <= now ? this.demands : this.prefetches
    const canRead = reads.headReadyAt <= now
    const canWrite = this.writes.headReadyAt <= now
    const again = canRead && this.writes.has(this.pending.line[reads.head]!)
    if (canWrite && (again || !canRead || this.isFull)) this.sendWrite()
    else if (canRead && !again) this.sendRead(reads)
  }

  // A line that entered in this very tick does not make the buffer full: who asked first in it must not matter.
  private get isFull(): boolean {
    return this.writes.size === this.spec.writeBuffer && this.writes.tailReadyAt <= this.kernel.now
  }

  private sendRead(reads: Queue): void {
    const handle = reads.head
    this.refused = !this.below.request(this.pending.line[handle]! * this.spec.line, false, this.client, handle)
    if (this.refused) return
    reads.shift()
    this.nextAt = this.kernel.now + this.period
  }

  private sendWrite(): void {
    this.refused = !this.below.request(this.writes.head * this.spec.line, true, this.client, 0)
    if (this.refused) return
    this.writes.shift()
    this.writtenAt = this.kernel.now
    this.nextAt = this.kernel.now + this.period
  }

  private push(queue: Queue, entry: number, cycles: number): void {
    const readyAt = edge(this.kernel.now, this.period) + cycles * this.period
    queue.push(entry, readyAt)
    this.alarm.by(Math.max(readyAt, this.nextAt))
  }
}
