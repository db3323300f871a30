// Loads and stores of an in-order core: each performs its access in program order, in the cycle in which it issues.

import type { DecodeUnit } from '../decode/decode-unit.ts'
import { UNKNOWN } from './cycles.ts'
import { DataSide, HIT } from './data-side.ts'
import {
  ACCESS,
  BYTES,
  CONFIGURE,
  DECODE,
  type Decoded,
  PREFETCH,
  QUAD,
  RESULTS,
  resultAt,
  resultLatencyAt,
  STORE,
} from './decoded.ts'
import type { CoreWires } from './pipeline.ts'
import { Scoreboard } from './scoreboard.ts'
import { crosses, type InOrderSpec } from './spec.ts'
import { reasonAt } from './stalls.ts'
import { StoreBuffer } from './store-buffer.ts'
import { PARTIAL, type StoreHistory } from './store-history.ts'

/** The cache gives handles out again after some 1,000 lines; an access asks for a few at most. */
const ACCESSES_A_HEARING = 64

export class LoadStore {
  readonly data: DataSide
  readonly registers: Scoreboard
  readonly stores: StoreBuffer

  private performed = 0
  private readonly spec: InOrderSpec
  private readonly decoded: Decoded
  private readonly history: StoreHistory
  private readonly kernel: CoreWires['kernel']
  private readonly cache: CoreWires['l1d']
  private readonly decodeUnit: DecodeUnit | undefined

  constructor(spec: InOrderSpec, decoded: Decoded, { kernel, period, l1d, history, decodeUnit }: CoreWires) {
    this.decodeUnit = decodeUnit
    this.spec = spec
    this.decoded = decoded
    this.history = history
    this.kernel = kernel
    this.cache = l1d
    this.data = new DataSide(kernel, period, l1d)
    this.registers = new Scoreboard(this.data)
    this.stores = new StoreBuffer(spec.storeBuffer, this.data)
  }

  /** True while every fill that a register or a store waits for is known. */
  get settled(): boolean {
    this.stores.resolve()
    return this.stores.settled && this.registers.settled
  }

  /** Whether a load that crosses no boundary hits while nothing is in flight; if so, it has been performed. */
  hits(from: number, address: number, bytes: number): boolean {
    if (this.kernel.waiting > 0 || this.stores.drainOf(0) > from) return false
    const line = address >>> this.cache.lineBits
    if ((address + bytes - 1) >>> this.cache.lineBits !== line || !this.cache.use(line, false)) return false
    this.cache.count.reads++
    return true
  }

  /**
   * Performs the access of the instruction at `at` in the code, which could issue in cycle `from`; returns when it does.
   * Charges to `charge` what it waits for.
   */
  perform(at: number, from: number, address: number, charge: Charge): number {
    const { data, decodeUnit } = this
    data.advance(from)
    if (++this.performed % ACCESSES_A_HEARING === 0) this.hear(from)
    if (decodeUnit === undefined) return this.access(at, from, address, charge)
    const access = this.decoded.code[at + ACCESS]
    if (access === DECODE) return this.decode(decodeUnit, at, from, charge)
    if (access === CONFIGURE) {
      decodeUnit.start(data.base + from)
      return from
    }
    const cycle = this.access(at, from, address, charge)
    decodeUnit.table.coreAccess = data.base + cycle
    return cycle
  }

  private access(at: number, from: number, address: number, charge: Charge): number {
    const { code } = this.decoded
    if (code[at + ACCESS] === STORE) return this.store(from, address, code[at + BYTES]!, charge)
    if (code[at + ACCESS] !== PREFETCH) return this.load(at, from, address, charge)
    this.data.prefetch(address)
    return from
  }

