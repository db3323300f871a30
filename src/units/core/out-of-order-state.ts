// The state of an out-of-order core between two blocks, as words: relative to the current cycle, to the oldest entry
// and to the oldest store. What can make no difference any more is left out, so that equal futures give equal words.
// All fills must be known. Of each entry:
//
//   instruction, state, then
//   issued     cycle in which it is complete, cause
//   waiting    pipe, least cycle, edges; of one that accesses memory also what that takes longer, and its data

import { UNKNOWN } from './cycles.ts'
import { HIT } from './data-side.ts'
import { ACCESS, BASE, type Decoded, FIELDS, LOAD, PREFETCH, STORE } from './decoded.ts'
import type { Execution, ExecutionWires } from './execution.ts'
import type { Translate } from './renaming.ts'
import {
  ADDRESS,
  AT_DATA,
  AT_ISSUE,
  BLOCKED,
  CAUSE,
  COMPLETE,
  FILLED,
  FIRST,
  FLOOR,
  FORWARDED,
  INSTRUCTION,
  ISSUED,
  LATER,
  LEAST,
  LONGER,
  NONE,
  PIPE,
  PLACE,
  READY,
  SECOND,
  SPECIAL,
  STATE,
  WAITING,
  WAITS,
} from './reorder-buffer.ts'
import { reasonAt } from './stalls.ts'

const DONE = 3 // as a state, beside WAITING, SPECIAL and BLOCKED
const EDGES = 16 // of an entry, at most

export class OutOfOrderState {
  private readonly decoded: Decoded
  private readonly wires: ExecutionWires
  private readonly execution: Execution
  private readonly relative: Translate
  private readonly absolute: Translate
  private readonly edges: Int32Array // list and latency of each edge of each entry, by offset; NONE

  constructor(decoded: Decoded, wires: ExecutionWires, execution: Execution) {
    this.decoded = decoded
    this.wires = wires
    this.execution = execution
    const { buffer, stores } = wires
    const { drains } = buffer
    const stride = buffer.at(1)
    const word = stride - 1
    this.relative = (list) => {
      if (list >= drains) return ~((list - drains - stores.head) & stores.mask)
      return buffer.offsetOf(list & ~word) * stride + (list & word)
    }
    this.edges = new Int32Array(buffer.entries * EDGES * 2)
    this.absolute = (saved) => (saved >= 0 ? saved : drains + ~saved)
  }

  /** Writes the state in cycle `now`; returns the place behind it. */
  save(into: Int32Array, at: number, now: number): number {
    const { buffer, renaming, queues, stores, front } = this.wires
    const { mispredicted } = this.execution
    into[at] = mispredicted === NONE ? NONE : buffer.offsetOf(mispredicted)
    into[at + 1] = buffer.size
    let to = at + 2
    to += queues.save(into, to, now)
    to += front.save(into, to, now)
    to += stores.save(into, to, now)
    this.gatherEdges()
    for (let i = 0; i < buffer.size; i++) to = this.saveEntry(into, to, i, now)
    return to + renaming.save(into, to, now + 1, this.relative)
  }

  /** The reverse of `save`; returns the loads among the entries. */
  load(from: Int32Array, at: number, now: number): number {
    const { buffer, renaming, queues, stores, front } = this.wires
    const { code } = this.decoded
    const size = from[at + 1]!
    buffer.clear()
    queues.clear()
    this.execution.clear()
    this.execution.mispredicted = from[at] === NONE ? NONE : buffer.at(from[at]!)
    let word = at + 2
    word += queues.load(from, word, now)
    word += front.load(from, word, now)
    word += stores.load(from, word, now)
    let loads = 0
    let place = stores.leading
    for (let i = 0; i < size; i++) {
      const access = code[from[word]! * FIELDS + ACCESS]
      const entry = buffer.push(from[word]! * FIELDS)
      word = this.loadEntry(from, word, entry, now)
      if (access === LOAD) loads++
      if (access === STORE) {
        stores.belongs(place, entry)
        buffer.words[entry + PLACE] = place++
      }
    }
    renaming.load(from, word, now + 1, this.absolute)
    return loads
  }

