// An instruction on its way through the naive out-of-order core.

/** One executed instruction: its index, what it accesses, and how it ends its block. */
export interface Executed {
  readonly i: number
  readonly address: number
  readonly taken: boolean
  readonly mispredicted: boolean
}

export interface Flight {
  readonly p: number
  readonly kind: number
  readonly executed: Executed
  readonly pipe: number
  readonly dispatch: number
  /** What delayed its fetch. */
  readonly reason: number
  /** Producers: cycle from which this one can issue, Infinity while not known. */
  readonly needs: (() => number)[]
  readonly handles: readonly number[]
  readonly occupancy: number
  readonly late: number
  forward: { readonly store: Flight; readonly latency: number } | null
  wants: boolean // of a prefetch: the line was missing
  /** Operands there, issue, memory asked; Infinity while not known. */
  ready: number
  issue: number
  asked: number
  data: number // cycle that latencies of results count from
  depth: number
  retire: number
  drain: number
}

/** What the cycles of each pipe are given to. */
export class NaivePipes {
  /** By pipe: when all that it has been given is done, in twelfths. */
  readonly done: number[]
  private readonly given: Map<number, number>[] // by pipe: twelfths of each cycle

  constructor(count: number) {
    this.done = Array(count).fill(0)
    this.given = Array.from({ length: count }, () => new Map())
  }

  /** The first cycle from `ready` on in which the pipe has time left; it takes what is left from there on. */
  reserve(pipe: number, ready: number, occupancy: number): number {
    const given = this.given[pipe]!
    const left = (cycle: number): number => 12 - (given.get(cycle) ?? 0)
    let issue = ready
    while (left(issue) === 0) issue++
    let cycle = issue
    for (let rest = occupancy; rest > 0; cycle++) {
      const part = Math.min(rest, left(cycle))
      given.set(cycle, (given.get(cycle) ?? 0) + part)
      rest -= part
      this.done[pipe] = Math.max(this.done[pipe]!, cycle * 12 + given.get(cycle)!)
    }
    return issue
  }
}
