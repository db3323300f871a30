// The exact fast path: what a block does to a pipeline is remembered and replayed.
//
// While nothing in the pipeline waits for memory, nothing happens there either before a block is over, and every line
// that it touches is in L1, all that the pipeline's future depends on is
// its state relative to the current cycle and, of each access, whether it crosses a boundary and which store in flight
// it takes its data from. So the pair of state and such an outcome leads to the next state, in so many cycles, with so
// many more counts. The first time this is found out by the pipeline itself, later by looking it up. What changes in
// program order (tags, store addresses) changes in the same way on both paths.

import type { FirstLevelCache } from '../../mem/cache/first-level.ts'
import type { Kernel } from '../../sim/kernel.ts'
import type { DecodeUnit } from '../decode/decode-unit.ts'
import type { Decoded } from './decoded.ts'
import { MISS, Outcomes } from './outcomes.ts'
import type { CoreWires, Pipeline } from './pipeline.ts'
import { COUNTS } from './stalls.ts'
import { States } from './states.ts'
import { MOST_UNDONE, type StoreHistory } from './store-history.ts'

const NONE = -1
const TAKEN = 1 // alone: the outcome of a block that is taken and whose accesses cross nothing and meet no store

/** States that are looked at to find the one in which a loop recurs. */
const LONGEST_PERIOD = 64

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
  private readonly kernel: Kernel
  private readonly decodeUnit: DecodeUnit | undefined
  private readonly period: number
  private readonly history: StoreHistory
  private readonly outcomes: Outcomes
  private vector = new Int32Array(1 << 12)
  private states = new States()
  private state = NONE // NONE: the pipeline itself is current
  private concrete = true // the pipeline stands where `state` says
  private cycle = 0
  private horizon = Infinity // cycle until which nothing happens in memory but by the core
  private last = NONE // transition
  private credit = PATIENCE
  private rest = 0 // blocks left
  private nextRest = SHORT_REST

  constructor(pipeline: Pipeline, decoded: Decoded, { kernel, period, l1d, l1i, history, decodeUnit }: CoreWires) {
    this.decodeUnit = decodeUnit
    this.pipeline = pipeline
    this.decoded = decoded
    this.l1d = l1d
    this.l1i = l1i
    this.kernel = kernel
    this.period = period
    this.history = history
    this.outcomes = new Outcomes(decoded, l1d, history)
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
    if (!this.canRead(block)) return this.leave()
    const mark = this.history.mark()
    const accesses = this.access(block, trace, at, this.horizon === Infinity)
    if (accesses === MISS) {
      this.history.reset(mark)
      return this.leave()
    }
    const outcome = accesses * 4 + (taken ? TAKEN : 0) + (mispredicted ? 2 : 0)
    const transition = this.states.find(this.state, block, outcome, this.last)
    if (transition === NONE || this.horizon < Infinity) this.history.reset(mark)
    if (transition === NONE) this.learn(block, outcome, trace, at, taken, mispredicted)
    else if (this.horizon === Infinity) this.replay(transition)
    else if (this.cycle + this.states.cycles[transition]! > this.horizon) return this.leave()
    else {
      this.access(block, trace, at, true)
      this.replay(transition)
    }
    return true
  }

  /** Whether the block waits for no register of a decode unit: those that it reads can be read as it begins. */
  private canRead(block: number): boolean {
    const registers = this.decoded.decodes[block]!
    const unit = this.decodeUnit
    if (registers === 0) return true
    // What is read makes the unit go on, before the horizon perhaps.
    if (unit === undefined || this.horizon < Infinity) return false
    if (unit.packed.canRead(registers, this.now)) return true
    this.kernel.runUntil(this.now * this.period) // it has not been told yet what time it is
    return unit.packed.canRead(registers, this.now)
  }

  /** What matters of the block's accesses; see Outcomes. */
  private access(block: number, trace: Int32Array, at: number, performs: boolean): number {
    return this.outcomes.access(block, trace, at, this.states.inFlight[this.state]!, performs)
  }

  /**
   * Times records of the block `block`, which is followed by itself, from `at` on, as long as each is followed by one
   * more and they do what they did last time. Returns where it stopped.
   */
  repeat(block: number, trace: Int32Array, at: number, words: number): number {
    const { states, history } = this
    if (this.state === NONE || this.last === NONE || this.horizon < Infinity) return at
    const length = this.decoded.recordLength(block)
    const loads = this.outcomes.loadsOnly(block)
    let here = at
    while (here + length < words && trace[here + length] === block) {
      const transition = states.follows[this.last]!
      if (transition === NONE || states.block[transition] !== block) break
      if (loads && states.inFlight[this.state] === 0 && this.isQuiet(transition, block)) {
        const records = (this.outcomes.quiet(block, trace, here, words) - here) / length
        if (records > 0) {
          here += length * this.replayQuiet(transition, block, records)
          continue
        }
      }
      if (!this.canRead(block)) break
      const mark = history.mark()
      const accesses = this.access(block, trace, here + 1, true)
      if (accesses === MISS || accesses * 4 + TAKEN !== states.outcome[transition]) {
        history.reset(mark)
        break
      }
      this.replay(transition)
      here += length
    }
    return here
  }

  /** Whether it stands for the block with a quiet outcome. */
  private isQuiet(transition: number, block: number): boolean {
    const { states } = this
    return transition !== NONE && states.block[transition] === block && states.outcome[transition] === TAKEN
  }

  /** With no store in flight, and none in the block: replays quiet transitions from `first` on, `most` of them or until what follows is not known; returns how many. */
  private replayQuiet(first: number, block: number, most: number): number {
    const { follows } = this.states
    let period = 1
    let last = first
    for (; period < LONGEST_PERIOD && follows[last] !== first && this.isQuiet(follows[last]!, block); period++)
      last = follows[last]!
    const times = follows[last] === first ? Math.floor(most / period) : 0
    let done = times * period
    let transition = first
    for (let i = 0; i < period && times > 0; i++) {
      this.replay(transition, times)
      transition = follows[transition]!
    }
    for (; done < most && this.isQuiet(transition, block); done++) {
      this.replay(transition)
      transition = follows[transition]!
    }
    return done
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
    const { decodeUnit } = this
    if (decodeUnit !== undefined && !decodeUnit.leavesL1) this.kernel.runUntil(this.pipeline.cycle * this.period)
    // What goes on below reaches the core by lines that are to be filled, and by symbols that a decode unit loads.
    const settled = this.l1d.idle && this.l1i.idle && (decodeUnit?.leavesL1 ?? true)
    // A fill is done in its tick by an access before the event.
    this.horizon = settled ? Infinity : Math.ceil(this.kernel.due / this.period) - 1
    if (this.pipeline.cycle >= this.horizon || !this.pipeline.settled) return false
    if (this.states.full) {
      this.count(this.states.settle(this.counts()))
      this.states = new States()
      this.outcomes.clear()
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

  private replay(transition: number, times = 1): void {
    const { states } = this
    this.concrete = false
    for (const read of states.reads[transition]!) this.decodeUnit!.take(this.cycle + read)
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
    const from = this.cycle
    const { fired } = this.kernel
    const reads: number[] = []
    if (this.decodeUnit !== undefined) this.decodeUnit.packed.reads = reads
    pipeline.run(block, trace, at, taken, mispredicted)
    if (this.decodeUnit !== undefined) this.decodeUnit.packed.reads = null
    if (this.horizon < Infinity && (this.kernel.fired !== fired || !pipeline.settled)) {
      this.leave() // it was not the pipeline's doing alone
      return
    }
    const delta = Float64Array.from(this.counts(), (count, i) => count - before[i]!)
    const cycles = pipeline.cycle - this.cycle
    this.cycle = pipeline.cycle
    this.state = this.saved()
    this.last = states.add(state, block, outcome, {
      state: this.state,
      cycles,
      delta,
      reads: reads.map((cycle) => cycle - from),
    })
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
