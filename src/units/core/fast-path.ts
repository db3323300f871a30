// The exact fast path: what a block does to a pipeline is remembered and replayed.
//
// While memory is settled and every line that a block touches is in L1, all that the pipeline's future depends on is
// its state relative to the current cycle and, of each access, whether it crosses a boundary and which store in flight
// it takes its data from. So the pair of state and such an outcome leads to the next state, in so many cycles, with so
// many more counts. The first time this is found out by the pipeline itself, later by looking it up. What changes in
// program order (tags, store addresses) changes in the same way on both paths.

import type { FirstLevelCache } from '../../mem/cache/first-level.ts'
import { type Decoded, LOAD, PREFETCH, STORE } from './decoded.ts'
import type { CoreWires, Pipeline } from './pipeline.ts'
import { crosses } from './spec.ts'
import { COUNTS } from './stalls.ts'
import { States } from './states.ts'
import { MOST_UNDONE, type StoreHistory } from './store-history.ts'

const NONE = -1
const MISS = -1
const QUIET = 1 // outcome of a block that is taken and whose accesses cross nothing and meet no store

/** Blocks without success after which the fast path rests, and for how many blocks at first and at most. */
const PATIENCE = 512
const SHORT_REST = 1024
const LONG_REST = 1 << 20

export class FastPath {
  /** Blocks that were replayed. */
  replayed = 0

  private readonly pipeline: Pipeline
  private readonly decoded: Decoded
  private readonly l1d: FirstLevelCache
  private readonly l1i: FirstLevelCache
  private readonly history: StoreHistory
  private readonly boundary: number
  private readonly codes: number // of one access: four times what a match can be
  private vector = new Int32Array(1 << 12)
  private states = new States()
  private readonly folds = new Map<number, number>()
  private state = NONE // NONE: the pipeline itself is current
  private concrete = true // the pipeline stands where `state` says
  private cycle = 0
  private last = NONE // transition
  private credit = PATIENCE
  private rest = 0 // blocks left
  private nextRest = SHORT_REST

  constructor(pipeline: Pipeline, decoded: Decoded, { l1d, l1i, history }: CoreWires) {
    this.pipeline = pipeline
    this.decoded = decoded
    this.l1d = l1d
    this.l1i = l1i
    this.history = history
    this.codes = 4 * (2 * history.size + 3)
    this.boundary = decoded.spec.unaligned.boundary
  }

  /** The current cycle, whoever counts it. */
  get now(): number {
    return this.concrete ? this.pipeline.cycle : this.cycle
  }

  /** Times the block, if it can, as `pipeline.run` would; else false, and the pipeline is current. */
  run(block: number, trace: Int32Array, at: number, taken: boolean, mispredicted: boolean): boolean {
    if (this.rest > 0) {
      this.rest--
      return false
    }
    if (this.decoded.stores[block]! > MOST_UNDONE) return this.leave()
    if (this.state === NONE && !this.enter()) return false
    const mark = this.history.mark()
    const accesses = this.access(block, trace, at)
    if (accesses === MISS) {
      this.history.reset(mark)
      return this.leave()
    }
    const outcome = accesses * 4 + (taken ? 1 : 0) + (mispredicted ? 2 : 0)
    const transition = this.states.find(this.state, block, outcome, this.last)
    if (transition !== NONE) this.replay(transition)
    else {
      this.history.reset(mark)
      this.learn(block, outcome, trace, at, taken, mispredicted)
    }
    return true
  }

  /**
   * Times records of the block `block`, which is followed by itself, from `at` on, as long as each is followed by one
   * more and they do what they did last time. Returns where it stopped.
   */
  repeat(block: number, trace: Int32Array, at: number, words: number): number {
    const { states, history } = this
    if (this.state === NONE || this.last === NONE) return at
    const length = this.decoded.recordLength(block)
    const loads = this.loadsOnly(block)
    let here = at
    while (here + length < words && trace[here + length] === block) {
      const transition = states.follows[this.last]!
      if (transition === NONE || states.block[transition] !== block) break
      if (loads && transition === this.last && states.outcome[transition] === QUIET && !states.inFlight[this.state]) {
        const there = this.quiet(block, trace, here, words)
        if (there > here) {
          this.replay(transition, (there - here) / length)
          here = there
          continue
        }
      }
      const mark = history.mark()
      const accesses = this.access(block, trace, here + 1)
      if (accesses === MISS || accesses * 4 + 1 !== states.outcome[transition]) {
        history.reset(mark)
        break
      }
      this.replay(transition)
      here += length
    }
    return here
  }

  private loadsOnly(block: number): boolean {
    const { accessFirst, accessCount, accessKind } = this.decoded
    const first = accessFirst[block]!
    for (let i = first; i < first + accessCount[block]!; i++) if (accessKind[i] !== LOAD) return false
    return true
  }

