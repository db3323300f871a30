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
