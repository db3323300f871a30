// The rules of in-order issue, as a JavaScript function for each block: what the tables say of an instruction stands in
// its text as constants, which makes it several times as fast as reading them anew.

import { REGISTERS } from '../../isa/instruction.ts'
import {
  ACCESS,
  ACCUMULATE,
  BASE,
  BYTES,
  type Decoded,
  FIELDS,
  LATENCY,
  LEAST,
  LOAD,
  NO_ACCESS,
  OCCUPANCY,
  PASSES,
  PIPES,
  RESULTS,
  resultAt,
  resultLatencyAt,
  SLOTS,
  SOURCES,
  usedAt,
} from './decoded.ts'
import { type FrontEnd, fetchText, leaveText } from './front-end.ts'
import { crossesText, type InOrderSpec, TWELFTHS } from './spec.ts'
import { BUSY, reasonAt } from './stalls.ts'

/** What the functions work on; cycles are 32-bit integers. */
export interface IssueState {
  /** By register, then again as an accumulator: cycle in which it can be used. */
  readonly ready: Int32Array
  /** By register: cycle in which a value from memory became ready, if it still holds it. */
  readonly missed: Int32Array
  /** By pipe: when it is free, in twelfths of a cycle. */
  readonly free: Int32Array
  readonly front: FrontEnd
  readonly counts: Float64Array
  /** Cycle of the last issue, and the slots taken in it. */
  now: number
  slots: number
  lastWriteBack: number
  /** The cycle, at least `from`, in which a register that is not ready in `from` can be used; the last issue was in `now`. */
  operand(now: number, use: number, from: number): number
  /** The cycle `to`; those after `now`, and not before `from`, that are lost are charged to `reason`. */
  wait(now: number, from: number, to: number, reason: number): number
  /** Whether a load that crosses no boundary hits and nothing is in flight that matters to it; if so, it has been performed. */
  hits(now: number, address: number, bytes: number): boolean
  /** Performs a memory access; the cycle in which it issues. */
  perform(now: number, at: number, from: number, address: number): number
  show(at: number, fetched: number, from: number, pipe: number): void
}

/** Issues instructions whose memory accesses went to the addresses from `trace[word]` on; returns the word behind those. */
type Issuer = (state: IssueState, trace: Int32Array, word: number, first: number) => number

/** Functions to be called one after another, with the place of the first instruction's words. */
export type IssueBlock = readonly { readonly run: Issuer; readonly first: number }[]

/** Instructions of one function: longer ones are not compiled well. */
const MOST = 16

/** How to issue block `index`; `shown` calls `show` for each instruction. */
export function issueBlock(index: number, decoded: Decoded, spec: InOrderSpec, shown: boolean): IssueBlock {
  const begin = decoded.first[index]!
  const members = Array.from({ length: decoded.count[index]! }, (_, i) => (begin + i) * FIELDS)
  const parts = Array.from({ length: Math.ceil(members.length / MOST) }, (_, i) =>
    members.slice(i * MOST, (i + 1) * MOST),
  )
  return parts.map((part, i) => ({ run: compiled(textOf(part, decoded, spec, shown, i === 0)), first: part[0]! }))
}

function textOf(
  members: readonly number[],
  decoded: Decoded,
  spec: InOrderSpec,
  shown: boolean,
  begins: boolean,
): string {
  const body = members.map((p, i) => {
    const at = `first + ${p - members[0]!}`
    return new InstructionText({ p, at }, decoded, spec, { shown, first: begins && i === 0 }).text
  })
  return `"use strict"
     const { ready, missed, free, front } = state
     const { left } = front
     let { now, slots } = state
     let { cycle: fetched, fetched: group, place } = front
     let busy = 0, from = 0, address = 0, start = 0, pipe = -1
     ${body.join('\n')}
     front.cycle = fetched
     front.fetched = group
     front.place = place
     state.now = now
     state.slots = slots
     state.counts[${BUSY}] += busy
     return word`
}

/** Functions by their texts: like blocks on like cores are compiled once. */
const known = new Map<string, Issuer>()
const MOST_KNOWN = 4096

function compiled(text: string): Issuer {
  const same = known.get(text)
  if (same !== undefined) return same
  if (known.size === MOST_KNOWN) known.clear()
  const issue = new Function('state', 'trace', 'word', 'first', text) as Issuer
  known.set(text, issue)
  return issue
}

/** Text for one instruction, from its fetch to its results. */
class InstructionText {
  private readonly p: number
  private readonly at: string // what stands for `p` in the text
  private readonly decoded: Decoded
  private readonly spec: InOrderSpec
  private readonly shown: boolean
  private readonly first: boolean

