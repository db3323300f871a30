// Instructions of an out-of-order core whose cycles cannot be told at dispatch, because they depend on memory: in
// program order, each WAITING for operands, then asking for the lines that it lacks, then for their data.

import { UNKNOWN } from './cycles.ts'
import { type DataSide, HIT } from './data-side.ts'
import { ACCESS, BASE, type Decoded, LATENCY, LOAD, RESULTS, resultAt, STORE } from './decoded.ts'
import type { Pipes } from './pipes.ts'
import type { Registers } from './registers.ts'
import {
  ADDRESS,
  ASKED,
  BUSY_FOR,
  CAUSE,
  COMPLETE,
  DATA,
  FIRST,
  FLOOR,
  FORWARD,
  INSTRUCTION,
  ISSUED,
  LATE,
  NEEDS,
  NONE,
  PIPE,
  PLACE,
  READY,
  type ReorderBuffer,
  SECOND,
  STATE,
} from './reorder-buffer.ts'
import { reasonAt } from './stalls.ts'
import type { StoreQueue } from './store-queue.ts'

export const WAITING = 0
const ASKING = 1
const MISSING = 2

export interface OutstandingWires {
  readonly buffer: ReorderBuffer
  readonly registers: Registers
  readonly pipes: Pipes
  readonly stores: StoreQueue
  readonly data: DataSide
}

export class Outstanding {
  size = 0
  /** When the next one asks memory; UNKNOWN if none does before there are news. */
  nextAsk = UNKNOWN

  private readonly decoded: Decoded
  private readonly buffer: ReorderBuffer
  private readonly registers: Registers
  private readonly pipes: Pipes
  private readonly stores: StoreQueue
  private readonly data: DataSide
  private readonly list: Int32Array
  private readonly needs: Int32Array // of an entry, as many words as it has: what it waits for, cycles from then
  private readonly drains: number // what stands for the drain of the first place of the store queue

  constructor(decoded: Decoded, { buffer, registers, pipes, stores, data }: OutstandingWires) {
    this.decoded = decoded
    this.buffer = buffer
    this.registers = registers
    this.pipes = pipes
    this.stores = stores
    this.data = data
    this.list = new Int32Array(buffer.retires.length)
    this.drains = buffer.words.length
    this.needs = new Int32Array(this.drains)
  }

  /** `entry` can issue `latency` cycles after what comes to stand in `word` of the reorder buffer. */
  need(entry: number, word: number, latency: number): void {
    const { words } = this.buffer
    const at = entry + 2 * words[entry + NEEDS]!
    words[entry + NEEDS]!++
    this.needs[at] = word
    this.needs[at + 1] = latency
  }

  /** It can issue when the store in that place of the store queue has drained. */
  needDrain(entry: number, place: number): void {
    this.need(entry, this.drains + place, 0)
  }

  /** An entry, complete but for its cycles, has been dispatched in `cycle`. */
  begin(entry: number, cycle: number): void {
    if (!this.progress(entry, cycle)) this.list[this.size++] = entry
  }

  /** Takes in what is known by `cycle`, and what has been asked for by then. `settle` is called before each: older ones may retire. */
  hear(cycle: number, settle: () => void): void {
    this.data.news = false
    this.nextAsk = UNKNOWN
    this.stores.resolve()
    const { size } = this
    this.size = 0
    for (let i = 0; i < size; i++) {
      const entry = this.list[i]!
      settle()
      if (!this.progress(entry, cycle)) this.list[this.size++] = entry
    }
    settle()
  }

  rebase(by: number): void {
    if (this.nextAsk !== UNKNOWN) this.nextAsk -= by
  }

  /** Goes on with an entry as far as possible in `cycle`; true once its completion is known. */
  private progress(entry: number, cycle: number): boolean {
    const { words } = this.buffer
    if (words[entry + STATE] === WAITING && !this.issue(entry, cycle)) return false
    if (words[entry + STATE] === ASKING && !this.ask(entry, cycle)) return false
    return this.finish(entry)
  }

