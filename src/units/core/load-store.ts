// Loads and stores of an in-order core: each performs its access in program order, in the cycle in which it issues.

import { UNKNOWN } from './cycles.ts'
import { DataSide, HIT } from './data-side.ts'
import {
  ACCESS,
  BYTES,
  type Decoded,
  LATENCY,
  PREFETCH,
  QUAD,
  RESULTS,
  resultAt,
  resultLatencyAt,
  STORE,
} from './decoded.ts'
import type { CoreWires } from './pipeline.ts'
import { Scoreboard } from './scoreboard.ts'
import type { InOrderSpec } from './spec.ts'
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

  constructor(spec: InOrderSpec, decoded: Decoded, { kernel, period, l1d, history }: CoreWires) {
    this.spec = spec
    this.decoded = decoded
    this.history = history
    this.kernel = kernel
    this.cache = l1d
    this.data = new DataSide(kernel, period, l1d)
    this.registers = new Scoreboard(this.data)
    this.stores = new StoreBuffer(spec.storeBuffer, this.data)
  }

  /** True where the access crosses a boundary and takes longer. */
  private crosses(address: number, bytes: number): boolean {
    const { boundary } = this.spec.unaligned
    return (address & (boundary - 1)) + bytes > (bytes > boundary ? bytes : boundary)
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
    const { code } = this.decoded
    this.data.advance(from)
    if (++this.performed % ACCESSES_A_HEARING === 0) this.registers.hear(from)
    if (code[at + ACCESS] === STORE) return this.store(from, address, code[at + BYTES]!, charge)
    if (code[at + ACCESS] !== PREFETCH) return this.load(at, from, address, charge)
    this.data.prefetch(address)
    return from
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
    if (first !== HIT && second !== HIT) this.data.wait(first)
    this.stores.push(cycle, second === HIT ? first : second)
    this.history.push(address, bytes)
    return cycle
  }

  private load(at: number, from: number, address: number, charge: Charge): number {
    const { code } = this.decoded
    const { registers } = this
    const bytes = code[at + BYTES]!
    const first = this.data.first(address, false)
    const second = this.data.second(address, bytes, false)
    const late = this.crosses(address, bytes) ? this.spec.unaligned.latency : 0
    const results = code[at + RESULTS]!
    if (first === HIT && second === HIT) {
      const forwarded = this.forwarded(at, from, address, bytes)
      for (let r = 0; r < results; r++) {
        const ready = from + code[at + resultLatencyAt + r]! + late
        registers.write(code[at + resultAt + r]!, forwarded === 0 ? ready : forwarded)
      }
      return from
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

  /**
   * Cycle in which what is loaded is ready if a store in flight holds it: all of it, and then it comes from there; or a
   * part, and then the load waits until the store is in the cache. 0 where none does.
   */
  private forwarded(at: number, cycle: number, address: number, bytes: number): number {
    this.stores.resolve()
    const inFlight = this.stores.inFlight(cycle)
    const match = inFlight === 0 ? 0 : this.history.match(address, bytes, inFlight)
    if (match === 0) return 0
    const { code } = this.decoded
    const age = (match - 1) >> 1
    if (((match - 1) & PARTIAL) !== 0) {
      while (this.stores.drainOf(age) === UNKNOWN) this.goOn()
      return this.stores.drainOf(age) + code[at + LATENCY]!
    }
    const { forward } = this.spec
    return Math.max(cycle + 1, this.stores.readyOf(age) + (code[at + QUAD] === 1 ? forward.quad : forward.narrow))
  }

  private goOn(): void {
    this.data.next()
    this.stores.resolve()
  }
}

type Charge = (from: number, to: number, reason: number) => void