  /** Takes a register from the decode unit when that has made it. */
  private decode(unit: DecodeUnit, at: number, from: number, charge: Charge): number {
    const { code } = this.decoded
    while (unit.packed.readyAt === Infinity) this.goOn()
    const cycle = Math.max(from, unit.packed.readyAt - this.data.base)
    if (cycle > from) {
      charge(from, cycle, reasonAt.decode)
      this.data.advance(cycle)
    }
    unit.take(this.data.base + cycle)
    this.registers.write(code[at + resultAt]!, cycle + code[at + resultLatencyAt]!)
    return cycle
  }

  private store(from: number, address: number, bytes: number, charge: Charge): number {
    this.stores.resolve()
    while (this.stores.roomAt === UNKNOWN) this.goOn()
    const room = Math.max(from, this.stores.roomAt)
    if (room > from) {
      charge(from, room, reasonAt.storeBuffer)
      this.data.advance(room)
    }
    const first = this.data.first(address, true)
    const second = this.data.second(address, bytes, true)
    const cycle = this.ask(second, this.ask(first, room, charge), charge)
    this.stores.push(cycle, first, second)
    this.history.push(address, bytes)
    return cycle
  }

  private load(at: number, from: number, address: number, charge: Charge): number {
    const { code } = this.decoded
    const { registers } = this
    const bytes = code[at + BYTES]!
    const first = this.data.first(address, false)
    const second = this.data.second(address, bytes, false)
    const late = crosses(address, bytes, this.spec.unaligned.boundary) ? this.spec.unaligned.latency : 0
    const results = code[at + RESULTS]!
    if (first === HIT && second === HIT) {
      const match = this.matching(from, address, bytes)
      const forwarded = match !== 0 && ((match - 1) & PARTIAL) === 0
      const issue = match === 0 || forwarded ? from : this.afterDrain(match, from, charge)
      for (let r = 0; r < results; r++) {
        // Crossing a boundary costs nothing more while the load waits: measured.
        const ready = issue + code[at + resultLatencyAt + r]! + (match === 0 ? late : 0)
        registers.write(code[at + resultAt + r]!, forwarded ? this.forwarded(at, from, match) : ready)
      }
      return issue
    }
    const cycle = this.ask(second, this.ask(first, from, charge), charge)
    const [main, other] = first === HIT ? [second, HIT] : [first, second]
    for (let r = 0; r < results; r++)
      registers.writeAtFill(code[at + resultAt + r]!, code[at + resultLatencyAt + r]! + late, main, other)
    return cycle
  }

  /** Asks memory for a pending line; the core waits while it cannot. */
  private ask(handle: number, from: number, charge: Charge): number {
    if (handle === HIT) return from
    const cycle = this.data.fetch(handle, from)
    if (cycle > from) charge(from, cycle, reasonAt.missQueue)
    return cycle
  }

  /** The store in flight that holds what is loaded, or a part of it, as StoreHistory.match tells it. */
  private matching(cycle: number, address: number, bytes: number): number {
    this.stores.resolve()
    const inFlight = this.stores.inFlight(cycle)
    return inFlight === 0 ? 0 : this.history.match(address, bytes, inFlight)
  }

  /** A load of which a store in flight holds a part issues when that is in the cache. */
  private afterDrain(match: number, from: number, charge: Charge): number {
    const age = (match - 1) >> 1
    while (this.stores.drainOf(age) === UNKNOWN) this.goOn()
    const drained = this.stores.drainOf(age)
    if (drained > from) charge(from, drained, reasonAt.operand)
    return Math.max(from, drained)
  }

  /** Cycle in which a load is ready that a store in flight holds whole. */
  private forwarded(at: number, cycle: number, match: number): number {
    const { forward } = this.spec
    const latency = this.decoded.code[at + QUAD] === 1 ? forward.quad : forward.narrow
    return Math.max(cycle + 1, this.stores.readyOf((match - 1) >> 1) + latency)
  }

  /** Takes in fills that are known, before their handles are given out again. */
  private hear(cycle: number): void {
    this.registers.hear(cycle)
    this.stores.resolve()
  }

  private goOn(): void {
    this.data.next()
    this.stores.resolve()
  }
}

type Charge = (from: number, to: number, reason: number) => void