  /** Finds out when it issues, if all that it needs is known. */
  private issue(entry: number, cycle: number): boolean {
    const { words } = this.buffer
    const { code } = this.decoded
    if (!this.isReady(entry)) return false
    if (words[entry + READY]! < cycle) words[entry + READY] = cycle
    const p = words[entry + INSTRUCTION]!
    const pipe = words[entry + PIPE]!
    const ready = words[entry + READY]!
    const issued = pipe === NONE ? ready : this.pipes.reserve(pipe, ready, words[entry + BUSY_FOR]!)
    words[entry + ISSUED] = issued
    words[entry + ASKED] = issued
    words[entry + STATE] = ASKING
    if (code[p + BASE]! >= 0) this.registers.settle(code[p + BASE]!, entry + ISSUED, issued)
    if (code[p + ACCESS] === STORE) this.stores.issue(words[entry + PLACE]!, issued)
    return true
  }

  /** Takes in what has become known of its needs: it is looked for at once, because what stands for it is used again. */
  private isReady(entry: number): boolean {
    const { words } = this.buffer
    const { needs } = this
    let kept = entry
    for (let at = entry; at < entry + 2 * words[entry + NEEDS]!; at += 2) {
      const word = needs[at]!
      const known = word < this.drains ? words[word]! : this.stores.drainedAt(word - this.drains)
      if (known === UNKNOWN) {
        needs[kept] = word
        needs[kept + 1] = needs[at + 1]!
        kept += 2
      } else if (known + needs[at + 1]! > words[entry + READY]!) words[entry + READY] = known + needs[at + 1]!
    }
    words[entry + NEEDS] = (kept - entry) >> 1
    if (words[entry + FLOOR] === UNKNOWN) {
      const issued = this.stores.issuedAt(words[entry + PLACE]!)
      if (issued === UNKNOWN) return false
      words[entry + FLOOR] = issued + words[entry + FORWARD]!
      if (issued >= words[entry + READY]!) words[entry + READY] = issued + 1
    }
    return kept === entry
  }

  /** Asks memory for what it lacks, when it issues and as soon as it can. */
  private ask(entry: number, cycle: number): boolean {
    const { words } = this.buffer
    const first = words[entry + FIRST]!
    const second = words[entry + SECOND]!
    const prefetches = words[entry + ADDRESS] !== NONE
    if (prefetches || this.filledAt(entry) === Infinity) {
      if (words[entry + ISSUED]! > cycle) {
        if (words[entry + ISSUED]! < this.nextAsk) this.nextAsk = words[entry + ISSUED]!
        return false
      }
      if (prefetches) this.data.prefetch(words[entry + ADDRESS]! >>> 0)
      if ((first !== HIT && !this.data.ask(first)) || (second !== HIT && !this.data.ask(second))) {
        this.nextAsk = Math.min(this.nextAsk, this.data.freeAfter(cycle))
        return false
      }
      words[entry + ASKED] = cycle
    }
    words[entry + STATE] = MISSING
    return true
  }

  /** Finds out when it is complete, if its data are known to come. */
  private finish(entry: number): boolean {
    const { words } = this.buffer
    const { code } = this.decoded
    const p = words[entry + INSTRUCTION]!
    const asked = words[entry + ASKED]!
    let data = asked
    let complete = asked + 1
    if (code[p + ACCESS] === LOAD) {
      const filled = this.filledAt(entry)
      if (filled === Infinity) return false
      if (words[entry + FORWARD] !== NONE) data = Math.max(asked + 1, words[entry + FLOOR]!)
      else if (filled > data) {
        words[entry + CAUSE] = this.causeOf(entry)
        data = filled
      }
    }
    if (code[p + RESULTS]! > 0) {
      const latency = words[entry + FORWARD] !== NONE ? 0 : code[p + LATENCY]! + words[entry + LATE]!
      complete = Math.max(complete, data + latency)
      for (let r = p + resultAt; r < p + resultAt + code[p + RESULTS]!; r++)
        this.registers.settle(code[r]!, entry + DATA, data)
    }
    words[entry + DATA] = data
    words[entry + COMPLETE] = complete
    return true
  }

  /** Cycle of the fill of all that the entry accesses, Infinity while not known. */
  private filledAt(entry: number): number {
    const { words } = this.buffer
    const first = words[entry + FIRST]!
    const second = words[entry + SECOND]!
    const filled = first === HIT ? 0 : this.data.known(first)
    return second === HIT ? filled : Math.max(filled, this.data.known(second))
  }

  /** What waiting for the fill is charged to. */
  private causeOf(entry: number): number {
    const { words } = this.buffer
    const first = words[entry + FIRST]!
    const second = words[entry + SECOND]!
    const near = (first === HIT || this.data.depth(first) === 0) && (second === HIT || this.data.depth(second) === 0)
    return near ? reasonAt.l1Miss : reasonAt.l2Miss
  }
}
