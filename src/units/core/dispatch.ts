// Dispatch in an out-of-order core, of what is more than time: instructions that wait for others, and those that access
// memory. They do so in the order of the program, as far as tags go; what is missing is asked for at issue.

import { UNKNOWN } from './cycles.ts'
import { type DataSide, HIT } from './data-side.ts'
import {
  ACCESS,
  ACCUMULATE,
  ACCUMULATOR,
  BASE,
  BYTES,
  type Decoded,
  LOAD,
  NO_ACCESS,
  OCCUPANCY,
  PREFETCH,
  QUAD,
  RESULTS,
  resultAt,
  resultLatencyAt,
  SOURCES,
  STORE,
  sourceAt,
} from './decoded.ts'
import type { Outstanding, OutstandingWires } from './outstanding.ts'
import { WAITING } from './outstanding.ts'
import type { Registers } from './registers.ts'
import * as register from './registers.ts'
import {
  ADDRESS,
  BUSY_FOR,
  CAUSE,
  COMPLETE,
  DATA,
  DISPATCHED,
  FETCHED,
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
  REASON,
  type ReorderBuffer,
  SECOND,
  STATE,
} from './reorder-buffer.ts'
import { crosses, type OutOfOrderSpec } from './spec.ts'
import { reasonAt } from './stalls.ts'
import { NO_MATCH, PARTIAL, type StoreHistory } from './store-history.ts'
import type { StoreQueue } from './store-queue.ts'

export class Dispatch {
  private readonly spec: OutOfOrderSpec
  private readonly decoded: Decoded
  private readonly history: StoreHistory
  private readonly buffer: ReorderBuffer
  private readonly registers: Registers
  private readonly stores: StoreQueue
  private readonly data: DataSide
  private readonly outstanding: Outstanding
  private readonly writeBackLatency: number

  constructor(
    spec: OutOfOrderSpec,
    decoded: Decoded,
    history: StoreHistory,
    wires: OutstandingWires,
    outstanding: Outstanding,
  ) {
    this.spec = spec
    this.writeBackLatency = Math.max(1, spec.writeBackLatency)
    this.decoded = decoded
    this.history = history
    this.buffer = wires.buffer
    this.registers = wires.registers
    this.stores = wires.stores
    this.data = wires.data
    this.outstanding = outstanding
  }

  /** Whether a load dispatched in `now` hits, crosses nothing, and takes nothing from a store; if so, it has been performed. */
  hits(address: number, bytes: number, now: number): boolean {
    const { data, stores } = this
    data.advance(now)
    if (crosses(address, bytes, this.spec.unaligned.boundary)) return false
    if (stores.size > 0) {
      stores.free(now)
      if (stores.size > 0 && this.history.match(address, bytes, stores.size) !== NO_MATCH) return false
    }
    return data.hits(address, bytes)
  }

  /** Enters the instruction whose words are at `p`, dispatched to `pipe` in cycle `now`; returns its entry. */
  enter(p: number, pipe: number, fetched: number, reason: number, now: number): number {
    const { words } = this.buffer
    if (this.decoded.code[p + ACCESS] === LOAD) this.buffer.pushLoad()
    const entry = this.buffer.push()
    words[entry + INSTRUCTION] = p
    words[entry + FETCHED] = fetched
    words[entry + REASON] = reason
    words[entry + DISPATCHED] = now
    words[entry + PIPE] = pipe
    words[entry + BUSY_FOR] = this.decoded.code[p + OCCUPANCY]!
    words[entry + CAUSE] = reasonAt.operand
    return entry
  }

