// Finds and skips the steady state of a stream of frames, exactly. No unit's timing
// depends on the values that pass. So when the timing state of the whole machine, taken
// between two cycles, is one that it was in before, what follows repeats what followed
// then, for as long as no unit runs out of frames: whole periods are left out of what is
// still to come, and added to time and counters as often.

import type { Kernel, Unit } from '../../sim/kernel.ts'

/** Anything with timing state: units, FIFOs, ports. */
export interface Timed {
  signature(into: number[]): void
}

export interface Skippable {
  skip(frames: number): void
}

/** Counters that grow with the frames that pass. */
export type Counters = Record<string, number>

interface Snapshot {
  readonly now: number
  readonly begun: number
  readonly counters: readonly (readonly number[])[]
}

/** After which the state of the whole machine is what it was, and by how much each counter grew meanwhile. */
export interface Period {
  readonly frames: number
  readonly cycles: number
  readonly growth: readonly (readonly number[])[]
}

/** States remembered; a longer period is not looked for. */
const KEPT = 4096

export class SteadyState {
  private readonly kernel: Kernel
  private readonly timed: readonly Timed[]
  private readonly units: ReadonlyMap<Unit, number>
  private readonly counters: readonly Counters[]
  private readonly seen = new Map<string, Snapshot>()

  constructor(kernel: Kernel, units: readonly Unit[], timed: readonly Timed[], counters: readonly Counters[]) {
    this.kernel = kernel
    this.units = new Map(units.map((unit, index) => [unit, index]))
    this.timed = timed
    this.counters = counters
  }

  /** Call between cycles, after the frame `begun` has begun: the period, if this state was seen before. */
  observe(begun: number): Period | null {
    const signature = this.signature()
    const before = this.seen.get(signature)
    const counters = this.counters.map((each) => Object.values(each))
    if (before === undefined) {
      if (this.seen.size === KEPT) this.seen.clear()
      this.seen.set(signature, { now: this.kernel.now, begun, counters })
      return null
    }
    const growth = counters.map((each, i) => each.map((value, k) => value - before.counters[i]![k]!))
    return { frames: begun - before.begun, cycles: this.kernel.now - before.now, growth }
  }

  /** Adds what `periods` more periods would count. */
  repeat({ growth }: Period, periods: number): void {
    this.counters.forEach((each, i) => {
      Object.keys(each).forEach((key, k) => {
        each[key]! += periods * growth[i]![k]!
      })
    })
  }

  private signature(): string {
    const state: number[] = []
    for (const each of this.timed) each.signature(state)
    const pending: string[] = []
    this.kernel.pending((delay, unit, tag) => pending.push(`${delay}:${this.units.get(unit) ?? unit.name}:${tag}`))
    return `${state.join()};${[...new Set(pending)].sort().join()}`
  }
}
