// Fills the two halves of the window buffer in turn, a group of pixels after another, from the memory of activations.

import type { Kernel, Unit } from '../../sim/kernel.ts'

export interface LoaderWork {
  readonly groups: number
  /** Cycles in which the memory of activations gives what the windows of a group need. */
  cycles(group: number): number
  /** Puts the windows in their places. */
  fill(group: number, half: number): void
}

export const HALVES = 2

export class Loader implements Unit {
  readonly name: string
  /** Groups whose windows are there. */
  loaded = 0

  private readonly kernel: Kernel
  private readonly work: LoaderWork
  private readonly readers: number
  private readonly released: Int32Array // by half: readers that are done with it
  private readonly filled: () => void
  private begun = 0
  private free = HALVES
  private busy = false

  /** `readers` go through the same groups; `filled` is called when another group is there. */
  constructor(name: string, kernel: Kernel, work: LoaderWork, readers: number, filled: () => void) {
    this.name = name
    this.kernel = kernel
    this.work = work
    this.readers = readers
    this.released = new Int32Array(HALVES)
    this.filled = filled
  }

  wake(): void {
    if (this.busy) {
      this.busy = false
      this.work.fill(this.loaded, this.loaded % HALVES)
      this.loaded++
      this.filled()
    }
    this.begin()
  }

  begin(): void {
    if (this.busy || this.free === 0 || this.begun === this.work.groups) return
    this.busy = true
    this.free--
    this.kernel.schedule(this.work.cycles(this.begun++), this)
  }

  /** A reader needs the windows of `group` no more; the next may be written from this cycle on. */
  release(group: number): void {
    const half = group % HALVES
    this.released[half]!++
    if (this.released[half]! < this.readers) return
    this.released[half] = 0
    this.free++
    this.begin()
  }
}
