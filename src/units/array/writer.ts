// Writes results to the memory of activations, a group of pixels at a time, once all rows have theirs.

import type { Kernel, Unit } from '../../sim/kernel.ts'

/** Groups of pixels whose results can wait. */
export const PENDING = 16

export class Writer implements Unit {
  readonly name: string
  /** Groups written. */
  written = 0

  private readonly kernel: Kernel
  private readonly cycles: (group: number) => number
  private readonly groups: number
  private readonly sources: number
  private readonly arrived: Int32Array // by group: rows whose results are there
  private readonly progress: () => void
  private complete = 0 // groups whose results are all there
  private busy = false

  /** Each of `sources` brings its part of each group; `cycles` are those of writing a group, 0 where nothing is written yet. */
  constructor(
    name: string,
    kernel: Kernel,
    groups: number,
    sources: number,
    cycles: (group: number) => number,
    progress: () => void,
  ) {
    this.name = name
    this.kernel = kernel
    this.groups = groups
    this.sources = sources
    this.cycles = cycles
    this.progress = progress
    this.arrived = new Int32Array(groups)
  }

  get done(): boolean {
    return this.written === this.groups
  }

  /** Part of a group's results is there in this cycle. */
  take(group: number): void {
    this.arrived[group]!++
    while (this.complete < this.groups && this.arrived[this.complete] === this.sources) this.complete++
    this.begin()
  }

  wake(): void {
    this.busy = false
    this.written++
    this.begin()
    this.progress()
  }

  private begin(): void {
    if (this.busy || this.written === this.complete) return
    this.busy = true
    this.kernel.schedule(this.cycles(this.written), this)
  }
}
