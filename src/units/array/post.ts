// Post-processing lanes behind an array: take the sums of a group of pixels, so many elements a cycle, together with what is
// fetched for them, and hand results on. Halves for what is fetched and for what is stored: the other group's moves meanwhile.

import type { Kernel, Unit } from '../../sim/kernel.ts'
import { HALVES } from './loader.ts'

export interface PostWork {
  readonly groups: number
  /** Elements of a group that pass the lanes. */
  elements(group: number): number
  /** Fetches what the sums of a group meet; `done` is called when all is there. */
  fetch(group: number, done: () => void): void
  /** Computes the results of a group. */
  compute(group: number): void
  /** Takes the results of a group; `done` is called when they are stored. */
  store(group: number, done: () => void): void
}

export class PostLanes implements Unit {
  readonly name: string
  /** Groups whose results are stored. */
  stored = 0

  private readonly kernel: Kernel
  private readonly lanes: number
  private readonly depth: number
  private readonly work: PostWork
  private readonly progress: () => void
  private readonly offered: (() => void)[] = [] // by group: told when its sums have been taken
  private readonly leaving: number[] = [] // by group: cycle in which its last result leaves the lanes
  private asked = 0
  private fetched = 0
  private passed = 0 // groups whose elements have all entered the lanes
  private left = 0
  private busyUntil = 0

  /** A result leaves `depth` cycles after its element enters, at least 1; `progress` is called when a group is stored. */
  constructor(
    name: string,
    kernel: Kernel,
    { lanes, depth }: { readonly lanes: number; readonly depth: number },
    work: PostWork,
    progress: () => void,
  ) {
    this.name = name
    this.kernel = kernel
    this.lanes = lanes
    this.depth = depth
    this.work = work
    this.progress = progress
  }

  get done(): boolean {
    return this.stored === this.work.groups
  }

  /** Fetches ahead for as many groups as there are halves. */
  begin(): void {
    while (this.asked < this.work.groups && this.asked - this.passed < HALVES)
      this.work.fetch(this.asked++, () => {
        this.fetched++
        this.enter()
      })
  }

  /** The sums of the next group are there; `taken` is called when others may take their place. */
  offer(taken: () => void): void {
    this.offered.push(taken)
    this.enter()
  }

  wake(): void {
    const { now } = this.kernel
    if (this.passed < this.leaving.length && this.busyUntil <= now) {
      this.offered[this.passed++]!()
      this.begin()
    }
    while (this.left < this.leaving.length && this.leaving[this.left]! <= now)
      this.work.store(this.left++, () => {
        this.stored++
        this.progress()
        this.enter()
      })
    this.enter()
  }

  /** Starts the next group if the lanes are free, its operands are there and a half is free for its results. */
  private enter(): void {
    const group = this.leaving.length
    if (this.passed < group || group === this.offered.length) return
    if (this.fetched <= group || group - this.stored >= HALVES) return
    const { now } = this.kernel
    const cycles = Math.ceil(this.work.elements(group) / this.lanes)
    this.work.compute(group)
    this.busyUntil = now + cycles
    this.leaving.push(now + cycles - 1 + this.depth)
    this.kernel.schedule(cycles, this)
    this.kernel.schedule(cycles - 1 + this.depth, this)
  }
}
