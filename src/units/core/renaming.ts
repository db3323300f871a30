// Register renaming: when each register's youngest writer lets it be read. Physical registers do not run out.
//
//   words   by register, four words: the LIST of who waits for the writer, as issue-queues.ts has them; and USABLE and
//           ACCUMULATES, cycles from there until it can be read, or read as an accumulator only. LIST is NONE once the
//           cycle is known, and the other two are then cycles.

import { REGISTERS } from '../../isa/instruction.ts'
import { rebased } from './cycles.ts'
import { NONE } from './reorder-buffer.ts'

export const LIST = 0
export const USABLE = 1
export const ACCUMULATES = 2
/** Words of a register, as a shift. */
export const BITS = 2

/** How a list is saved, and the reverse. */
export type Translate = (list: number) => number

export class Renaming {
  readonly words = new Int32Array(REGISTERS << BITS)

  constructor() {
    this.clear(0)
  }

  write(register: number, list: number, usable: number, accumulates: number): void {
    const { words } = this
    const at = register << BITS
    words[at + LIST] = list
    words[at + USABLE] = usable
    words[at + ACCUMULATES] = accumulates
  }

  /** What `list` stands for happens in `cycle`: the register is known, if it is not written anew. */
  settle(register: number, list: number, cycle: number): void {
    const { words } = this
    const at = register << BITS
    if (words[at + LIST] !== list) return
    words[at + LIST] = NONE
    words[at + USABLE]! += cycle
    words[at + ACCUMULATES]! += cycle
  }

  rebase(by: number): void {
    const { words } = this
    for (let at = 0; at < words.length; at += 1 << BITS) {
      if (words[at + LIST] !== NONE) continue
      words[at + USABLE] = rebased(words[at + USABLE]!, by)
      words[at + ACCUMULATES] = rebased(words[at + ACCUMULATES]!, by)
    }
  }

  /** Writes the registers that cannot simply be read by `now`. */
  save(into: Int32Array, at: number, now: number, translate: Translate): number {
    const { words } = this
    let to = at + 1
    for (let register = 0; register < REGISTERS; register++) {
      const word = register << BITS
      const known = words[word + LIST] === NONE
      const usable = words[word + USABLE]! - (known ? now : 0)
      const accumulates = words[word + ACCUMULATES]! - (known ? now : 0)
      if (known && usable <= 0 && accumulates <= 0) continue
      into[to++] = known ? register : ~register
      if (!known) into[to++] = translate(words[word + LIST]!)
      into[to++] = Math.max(0, usable)
      into[to++] = Math.max(0, accumulates)
    }
    into[at] = to - at
    return to - at
  }

  load(from: Int32Array, at: number, now: number, translate: Translate): number {
    this.clear(now)
    const end = at + from[at]!
    for (let word = at + 1; word < end; ) {
      const register = from[word++]!
      if (register >= 0) this.write(register, NONE, now + from[word++]!, now + from[word++]!)
      else this.write(~register, translate(from[word++]!), from[word++]!, from[word++]!)
    }
    return end - at
  }

  private clear(now: number): void {
    for (let register = 0; register < REGISTERS; register++) this.write(register, NONE, now, now)
  }
}
