// The rules of the out-of-order core as one would write them down: every cycle is looked at, everything is searched.
// What the real one must agree with, cycle by cycle.

import type { FirstLevelCache } from '../../../src/mem/cache/first-level.ts'
import type { Kernel } from '../../../src/sim/kernel.ts'
import {
  ACCESS,
  ACCUMULATE,
  ACCUMULATOR,
  BASE,
  BYTES,
  type Decoded,
  FIELDS,
  LATENCY,
  LOAD,
  OCCUPANCY,
  PIPES,
  PREFETCH,
  QUAD,
  RESULTS,
  resultAt,
  resultLatencyAt,
  SLOTS,
  SOURCES,
  STORE,
  sourceAt,
} from '../../../src/units/core/decoded.ts'
import { FrontEnd } from '../../../src/units/core/front-end.ts'
import type { CoreWires } from '../../../src/units/core/pipeline.ts'
import type { OutOfOrderSpec } from '../../../src/units/core/spec.ts'
import { BUSY, COUNTS, reasonAt } from '../../../src/units/core/stalls.ts'
import type { Executed, Flight } from './naive-flight.ts'

export interface NaiveTimes {
  readonly dispatch: number
  readonly issue: number
  readonly retire: number
}

export class NaiveOutOfOrder {
  readonly counts = new Float64Array(COUNTS)
  readonly times: NaiveTimes[] = []
  cycle = -1

  private readonly spec: OutOfOrderSpec
  private readonly decoded: Decoded
  private readonly kernel: Kernel
  private readonly period: number
  private readonly cache: FirstLevelCache
  private readonly front: FrontEnd
  private readonly free: number[]
  private readonly writer = new Map<number, { flight: Flight; latency: number; accumulate: number; atIssue: boolean }>()
  private readonly flights: Flight[] = []
  private stores: Flight[] = []
  private news = false
  private unknown = 0
  private lastDrain = 0
  private fetched = -1 // cycle in which the next instruction was fetched
  private slotsLeft = 0 // of the instruction that is being dispatched

  constructor(spec: OutOfOrderSpec, decoded: Decoded, { kernel, period, l1d: cache }: CoreWires) {
    this.period = period
    this.spec = spec
    this.decoded = decoded
    this.kernel = kernel
    this.cache = cache
    this.front = new FrontEnd(spec.fetch)
    this.free = spec.pipes.map(() => 0)
    cache.onAnswer = () => {
      this.news = true
    }
    cache.onFree = () => {
      this.news = true
    }
  }

  run(program: readonly Executed[]): void {
    let next = 0
    let branch: Flight | null = null
    let busy = false
    while (next < program.length || this.flights.length > 0) {
      if (this.cycle >= 0) this.charge(busy, next < program.length ? program[next]! : null)
      this.cycle++
      this.kernel.runUntil(this.cycle * this.period)
      if (this.news) {
        this.news = false
        for (const flight of this.flights) flight.blocked = false
      }
      for (const flight of this.flights) this.fill(flight)
      busy = this.retire()
      this.issue()
      if (branch !== null && branch.issue < Infinity) {
        this.front.resume(branch.issue + this.spec.fetch.mispredictPenalty - 1, reasonAt.mispredict)
        branch = null
      }
      for (let slots = this.spec.width; next < program.length && branch === null; ) {
        if (this.fetched < 0) {
          this.fetched = this.front.fetch()
          this.slotsLeft = -1
        }
        const executed = program[next]!
        if (this.fetched > this.cycle) break
        if (this.slotsLeft < 0) {
          if (!this.room(executed)) break
          this.slotsLeft = this.decoded.code[executed.i * FIELDS + SLOTS]!
        }
        const taken = Math.min(slots, this.slotsLeft)
        slots -= taken
        this.slotsLeft -= taken
        if (this.slotsLeft > 0) break
        this.front.leave(this.cycle)
        const flight = this.dispatch(executed)
        if (executed.mispredicted) branch = flight
        else if (executed.taken) this.front.taken()
        next++
        this.fetched = -1
      }
    }
    this.charge(busy, null)
  }

