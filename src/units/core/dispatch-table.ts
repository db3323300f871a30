// Dispatch in an out-of-order core, read from the tables of its instructions. dispatch-block.ts writes the same out as
// text for a block that has come often enough to be worth the compiler's time.

import { UNKNOWN } from './cycles.ts'
import * as field from './decoded.ts'
import type { DispatchWires } from './dispatch-block.ts'
import * as register from './registers.ts'
import { NONE } from './reorder-buffer.ts'
import type { OutOfOrderSpec } from './spec.ts'
import { BUSY, reasonAt } from './stalls.ts'

// Constants of this module are constants to the compiler, imported ones are variables.
const { ACCESS, ACCUMULATE, ACCUMULATOR, BASE, BYTES, FIELDS, LATENCY, LOAD, NO_ACCESS, OCCUPANCY, PIPES } = field
const { RESULTS, resultAt, resultLatencyAt, SLOTS, SOURCES, STORE, sourceAt } = field
const { ACCUMULATES, BITS, USABLE } = register
const NEVER = UNKNOWN
const ALWAYS = BUSY

export class DispatchTable {
  private readonly spec: OutOfOrderSpec
  private readonly decoded: field.Decoded
  private readonly wires: DispatchWires
  private readonly watched: boolean
  private readonly back: number

  /** An entry is kept of every instruction if `watched`. */
  constructor(spec: OutOfOrderSpec, decoded: field.Decoded, wires: DispatchWires, watched: boolean) {
    this.spec = spec
    this.decoded = decoded
    this.wires = wires
    this.watched = watched
    this.back = Math.max(1, spec.writeBackLatency)
  }

  /** Dispatches `count` instructions from `first` on, whose memory accesses went to the addresses from `trace[at]` on. */
  run(first: number, count: number, trace: Int32Array, at: number): void {
    const { core, accesses, front } = this.wires
    const { code, pipeSets } = this.decoded
    const end = (first + count) * FIELDS
    let reason = front.takeCause()
    let word = at
    for (let p = first * FIELDS; p < end; p += FIELDS) {
      const fetched = front.fetch()
      if (fetched > core.now) core.advance(fetched)
      const access = code[p + ACCESS]!
      let pipe = this.hasRoom(access) ? this.wires.pipes.choose(pipeSets[code[p + PIPES]!]!) : NONE
      if (pipe === NONE) pipe = core.waitForRoom(p)
      if (core.slots + code[p + SLOTS]! > this.spec.width) pipe = core.take(p)
      else core.slots += code[p + SLOTS]!
      front.leave(core.now)
      const address = access === NO_ACCESS ? 0 : trace[word++]! >>> 0
      const ready = pipe === NONE || access > LOAD ? NEVER : this.readyAt(p, core.now + 1)
      if (ready < NEVER && (access !== LOAD || accesses.hits(address, code[p + BYTES]!, core.now)))
        this.issue(p, pipe, fetched, reason, ready)
      else core.dispatch(p, pipe, fetched, reason, address)
      reason = reasonAt.frontEnd
    }
  }

  private hasRoom(access: number): boolean {
    const { buffer, core, stores } = this.wires
    const { reorderBuffer, loadQueue, storeQueue } = this.spec
    if (buffer.retires[(buffer.place - reorderBuffer) & buffer.mask]! > core.now) return false
    if (access === LOAD) return buffer.loadRetires[(buffer.loads - loadQueue) & buffer.loadMask]! <= core.now
    return access !== STORE || stores.size < storeQueue
  }

  /** When its sources are there, at least `from`. */
  private readyAt(p: number, from: number): number {
    const { code } = this.decoded
    const { words } = this.wires.registers
    const last = p + sourceAt + code[p + SOURCES]!
    const accumulator = p + sourceAt + code[p + ACCUMULATOR]!
    let ready = from
    for (let s = p + sourceAt; s < last; s++) {
      const usable = words[(code[s]! << BITS) + (s === accumulator ? ACCUMULATES : USABLE)]!
      if (usable > ready) ready = usable
    }
    return ready
  }

  private issue(p: number, pipe: number, fetched: number, reason: number, ready: number): void {
    const { core, pipes, buffer, registers } = this.wires
    const { words } = registers
    const { code } = this.decoded
    const results = code[p + RESULTS]!
    pipes.enter(pipe)
    const issued = pipes.reserve(pipe, ready, code[p + OCCUPANCY]!)
    core.issued = issued
    const latency = code[p + LATENCY]!
    const complete = issued + (results === 0 || latency < 1 ? 1 : latency)
    const accumulate = code[p + ACCUMULATE]!
    for (let r = p + resultAt; r < p + resultAt + results; r++) {
      const later = code[r + resultLatencyAt - resultAt]!
      const usable = issued + (later < 1 ? 1 : later)
      const at = code[r]! << BITS
      words[at + USABLE] = usable
      words[at + ACCUMULATES] = accumulate < 0 ? usable : issued + (accumulate < 1 ? 1 : accumulate)
    }
    if (code[p + BASE]! >= 0) registers.write(code[p + BASE]!, issued + this.back, issued + this.back)
    if (this.watched || buffer.entries > 0 || complete > buffer.last + 1) {
      core.keep(p, pipe, fetched, reason, ready, issued, complete)
      return
    }
    if (code[p + ACCESS] === LOAD) buffer.pushLoad()
    const { last } = buffer
    const retires = buffer.retire(complete)
    if (retires > last) core.counts[ALWAYS]!++
    buffer.retires[buffer.place] = retires
    buffer.place = (buffer.place + 1) & buffer.mask
    if (code[p + ACCESS] === LOAD) buffer.retireLoad(retires)
  }
}
