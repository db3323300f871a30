// When a run is sampled. A machine asks for `next`, comes to that cycle in its own way, and takes the sample.

import type { Interval, Sample } from './machine.ts'

export class Sampling {
  /** The next cycle to take a sample at; Infinity where nothing is sampled. */
  next: number

  private readonly interval: Interval | undefined
  private readonly sampleAt: (cycle: number) => Sample
  private held: Sample | null = null // until it is known that the run did not end there

  /** `sampleAt` tells what was counted in the cycles before `cycle`. */
  constructor(interval: Interval | undefined, sampleAt: (cycle: number) => Sample) {
    this.interval = interval
    this.sampleAt = sampleAt
    this.next = interval?.cycles ?? Infinity
  }

  /** Samples at `cycle`, which is `next` or one soon after it. */
  take(cycle: number): void {
    if (this.interval === undefined) return
    if (this.held !== null) this.interval.sample(this.held)
    this.held = this.sampleAt(cycle)
    const { cycles } = this.interval
    this.next = (Math.floor(cycle / cycles) + 1) * cycles
  }

  /** Samples what is still due before `total`, the cycles of the run, in which nothing happens any more. */
  rest(total: number): void {
    while (this.next < total) this.take(this.next)
  }

  /** The run has ended after `total` cycles. */
  end(total: number): void {
    if (this.held !== null && this.held.totalCycles < total) this.interval?.sample(this.held)
  }
}