  private fill(flight: Flight): void {
    if (flight.kind !== LOAD || flight.issue === Infinity || flight.data < Infinity) return
    const filled = Math.max(...flight.handles.map((handle) => this.filledAt(handle)))
    if (filled === Infinity) return
    flight.data = Math.max(flight.issue, filled)
    if (filled > flight.issue) flight.depth = Math.max(...flight.handles.map((handle) => this.cache.servedBy(handle)))
  }

  private filledAt(handle: number): number {
    return Math.ceil(this.cache.filledAt(handle) / this.period)
  }

  private complete(flight: Flight): number {
    const { code } = this.decoded
    if (flight.forward !== null || code[flight.p + RESULTS] === 0) return Math.max(flight.data, flight.issue + 1)
    return Math.max(flight.data + code[flight.p + LATENCY]! + flight.late, flight.issue + 1)
  }

  private retire(): boolean {
    for (const store of this.stores) {
      const at = this.stores.indexOf(store)
      const before = at === 0 ? this.lastDrain : this.stores[at - 1]!.drain
      const filled = Math.max(0, ...store.handles.map((handle) => this.filledAt(handle)))
      store.drain = Math.max(before, store.retire, filled) + 1
    }
    while (this.stores.length > 0 && this.stores[0]!.drain <= this.cycle) this.lastDrain = this.stores.shift()!.drain
    let retired = 0
    while (retired < this.spec.retire && this.flights.length > 0 && this.complete(this.flights[0]!) <= this.cycle) {
      const flight = this.flights.shift()!
      flight.retire = this.cycle
      this.times.push({ dispatch: flight.dispatch, issue: flight.issue, retire: this.cycle })
      retired++
    }
    return retired > 0
  }

  private ready(flight: Flight): number {
    return Math.max(flight.dispatch + 1, ...flight.needs.map((need) => need()))
  }

  private issue(): void {
    this.free.forEach((_, pipe) => {
      for (const flight of this.flights) {
        if (this.free[pipe]! >= (this.cycle + 1) * 12) return
        if (flight.pipe !== pipe || flight.issue < Infinity || flight.blocked || this.ready(flight) > this.cycle)
          continue
        if (!flight.handles.every((handle) => this.cache.fetch(handle))) {
          flight.blocked = true
          continue
        }
        if (flight.wants) this.cache.prefetch(flight.executed.address >> this.cache.lineBits)
        this.free[pipe] = Math.max(this.free[pipe]!, this.cycle * 12) + flight.occupancy
        flight.issue = this.cycle
        if (flight.forward !== null)
          flight.data = Math.max(this.cycle + 1, flight.forward.store.issue + flight.forward.latency)
        else if (flight.kind !== LOAD || flight.handles.length === 0) flight.data = this.cycle
        else this.fill(flight)
      }
    })
  }

  private pipeFor(p: number): number {
    const pipes = this.decoded.pipeSets[this.decoded.code[p + PIPES]!]!
    const length = (pipe: number): number => this.flights.filter((f) => f.pipe === pipe && f.issue === Infinity).length
    const open = pipes.filter((pipe) => length(pipe) < this.spec.pipes[pipe]!.queue)
    const soon = (pipe: number): number => Math.max((this.cycle + 1) * 12, this.free[pipe]!)
    return open.sort((a, b) => length(a) - length(b) || soon(a) - soon(b) || a - b)[0] ?? -1
  }

  private needsNoPipe(p: number): boolean {
    return this.decoded.pipeSets[this.decoded.code[p + PIPES]!]!.length === 0
  }

  private room({ i }: Executed): boolean {
    const p = i * FIELDS
    const kind = this.decoded.code[p + ACCESS]!
    const loads = this.flights.filter((flight) => flight.kind === LOAD).length
    if (this.flights.length === this.spec.reorderBuffer) return false
    if (kind === LOAD && loads === this.spec.loadQueue) return false
    if (kind === STORE && this.stores.length === this.spec.storeQueue) return false
    return this.needsNoPipe(p) || this.pipeFor(p) >= 0
  }

