// A core: takes blocks as they were executed and lets time pass. Its pipeline does the timing; here is what goes by
// program order alone: instruction lines, branch prediction, how often each block ran.

import type { Multiplies } from '../../isa/multiplies.ts'
import type { BlockStream } from '../../isa/stream.ts'
import { CONDITIONAL, Decoded, LOAD, NO_BRANCH, PREFETCH, STORE } from './decoded.ts'
import { FastPath } from './fast-path.ts'
import { InOrder } from './in-order.ts'
import type { PipelineObserver } from './observer.ts'
import { OutOfOrder } from './out-of-order.ts'
import type { CoreWires, Pipeline } from './pipeline.ts'
import { Predictor } from './predictor.ts'
import type { CoreSpec } from './spec.ts'
import { BUSY, type StallReason, stallReasons } from './stalls.ts'
import { StoreHistory } from './store-history.ts'

export interface CoreOptions {
  /** Replay what recurs: the same figures, sooner. */
  readonly fast: boolean
  /** Runs of a block after which it is compiled: the same figures, sooner. */
  readonly patience?: number | undefined
}

/** Watches the pipeline in cycles from `from` until before `to`. */
export interface Observation {
  readonly observer: PipelineObserver
  readonly from: number
  readonly to: number
}

/** Cycles before and after a watched window in which everything is watched: instructions in it are fetched, or retire, then. */
const LEAD = 2000

export interface ExecutedCounts extends Multiplies {
  readonly instructions: number
  readonly loads: number
  readonly stores: number
  readonly prefetches: number
}

export class Core {
  readonly predictor: Predictor

  private readonly decoded: Decoded
  private readonly pipeline: Pipeline
  private readonly fast: FastPath | null
  private readonly wires: CoreWires
  private observation: Observation | null = null
  private watching = false
  private executed = new Float64Array(0) // by block
  private previous = -1 // block
  private present = false // all lines of that block, in L1I, when it began

  constructor(spec: CoreSpec, wires: Omit<CoreWires, 'history'>, { fast, patience }: CoreOptions) {
    this.wires = { ...wires, history: new StoreHistory(spec.kind === 'in-order' ? spec.storeBuffer : spec.storeQueue) }
    this.decoded = new Decoded(spec)
    this.predictor = new Predictor(spec.predictor)
    this.pipeline =
      spec.kind === 'in-order'
        ? new InOrder(spec, this.decoded, this.wires, patience)
        : new OutOfOrder(spec, this.decoded, this.wires, patience)
    this.fast = fast ? new FastPath(this.pipeline, this.decoded, this.wires) : null
  }

  observe(observation: Observation): void {
    this.observation = observation
  }

  /** Cycles that have passed. */
  get cycles(): number {
    return (this.fast?.now ?? this.pipeline.cycle) + 1
  }

  /** Times the records in the stream's trace, of `words` words, that lie between the words `from` and `to`. */
  time(stream: Omit<BlockStream, 'run'>, words: number, from = 0, to = words): void {
    this.know(stream)
    const { trace } = stream
    const { accessCount } = this.decoded
    for (let at = from; at < to; ) {
      const block = trace[at]!
      if (block === this.previous) {
        const there = this.repeat(block, trace, at, to)
        if (there > at) {
          at = there
          continue
        }
      }
      const after = at + 1 + accessCount[block]!
      this.block(block, trace, at + 1, after < words ? trace[after]! : stream.next)
      this.previous = block
      at = after
    }
  }

  /** As `time` from the word `from` on, but ends with the block in which the core comes to `cycle`; returns the word behind it. */
  timeUntil(cycle: number, stream: Omit<BlockStream, 'run'>, words: number, from: number): number {
    this.know(stream)
    const { trace } = stream
    let at = from
    while (at < words && this.cycles < cycle) {
      const block = trace[at]!
      const after = at + 1 + this.decoded.accessCount[block]!
      this.block(block, trace, at + 1, after < words ? trace[after]! : stream.next)
      this.previous = block
      at = after
    }
    return at
  }

  /** Makes `stalls()` and the counts of memory complete for all that has retired so far. */
  settle(): void {
    this.fast?.settle()
  }

  /** Waits for what is under way; the counts are complete then. */
  finish(): void {
    this.fast?.settle()
    this.pipeline.drain()
  }

  /** Cycles by what the core did; of a core that has finished, they sum to its cycles. */
  stalls(): Readonly<Record<'busy' | StallReason, number>> {
    const counts = stallReasons.map((reason, i) => [reason, this.pipeline.counts[i + 1]!])
    return { busy: this.pipeline.counts[BUSY], ...Object.fromEntries(counts) }
  }

