// One channel's controller: takes requests, orders them and answers reads.
//
// A request is seen in the cycle after it came. A read of a line with a queued write is answered from
// there; a read of a line that is being read shares its burst; a write to a line with a queued write
// replaces it. The others wait in the read or the write queue until, one a cycle, the oldest whose bank
// has room joins that bank's queue, where the scheduler serves it from the next cycle on. Reads go first,
// unless writes are being drained: all that wait once their queue is full, or more than a few wait and
// nothing else does. Writes are not answered, so few of them may wait for ever.
//
// The controller wakes for requests and answers and, while any request can make progress, for the next
// possible command. Refreshes that fall into idle time are made up for when the next request comes.

import type { Kernel, Unit } from '../../sim/kernel.ts'
import type { MemoryClient } from '../memory.ts'
import type { AddressMap } from './address.ts'
import type { DramCounts } from './energy.ts'
import { LineIndex, NONE, Requests, SlotList, TimedQueue } from './requests.ts'
import { CommandScheduler } from './scheduler.ts'
import type { DramSpec } from './spec.ts'
import { dataCycles, READ, WRITE } from './timing.ts'

/** Cycles from admission until a read of a queued write is answered. */
const FORWARD = 1

export class DramChannel implements Unit {
  readonly name: string
  readonly scheduler: CommandScheduler
  /** Reads answered from a queued write, reads that shared a burst, writes replaced while queued. */
  readonly count = { forwarded: 0, merged: 0, replaced: 0 }

  private readonly kernel: Kernel
  private readonly period: number
  private readonly readQueue: number
  private readonly writeQueue: number
  private readonly idleWrites: number
  private readonly readCycles: number // from the command until the answer
  private readonly forwardCycles: number // from admission until the answer of a read of a queued write
  private readonly requests: Requests
  private readonly reading: LineIndex
  private readonly writing: LineIndex
  private readonly arrivals = new TimedQueue()
  private readonly reads: SlotList
  private readonly writes: SlotList
  private readonly served = new TimedQueue()
  private readonly forwarded = new TimedQueue()
  private readonly refused: [reads: MemoryClient[], writes: MemoryClient[]] = [[], []]
  private spare: MemoryClient[] = []
  private readonly arriving: [reads: number, writes: number] = [0, 0] // among `arrivals`
  private draining = 0 // writes still to join their banks' queues before reads may
  private mayMove = false // false: nothing has changed since no request could join its bank's queue
  private next = 1 // first cycle that has not been stepped through and in which anything can happen
  private wakeAt = Infinity // tick

  constructor(name: string, kernel: Kernel, spec: DramSpec, map: AddressMap, period: number) {
    this.name = name
    this.kernel = kernel
    this.period = period
    const { readQueue, writeQueue, idleWrites, latency } = spec.controller
    this.readQueue = readQueue
    this.writeQueue = writeQueue
    this.idleWrites = idleWrites
    this.readCycles = spec.timing.CL + dataCycles(spec) + latency
    this.forwardCycles = FORWARD + latency
    this.requests = new Requests(map)
    this.reading = new LineIndex(this.requests)
    this.writing = new LineIndex(this.requests)
    this.scheduler = new CommandScheduler(spec, this.requests)
    this.reads = new SlotList(readQueue)
    this.writes = new SlotList(writeQueue)
  }

  request(line: number, write: boolean, client: MemoryClient, tag: number): boolean {
    const kind = write ? 1 : 0
    if (!this.hasRoom(kind)) {
      if (!this.refused[kind].includes(client)) this.refused[kind].push(client)
      return false
    }
    const cycle = Math.floor(this.kernel.now / this.period)
    this.arrivals.push(this.requests.add(line, write, client, tag), cycle)
    this.arriving[kind]++
    this.wakeNoLaterThan(cycle + 1)
    return true
  }

  get settled(): boolean {
    return !this.busy && this.arrivals.length + this.served.length + this.forwarded.length === 0
  }

  wake(): void {
    if (this.kernel.now !== this.wakeAt) return // has since become earlier
    this.wakeAt = Infinity
    const cycle = this.kernel.now / this.period
    this.answer(this.served, cycle)
    this.answer(this.forwarded, cycle)
    this.stepUntil(cycle)
    if (this.next === cycle || this.arrivals.due < cycle) this.step(cycle)
    this.retry(0)
    this.retry(1)
    let next = Math.min(this.served.due, this.forwarded.due)
    if (this.busy && this.next < next) next = this.next
    if (this.arrivals.length > 0) next = cycle + 1
    if (next !== Infinity) this.wakeNoLaterThan(next)
  }

  /** What was done before `tick`, which is not past: the refreshes of idle time included. */
  counts(tick: number): DramCounts {
    const cycle = Math.ceil(tick / this.period)
    this.stepUntil(cycle)
    return this.scheduler.counts(cycle)
  }

