// Plays a trace against a memory: requests with the cycles at which they want to go, offered in order,
// at most one a cycle; a refused one holds back those behind it.

import { Kernel, type Unit } from '../../sim/kernel.ts'
import type { MemoryClient } from '../memory.ts'
import { DramController } from './controller.ts'
import type { DramCounts, DramEnergy } from './energy.ts'
import { Latencies } from './latencies.ts'
import { capacityOf, type DramSpec } from './spec.ts'

/** Requests of a trace, as columns. */
export interface TraceBlock {
  readonly length: number
  readonly address: Float64Array
  readonly write: Uint8Array
  readonly cycle: Float64Array
}

export interface ReplayResult {
  readonly requests: number
  readonly reads: number
  readonly writes: number
  /** Cycle in which the last read was answered; 0 without reads. */
  readonly lastReadDoneCycle: number
  /** Cycles that were simulated: until the last read is answered and nothing more will be done, or longer if asked. */
  readonly totalCycles: number
  /** From the cycle in which a read was accepted until that in which it is answered. */
  readonly latencies: Latencies
  /** Requests beyond the memory's capacity, which wrapped around. */
  readonly wrapped: number
  readonly forwarded: number
  readonly merged: number
  readonly replaced: number
  /** Commands until `totalCycles`. */
  readonly counts: DramCounts
  readonly energy: DramEnergy
}

export class Replay implements Unit, MemoryClient {
  readonly name = 'trace'
  readonly memory: DramController

  private readonly kernel = new Kernel()
  private readonly capacity: number
  private readonly latencies = new Latencies()
  private block: TraceBlock = { length: 0, address: noNumbers, write: new Uint8Array(0), cycle: noNumbers }
  private at = 0 // next request of the block
  private reads = 0
  private writes = 0
  private wrapped = 0
  private lastReadDoneCycle = 0

  constructor(spec: DramSpec) {
    this.memory = new DramController('memory', this.kernel, spec)
    this.capacity = capacityOf(spec)
  }

  /** Offers the requests of `block` and returns once the last of them is accepted. */
  play(block: TraceBlock): void {
    if (block.length === 0) return
    this.block = block
    this.at = 0
    this.offerNext()
    this.kernel.run()
    if (this.at < block.length) throw new Error(`${this.name}: request ${this.at} was never taken`)
  }

  /** Runs until nothing more happens, and on to cycle `until`. */
  finish(until = 0): ReplayResult {
    this.kernel.run()
    const { memory, reads, writes, lastReadDoneCycle, latencies, wrapped } = this
    const totalCycles = Math.max(this.kernel.now, until)
    const sum = (name: 'forwarded' | 'merged' | 'replaced') =>
      memory.channels.reduce((total, { count }) => total + count[name], 0)
    return {
      requests: reads + writes,
      reads,
      writes,
      lastReadDoneCycle,
      totalCycles,
      latencies,
      wrapped,
      forwarded: sum('forwarded'),
      merged: sum('merged'),
      replaced: sum('replaced'),
      counts: memory.counts(totalCycles),
      energy: memory.energy(totalCycles),
    }
  }

  wake(): void {
    this.offer()
  }

  retry(): void {
    this.offer()
  }

  /** `tag` is the cycle of acceptance. */
  done(tag: number): void {
    this.latencies.add(this.kernel.now - tag)
    this.lastReadDoneCycle = this.kernel.now
  }

  private offer(): void {
    const { now } = this.kernel
    const address = this.block.address[this.at]!
    const write = this.block.write[this.at] === 1
    if (!this.memory.request(address, write, this, now)) return
    if (write) this.writes++
    else this.reads++
    if (address >= this.capacity) this.wrapped++
    this.at++
    // The next block's first request may want to go in the very next cycle.
    if (this.at === this.block.length) this.kernel.stop()
    else this.kernel.schedule(Math.max(1, this.block.cycle[this.at]! - now), this)
  }

  private offerNext(): void {
    this.kernel.schedule(Math.max(0, this.block.cycle[this.at]! - this.kernel.now), this)
  }
}

const noNumbers = new Float64Array(0)