  /** Sees to an instruction entered in cycle `now`, and to the memory that it accesses at `address`. */
  dispatch(entry: number, p: number, address: number, now: number): void {
    const { words } = this.buffer
    words[entry + STATE] = WAITING
    words[entry + NEEDS] = 0
    words[entry + READY] = words[entry + PIPE] === NONE ? now : now + 1
    words[entry + ISSUED] = UNKNOWN
    words[entry + COMPLETE] = UNKNOWN
    words[entry + DATA] = UNKNOWN
    words[entry + FIRST] = HIT
    words[entry + SECOND] = HIT
    words[entry + LATE] = 0
    words[entry + FORWARD] = NONE
    words[entry + FLOOR] = 0
    words[entry + ADDRESS] = NONE
    if (words[entry + PIPE] !== NONE) this.read(entry, p)
    if (this.decoded.code[p + ACCESS] !== NO_ACCESS) this.access(entry, p, address, now)
    this.write(entry, p)
    this.outstanding.begin(entry, now)
  }

  /** The entry waits for its sources. */
  private read(entry: number, p: number): void {
    const { words } = this.buffer
    const { code } = this.decoded
    const registers = this.registers.words
    for (let i = 0; i < code[p + SOURCES]!; i++) {
      const at = code[p + sourceAt + i]! << register.BITS
      const accumulates = i === code[p + ACCUMULATOR]
      const usable = registers[at + (accumulates ? register.ACCUMULATES : register.USABLE)]!
      const latency = registers[at + (accumulates ? register.ACCUMULATE_LATENCY : register.LATENCY)]!
      if (usable === UNKNOWN) this.outstanding.need(entry, registers[at + register.WRITER]!, latency)
      else if (usable > words[entry + READY]!) words[entry + READY] = usable
    }
  }

  /** The entry writes its results, and its base register. */
  private write(entry: number, p: number): void {
    const { words } = this.buffer
    const { code } = this.decoded
    const fed = words[entry + FORWARD] !== NONE // what a store feeds is timed as a whole
    for (let r = 0; r < code[p + RESULTS]!; r++) {
      const usable = fed ? 0 : Math.max(1, code[p + resultLatencyAt + r]! + words[entry + LATE]!)
      const accumulate = fed || code[p + ACCUMULATE]! < 0 ? usable : Math.max(1, code[p + ACCUMULATE]!)
      this.registers.expect(code[p + resultAt + r]!, entry + DATA, usable, accumulate)
    }
    const base = code[p + BASE]!
    if (base >= 0) this.registers.expect(base, entry + ISSUED, this.writeBackLatency, this.writeBackLatency)
  }

  private access(entry: number, p: number, address: number, now: number): void {
    const { data, stores } = this
    const { words } = this.buffer
    const { code } = this.decoded
    const access = code[p + ACCESS]!
    const bytes = code[p + BYTES]!
    data.advance(now)
    if (access === PREFETCH) {
      if (!data.holds(address)) words[entry + ADDRESS] = address
      return
    }
    words[entry + FIRST] = data.first(address, access === STORE)
    words[entry + SECOND] = data.second(address, bytes, access === STORE)
    stores.free(now)
    if (crosses(address, bytes, this.spec.unaligned.boundary)) {
      words[entry + BUSY_FOR]! += this.spec.unaligned.occupancy
      words[entry + LATE] = this.spec.unaligned.latency
    }
    if (access === STORE) {
      words[entry + PLACE] = stores.push(words[entry + FIRST]!, words[entry + SECOND]!)
      this.history.push(address, bytes)
    } else if (stores.size > 0) this.follow(entry, p, this.history.match(address, bytes, stores.size))
  }

  /** A load of what a store in flight holds gets all of it from there, or issues when the store is in the cache. */
  private follow(entry: number, p: number, match: number): void {
    if (match === NO_MATCH) return
    const { words } = this.buffer
    const place = this.stores.placeOf((match - 1) >> 1)
    if (((match - 1) & PARTIAL) !== 0) {
      this.outstanding.needDrain(entry, place)
      return
    }
    const { forward } = this.spec
    words[entry + FORWARD] = this.decoded.code[p + QUAD] === 1 ? forward.quad : forward.narrow
    words[entry + FLOOR] = UNKNOWN
    words[entry + PLACE] = place
    words[entry + FIRST] = HIT
    words[entry + SECOND] = HIT
  }
}