  /**
   * One cycle: takes in what arrived before it, issues at most one command and moves one request to its
   * bank's queue. Cycles in between need not be stepped through before `next`, the result.
   */
  step(cycle: number): number {
    const admitted = this.admit(cycle)
    const command = this.scheduler.issue(cycle)
    if (command === READ) this.finishRead(this.scheduler.served, cycle)
    else if (command === WRITE) this.finishWrite(this.scheduler.served)
    if (admitted || command === READ || command === WRITE) this.mayMove = true
    const moved = this.mayMove && this.move(cycle)
    this.mayMove = moved
    this.next = moved && this.reads.size + this.writes.size > 0 ? cycle + 1 : this.scheduler.nextAt
    return this.next
  }

  /** Steps through what lies before `cycle`: of idle time, the refreshes. */
  private stepUntil(cycle: number): void {
    while (this.next < cycle) {
      const skipped = !this.busy && this.scheduler.skipIdle(cycle)
      if (skipped) this.next = this.scheduler.nextAt
      else this.step(this.next)
    }
  }

  /** True while a request that was admitted can make progress. */
  private get busy(): boolean {
    const { size } = this.writes
    const drains = this.draining > 0 || size > this.idleWrites || size >= this.writeQueue
    return drains || this.reads.size > 0 || this.scheduler.queues.total > 0
  }

  private hasRoom(kind: 0 | 1): boolean {
    if (kind === 0) return this.reads.size + this.arriving[0] < this.readQueue
    return this.writes.size + this.arriving[1] < this.writeQueue
  }

  private admit(cycle: number): boolean {
    if (this.arrivals.due >= cycle) return false
    while (this.arrivals.due < cycle) {
      const slot = this.arrivals.pop()
      if (this.requests.write[slot] === 0) this.admitRead(slot, cycle)
      else this.admitWrite(slot)
    }
    return true
  }

  private admitRead(slot: number, cycle: number): void {
    const { line, also } = this.requests
    this.arriving[0]--
    if (this.writing.find(line[slot]!) !== NONE) {
      this.count.forwarded++
      this.forwarded.push(slot, cycle + this.forwardCycles)
      return
    }
    const first = this.reading.find(line[slot]!)
    if (first === NONE) {
      this.reading.add(slot)
      this.reads.push(slot, this.requests.bank[slot]!)
      return
    }
    this.count.merged++
    also[slot] = also[first]!
    also[first] = slot
  }

  private admitWrite(slot: number): void {
    this.arriving[1]--
    if (this.writing.find(this.requests.line[slot]!) === NONE) {
      this.writing.add(slot)
      this.writes.push(slot, this.requests.bank[slot]!)
      return
    }
    this.count.replaced++
    this.requests.free(slot)
  }

  /** Moves the oldest request that can join its bank's queue; false if there is none. */
  private move(cycle: number): boolean {
    const { writes, scheduler, writeQueue, idleWrites } = this
    const nothingElse = scheduler.queues.total === 0
    if (this.draining === 0 && (writes.size >= writeQueue || (writes.size > idleWrites && nothingElse)))
      this.draining = writes.size
    if (this.draining > 0) {
      const place = this.movable(writes)
      if (place === NONE) return false
      if (this.reading.find(this.requests.line[writes.slots[place]!]!) === NONE) {
        this.draining--
        this.join(writes.take(place), cycle)
        return true
      }
      this.draining = 0 // an older read of this line goes first
    }
    const place = this.movable(this.reads)
    if (place === NONE) return false
    this.join(this.reads.take(place), cycle)
    return true
  }

  private movable({ banks, size }: SlotList): number {
    const { queues } = this.scheduler
    for (let place = 0; place < size; place++) if (queues.size[banks[place]!]! < queues.depth) return place
    return NONE
  }

  private join(slot: number, cycle: number): void {
    this.scheduler.join(this.requests.bank[slot]!, slot, cycle)
  }

  private finishRead(slot: number, cycle: number): void {
    this.reading.remove(slot)
    for (let each = slot; each !== NONE; each = this.requests.also[each]!)
      this.served.push(each, cycle + this.readCycles)
  }

  private finishWrite(slot: number): void {
    this.writing.remove(slot)
    this.requests.free(slot)
  }

  private answer(queue: TimedQueue, cycle: number): void {
    while (queue.due <= cycle) {
      const slot = queue.pop()
      const client = this.requests.client[slot]!
      const tag = this.requests.tag[slot]!
      this.requests.free(slot)
      client.done(tag, 0)
    }
  }

  private retry(kind: 0 | 1): void {
    const waiting = this.refused[kind]
    if (waiting.length === 0 || !this.hasRoom(kind)) return
    this.refused[kind] = this.spare
    for (const client of waiting) client.retry()
    waiting.length = 0
    this.spare = waiting
  }

  private wakeNoLaterThan(cycle: number): void {
    const tick = cycle * this.period
    if (tick >= this.wakeAt) return
    this.wakeAt = tick
    this.kernel.schedule(tick - this.kernel.now, this)
  }
}
