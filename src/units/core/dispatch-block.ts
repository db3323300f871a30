// Dispatch in an out-of-order core, as a JavaScript function for each block: what the tables say of an instruction
// stands in its text as constants, and the columns that it works on are constants to the compiler, too. It is several
// times as fast as reading the tables anew.
//
// Where its operands' cycles are known, an instruction's own are worked out here; any other goes to `dispatch`.

import { UNKNOWN } from './cycles.ts'
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
  NO_ACCESS,
  OCCUPANCY,
  PIPES,
  RESULTS,
  resultAt,
  resultLatencyAt,
  SLOTS,
  SOURCES,
  STORE,
  sourceAt,
} from './decoded.ts'
import type { Dispatch } from './dispatch.ts'
import { type FrontEnd, fetchText, leaveText } from './front-end.ts'
import type { OutstandingWires } from './outstanding.ts'
import { ACCUMULATES, BITS, USABLE } from './registers.ts'
import { NONE } from './reorder-buffer.ts'
import { type OutOfOrderSpec, TWELFTHS } from './spec.ts'
import { BUSY, reasonAt } from './stalls.ts'

/** Instructions of one function: longer ones are not compiled well. */
const MOST = 16

/** What the functions drive. */
export interface DispatchState {
  /** The cycle, the slots taken in it, and the issue of the instruction dispatched last, UNKNOWN while that is so. */
  now: number
  slots: number
  issued: number
  readonly counts: Float64Array
  /** Goes on to cycle `to`. */
  advance(to: number): void
  /** Goes on until there is room for the instruction whose words are at `p`; returns its pipe, or NONE. */
  waitForRoom(p: number): number
  /** Takes that instruction's slots in this cycle and the next ones; returns its pipe, or NONE. */
  take(p: number): number
  /** Dispatches that instruction, which is ready, issues and is complete in the cycles given. */
  keep(p: number, pipe: number, fetched: number, reason: number, ready: number, issued: number, complete: number): void
  /** Dispatches that instruction, which waits for another, or accesses memory at `address`. */
  dispatch(p: number, pipe: number, fetched: number, reason: number, address: number): void
}

export interface DispatchWires extends OutstandingWires {
  readonly core: DispatchState
  readonly front: FrontEnd
  readonly accesses: Dispatch
}

/** Dispatches instructions whose memory accesses went to the addresses from `trace[word]` on; returns the word behind those. */
type Dispatcher = (trace: Int32Array, word: number, first: number) => number

/** Functions to be called one after another, with the place of the first instruction's words. */
export type DispatchBlock = readonly { readonly run: Dispatcher; readonly first: number }[]

/** Functions by their texts: like instructions are compiled once. */
export type Known = Map<string, Dispatcher>

/** How to dispatch block `index`; an entry is kept of every instruction if `watched`. Functions are taken from `known`, and added. */
export function dispatchBlock(
  index: number,
  decoded: Decoded,
  spec: OutOfOrderSpec,
  wires: DispatchWires,
  watched: boolean,
  known: Known,
): DispatchBlock {
  const first = decoded.first[index]!
  const members = Array.from({ length: decoded.count[index]! }, (_, i) => (first + i) * FIELDS)
  const parts = Array.from({ length: Math.ceil(members.length / MOST) }, (_, i) =>
    members.slice(i * MOST, (i + 1) * MOST),
  )
  return parts.map((part, i) => {
    const text = textOf(part, decoded, spec, wires, { watched, first: i === 0 })
    const run = known.get(text) ?? compiled(text, wires)
    known.set(text, run)
    return { run, first: part[0]! }
  })
}

interface Place {
  readonly watched: boolean
  /** Whether what follows begins a block. */
  readonly first: boolean
}

function textOf(
  members: readonly number[],
  decoded: Decoded,
  spec: OutOfOrderSpec,
  { buffer }: DispatchWires,
  { watched, first }: Place,
): string {
  const masks = { places: buffer.mask, loads: buffer.loadMask }
  const body = members.map((p, i) => {
    const at = `first + ${p - members[0]!}`
    return new InstructionText({ p, at }, decoded, spec, { watched, first: first && i === 0 }, masks).text
  })
  return `"use strict"
    return (trace, at, first) => {
      let word = at, { now, slots } = core, { cycle: fetched, fetched: group, place } = front
      let pipe = 0, fewest = 0, ready = 0, issued = 0, complete = 0, address = 0
      ${body.join('\n')}
      core.slots = slots
      front.cycle = fetched
      front.fetched = group
      front.place = place
      return word
    }`
}

function compiled(
  text: string,
  { core, accesses, front, buffer, registers, pipes, stores }: DispatchWires,
): Dispatcher {
  const columns = {
    core,
    counts: core.counts,
    accesses,
    front,
    left: front.left,
    buffer,
    retires: buffer.retires,
    loadRetires: buffer.loadRetires,
    registers: registers.words,
    pipes,
    waiting: pipes.waiting,
    done: pipes.done,
    stores,
  }
  return new Function(...Object.keys(columns), text)(...Object.values(columns))
}

/** Text for one instruction. */
class InstructionText {
  private readonly p: number
  private readonly at: string // what stands for `p` in the text
  private readonly decoded: Decoded
  private readonly spec: OutOfOrderSpec
  private readonly place: Place
  private readonly masks: { readonly places: number; readonly loads: number }
  private readonly reason: string // why it was not fetched sooner

  constructor(
    { p, at }: { readonly p: number; readonly at: string },
    decoded: Decoded,
    spec: OutOfOrderSpec,
    place: Place,
    masks: InstructionText['masks'],
  ) {
    this.p = p
    this.at = at
    this.decoded = decoded
    this.spec = spec
    this.place = place
    this.masks = masks
    this.reason = place.first ? 'cause' : `${reasonAt.frontEnd}`
  }

