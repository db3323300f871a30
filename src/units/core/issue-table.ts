// The rules of in-order issue, read from the tables of the instructions. in-order-block.ts writes the same out as text for
// a block that has come often enough to be worth the compiler's time.

import { REGISTERS } from '../../isa/instruction.ts'
import * as field from './decoded.ts'
import type { IssueState } from './in-order-block.ts'
import { crosses, type InOrderSpec, TWELFTHS } from './spec.ts'
import { BUSY, reasonAt } from './stalls.ts'

// Constants of this module are constants to the compiler, imported ones are variables.
const { ACCESS, ACCUMULATE, BASE, BYTES, FIELDS, LATENCY, LEAST, LOAD, NO_ACCESS, OCCUPANCY, PASSES, PIPES } = field
const { RESULTS, resultAt, resultLatencyAt, SLOTS, SOURCES, usedAt } = field
const PARTS = TWELFTHS
const ACCUMULATING = REGISTERS

export class IssueTable {
  private readonly spec: InOrderSpec
  private readonly decoded: field.Decoded
  private readonly state: IssueState
  private readonly shown: boolean

  /** `shown` calls `show` for each instruction. */
  constructor(spec: InOrderSpec, decoded: field.Decoded, state: IssueState, shown: boolean) {
    this.spec = spec
    this.decoded = decoded
    this.state = state
    this.shown = shown
  }

  /** Issues `count` instructions from `first` on, whose memory accesses went to the addresses from `trace[at]` on. */
  run(first: number, count: number, trace: Int32Array, at: number): void {
    const { state, spec } = this
    const { front } = state
    const { code } = this.decoded
    const end = (first + count) * FIELDS
    let reason = front.takeCause()
    let word = at
    for (let p = first * FIELDS; p < end; p += FIELDS) {
      const { now } = state
      const fetched = front.fetch()
      let from = state.slots > 0 && state.slots + code[p + SLOTS]! > spec.width ? now + 1 : now
      if (fetched > from) from = state.wait(now, from, fetched, reason)
      from = this.sources(p, now, from)
      const pipe = this.pipeFor(p, from)
      if (pipe >= 0 && state.free[pipe]! >= from * PARTS + PARTS)
        from = state.wait(now, from, Math.floor(state.free[pipe]! / PARTS), reasonAt.pipe)
      if (spec.orderedWriteBack) from = this.writeBack(p, now, from)
      let occupancy = code[p + OCCUPANCY]!
      if (code[p + ACCESS] === NO_ACCESS) this.results(p, from)
      else {
        const address = trace[word++]! >>> 0
        const bytes = code[p + BYTES]!
        const across = crosses(address, bytes, spec.unaligned.boundary)
        if (code[p + ACCESS] === LOAD && !across && state.hits(from, address, bytes)) this.results(p, from)
        else from = state.perform(now, p, from, address)
        if (code[p + BASE]! >= 0)
          this.result(code[p + BASE]!, from + spec.writeBackLatency, from + spec.writeBackLatency)
        if (across) occupancy += spec.unaligned.occupancy
      }
      if (pipe >= 0) state.free[pipe] = Math.max(state.free[pipe]!, from * PARTS) + occupancy
      this.take(p, now, from)
      front.leave(state.now)
      if (this.shown) state.show(p, fetched, from, pipe)
      reason = reasonAt.frontEnd
    }
  }

  private sources(p: number, now: number, earliest: number): number {
    const { ready } = this.state
    const { code } = this.decoded
    let from = earliest
    for (let s = p + usedAt; s < p + usedAt + code[p + SOURCES]!; s++)
      if (ready[code[s]!]! > from) from = this.state.operand(now, code[s]!, from)
    return from
  }

  /** Of the pipes that can execute it, the one that is free first; one that is idle will do. */
  private pipeFor(p: number, from: number): number {
    const { free } = this.state
    const pipes = this.decoded.pipeSets[this.decoded.code[p + PIPES]!]!
    if (pipes.length === 0) return -1
    let pipe = pipes[0]!
    for (let i = 1; i < pipes.length; i++)
      if (free[pipe]! > from * PARTS && free[pipes[i]!]! < free[pipe]!) pipe = pipes[i]!
    return pipe
  }

  /** llvm-mca lets nothing write back before an older instruction has. */
  private writeBack(p: number, now: number, earliest: number): number {
    const { state } = this
    const { code } = this.decoded
    const least = code[p + BASE]! >= 0 ? 0 : code[p + LEAST]!
    let from = earliest
    if (state.lastWriteBack - least > from)
      from = state.wait(now, from, state.lastWriteBack - least, reasonAt.writeBack)
    state.lastWriteBack = Math.max(state.lastWriteBack, from + code[p + LATENCY]!)
    return from
  }

  private results(p: number, from: number): void {
    const { code } = this.decoded
    const accumulate = code[p + ACCUMULATE]!
    for (let r = p + resultAt; r < p + resultAt + code[p + RESULTS]!; r++) {
      const latency = code[r + resultLatencyAt - resultAt]!
      this.result(code[r]!, from + latency, from + (accumulate < 0 ? latency : accumulate))
    }
  }

  private result(register: number, ready: number, accumulates: number): void {
    const { state } = this
    state.missed[register] = -1
    state.ready[register] = ready
    state.ready[register + ACCUMULATING] = accumulates
  }

  /** An instruction stays at issue for its passes; another can issue beside the last one. */
  private take(p: number, now: number, from: number): void {
    const { state } = this
    const slots = this.decoded.code[p + SLOTS]!
    const passes = this.decoded.code[p + PASSES]!
    if (passes > 1) {
      state.counts[BUSY]! += from > now ? passes : passes - 1
      state.slots = 1
    } else if (from > now) {
      state.counts[BUSY]!++
      state.slots = slots
    } else state.slots += slots
    state.now = from + passes - 1
  }
}
