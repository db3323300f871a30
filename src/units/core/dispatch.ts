// Dispatch in an out-of-order core, of what is more than registers: an instruction that accesses memory does so in the
// order of the program, as far as tags go, and finds the store that it has to wait for.

import { UNKNOWN } from './cycles.ts'
import { type DataSide, HIT } from './data-side.ts'
import {
  ACCESS,
  ACCUMULATE,
  BYTES,
  type Decoded,
  LOAD,
  PREFETCH,
  QUAD,
  RESULTS,
  resultAt,
  resultLatencyAt,
  STORE,
} from './decoded.ts'
import type { Execution, ExecutionWires } from './execution.ts'
import type { IssueQueues } from './issue-queues.ts'
import type { Renaming } from './renaming.ts'
import {
  ADDRESS,
  AT_DATA,
  AT_ISSUE,
  CAUSE,
  FILLED,
  FIRST,
  FLOOR,
  FORWARDED,
  LATER,
  LONGER,
  NONE,
  PLACE,
  type ReorderBuffer,
  SECOND,
  SPECIAL,
  STATE,
} from './reorder-buffer.ts'
import type { OutOfOrderSpec } from './spec.ts'
import { reasonAt } from './stalls.ts'
import { NO_MATCH, PARTIAL, type StoreHistory } from './store-history.ts'
import type { StoreQueue } from './store-queue.ts'

export class Dispatch {
  private readonly spec: OutOfOrderSpec
  private readonly decoded: Decoded
  private readonly history: StoreHistory
  private readonly buffer: ReorderBuffer
  private readonly renaming: Renaming
  private readonly queues: IssueQueues
  private readonly stores: StoreQueue
  private readonly data: DataSide
  private readonly execution: Execution
  private readonly writeBackLatency: number
  /** Cycle from which the instruction being dispatched can issue, and edges that it waits for. */
  least = 0
  waits = 0

  constructor(
    spec: OutOfOrderSpec,
    decoded: Decoded,
    history: StoreHistory,
    wires: ExecutionWires,
    execution: Execution,
  ) {
    this.spec = spec
    this.writeBackLatency = Math.max(1, spec.writeBackLatency)
    this.decoded = decoded
    this.history = history
    this.buffer = wires.buffer
    this.renaming = wires.renaming
    this.queues = wires.queues
    this.stores = wires.stores
    this.data = wires.data
    this.execution = execution
  }

  /** An instruction that needs no pipe passes at once, whatever it reads. */
  pass(entry: number, now: number): void {
    this.execution.issue(entry, now)
  }

  /** A memory access writes its base register. */
  writeBack(entry: number, base: number): void {
    this.buffer.words[entry + AT_ISSUE] = NONE
    this.renaming.write(base, entry + AT_ISSUE, this.writeBackLatency, this.writeBackLatency)
  }

  /** The entry writes its results; `late` is what their latencies are longer than the tables say. */
  private write(entry: number, p: number, late: number): void {
    const { renaming } = this
    const { code } = this.decoded
    const accumulate = code[p + ACCUMULATE]!
    const last = p + resultAt + code[p + RESULTS]!
    for (let r = p + resultAt; r < last; r++) {
      const usable = Math.max(1, code[r + resultLatencyAt - resultAt]! + late)
      renaming.write(code[r]!, entry + AT_DATA, usable, accumulate < 0 ? usable : Math.max(1, accumulate))
    }
  }

  /**
   * Performs the access of an entry in the order of the program, as far as tags go. True for one whose results are to
   * be written as the tables say; else they have been.
   */
  access(entry: number, p: number, address: number, now: number): boolean {
    const { data, stores } = this
    const { words } = this.buffer
    const { code } = this.decoded
    const access = code[p + ACCESS]!
    const bytes = code[p + BYTES]!
    data.advance(now)
    words[entry + CAUSE] = reasonAt.operand
    if (access === PREFETCH) {
      if (!data.holds(address)) this.special(entry, HIT, HIT)
      words[entry + ADDRESS] = address
      return true
    }
    const first = data.first(address, access === STORE)
    const second = data.second(address, bytes, access === STORE)
    const crosses = this.crosses(address, bytes)
    const match = access === LOAD && stores.size > 0 ? this.history.match(address, bytes, stores.size) : NO_MATCH
    if (access === LOAD && !crosses && match === NO_MATCH && first === HIT && second === HIT) return true
    this.special(entry, first, second)
    this.touch(entry, p, address, match)
    this.writeSpecial(entry, p, crosses)
    return false
  }

  private special(entry: number, first: number, second: number): void {
    const { words } = this.buffer
    words[entry + STATE] = SPECIAL
    words[entry + LONGER] = 0
    words[entry + LATER] = 0
    words[entry + FORWARDED] = 0
    words[entry + FIRST] = first
    words[entry + SECOND] = second
    words[entry + FILLED] = 0
  }

  private writeSpecial(entry: number, p: number, crosses: boolean): void {
    const { renaming } = this
    const { words } = this.buffer
    const { code } = this.decoded
    const { unaligned } = this.spec
    if (crosses) {
      words[entry + LONGER] = unaligned.occupancy
      words[entry + LATER] = unaligned.latency
    }
    if (words[entry + FORWARDED] === 0) this.write(entry, p, words[entry + LATER]!)
    // What a store feeds is timed as a whole.
    else for (let r = 0; r < code[p + RESULTS]!; r++) renaming.write(code[p + resultAt + r]!, entry + AT_DATA, 0, 0)
  }

  private crosses(address: number, bytes: number): boolean {
    const { boundary } = this.spec.unaligned
    return (address & (boundary - 1)) + bytes > (bytes > boundary ? bytes : boundary)
  }

  /** Enters a store into its queue, or sees to it that a load waits for the store that it matches. */
  private touch(entry: number, p: number, address: number, match: number): void {
    const { words } = this.buffer
    const { code } = this.decoded
    if (code[p + ACCESS] === STORE) {
      words[entry + PLACE] = this.stores.push(entry, words[entry + FIRST]!, words[entry + SECOND]!)
      this.history.push(address, code[p + BYTES]!)
    } else if (match !== NO_MATCH) this.follow(entry, p, match)
  }

  /** A load of what a store in flight holds gets all of it from there, or issues when the store is in the cache. */
  private follow(entry: number, p: number, match: number): void {
    const { buffer, stores, queues } = this
    const { words } = buffer
    const place = stores.placeOf((match - 1) >> 1)
    if (((match - 1) & PARTIAL) !== 0) {
      const drained = stores.drainedAt(place)
      if (drained === UNKNOWN) queues.waitFor(entry, this.waits++, buffer.drains + place, 0)
      else this.least = Math.max(this.least, drained)
      return
    }
    const { forward } = this.spec
    const latency = this.decoded.code[p + QUAD] === 1 ? forward.quad : forward.narrow
    const issued = stores.issuedAt(place)
    words[entry + FORWARDED] = 1
    words[entry + FIRST] = HIT
    words[entry + SECOND] = HIT
    if (issued === UNKNOWN) queues.waitFor(entry, this.waits++, stores.entryOf(place) + AT_DATA, latency)
    else {
      this.least = Math.max(this.least, issued + 1)
      words[entry + FLOOR] = issued + latency
    }
  }
}
