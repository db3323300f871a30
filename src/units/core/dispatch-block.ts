// Dispatch in an out-of-order core, as a JavaScript function for each block: what the tables say of an instruction
// stands in its text as constants, and the columns that it works on are constants to the compiler, too. It is several
// times as fast as reading the tables anew.

import type { Attribution } from './attribution.ts'
import { UNKNOWN } from './cycles.ts'
import {
  ACCESS,
  ACCUMULATE,
  ACCUMULATOR,
  BASE,
  type Decoded,
  FIELDS,
  LOAD,
  NO_ACCESS,
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
import type { ExecutionWires } from './execution.ts'
import { EARLIEST, FREE, LATENCY, LENGTH, NEXT, OLDEST, STRIDE, TWELFTHS, YOUNGEST } from './issue-queues.ts'
import { ACCUMULATES, BITS, LIST, USABLE } from './renaming.ts'
import {
  AT_DATA,
  COMPLETE,
  ENTRY_WORDS,
  FOLLOWER,
  INSTRUCTION,
  LEAST,
  NONE,
  PIPE,
  READY,
  STATE,
  WAITING,
  WAITS,
} from './reorder-buffer.ts'
import type { OutOfOrderSpec } from './spec.ts'
import { reasonAt } from './stalls.ts'

/** Instructions of one function: longer ones are not compiled well. */
const MOST = 16

/** What the functions drive. */
export interface DispatchState {
  /** The cycle, and the slots taken in it. */
  now: number
  slots: number
  /** Loads in the load queue. */
  loads: number
  /** Goes on to cycle `fetched`; what the core loses with nothing in flight is charged to `reason`. */
  waitUntil(fetched: number, reason: number): void
  /** Goes on until there is room for the instruction whose words are at `p`; returns its pipe, or NONE. */
  waitForRoom(p: number): number
  /** Takes that instruction's slots in this cycle and the next ones; returns its pipe, or NONE. */
  take(p: number, reason: number): number
  /** Notes what only an observer asks for. */
  note(entry: number, fetched: number): void
}

export interface DispatchWires extends ExecutionWires {
  readonly core: DispatchState
  readonly attribution: Attribution
  readonly dispatch: Dispatch
}

/** Dispatches instructions whose memory accesses went to the addresses from `trace[word]` on; returns the word behind those. */
export type DispatchBlock = (trace: Int32Array, word: number) => number

/** Functions to be called one after another; they call `note` for each instruction if `noted`. */
export function dispatchBlock(
  index: number,
  decoded: Decoded,
  spec: OutOfOrderSpec,
  wires: DispatchWires,
  noted: boolean,
): DispatchBlock[] {
  const first = decoded.first[index]!
  const members = Array.from({ length: decoded.count[index]! }, (_, i) => (first + i) * FIELDS)
  const parts = Array.from({ length: Math.ceil(members.length / MOST) }, (_, i) =>
    members.slice(i * MOST, (i + 1) * MOST),
  )
  return parts.map((part) => compiled(part, decoded, spec, wires, noted))
}

function compiled(
  members: readonly number[],
  decoded: Decoded,
  spec: OutOfOrderSpec,
  { core, attribution, dispatch, front, buffer, renaming, queues, stores }: DispatchWires,
  noted: boolean,
): DispatchBlock {
  const body = members.map(
    (p, i) => new InstructionText(p, decoded, spec, { noted, first: i === 0, mask: buffer.mask }).text,
  )
  const columns = {
    core,
    attribution,
    dispatch,
    front,
    left: front.left,
    buffer,
    words: buffer.words,
    registers: renaming.words,
    queues,
    pipes: queues.pipes,
    edges: queues.edges,
    stores,
  }
  const text = `"use strict"
    return (trace, at) => {
      let word = at, { now, slots } = core, { cycle: fetched, fetched: group, place } = front
      let pipe = 0, fewest = 0, entry = 0, least = 0, waits = 0, edge = 0
      ${body.join('\n')}
      core.slots = slots
      front.cycle = fetched
      front.fetched = group
      front.place = place
      return word
    }`
  return new Function(...Object.keys(columns), text)(...Object.values(columns))
}

/** Text for one instruction. */
class InstructionText {
  private readonly p: number
  private readonly decoded: Decoded
  private readonly spec: OutOfOrderSpec
  private readonly noted: boolean
  private readonly mask: number // of places in the reorder buffer
  private readonly reason: string // why it was not fetched sooner

  constructor(
    p: number,
    decoded: Decoded,
    spec: OutOfOrderSpec,
    place: { noted: boolean; first: boolean; mask: number },
  ) {
    this.mask = place.mask
    this.p = p
    this.decoded = decoded
    this.spec = spec
    this.noted = place.noted
    this.reason = place.first ? 'cause' : `${reasonAt.frontEnd}`
  }

  get text(): string {
    const parts = [this.fetch(), this.pipe(), this.slots(), this.enter(), this.sources(), this.access(), this.push()]
    return parts.join('\n')
  }

  private field(name: number): number {
    return this.decoded.code[this.p + name]!
  }

  private get pipes(): readonly number[] {
    return this.decoded.pipeSets[this.field(PIPES)]!
  }

  /** As FrontEnd.fetch(), of which this is a copy. */
  private fetch(): string {
    return `${this.reason === 'cause' ? 'const cause = front.takeCause()' : ''}
      if (left[place] > fetched) { fetched = left[place]; group = 1 }
      else if (group === ${this.spec.fetch.width}) { fetched++; group = 1 }
      else group++
      if (fetched > now) { core.waitUntil(fetched, ${this.reason}); now = core.now; slots = 0 }`
  }

  /** As IssueQueues.choose(); where there is no room, the core is asked. */
  private pipe(): string {
    const room = [
      `buffer.size === ${this.spec.reorderBuffer}`,
      ...(this.field(ACCESS) === LOAD ? [`core.loads === ${this.spec.loadQueue}`] : []),
      ...(this.field(ACCESS) === STORE ? [`stores.size === ${this.spec.storeQueue}`] : []),
      ...(this.pipes.length > 0 ? ['pipe < 0'] : []),
    ]
    const choices = this.pipes.map((index, i) => {
      const pipe = index * STRIDE
      const length = `pipes[${pipe + LENGTH}]`
      const sooner = `pipes[pipe + ${FREE}] > (now + 1) * ${TWELFTHS} && pipes[${pipe + FREE}] < pipes[pipe + ${FREE}]`
      const better = i === 0 ? '' : `&& (pipe < 0 || ${length} < fewest || ${length} === fewest && ${sooner})`
      return `if (${length} < ${this.spec.pipes[index]!.queue} ${better}) { pipe = ${pipe}; fewest = ${length} }`
    })
    return `pipe = ${NONE}
      ${choices.join('\n')}
      if (${room.join(' || ')}) { core.slots = slots; pipe = core.waitForRoom(${this.p}); now = core.now; slots = core.slots }`
  }

  private slots(): string {
    const slots = this.field(SLOTS)
    return `if (slots > ${this.spec.width - slots}) {
        core.slots = slots
        pipe = core.take(${this.p}, ${this.reason})
        now = core.now
        slots = core.slots
      } else slots += ${slots}
      left[place] = now
      place = place + 1 === ${this.spec.fetch.queue} ? 0 : place + 1`
  }

  /** As ReorderBuffer.push(). */
  private enter(): string {
    return `if (buffer.size === 0) attribution.entered = now
      entry = (buffer.head + buffer.size * ${ENTRY_WORDS}) & ${this.mask}
      buffer.size++
      words[entry + ${INSTRUCTION}] = ${this.p}
      words[entry + ${STATE}] = ${WAITING}
      words[entry + ${COMPLETE}] = ${UNKNOWN}
      words[entry + ${AT_DATA}] = ${NONE}
      ${this.noted ? 'core.note(entry, fetched)' : ''}`
  }

  private sources(): string {
    if (this.pipes.length === 0) return ''
    const numbers = Array.from({ length: this.field(SOURCES) }, (_, i) => i)
    const reads = numbers.map((i) => {
      const register = this.field(sourceAt + i) << BITS
      const usable = register + (i === this.field(ACCUMULATOR) ? ACCUMULATES : USABLE)
      return `if (registers[${register + LIST}] === ${NONE}) {
          if (registers[${usable}] > least) least = registers[${usable}]
        } else {
          edge = entry + 2 * waits++
          edges[edge + ${NEXT}] = words[registers[${register + LIST}]]
          edges[edge + ${LATENCY}] = registers[${usable}]
          words[registers[${register + LIST}]] = edge
        }`
    })
    return `least = now + 1
      waits = 0
      ${reads.join('\n')}`
  }

  private access(): string {
    if (this.field(ACCESS) === NO_ACCESS) return this.results()
    return `${this.field(ACCESS) === LOAD ? 'core.loads++' : ''}
      dispatch.least = least
      dispatch.waits = waits
      if (dispatch.access(entry, ${this.p}, trace[word++] >>> 0, now)) { ${this.results()} }
      ${this.field(BASE) < 0 ? '' : `dispatch.writeBack(entry, ${this.field(BASE)})`}
      least = dispatch.least
      waits = dispatch.waits`
  }

  /** Latencies are at least 1. */
  private results(): string {
    const numbers = Array.from({ length: this.field(RESULTS) }, (_, i) => i)
    const accumulate = this.field(ACCUMULATE)
    const writes = numbers.map((i) => {
      const register = this.field(resultAt + i) << BITS
      const usable = Math.max(1, this.field(resultLatencyAt + i))
      return `registers[${register + LIST}] = entry + ${AT_DATA}
        registers[${register + USABLE}] = ${usable}
        registers[${register + ACCUMULATES}] = ${accumulate < 0 ? usable : Math.max(1, accumulate)}`
    })
    return writes.join('\n')
  }

  /** As IssueQueues.push(). */
  private push(): string {
    if (this.pipes.length === 0) return 'dispatch.pass(entry, now)'
    return `words[entry + ${PIPE}] = pipe
      words[entry + ${FOLLOWER}] = ${NONE}
      if (pipes[pipe + ${YOUNGEST}] === ${NONE}) pipes[pipe + ${OLDEST}] = entry
      else words[pipes[pipe + ${YOUNGEST}] + ${FOLLOWER}] = entry
      pipes[pipe + ${YOUNGEST}] = entry
      pipes[pipe + ${LENGTH}]++
      if (waits > 0) {
        words[entry + ${WAITS}] = waits
        words[entry + ${LEAST}] = least
        words[entry + ${READY}] = ${UNKNOWN}
      } else {
        words[entry + ${READY}] = least
        if (least < pipes[pipe + ${EARLIEST}]) pipes[pipe + ${EARLIEST}] = least
        if (least < queues.soonest) queues.soonest = least
      }`
  }
}
