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
import { type Executed, type Flight, NaivePipes } from './naive-flight.ts'

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
  private readonly pipes: NaivePipes
  private readonly writer = new Map<number, { flight: Flight; latency: number; accumulate: number; atIssue: boolean }>()
  private readonly flights: Flight[] = []
  private stores: Flight[] = []
  private unknown = 0
  private lastDrain = 0
  private lastRetired = { cycle: -1, count: 0 }
  private fetched = -1 // cycle in which the next instruction was fetched
  private slotsLeft = 0 // of the instruction that is being dispatched

  constructor(spec: OutOfOrderSpec, decoded: Decoded, { kernel, period, l1d: cache }: CoreWires) {
    this.period = period
    this.spec = spec
    this.decoded = decoded
    this.kernel = kernel
    this.cache = cache
    this.front = new FrontEnd(spec.fetch)
    this.pipes = new NaivePipes(spec.pipes.length)
  }

  run(program: readonly Executed[]): void {
    let next = 0
    let branch: Flight | null = null
    let busy = false
    while (next < program.length || this.flights.length > 0) {
      if (this.cycle >= 0) this.charge(busy, next < program.length ? program[next]! : null)
      this.cycle++
      this.kernel.runUntil(this.cycle * this.period)
      this.settle()
      for (const flight of this.flights) {
        this.progress(flight)
        this.settle()
      }
      while (this.stores.length > 0 && this.stores[0]!.drain <= this.cycle) this.lastDrain = this.stores.shift()!.drain
      busy = this.retire()
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

  /** Finds out as much of the flight's times as is known by now. */
  private progress(flight: Flight): void {
    if (flight.issue === Infinity) {
      const ready = Math.max(flight.dispatch + 1, this.cycle, ...flight.needs.map((need) => need()))
      if (ready === Infinity) return
      flight.ready = ready
      flight.issue = this.pipes.reserve(flight.pipe, ready, flight.occupancy)
    }
    if (flight.asked === Infinity) {
      const known = flight.handles.every((handle) => this.filledAt(handle) < Infinity) && !flight.wants
      if (!known && flight.issue > this.cycle) return
      if (flight.wants) this.cache.prefetch(flight.executed.address >> this.cache.lineBits)
      if (!flight.handles.every((handle) => this.cache.fetch(handle))) return
      flight.asked = known ? flight.issue : this.cycle
    }
    if (flight.data < Infinity) return
    if (flight.forward !== null) {
      flight.data = Math.max(flight.issue + 1, flight.forward.store.issue + flight.forward.latency)
    } else if (flight.kind !== LOAD) flight.data = flight.asked
    else {
      const filled = Math.max(0, ...flight.handles.map((handle) => this.filledAt(handle)))
      if (filled === Infinity) return
      flight.data = Math.max(flight.asked, filled)
      if (filled > flight.asked) flight.depth = Math.max(...flight.handles.map((handle) => this.cache.servedBy(handle)))
    }
  }

  private filledAt(handle: number): number {
    return Math.ceil(this.cache.filledAt(handle) / this.period)
  }

  private complete(flight: Flight): number {
    const { code } = this.decoded
    if (flight.forward !== null || code[flight.p + RESULTS] === 0) return Math.max(flight.data, flight.asked + 1)
    return Math.max(flight.data + code[flight.p + LATENCY]! + flight.late, flight.asked + 1)
  }

  /** Retirements, in order and so many a cycle, and drains, as far as they are known. */
  private settle(): void {
    for (const flight of this.flights) {
      if (flight.retire < Infinity) continue
      const complete = this.complete(flight)
      if (complete === Infinity) break
      const { cycle, count } = this.lastRetired
      const full = count === this.spec.retire
      flight.retire = Math.max(complete, full ? cycle + 1 : cycle)
      this.lastRetired = { cycle: flight.retire, count: flight.retire === cycle ? count + 1 : 1 }
    }
    this.stores.forEach((store, i) => {
      const before = i === 0 ? this.lastDrain : this.stores[i - 1]!.drain
      const filled = Math.max(0, ...store.handles.map((handle) => this.filledAt(handle)))
      store.drain = Math.max(before, store.retire, filled) + 1
    })
  }

  private retire(): boolean {
    let retired = false
    while (this.flights.length > 0 && this.flights[0]!.retire <= this.cycle) {
      const { dispatch, issue, retire } = this.flights.shift()!
      this.times.push({ dispatch, issue, retire })
      retired = true
    }
    return retired
  }

  private pipeFor(p: number): number {
    const pipes = this.decoded.pipeSets[this.decoded.code[p + PIPES]!]!
    const length = (pipe: number): number => this.flights.filter((f) => f.pipe === pipe && f.issue > this.cycle).length
    const open = pipes.filter((pipe) => length(pipe) < this.spec.pipes[pipe]!.queue)
    const soon = (pipe: number): number => Math.max((this.cycle + 1) * 12, this.pipes.done[pipe]!)
    return open.sort((a, b) => length(a) - length(b) || soon(a) - soon(b) || a - b)[0] ?? -1
  }

  private needsNoPipe = (p: number): boolean => this.decoded.pipeSets[this.decoded.code[p + PIPES]!]!.length === 0

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
      reason: this.front.reason,
      needs,
      handles,
      occupancy: code[p + OCCUPANCY]! + late * spec.unaligned.occupancy,
      late: late * spec.unaligned.latency,
      forward,
      wants: kind === PREFETCH && !cache.holds(address >> cache.lineBits),
      ready: passes ? this.cycle : Infinity,
      issue: passes ? this.cycle : Infinity,
      asked: Infinity,
      data: Infinity,
      depth: -1,
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
    this.progress(flight)
    this.settle()
    return flight
  }

  private charge(busy: boolean, next: Executed | null): void {
    const head = this.flights[0]
    if (busy) this.counts[BUSY]!++
    else if (head === undefined || head.dispatch === this.cycle) {
      const full = next !== null && this.stores.length === this.spec.storeQueue && this.waitsForStores(next)
      const reason = head === undefined ? this.front.reason : head.reason
      this.counts[head === undefined && full ? reasonAt.storeBuffer : reason]!++
    } else if (this.cycle < head.ready) this.counts[reasonAt.operand]!++
    else if (this.cycle < head.issue) this.counts[reasonAt.pipe]!++
    else if (this.cycle < head.asked) this.counts[reasonAt.missQueue]!++
    else if (head.data === Infinity) this.unknown++
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
