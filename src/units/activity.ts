// Where a unit's cycles go: busy, or not and why. Every cycle is counted once. With a
// tracer, each stretch of one state is a span.

import type { Tracer } from '../sim/tracer.ts'

/** Why a cycle was not busy: nothing has arrived yet, input lacking, output refused, all work done. */
export const stallReasons = ['fill', 'input', 'output', 'idle'] as const
export type StallReason = (typeof stallReasons)[number]
export type State = StallReason | 'busy'
export const states: readonly State[] = ['busy', ...stallReasons]

export class Activity {
  readonly cycles: Record<State, number> = { busy: 0, fill: 0, input: 0, output: 0, idle: 0 }
  state: State = 'fill'

  private readonly track: string
  private readonly tracer: Tracer | null
  private settledAt: number
  private beganAt: number

  /** Counts cycles from `from` on. */
  constructor(track: string, tracer: Tracer | null, from = 0) {
    this.track = track
    this.tracer = tracer
    this.settledAt = from
    this.beganAt = from
  }

  /** Counts the cycles before `at` for the present state. */
  settle(at: number): void {
    this.cycles[this.state] += at - this.settledAt
    this.settledAt = at
  }

  /** The state from cycle `at` on. */
  become(state: State, at: number): void {
    if (state === this.state) return
    this.settle(at)
    this.tracer?.span(this.track, this.state, this.beganAt, at)
    this.state = state
    this.beganAt = at
  }

  /** Lacking input: `fill` until the unit has first been busy. */
  get starved(): StallReason {
    return this.state === 'busy' || this.cycles.busy > 0 ? 'input' : 'fill'
  }

  /** Ends the trace at cycle `at`. */
  close(at: number): void {
    this.settle(at)
    if (this.beganAt < at) this.tracer?.span(this.track, this.state, this.beganAt, at)
  }
}
