// Interned states of a pipeline and the transitions between them.
//
//   pool, start   by state: its vector
//
// A transition is found by state, block and outcome. The one that followed last time is tried first.

const MOST_WORDS = 1 << 24
const MOST_TRANSITIONS = 1 << 18
const NONE = -1
const BLOCKS = 2 ** 20
const SOME = 256

/** What a transition does: the state it leads to, the cycles it takes, what it adds to each count. */
export interface Effect {
  readonly state: number
  readonly cycles: number
  readonly delta: Float64Array
  /** When registers are read from a decode unit: cycles from the beginning. */
  readonly reads: readonly number[]
}

export class States {
  /** By transition: the state it leads to, the cycles it takes, how often it was taken since `settle`. */
  next = new Int32Array(SOME)
  cycles = new Int32Array(SOME)
  uses = new Float64Array(SOME)
  /** By transition: which one followed last time, and for which block and outcome it stands. */
  follows = new Int32Array(SOME)
  block = new Int32Array(SOME)
  outcome = new Float64Array(SOME)
  readonly reads: (readonly number[])[] = []
  /** Stores in flight in each state. */
  readonly inFlight: number[] = []

  private transitions = 0
  private pool = new Int32Array(1 << 14)
  private used = 0
  private readonly start: number[] = []
  private readonly byHash = new Map<number, number[]>()
  private readonly byOutcome = new Map<number, Map<number, number>>()
  private readonly delta: Float64Array[] = []

  /** True once so much is remembered that all of it should be forgotten. */
  get full(): boolean {
    return this.used > MOST_WORDS || this.transitions > MOST_TRANSITIONS
  }

  /** The state with this vector. */
  intern(vector: Int32Array, length: number, inFlight: number): number {
    let hash = length
    for (let i = 0; i < length; i++) hash = (Math.imul(hash, 0x01000193) ^ vector[i]!) | 0
    const same = this.byHash.get(hash) ?? []
    for (const state of same) if (this.equals(state, vector, length)) return state
    const state = this.start.length
    if (same.length === 0) this.byHash.set(hash, same)
    same.push(state)
    this.start.push(this.used)
    this.inFlight.push(inFlight)
    while (this.used + length > this.pool.length) {
      const pool = new Int32Array(2 * this.pool.length)
      pool.set(this.pool)
      this.pool = pool
    }
    this.pool.set(vector.subarray(0, length), this.used)
    this.used += length
    return state
  }

  vector(state: number): Int32Array {
    return this.pool.subarray(this.start[state]!, this.start[state + 1] ?? this.used)
  }

  /** The transition from `state` by `block` with `outcome`, which came after transition `after`; -1 if none is known. */
  find(state: number, block: number, outcome: number, after: number): number {
    if (after !== NONE) {
      const guess = this.follows[after]!
      if (guess !== NONE && this.block[guess] === block && this.outcome[guess] === outcome) return guess
    }
    const found = this.byOutcome.get(outcome)?.get(state * BLOCKS + block) ?? NONE
    if (after !== NONE && found !== NONE) this.follows[after] = found
    return found
  }

  /** Remembers a transition that has taken place. */
  add(state: number, block: number, outcome: number, to: Effect): number {
    const transition = this.transitions++
    if (transition === this.next.length) this.grow()
    this.next[transition] = to.state
    this.cycles[transition] = to.cycles
    this.follows[transition] = NONE
    this.block[transition] = block
    this.outcome[transition] = outcome
    this.delta.push(to.delta)
    this.reads.push(to.reads)
    let table = this.byOutcome.get(outcome)
    if (table === undefined) {
      table = new Map()
      this.byOutcome.set(outcome, table)
    }
    table.set(state * BLOCKS + block, transition)
    return transition
  }

  /** Adds to `counts` what the transitions taken since the last call amount to. */
  settle(counts: readonly number[]): number[] {
    const sums = [...counts]
    for (let transition = 0; transition < this.transitions; transition++) {
      const uses = this.uses[transition]!
      if (uses === 0) continue
      const delta = this.delta[transition]!
      for (let i = 0; i < delta.length; i++) sums[i]! += uses * delta[i]!
      this.uses[transition] = 0
    }
    return sums
  }

  private grow(): void {
    this.next = doubled(this.next)
    this.cycles = doubled(this.cycles)
    this.uses = doubled(this.uses)
    this.follows = doubled(this.follows)
    this.block = doubled(this.block)
    this.outcome = doubled(this.outcome)
  }

  private equals(state: number, vector: Int32Array, length: number): boolean {
    const from = this.start[state]!
    if ((this.start[state + 1] ?? this.used) - from !== length) return false
    for (let i = 0; i < length; i++) if (this.pool[from + i] !== vector[i]) return false
    return true
  }
}

function doubled<T extends Int32Array | Float64Array>(column: T): T {
  const grown = new (column.constructor as new (length: number) => T)(2 * column.length)
  grown.set(column)
  return grown
}