  get text(): string {
    return [this.fetch(), this.pipe(), this.slots(), this.work()].join('\n')
  }

  private field(name: number): number {
    return this.decoded.code[this.p + name]!
  }

  private get pipes(): readonly number[] {
    return this.decoded.pipeSets[this.field(PIPES)]!
  }

  private fetch(): string {
    return `${this.place.first ? 'const cause = front.takeCause()' : ''}
      ${fetchText(this.spec.fetch)}
      if (fetched > now) { core.advance(fetched); now = fetched; slots = 0 }`
  }

  /** As Pipes.choose(); where there is no room, the core is asked. */
  private pipe(): string {
    const { reorderBuffer, loadQueue, storeQueue } = this.spec
    const room = [
      `retires[(buffer.place - ${reorderBuffer}) & ${this.masks.places}] > now`,
      ...(this.field(ACCESS) === LOAD
        ? [`loadRetires[(buffer.loads - ${loadQueue}) & ${this.masks.loads}] > now`]
        : []),
      ...(this.field(ACCESS) === STORE ? [`stores.size === ${storeQueue}`] : []),
      ...(this.pipes.length > 0 ? ['pipe < 0'] : []),
    ]
    const choices = this.pipes.map((pipe, i) => {
      const sooner = `done[pipe] > (now + 1) * ${TWELFTHS} && done[${pipe}] < done[pipe]`
      const better = `pipe < 0 || waiting[${pipe}] < fewest || waiting[${pipe}] === fewest && ${sooner}`
      const open = `waiting[${pipe}] < ${this.spec.pipes[pipe]!.queue}`
      return `if (${i === 0 ? open : `${open} && (${better})`}) { pipe = ${pipe}; fewest = waiting[${pipe}] }`
    })
    return `pipe = ${NONE}
      ${choices.join('\n')}
      if (${room.join(' || ')}) { core.slots = slots; pipe = core.waitForRoom(${this.at}); now = core.now; slots = core.slots }`
  }

  private slots(): string {
    const slots = this.field(SLOTS)
    return `if (slots > ${this.spec.width - slots}) {
        core.slots = slots
        pipe = core.take(${this.at})
        now = core.now
        slots = core.slots
      } else slots += ${slots}
      ${leaveText(this.spec.fetch)}`
  }

  private work(): string {
    const access = this.field(ACCESS)
    const otherwise = (address: string): string =>
      `core.dispatch(${this.at}, pipe, fetched, ${this.reason}, ${address})`
    const known = `ready < ${UNKNOWN}`
    if (this.pipes.length === 0) return otherwise(access === NO_ACCESS ? '0' : 'trace[word++] >>> 0')
    if (access === NO_ACCESS) return `${this.operands()}\nif (${known}) { ${this.times()} } else ${otherwise('0')}`
    if (access !== LOAD) return otherwise('trace[word++] >>> 0')
    return `${this.operands()}
      address = trace[word++] >>> 0
      if (${known} && accesses.hits(address, ${this.field(BYTES)}, now)) { ${this.times()} } else ${otherwise('address')}`
  }

  private operands(): string {
    const reads = Array.from({ length: this.field(SOURCES) }, (_, i) => {
      const at = (this.field(sourceAt + i) << BITS) + (i === this.field(ACCUMULATOR) ? ACCUMULATES : USABLE)
      return `if (registers[${at}] > ready) ready = registers[${at}]`
    })
    return `ready = now + 1\n${reads.join('\n')}`
  }

  /** Latencies are at least 1. */
  private times(): string {
    const accumulate = this.field(ACCUMULATE)
    const latency = this.field(RESULTS) === 0 ? 1 : Math.max(1, this.field(LATENCY))
    const results = Array.from({ length: this.field(RESULTS) }, (_, i) => {
      const usable = Math.max(1, this.field(resultLatencyAt + i))
      return result(this.field(resultAt + i), usable, accumulate < 0 ? usable : Math.max(1, accumulate))
    })
    const back = Math.max(1, this.spec.writeBackLatency)
    if (this.field(BASE) >= 0) results.push(result(this.field(BASE), back, back))
    const keep = `core.keep(${this.at}, pipe, fetched, ${this.reason}, ready, issued, complete)`
    return `waiting[pipe]++
      issued = pipes.reserve(pipe, ready, ${this.field(OCCUPANCY)})
      core.issued = issued
      complete = issued + ${latency}
      ${results.join('\n')}
      ${this.place.watched ? keep : `if (buffer.entries > 0 || complete > buffer.last + 1) ${keep}\nelse { ${this.retire()} }`}`
  }

  /** As ReorderBuffer.retire(). */
  private retire(): string {
    const load = `loadRetires[buffer.loads++ & ${this.masks.loads}] = buffer.last\nbuffer.loadsDone++`
    return `if (complete > buffer.last) { buffer.last = complete; buffer.retired = 1; counts[${BUSY}]++ }
      else if (buffer.retired < ${this.spec.retire}) buffer.retired++
      else { buffer.last++; buffer.retired = 1; counts[${BUSY}]++ }
      retires[buffer.place] = buffer.last
      buffer.place = (buffer.place + 1) & ${this.masks.places}
      ${this.field(ACCESS) === LOAD ? load : ''}`
  }
}

function result(register: number, usable: number, accumulates: number): string {
  return `registers[${(register << BITS) + USABLE}] = issued + ${usable}
    registers[${(register << BITS) + ACCUMULATES}] = issued + ${accumulates}`
}
