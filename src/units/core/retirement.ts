// Retirement in an out-of-order core: in program order, and what the cycles are charged to in which nothing retires.

import { UNKNOWN } from './cycles.ts'
import { ACCESS, type Decoded, FIELDS, LOAD, STORE } from './decoded.ts'
import type { ReorderBuffer } from './reorder-buffer.ts'
import * as word from './reorder-buffer.ts'
import { BUSY, COUNTS, reasonAt } from './stalls.ts'
import type { StoreQueue } from './store-queue.ts'
import type { Watch } from './watch.ts'

export class Retirement {
  readonly counts = new Float64Array(COUNTS)
  watch: Watch | null = null
  /** Cycle that all others are relative to, for the watch. */
  base = 0

  private readonly decoded: Decoded
  private readonly buffer: ReorderBuffer
  private readonly stores: StoreQueue

  constructor(decoded: Decoded, buffer: ReorderBuffer, stores: StoreQueue) {
    this.decoded = decoded
    this.buffer = buffer
    this.stores = stores
  }

  /** Retires the entries of which it is known when. */
  settle(): void {
    const { buffer } = this
    const { words } = buffer
    while (buffer.entries > 0) {
      const entry = buffer.head
      const complete = words[entry + word.COMPLETE]!
      if (complete === UNKNOWN) return
      const { last } = buffer
      const access = this.decoded.code[words[entry + word.INSTRUCTION]! + ACCESS]!
      if (complete > last + 1) this.charge(entry, access, last + 1, complete)
      const cycle = buffer.retire(complete)
      if (cycle > last) this.counts[BUSY]!++
      if (access === LOAD) buffer.retireLoad(cycle)
      else if (access === STORE) this.stores.retire(cycle)
      if (this.watch !== null) this.show(this.watch, entry, cycle)
      buffer.pop(cycle)
    }
  }

  /** Charges the cycles from `from` until before `to`, in which nothing retires, to what holds up the entry, then the oldest. */
  private charge(entry: number, access: number, from: number, to: number): void {
    const { words } = this.buffer
    const reason = words[entry + word.REASON]!
    let at = this.chargeUntil(from, words[entry + word.FETCHED]!, to, reason)
    if (access === STORE) at = this.chargeUntil(at, words[entry + word.ROOM]!, to, reasonAt.storeBuffer)
    at = this.chargeUntil(at, words[entry + word.DISPATCHED]! + 1, to, reason)
    at = this.chargeUntil(at, words[entry + word.READY]!, to, reasonAt.operand)
    at = this.chargeUntil(at, words[entry + word.ISSUED]!, to, reasonAt.pipe)
    at = this.chargeUntil(at, words[entry + word.ASKED]!, to, reasonAt.missQueue)
    this.chargeUntil(at, to, to, words[entry + word.CAUSE]!)
  }

  private chargeUntil(from: number, end: number, to: number, reason: number): number {
    const until = end < to ? end : to
    if (until <= from) return from
    this.counts[reason]! += until - from
    return until
  }

  private show(watch: Watch, entry: number, retire: number): void {
    const { base } = this
    const { words } = this.buffer
    const complete = base + words[entry + word.COMPLETE]!
    const times = {
      fetch: base + words[entry + word.FETCHED]!,
      dispatch: base + words[entry + word.DISPATCHED]!,
      issue: base + words[entry + word.ISSUED]!,
      complete,
      retire: base + retire,
      pipe: words[entry + word.PIPE]!,
      busy: words[entry + word.BUSY_FOR]!,
    }
    watch.issued(this.decoded.instructions[words[entry + word.INSTRUCTION]! / FIELDS]!, times, () => complete)
  }
}