  private dispatch(executed: Executed): Flight {
    const { code } = this.decoded
    const { cache, spec } = this
    const p = executed.i * FIELDS
    const kind = code[p + ACCESS]!
    const bytes = code[p + BYTES]!
    const { address } = executed
    const within = address % spec.unaligned.boundary
    const crosses = kind !== 0 && bytes <= spec.unaligned.boundary && within + bytes > spec.unaligned.boundary
    const wide = kind !== 0 && bytes > spec.unaligned.boundary && within > 0
    const late = crosses || wide ? 1 : 0
    const needs: (() => number)[] = []
    for (let s = 0; s < code[p + SOURCES]!; s++) {
      const written = this.writer.get(code[p + sourceAt + s]!)
      if (written === undefined) continue
      const { flight, latency, accumulate, atIssue } = written
      const own = s === code[p + ACCUMULATOR] ? accumulate : latency
      needs.push(() => (atIssue ? flight.issue + spec.writeBackLatency : flight.data + (flight.forward ? 0 : own)))
    }
    let forward: Flight['forward'] = null
    let handles: number[] = []
    if (kind === LOAD || kind === STORE) {
      const lines = new Set([address >> cache.lineBits, (address + bytes - 1) >> cache.lineBits])
      handles = [...lines].map((line) => cache.access(line, kind === STORE)).filter((handle) => handle >= 0)
    }
    if (kind === LOAD) {
      const store = this.stores.findLast(({ executed: { address: from }, p: at }) => {
        return address < from + code[at + BYTES]! && from < address + bytes
      })
      if (store !== undefined) {
        const from = store.executed.address
        if (from <= address && address + bytes <= from + code[store.p + BYTES]!) {
          forward = { store, latency: code[p + QUAD] === 1 ? spec.forward.quad : spec.forward.narrow }
          handles = []
          needs.push(() => store.issue + 1)
        } else needs.push(() => store.drain)
      }
    }
    const passes = this.needsNoPipe(p)
    const flight: Flight = {
      p,
      kind,
      executed,
      pipe: this.pipeFor(p),
      dispatch: this.cycle,
      needs,
      handles,
      occupancy: code[p + OCCUPANCY]! + late * spec.unaligned.occupancy,
      late: late * spec.unaligned.latency,
      forward,
      wants: kind === PREFETCH && !cache.holds(address >> cache.lineBits),
      issue: passes ? this.cycle : Infinity,
      data: passes ? this.cycle : Infinity,
      depth: -1,
      blocked: false,
      retire: Infinity,
      drain: Infinity,
    }
    for (let r = 0; r < code[p + RESULTS]!; r++) {
      const latency = code[p + resultLatencyAt + r]! + flight.late
      const accumulate = code[p + ACCUMULATE]! < 0 ? latency : code[p + ACCUMULATE]!
      this.writer.set(code[p + resultAt + r]!, { flight, latency, accumulate, atIssue: false })
    }
    if (code[p + BASE]! >= 0) this.writer.set(code[p + BASE]!, { flight, latency: 0, accumulate: 0, atIssue: true })
    if (kind === STORE) this.stores.push(flight)
    this.flights.push(flight)
    return flight
  }

  private charge(busy: boolean, next: Executed | null): void {
    const head = this.flights[0]
    if (busy) this.counts[BUSY]!++
    else if (head === undefined) {
      const full = next !== null && this.stores.length === this.spec.storeQueue && this.waitsForStores(next)
      this.counts[full ? reasonAt.storeBuffer : this.front.reason]!++
    } else if (head.issue === Infinity) {
      const fresh = head.dispatch === this.cycle && this.ready(head) === this.cycle + 1
      const ready = fresh || this.ready(head) <= this.cycle
      this.counts[head.blocked ? reasonAt.missQueue : ready ? reasonAt.pipe : reasonAt.operand]!++
    } else if (head.data === Infinity) this.unknown++
    else {
      const reason = head.depth < 0 ? reasonAt.operand : head.depth === 0 ? reasonAt.l1Miss : reasonAt.l2Miss
      this.counts[reason]! += 1
    }
    const level = head !== undefined && head.data < Infinity ? head.depth : -1
    if (level >= 0 && this.unknown > 0) {
      this.counts[level === 0 ? reasonAt.l1Miss : reasonAt.l2Miss]! += this.unknown
      this.unknown = 0
    }
  }

  private waitsForStores({ i }: Executed): boolean {
    const fetched = this.fetched >= 0 && this.fetched <= this.cycle && this.slotsLeft < 0
    return fetched && this.decoded.code[i * FIELDS + ACCESS] === STORE
  }
}
