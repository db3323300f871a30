// A stallable pipeline between a reader and a writer of words: the shape of nearly
// every unit of a streaming machine. Each step the first stage may take an input
// word; what it yields leaves the last stage `lag` steps later.
//
// A step is a cycle in which the pipeline moves. It freezes as a whole while an
// output waits that cannot be pushed. One that is not `flushing` (what high-level
// synthesis makes) also freezes while its first stage starves, so outputs stay
// inside until more input comes; a flushing one lets them run out.
//
// Steps are cycles less the frozen ones, so nothing is counted down: the unit wakes
// when its first stage could take a word, when an output is due, and when a neighbour
// lets it go on.

import type { Kernel, Unit } from '../sim/kernel.ts'
import { lanesOf, type Wires, type WordReader, type WordWriter } from '../sim/stream.ts'
import { Activity, type StallReason, type State, states } from './activity.ts'

export interface PipelineSpec {
  /** Steps from taking a word to pushing what it yields, at least 1. */
  readonly lag: number
  readonly flushing: boolean
}

/** What the machine needs of every unit in a stream, whatever its inside. */
export interface StreamUnit extends Unit {
  /** Counters; with `cycles` they scale when whole periods of a steady state are skipped. */
  readonly count: Record<string, number>
  readonly cycles: Record<State, number>
  /** What it is at now. */
  readonly state: State
  /** Appends the unit's timing state relative to now: equal signatures of all units mean equal futures. */
  signature(into: number[]): void
  /** Leaves out `frames` frames that are still to come. */
  skip(frames: number): void
  /** Attributes the cycles before `at`. */
  settle(at: number): void
  /** Ends the run at cycle `at`. */
  close(at: number): void
}

export abstract class Pipeline implements StreamUnit {
  readonly name: string
  abstract readonly count: Record<string, number>
  readonly cycles: Record<State, number>

  protected readonly input: WordReader
  protected readonly output: WordWriter
  protected readonly lag: number
  /** Step from which the first stage takes its next word. */
  protected acceptAt = 0
  protected framesLeft: number

  private readonly kernel: Kernel
  private readonly activity: Activity
  private readonly flushing: boolean
  private readonly lanes: number
  private readonly due: Float64Array // steps, ascending, of the outputs in flight
  private readonly held: Uint32Array // their words
  private first = 0
  private size = 0
  private frozen = 0
  private frozenSince = -1
  private wokenAt = -1

  /** `inFlight` is the most outputs that can be due at once. `frames` is how many frames will come. */
  constructor(name: string, kernel: Kernel, spec: PipelineSpec, wires: Wires, frames: number, inFlight: number) {
    if (spec.lag < 1) throw new RangeError(`${name}: a pipeline needs a lag of at least one step`)
    this.name = name
    this.kernel = kernel
    this.activity = new Activity(name, kernel.tracer)
    this.cycles = this.activity.cycles
    this.lag = spec.lag
    this.flushing = spec.flushing
    this.input = wires.input.readBy(this)
    this.output = wires.output.writtenBy(this)
    this.framesLeft = frames
    this.lanes = lanesOf(wires.output.width)
    this.due = new Float64Array(inFlight)
    this.held = new Uint32Array(inFlight * this.lanes)
    kernel.schedule(0, this)
  }

  /** Takes one input word at `step`: pops it, emits what it yields, sets `acceptAt`, and at a frame's end counts down `framesLeft`. */
  protected abstract accept(step: number): void

  /** The subclass's own position within a frame. */
  protected abstract position(into: number[]): void

  wake(): void {
    const now = this.kernel.now
    if (this.wokenAt === now) return
    this.wokenAt = now
    if (this.frozenSince >= 0) {
      this.frozen += now - this.frozenSince
      this.frozenSince = -1
    }
    const step = now - this.frozen
    const emits = this.size > 0 && this.due[this.first]! <= step
    const wants = this.framesLeft > 0 && this.acceptAt <= step
    if (emits && !this.output.writable) this.freeze('output')
    else if (!wants) this.move(emits, false, step)
    else if (this.input.ready) this.move(emits, true, step)
    else if (this.flushing) this.move(emits, false, step)
    else this.freeze(this.activity.starved)
  }

  get state(): State {
    return this.activity.state
  }

  settle(at: number): void {
    this.activity.settle(at)
  }

  close(at: number): void {
    this.activity.close(at)
  }

  signature(into: number[]): void {
    const step = (this.frozenSince >= 0 ? this.frozenSince : this.kernel.now) - this.frozen
    into.push(
      states.indexOf(this.activity.state),
      this.frozenSince >= 0 ? 1 : 0,
      Math.max(0, this.acceptAt - step),
      this.size,
    )
    for (let i = 0; i < this.size; i++) into.push(this.due[(this.first + i) % this.due.length]! - step)
    this.position(into)
  }

  skip(frames: number): void {
    this.framesLeft -= frames
  }

  /** Lane of `words` in which to put an output that will be pushed at `step`; outputs must be emitted in order. */
  protected emit(step: number): number {
    if (this.size === this.due.length) throw new Error(`${this.name}: more outputs in flight than provided for`)
    const at = (this.first + this.size++) % this.due.length
    this.due[at] = step
    return at * this.lanes
  }

  /** The column that `emit` points into. */
  protected get words(): Uint32Array {
    return this.held
  }

  private move(emits: boolean, accepts: boolean, step: number): void {
    if (emits) this.leave()
    if (accepts) this.accept(step)
    this.activity.become(this.stateAt(step), this.kernel.now)
    this.sleep(step)
  }

  private stateAt(step: number): State {
    if (this.acceptAt > step) return 'busy'
    return this.framesLeft > 0 ? this.activity.starved : 'idle'
  }

  private freeze(reason: StallReason): void {
    this.activity.become(reason, this.kernel.now)
    this.frozenSince = this.kernel.now
  }

  private leave(): void {
    this.output.push(this.held, this.first * this.lanes)
    this.first = (this.first + 1) % this.due.length
    this.size--
  }

  // Starving is not scheduled for: the input wakes the unit.
  private sleep(step: number): void {
    const nextDue = this.size > 0 ? this.due[this.first]! : Infinity
    const nextAccept = this.acceptAt > step ? this.acceptAt : Infinity
    const next = Math.min(nextDue, nextAccept)
    if (next < Infinity) this.kernel.schedule(next - step, this)
  }
}