  /** Instructions, those that access memory, and the products that they compute: executed so far. */
  executedCounts(): ExecutedCounts {
    const products = { multiplications: 0, integerMultiplications: 0 }
    const counts = { instructions: 0, loads: 0, stores: 0, prefetches: 0, ...products }
    const { count, multiplications, integerMultiplications, accessFirst, accessCount, accessKind, blocks } =
      this.decoded
    for (let block = 0; block < blocks; block++) {
      const times = this.executed[block]!
      counts.instructions += times * count[block]!
      counts.multiplications += times * multiplications[block]!
      counts.integerMultiplications += times * integerMultiplications[block]!
      for (let i = 0; i < accessCount[block]!; i++) {
        const kind = accessKind[accessFirst[block]! + i]!
        if (kind === LOAD) counts.loads += times
        if (kind === STORE) counts.stores += times
        if (kind === PREFETCH) counts.prefetches += times
      }
    }
    return counts
  }

  /** Blocks that the fast path replayed. */
  get replayed(): number {
    return this.fast?.replayed ?? 0
  }

  /** Bytes that instructions executed so far load and store. */
  executedBytes(): { loaded: number; stored: number } {
    const bytes = { loaded: 0, stored: 0 }
    const { accessFirst, accessCount, accessKind, accessBytes, blocks } = this.decoded
    for (let block = 0; block < blocks; block++)
      for (let i = accessFirst[block]!; i < accessFirst[block]! + accessCount[block]!; i++) {
        if (accessKind[i] === LOAD) bytes.loaded += this.executed[block]! * accessBytes[i]!
        if (accessKind[i] === STORE) bytes.stored += this.executed[block]! * accessBytes[i]!
      }
    return bytes
  }

  /** Takes in blocks and decodings that are new in `stream`. */
  private know({ instructions, blocks, decodings }: Omit<BlockStream, 'run'>): void {
    this.decoded.grow(instructions, blocks)
    if (blocks.length > this.executed.length) {
      const executed = new Float64Array(2 * blocks.length)
      executed.set(this.executed)
      this.executed = executed
    }
    if (decodings !== undefined && this.wires.decodeUnit !== undefined) this.wires.decodeUnit.decodings = decodings
  }

  private block(block: number, trace: Int32Array, at: number, next: number): void {
    const { decoded } = this
    if (this.observation !== null) this.watch(this.observation)
    this.executed[block]!++
    const end = decoded.end[block]!
    const target = next < 0 ? end : decoded.start[next]!
    const kind = decoded.branch[block]!
    if (kind !== NO_BRANCH && next < 0) this.predictor.count.branches++ // to where is not known
    const mispredicted = kind !== NO_BRANCH && next >= 0 && this.predictor.resolve(kind, end - 4, target)
    const taken = target !== end || (kind !== NO_BRANCH && kind !== CONDITIONAL)
    // Where all its lines were present a moment ago, they are still, and once more in the same order changes nothing.
    if (block !== this.previous || !this.present) this.present = this.fetch(decoded.start[block]!, end)
    if (this.present && !this.watching && this.fast !== null)
      if (this.fast.run(block, trace, at, taken, mispredicted)) return
    this.pipeline.run(block, trace, at, taken, mispredicted)
  }

  /** Times records of a block that loops, as long as nothing new happens; returns where it stopped. */
  private repeat(block: number, trace: Int32Array, at: number, words: number): number {
    const { fast, decoded, predictor } = this
    if (fast === null || !this.present || this.observation !== null || decoded.branch[block] !== CONDITIONAL) return at
    if (!predictor.saturated(decoded.end[block]! - 4)) return at
    const there = fast.repeat(block, trace, at, words)
    const times = (there - at) / decoded.recordLength(block)
    this.executed[block]! += times
    predictor.count.branches += times
    return there
  }

  /** Brings the block's lines into L1I; false if any was missing, and the front end then waits for it. */
  private fetch(start: number, end: number): boolean {
    const { l1i } = this.wires
    const last = (end - 4) >>> l1i.lineBits
    let present = true
    for (let line = start >>> l1i.lineBits; line <= last; line++)
      if (l1i.use(line, false)) l1i.count.reads++
      else present = this.fetchLine(line)
    return present
  }

  private fetchLine(line: number): false {
    const { l1i, kernel, period } = this.wires
    this.fast?.leave()
    kernel.runUntil(Math.max(0, this.pipeline.cycle) * period)
    const handle = l1i.access(line, false)
    if (handle < 0) return false
    this.pipeline.fetchMiss(() => (l1i.fetch(handle) ? Math.ceil(l1i.filledAt(handle) / period) : Infinity))
    return false
  }

  /** Turns the observer on and off as the window is reached and left. */
  private watch({ observer, from, to }: Observation): void {
    const { cycles } = this
    const watching = cycles >= from - LEAD && cycles <= to + LEAD
    if (watching === this.watching) return
    this.watching = watching
    this.fast?.leave()
    this.pipeline.observe(watching ? observer : null, this.executedCounts().instructions)
  }
}
