// Execution in an out-of-order core: what an instruction does when it issues, and when its results are there.

import { UNKNOWN } from './cycles.ts'
import type { DataSide } from './data-side.ts'
import { HIT } from './data-side.ts'
import { ACCESS, BASE, type Decoded, LATENCY, LOAD, OCCUPANCY, PREFETCH, RESULTS, resultAt, STORE } from './decoded.ts'
import type { FrontEnd } from './front-end.ts'
import type { IssueQueues } from './issue-queues.ts'
import type { Renaming } from './renaming.ts'
import {
  ADDRESS,
  AT_DATA,
  AT_ISSUE,
  BLOCKED,
  CAUSE,
  COMPLETE,
  FILLED,
  FIRST,
  FLOOR,
  FORWARDED,
  INSTRUCTION,
  ISSUED,
  LATER,
  LONGER,
  MISSING,
  NONE,
  PLACE,
  READY,
  type ReorderBuffer,
  SECOND,
  SPECIAL,
  STATE,
} from './reorder-buffer.ts'
import { reasonAt } from './stalls.ts'
import type { StoreQueue } from './store-queue.ts'

export interface ExecutionWires {
  readonly front: FrontEnd
  readonly buffer: ReorderBuffer
  readonly renaming: Renaming
  readonly queues: IssueQueues
  readonly stores: StoreQueue
  readonly data: DataSide
}

export class Execution {
  /** The mispredicted branch that has not issued, else NONE. */
  mispredicted = NONE

  private readonly decoded: Decoded
  private readonly penalty: number
  private readonly front: FrontEnd
  private readonly buffer: ReorderBuffer
  private readonly renaming: Renaming
  private readonly queues: IssueQueues
  private readonly stores: StoreQueue
  private readonly data: DataSide
  private readonly missing: Int32Array // loads that have issued and whose fill is not known, in no order
  private misses = 0
  private blocked = 0
  private readonly unblocks = (entry: number): boolean => {
    const { words } = this.buffer
    if (words[entry + STATE] !== BLOCKED) return false
    words[entry + STATE] = SPECIAL
    return true
  }

  constructor(decoded: Decoded, wires: ExecutionWires) {
    this.decoded = decoded
    this.penalty = decoded.spec.fetch.mispredictPenalty
    this.front = wires.front
    this.buffer = wires.buffer
    this.renaming = wires.renaming
    this.queues = wires.queues
    this.stores = wires.stores
    this.data = wires.data
    this.missing = new Int32Array(this.buffer.entries)
  }

  /** Issues `entry`, which may be SPECIAL; how long it keeps its pipe, in twelfths of a cycle, or NONE when it cannot and must be woken again. */
  issue(entry: number, cycle: number): number {
    const { words } = this.buffer
    const { code } = this.decoded
    const p = words[entry + INSTRUCTION]!
    if (words[entry + STATE] === SPECIAL) return this.access(entry, p, cycle)
    words[entry + ISSUED] = cycle
    this.finish(entry, p, cycle, code[p + LATENCY]!)
    if (entry === this.mispredicted) this.resume(cycle)
    return code[p + OCCUPANCY]!
  }

  /** The entry issues, and its base register is written. */
  writeBack(entry: number, base: number, cycle: number): void {
    this.renaming.settle(base, entry + AT_ISSUE, cycle)
    this.queues.fire(entry + AT_ISSUE, cycle)
  }

  /** The branch in `entry`, dispatched last, was predicted wrongly: nothing is fetched until it has issued. */
  mispredict(entry: number): void {
    const { words } = this.buffer
    this.mispredicted = entry
    if (words[entry + COMPLETE] !== UNKNOWN) this.resume(words[entry + ISSUED]!)
  }

  /** Whether something waits for memory. */
  get waits(): boolean {
    return this.misses > 0 || this.blocked > 0 || this.stores.waits
  }

  /** Takes in what has become known of memory by `cycle`. */
  hear(cycle: number): void {
    this.data.news = false
    this.resolve()
    if (this.blocked === 0) return
    this.blocked = 0
    this.queues.retry(cycle, this.unblocks)
  }

  /** Takes in the fills that have become known. */
  resolve(): void {
    let kept = 0
    for (let i = 0; i < this.misses; i++) {
      const entry = this.missing[i]!
      const filled = this.filledAt(entry)
      if (filled === Infinity) this.missing[kept++] = entry
      else this.arrive(entry, this.buffer.words[entry + ISSUED]!, filled)
    }
    this.misses = kept
    this.stores.resolve()
  }