  constructor(
    { p, at }: { readonly p: number; readonly at: string },
    decoded: Decoded,
    spec: InOrderSpec,
    place: { shown: boolean; first: boolean },
  ) {
    this.p = p
    this.at = at
    this.decoded = decoded
    this.spec = spec
    this.shown = place.shown
    this.first = place.first
  }

  get text(): string {
    const parts = [this.fetch(), this.sources(), this.pipe(), this.writeBack(), this.access(), this.take()]
    return parts.join('\n')
  }

  private field(name: number): number {
    return this.decoded.code[this.p + name]!
  }

  private fetch(): string {
    return `${this.first ? 'const cause = front.takeCause()' : ''}
      ${fetchText(this.spec.fetch)}
      from = slots > 0 && slots + ${this.field(SLOTS)} > ${this.spec.width} ? now + 1 : now
      if (fetched > from) from = state.wait(now, from, fetched, ${this.first ? 'cause' : reasonAt.frontEnd})`
  }

  private sources(): string {
    const uses = Array.from({ length: this.field(SOURCES) }, (_, i) => this.field(usedAt + i))
    return uses.map((use) => `if (ready[${use}] > from) from = state.operand(now, ${use}, from)`).join('\n')
  }

  /** Of the pipes that can execute it, the one that is free first. */
  private pipe(): string {
    const [first, ...others] = this.decoded.pipeSets[this.field(PIPES)]!
    if (first === undefined) return 'pipe = -1'
    // One that is idle will do: how long it has been idle is not part of the state.
    const choose = others.map(
      (other) => `if (free[pipe] > from * ${TWELFTHS} && free[${other}] < free[pipe]) pipe = ${other}`,
    )
    return `pipe = ${first}
      ${choose.join('\n')}
      if (free[pipe] >= from * ${TWELFTHS} + ${TWELFTHS})
        from = state.wait(now, from, (free[pipe] / ${TWELFTHS}) | 0, ${reasonAt.pipe})`
  }

  /** llvm-mca lets nothing write back before an older instruction has. */
  private writeBack(): string {
    if (!this.spec.orderedWriteBack) return ''
    const least = this.field(BASE) >= 0 ? 0 : this.field(LEAST)
    return `if (state.lastWriteBack - ${least} > from)
        from = state.wait(now, from, state.lastWriteBack - ${least}, ${reasonAt.writeBack})
      if (from + ${this.field(LATENCY)} > state.lastWriteBack) state.lastWriteBack = from + ${this.field(LATENCY)}`
  }

  private access(): string {
    const occupancy = this.field(OCCUPANCY)
    if (this.field(ACCESS) === NO_ACCESS) return this.results() + this.occupy(`${occupancy}`)
    const { boundary, occupancy: longer } = this.spec.unaligned
    const base = this.field(BASE)
    const bytes = this.field(BYTES)
    const back = base < 0 ? '' : this.result(base, this.spec.writeBackLatency, -1)
    const crosses = crossesText(bytes, boundary)
    const performed = `from = state.perform(now, ${this.at}, from, address)
      ${back}
      ${this.occupy(`${occupancy} + (${crosses} ? ${longer} : 0)`)}`
    const loaded = `if (!(${crosses}) && state.hits(from, address, ${bytes})) {
        ${this.results()}
        ${back}
        ${this.occupy(`${occupancy}`)}
      } else { ${performed} }`
    return `address = trace[word++] >>> 0
      ${this.field(ACCESS) === LOAD ? loaded : performed}`
  }

  private results(): string {
    const numbers = Array.from({ length: this.field(RESULTS) }, (_, i) => i)
    const text = numbers.map((i) =>
      this.result(this.field(resultAt + i), this.field(resultLatencyAt + i), this.field(ACCUMULATE)),
    )
    return text.join('\n')
  }

  private result(register: number, latency: number, accumulate: number): string {
    return `missed[${register}] = -1
      ready[${register}] = from + ${latency}
      ready[${register + REGISTERS}] = from + ${accumulate < 0 ? latency : accumulate}\n`
  }

  private occupy(occupancy: string): string {
    if (this.decoded.pipeSets[this.field(PIPES)]!.length === 0) return ''
    return `start = from * ${TWELFTHS}
      free[pipe] = (free[pipe] > start ? free[pipe] : start) + ${occupancy}`
  }

  /** An instruction stays at issue for its passes; another can issue beside the last one. */
  private take(): string {
    const slots = this.field(SLOTS)
    const passes = this.field(PASSES)
    const taken =
      passes > 1
        ? `busy += from > now ? ${passes} : ${passes - 1}
           slots = 1`
        : `if (from > now) { busy++; slots = ${slots} } else slots += ${slots}`
    return `${taken}
      now = from + ${passes - 1}
      ${leaveText(this.spec.fetch)}
      ${this.shown ? `state.show(${this.at}, fetched, from, pipe)` : ''}`
  }
}