  /**
   * Performs the accesses, all of them loads, of records of the block from `at` on, as long as each is followed by one
   * more and all hit without crossing anything; returns the first record that is another.
   */
  private quiet(block: number, trace: Int32Array, at: number, words: number): number {
    const { accessBytes, accessCount, accessFirst } = this.decoded
    const { l1d, boundary } = this
    const { lineBits } = l1d
    const first = accessFirst[block]!
    const count = accessCount[block]!
    const length = 1 + count
    let here = at
    let latest = -1
    for (; here + length < words && trace[here + length] === block; here += length)
      for (let i = 0; i < count; i++) {
        const address = trace[here + 1 + i]! >>> 0
        const bytes = accessBytes[first + i]!
        const line = address >>> lineBits
        if (crosses(address, bytes, boundary)) return here
        if ((address + bytes - 1) >>> lineBits !== line) return here
        if (line === latest) continue // once more changes nothing
        if (!l1d.use(line, false)) return here
        latest = line
      }
    return here
  }

  /** Makes the pipeline current, and its counts complete. */
  leave(): false {
    if (!this.concrete) {
      this.pipeline.load(this.states.vector(this.state), this.cycle)
      this.concrete = true
    }
    this.state = NONE
    this.last = NONE
    return false
  }

  /** As `leave`, with the counts of all that was replayed. */
  settle(): void {
    this.leave()
    this.count(this.states.settle(this.counts()))
  }

  private counts(): number[] {
    return [...this.pipeline.counts, this.l1d.count.reads, this.l1d.count.writes]
  }

  private count(counts: readonly number[]): void {
    const { pipeline, l1d } = this
    for (let i = 0; i < COUNTS; i++) pipeline.counts[i] = counts[i]!
    l1d.count.reads = counts[COUNTS]!
    l1d.count.writes = counts[COUNTS + 1]!
  }

  private enter(): boolean {
    if (!this.l1d.settled || !this.l1i.settled || !this.pipeline.settled) return false
    if (this.states.full) {
      this.count(this.states.settle(this.counts()))
      this.states = new States()
      this.folds.clear()
    }
    this.state = this.saved()
    this.cycle = this.pipeline.cycle
    return true
  }

  private saved(): number {
    let length = this.pipeline.save(this.vector)
    if (length > this.vector.length) {
      this.vector = new Int32Array(length)
      length = this.pipeline.save(this.vector)
    }
    return this.states.intern(this.vector, length, this.pipeline.storesInFlight)
  }

  /**
   * Performs the accesses of the block: one number for what matters of them all, or MISS at the first line that is not
   * in L1. Those before it have been performed then, and may be again: twice in the same order is as once.
   */
  private access(block: number, trace: Int32Array, at: number): number {
    const { accessFirst, accessBytes, accessKind } = this.decoded
    const { l1d, boundary } = this
    const { lineBits } = l1d
    const first = accessFirst[block]!
    const count = this.decoded.accessCount[block]!
    let inFlight = this.states.inFlight[this.state]!
    let outcome = 0
    let pairs = 0 // of accesses: each is folded into a small number, so that the outcome stays exact
    for (let i = 0; i < count; i++) {
      const address = trace[at + i]! >>> 0
      const bytes = accessBytes[first + i]!
      const kind = accessKind[first + i]!
      const line = address >>> lineBits
      if (kind === PREFETCH) {
        if (!l1d.holds(line)) return MISS
        continue
      }
      const last = (address + bytes - 1) >>> lineBits
      if (!l1d.use(line, kind === STORE) || (last !== line && !l1d.use(last, kind === STORE))) return MISS
      let code = last === line ? 0 : 2
      if (kind === STORE) {
        this.history.push(address, bytes)
        inFlight++
      } else if (inFlight > 0) code += 4 * this.history.match(address, bytes, inFlight)
      if (crosses(address, bytes, boundary)) code++
      pairs ^= 1
      if (code === 0 && outcome === 0) continue
      outcome = outcome * this.codes + code
      if (pairs === 0) outcome = this.fold(outcome)
    }
    return outcome
  }

  /** A small number for a large one. */
  private fold(outcome: number): number {
    const known = this.folds.get(outcome)
    if (known !== undefined) return known
    this.folds.set(outcome, this.folds.size + 1)
    return this.folds.size
  }

  private replay(transition: number, times = 1): void {
    const { states } = this
    this.concrete = false
    this.cycle += times * states.cycles[transition]!
    states.uses[transition]! += times
    this.state = states.next[transition]!
    this.last = transition
    this.replayed += times
    this.credit = Math.min(PATIENCE, this.credit + times)
  }

  /** Finds out what the block does in this state. */
  private learn(
    block: number,
    outcome: number,
    trace: Int32Array,
    at: number,
    taken: boolean,
    mispredicted: boolean,
  ): void {
    const { pipeline, states, state } = this
    if (!this.concrete) pipeline.load(states.vector(state), this.cycle)
    this.concrete = true
    const before = this.counts()
    pipeline.run(block, trace, at, taken, mispredicted)
    const delta = Float64Array.from(this.counts(), (count, i) => count - before[i]!)
    const cycles = pipeline.cycle - this.cycle
    this.cycle = pipeline.cycle
    this.state = this.saved()
    this.last = states.add(state, block, outcome, { state: this.state, cycles, delta })
    if (states.full)
      this.leave() // and forget at the next beginning
    else this.tire()
  }

  /** Learning costs more than it brings where nothing recurs: then the pipeline works alone for a while. */
  private tire(): void {
    if (--this.credit > 0) return
    this.leave()
    this.rest = this.nextRest
    this.nextRest = Math.min(LONG_REST, 2 * this.nextRest)
    this.credit = PATIENCE
  }
}