  /** Cycle of the fill of all that the entry accesses, Infinity while not known. */
  filledAt(entry: number): number {
    const { words } = this.buffer
    const first = words[entry + FIRST]!
    const second = words[entry + SECOND]!
    const filled = first === HIT ? words[entry + FILLED]! : this.data.known(first)
    return second === HIT ? filled : Math.max(filled, this.data.known(second))
  }

  /** What waiting for the fill is charged to. */
  causeOf(entry: number): number {
    const { words } = this.buffer
    const first = words[entry + FIRST]!
    const second = words[entry + SECOND]!
    if (first === HIT && second === HIT) return words[entry + CAUSE]!
    const depth = first === HIT ? 0 : this.data.depth(first)
    return (second === HIT ? depth : Math.max(depth, this.data.depth(second))) === 0 ? reasonAt.l1Miss : reasonAt.l2Miss
  }

  /** Lets a waiting entry wait until it can ask memory. */
  block(entry: number): void {
    const { words } = this.buffer
    words[entry + STATE] = BLOCKED
    words[entry + READY] = UNKNOWN
    this.blocked++
  }

  /** Nothing is under way. */
  clear(): void {
    this.mispredicted = NONE
    this.misses = 0
    this.blocked = 0
    this.data.news = true
  }

  /** The results of an entry that issued count from cycle `from`; the last of them takes `latency`. */
  private finish(entry: number, p: number, from: number, latency: number): void {
    const { words } = this.buffer
    const { code } = this.decoded
    const list = entry + AT_DATA
    const results = code[p + RESULTS]!
    const issued = words[entry + ISSUED]!
    const complete = results === 0 ? from : from + latency
    words[entry + COMPLETE] = complete > issued ? complete : issued + 1
    for (let r = p + resultAt; r < p + resultAt + results; r++) this.renaming.settle(code[r]!, list, from)
    if (words[list] !== NONE) this.queues.fire(list, from)
  }

  private access(entry: number, p: number, cycle: number): number {
    const { words } = this.buffer
    const { code } = this.decoded
    const access = code[p + ACCESS]!
    if (!this.asks(entry, access, cycle)) return NONE
    words[entry + ISSUED] = cycle
    const base = code[p + BASE]!
    if (base >= 0) this.writeBack(entry, base, cycle)
    if (access === LOAD) this.load(entry, p, cycle)
    else {
      if (access === STORE) {
        this.stores.issue(words[entry + PLACE]!, cycle)
        this.queues.feed(entry, cycle)
      }
      this.finish(entry, p, cycle, 0)
    }
    return code[p + OCCUPANCY]! + words[entry + LONGER]!
  }

  /** Asks memory for what it lacks; false when it cannot. */
  private asks(entry: number, access: number, cycle: number): boolean {
    const { data } = this
    const { words } = this.buffer
    if (access === PREFETCH) {
      this.advance(cycle)
      data.prefetch(words[entry + ADDRESS]! >>> 0)
      return true
    }
    const first = words[entry + FIRST]!
    const second = words[entry + SECOND]!
    if (first === HIT && second === HIT) return true
    this.advance(cycle)
    if ((first === HIT || data.ask(first)) && (second === HIT || data.ask(second))) return true
    this.block(entry)
    return false
  }

  /** Brings memory to `cycle`. What it tells until then is no news to what comes to wait for it now. */
  private advance(cycle: number): void {
    this.data.advance(cycle)
    if (!this.data.news) return
    this.data.news = false
    this.resolve()
  }

  private load(entry: number, p: number, cycle: number): void {
    const { words } = this.buffer
    if (words[entry + FORWARDED] === 1) {
      const floor = words[entry + FLOOR]!
      words[entry + CAUSE] = reasonAt.operand
      this.finish(entry, p, floor > cycle ? floor : cycle + 1, 0)
      return
    }
    const filled = this.filledAt(entry)
    if (filled < Infinity) this.arrive(entry, cycle, filled)
    else {
      words[entry + STATE] = MISSING
      this.missing[this.misses++] = entry
    }
  }

  /** A load that issued in cycle `issued` has its lines from cycle `filled` on. */
  private arrive(entry: number, issued: number, filled: number): void {
    const { words } = this.buffer
    const p = words[entry + INSTRUCTION]!
    words[entry + CAUSE] = filled > issued ? this.causeOf(entry) : reasonAt.operand
    this.finish(entry, p, filled > issued ? filled : issued, this.decoded.code[p + LATENCY]! + words[entry + LATER]!)
  }

  /** The mispredicted branch issues in `cycle`. */
  resume(cycle: number): void {
    this.mispredicted = NONE
    // The penalty is from issue to issue, and what is fetched can issue a cycle later.
    this.front.resume(cycle + this.penalty - 1, reasonAt.mispredict)
  }
}