  /** Lists hold edges by what is waited for; here they are by who waits. */
  private gatherEdges(): void {
    const { buffer, queues, stores } = this.wires
    const { code } = this.decoded
    this.edges.fill(NONE)
    const gather = (list: number): void => {
      const place = this.relative(list)
      queues.edgesIn(list, (entry, k, latency) => {
        const at = (buffer.offsetOf(entry) * EDGES + k) * 2
        this.edges[at] = place
        this.edges[at + 1] = latency
      })
    }
    for (let i = 0; i < buffer.size; i++) {
      const entry = buffer.at(i)
      const p = buffer.words[entry + INSTRUCTION]!
      gather(entry + AT_DATA)
      const issued = buffer.words[entry + COMPLETE] !== UNKNOWN
      if (!issued && code[p + BASE]! >= 0) gather(entry + AT_ISSUE)
    }
    for (let age = 0; age < stores.size; age++) gather(buffer.drains + stores.placeOf(age))
  }

  private saveEntry(into: Int32Array, at: number, i: number, now: number): number {
    const { buffer, queues } = this.wires
    const { words } = buffer
    const { code } = this.decoded
    const entry = buffer.at(i)
    const p = words[entry + INSTRUCTION]!
    const access = code[p + ACCESS]!
    into[at] = p / FIELDS
    if (words[entry + COMPLETE] !== UNKNOWN) {
      const left = words[entry + COMPLETE]! - now
      into[at + 1] = DONE
      into[at + 2] = Math.max(1, left)
      into[at + 3] = access === LOAD && (i === 0 || left > 1) ? words[entry + CAUSE]! : reasonAt.operand
      return at + 4
    }
    const waits = words[entry + READY] === UNKNOWN && words[entry + STATE] !== BLOCKED ? words[entry + WAITS]! : 0
    const least = waits === 0 ? words[entry + READY]! : words[entry + LEAST]!
    into[at + 1] = words[entry + STATE]!
    into[at + 2] = queues.indexOf(words[entry + PIPE]!)
    into[at + 3] = least === UNKNOWN ? 0 : Math.max(0, least - now - 1)
    into[at + 4] = waits
    let to = at + 5
    for (let edge = i * EDGES * 2; edge < (i + 1) * EDGES * 2; edge += 2) {
      if (this.edges[edge + 1] === NONE) continue
      into[to++] = this.edges[edge]!
      into[to++] = this.edges[edge + 1]!
    }
    return words[entry + STATE] === WAITING ? to : this.saveAccess(into, to, entry, now)
  }

  private saveAccess(into: Int32Array, at: number, entry: number, now: number): number {
    const { words } = this.wires.buffer
    const prefetches = this.decoded.code[words[entry + INSTRUCTION]! + ACCESS] === PREFETCH
    const filled = Math.max(0, this.execution.filledAt(entry) - now - 1)
    into[at] = words[entry + LONGER]!
    into[at + 1] = words[entry + LATER]!
    into[at + 2] = words[entry + FORWARDED] === 0 ? NONE : Math.max(0, words[entry + FLOOR]! - now - 1)
    into[at + 3] = filled
    into[at + 4] = filled === 0 ? reasonAt.operand : this.execution.causeOf(entry)
    into[at + 5] = prefetches ? words[entry + ADDRESS]! : 0
    return at + 6
  }

  private loadEntry(from: Int32Array, at: number, entry: number, now: number): number {
    const { buffer, queues } = this.wires
    const { words } = buffer
    if (from[at + 1] === DONE) {
      words[entry + ISSUED] = now
      words[entry + COMPLETE] = now + from[at + 2]!
      words[entry + CAUSE] = from[at + 3]!
      return at + 4
    }
    const waits = from[at + 4]!
    let word = at + 5
    for (let k = 0; k < waits; k++) queues.waitFor(entry, k, this.absolute(from[word++]!), from[word++]!)
    queues.push(queues.pipeAt(from[at + 2]!), entry, now + 1 + from[at + 3]!, waits)
    words[entry + CAUSE] = reasonAt.operand
    words[entry + AT_ISSUE] = NONE
    if (from[at + 1] === WAITING) return word
    words[entry + STATE] = SPECIAL
    words[entry + FIRST] = HIT
    words[entry + SECOND] = HIT
    words[entry + LONGER] = from[word]!
    words[entry + LATER] = from[word + 1]!
    words[entry + FORWARDED] = from[word + 2] === NONE ? 0 : 1
    words[entry + FLOOR] = now + 1 + from[word + 2]!
    words[entry + FILLED] = from[word + 3] === 0 ? 0 : now + 1 + from[word + 3]!
    words[entry + CAUSE] = from[word + 4]!
    words[entry + ADDRESS] = from[word + 5]!
    if (from[at + 1] === BLOCKED) this.execution.block(entry)
    return word + 6
  }
}
