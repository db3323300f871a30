// Issue in an out-of-order core: what the pipes do in a cycle. Half of a simulation is spent in the one function here.

import { UNKNOWN } from './cycles.ts'
import type { Decoded } from './decoded.ts'
import * as field from './decoded.ts'
import type { Execution } from './execution.ts'
import type { IssueQueues } from './issue-queues.ts'
import * as queue from './issue-queues.ts'
import type { Renaming } from './renaming.ts'
import * as register from './renaming.ts'
import type { ReorderBuffer } from './reorder-buffer.ts'
import * as word from './reorder-buffer.ts'

// Constants of this module are constants to the compiler, imported ones are variables.
const { EARLIEST, ENTRY, FREE, FROM, LENGTH, NEXT, OLDEST, STRIDE, TWELFTHS, YOUNGEST } = queue
const EDGE_LATENCY = queue.LATENCY
const { BASE, LATENCY, OCCUPANCY, RESULTS, resultAt } = field
const { ACCUMULATES, BITS, LIST, USABLE } = register
const { AT_DATA, COMPLETE, FOLLOWER, INSTRUCTION, ISSUED, LEAST, NONE, PIPE, READY, SPECIAL, STATE, WAITS } = word
const NEVER = UNKNOWN

export class Issue {
  private readonly decoded: Decoded
  private readonly buffer: ReorderBuffer
  private readonly queues: IssueQueues
  private readonly renaming: Renaming
  private readonly execution: Execution

  constructor(decoded: Decoded, buffer: ReorderBuffer, queues: IssueQueues, renaming: Renaming, execution: Execution) {
    this.decoded = decoded
    this.buffer = buffer
    this.queues = queues
    this.renaming = renaming
    this.execution = execution
  }

  /** Issues what can be in `cycle`. */
  issue(cycle: number): void {
    const { queues } = this
    const { pipes } = queues
    let soonest = NEVER
    queues.soonest = NEVER // what is woken lowers it again
    for (let pipe = 0; pipe < pipes.length; pipe += STRIDE) {
      let due = pipes[pipe + EARLIEST]!
      if (due === NEVER) continue
      if (due <= cycle && pipes[pipe + FROM]! <= cycle) {
        this.issueTo(pipe, cycle)
        due = pipes[pipe + EARLIEST]!
      }
      if (due < pipes[pipe + FROM]!) due = pipes[pipe + FROM]!
      if (due < soonest) soonest = due
    }
    if (soonest < queues.soonest) queues.soonest = soonest
  }

  private issueTo(pipe: number, cycle: number): void {
    const { execution } = this
    const { pipes, edges } = this.queues
    const { words } = this.buffer
    const { code } = this.decoded
    const registers = this.renaming.words
    const start = cycle * TWELFTHS
    const limit = start + TWELFTHS
    let free = pipes[pipe + FREE]!
    let length = pipes[pipe + LENGTH]!
    let earliest = NEVER
    let older = NONE
    let soonest = NEVER
    if (free < start) free = start
    pipes[pipe + EARLIEST] = NEVER // what is woken lowers it again
    for (let entry = pipes[pipe + OLDEST]!; entry !== NONE; ) {
      if (free >= limit) {
        earliest = cycle // at the earliest: the rest has not been looked at
        break
      }
      const follower = words[entry + FOLLOWER]!
      const ready = words[entry + READY]!
      if (ready > cycle) {
        if (ready < earliest) earliest = ready
        older = entry
        entry = follower
        continue
      }
      const p = words[entry + INSTRUCTION]!
      if (words[entry + STATE] === SPECIAL) {
        const busy = execution.issue(entry, cycle)
        if (busy < 0) {
          older = entry
          entry = follower
          continue
        }
        free += busy
      } else {
        free += code[p + OCCUPANCY]!
        words[entry + ISSUED] = cycle
        if (entry === execution.mispredicted) execution.resume(cycle)
        const list = entry + AT_DATA
        const results = code[p + RESULTS]!
        const latency = code[p + LATENCY]!
        words[entry + COMPLETE] = cycle + (results === 0 || latency < 1 ? 1 : latency)
        for (let r = p + resultAt; r < p + resultAt + results; r++) {
          const written = code[r]! << BITS
          if (registers[written + LIST] !== list) continue
          registers[written + LIST] = NONE
          registers[written + USABLE] = registers[written + USABLE]! + cycle
          registers[written + ACCUMULATES] = registers[written + ACCUMULATES]! + cycle
        }
        const base = code[p + BASE]!
        if (base >= 0) execution.writeBack(entry, base, cycle)
        for (let edge = words[list]!; edge !== NONE; edge = edges[edge + NEXT]!) {
          const reader = edge & ENTRY
          const usable = cycle + edges[edge + EDGE_LATENCY]!
          const waits = words[reader + WAITS]! - 1
          const least = usable > words[reader + LEAST]! ? usable : words[reader + LEAST]!
          words[reader + WAITS] = waits
          words[reader + LEAST] = least
          if (waits > 0) continue
          words[reader + READY] = least
          const woken = words[reader + PIPE]! + EARLIEST
          if (least < pipes[woken]!) pipes[woken] = least
          if (least < soonest) soonest = least
        }
        words[list] = NONE
      }
      if (older === NONE) pipes[pipe + OLDEST] = follower
      else words[older + FOLLOWER] = follower
      if (follower === NONE) pipes[pipe + YOUNGEST] = older
      length--
      entry = follower
    }
    pipes[pipe + LENGTH] = length
    pipes[pipe + FREE] = free
    pipes[pipe + FROM] = (free / TWELFTHS) | 0
    if (earliest < pipes[pipe + EARLIEST]!) pipes[pipe + EARLIEST] = earliest
    if (soonest < this.queues.soonest) this.queues.soonest = soonest
  }
}
