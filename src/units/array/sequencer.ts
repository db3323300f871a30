// Drives rows of PEs through groups of pixels, one after another: starts a group when its windows are there, and tells who
// waits for windows and results. What the rows do in a group is worked out when it starts: nothing else can change it.

import type { Kernel, Unit } from '../../sim/kernel.ts'
import { Activity, type State } from '../activity.ts'
import type { Engine, PixelGroup } from './engine.ts'
import { HALVES, type Loader } from './loader.ts'
import type { Writer } from './writer.ts'

export class Sequencer implements Unit {
  readonly name: string
  readonly activity: Activity

  private readonly kernel: Kernel
  private readonly engine: Engine
  private readonly groups: readonly PixelGroup[]
  private readonly loader: Loader
  private readonly writer: Writer
  private next = 0
  private busyUntil: number
  private releasing = false
  private readonly emissions: number[] = [] // cycles in which results of groups leave, in order
  private emitted = 0

  constructor(
    name: string,
    kernel: Kernel,
    engine: Engine,
    groups: readonly PixelGroup[],
    loader: Loader,
    writer: Writer,
  ) {
    this.name = name
    this.kernel = kernel
    this.engine = engine
    this.groups = groups
    this.loader = loader
    this.writer = writer
    this.busyUntil = kernel.now
    this.activity = new Activity(name, kernel.tracer, kernel.now)
  }

  wake(): void {
    const { now } = this.kernel
    while (this.emitted < this.emissions.length && this.emissions[this.emitted]! <= now)
      this.writer.take(this.emitted++)
    if (this.busyUntil > now) return
    if (this.releasing) {
      this.releasing = false
      this.loader.release(this.next - 1)
    }
    this.start(now)
  }

  private start(now: number): void {
    const { next, groups } = this
    const state = this.stateAt(next)
    this.activity.become(state, now)
    if (state !== 'busy') return
    const { released, emitted } = this.engine.run(groups[next]!, next % HALVES, now)
    this.next++
    this.releasing = true
    this.busyUntil = released
    this.emissions.push(emitted)
    this.kernel.schedule(released - now, this)
    this.kernel.schedule(emitted - now, this)
  }

  /** What the rows do from now on, if `group` is next. */
  private stateAt(group: number): State {
    if (group === this.groups.length) return 'idle'
    if (this.loader.loaded <= group) return this.activity.starved
    return group - this.writer.written >= this.writer.room ? 'output' : 'busy'
  }
}
