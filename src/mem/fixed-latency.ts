// A memory that answers every read after the same time, at most one request an interval.

import type { Kernel, Unit } from '../sim/kernel.ts'
import { Alarm } from './alarm.ts'
import type { Memory, MemoryClient } from './memory.ts'
import { Ports } from './ports.ts'

export interface FixedLatencySpec {
  readonly name: string
  /** Ticks from a read to its answer where no other request is in the way; at least 1. */
  readonly latency: number
  /** Ticks between requests, reads and writes alike; 0: any number at once. */
  readonly interval: number
  /** Requests of each client that wait for their turn. */
  readonly queue: number
}

export class FixedLatency implements Memory, Unit {
  readonly name: string
  readonly count = { reads: 0, writes: 0 }

  private readonly kernel: Kernel
  private readonly spec: FixedLatencySpec
  private readonly alarm: Alarm
  private readonly ports: Ports
  private readonly answers: Answers
  private nextAt = 0

  constructor(kernel: Kernel, spec: FixedLatencySpec) {
    this.name = spec.name
    this.kernel = kernel
    this.spec = spec
    this.alarm = new Alarm(kernel, this)
    this.answers = new Answers(kernel, spec.name)
    this.ports = new Ports(kernel, spec.queue, (port) => {
      // A request that comes in one tick is served in the next at the earliest.
      this.serve(port.write[port.head] === 1, port.client, port.tag[port.head]!, spec.latency - 1)
      return true
    })
  }

  request(address: number, write: boolean, client: MemoryClient, tag: number): boolean {
    if (this.spec.interval === 0) {
      this.serve(write, client, tag, this.spec.latency)
      return true
    }
    const taken = this.ports.request(address, write, client, tag)
    this.alarm.by(taken ? Math.max(this.kernel.now + 1, this.nextAt) : this.ports.retryAt)
    return taken
  }

  get settled(): boolean {
    return this.ports.empty && this.answers.pending === 0
  }

  wake(): void {
    this.alarm.rang()
    const { now } = this.kernel
    if (now >= this.nextAt && this.ports.serve()) this.nextAt = now + this.spec.interval
    this.ports.retry()
    if (!this.ports.empty) this.alarm.by(Math.max(now + 1, this.nextAt))
    this.alarm.by(this.ports.retryAt)
  }

  private serve(write: boolean, client: MemoryClient, tag: number, delay: number): void {
    if (write) this.count.writes++
    else {
      this.count.reads++
      this.answers.expect(delay, client, tag)
    }
  }
}

/** Reads to be answered, by slot. */
class Answers implements Unit {
  readonly name: string
  pending = 0
  private readonly kernel: Kernel
  private readonly client: MemoryClient[] = []
  private readonly tag: number[] = []
  private readonly free: number[] = []

  constructor(kernel: Kernel, name: string) {
    this.kernel = kernel
    this.name = name
  }

  expect(delay: number, client: MemoryClient, tag: number): void {
    const slot = this.free.pop() ?? this.tag.length
    this.client[slot] = client
    this.tag[slot] = tag
    this.pending++
    this.kernel.schedule(delay, this, slot)
  }

  wake(slot: number): void {
    this.pending--
    this.free.push(slot)
    this.client[slot]!.done(this.tag[slot]!, 0)
  }
}
