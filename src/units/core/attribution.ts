// What an out-of-order core's cycles are charged to: one in which instructions retired is busy, any other is charged to
// what holds up the oldest instruction in the reorder buffer.

import { UNKNOWN } from './cycles.ts'
import { ACCESS, type Decoded, LOAD } from './decoded.ts'
import { BLOCKED, CAUSE, COMPLETE, INSTRUCTION, MISSING, READY, type ReorderBuffer, STATE } from './reorder-buffer.ts'
import { COUNTS, reasonAt } from './stalls.ts'

export class Attribution {
  readonly counts = new Float64Array(COUNTS)
  /** What cycles are charged to in which the reorder buffer is empty. */
  idle: number = reasonAt.frontEnd
  /** Cycle in which an instruction was dispatched to the empty reorder buffer. */
  entered = -1

  private readonly decoded: Decoded
  private readonly buffer: ReorderBuffer
  private uncharged = 0 // cycles of waiting for data, before it is known which level they come from

  constructor(decoded: Decoded, buffer: ReorderBuffer) {
    this.decoded = decoded
    this.buffer = buffer
  }

  /** Nothing retires and nothing else happens in as many cycles, the first of them being `now`. */
  stall(cycles: number, now: number): void {
    const { buffer } = this
    if (buffer.size > 0 && this.isMissing(buffer.head)) this.uncharged += cycles
    else this.counts[this.reason(now)]! += cycles
  }

  /** What holds up the oldest instruction in `now`. */
  reason(now: number): number {
    const { words, head, size } = this.buffer
    if (size === 0) return this.idle
    if (words[head + COMPLETE] !== UNKNOWN) {
      const loads = this.decoded.code[words[head + INSTRUCTION]! + ACCESS] === LOAD
      return loads ? words[head + CAUSE]! : reasonAt.operand
    }
    if (words[head + STATE] === BLOCKED) return reasonAt.missQueue
    const ready = words[head + READY]!
    return ready <= now || (ready === now + 1 && this.entered === now) ? reasonAt.pipe : reasonAt.operand
  }

  /** Charges what the oldest has waited for, once it is known what that was. */
  settle(): void {
    const { words, head } = this.buffer
    if (this.uncharged === 0 || this.isMissing(head)) return
    this.counts[words[head + CAUSE]!]! += this.uncharged
    this.uncharged = 0
  }

  /** The oldest is held up by its pipe in cycle `now`, or else is not. */
  load(now: number, held: boolean): void {
    this.uncharged = 0
    this.entered = held ? now : now - 1
  }

  private isMissing(entry: number): boolean {
    const { words } = this.buffer
    return words[entry + STATE] === MISSING && words[entry + COMPLETE] === UNKNOWN
  }
}
