// Registers of an out-of-order core: when the youngest writer of each lets it be read. Renaming never runs out.

import { REGISTERS } from '../../isa/instruction.ts'
import { rebased, UNKNOWN } from './cycles.ts'

/** Words of a register, as a shift. */
export const BITS = 3
/** Cycle from which it can be read, or as an accumulator; UNKNOWN while that depends on what waits for memory. */
export const USABLE = 0
export const ACCUMULATES = 1
/** While unknown: on which word of the reorder buffer, and how many cycles from what comes to stand there. */
export const WRITER = 2
export const LATENCY = 3
export const ACCUMULATE_LATENCY = 4

export class Registers {
  readonly words = new Int32Array(REGISTERS << BITS)

  constructor() {
    this.clear(0)
  }

  write(register: number, usable: number, accumulates: number): void {
    this.words[(register << BITS) + USABLE] = usable
    this.words[(register << BITS) + ACCUMULATES] = accumulates
  }

  /** The register can be read so many cycles after what comes to stand in the word `writer` of the reorder buffer. */
  expect(register: number, writer: number, latency: number, accumulate: number): void {
    const { words } = this
    const at = register << BITS
    words[at + USABLE] = UNKNOWN
    words[at + ACCUMULATES] = UNKNOWN
    words[at + WRITER] = writer
    words[at + LATENCY] = latency
    words[at + ACCUMULATE_LATENCY] = accumulate
  }

  /** What `expect` told of is known, if the register has not been written anew. */
  settle(register: number, writer: number, cycle: number): void {
    const { words } = this
    const at = register << BITS
    if (words[at + USABLE] !== UNKNOWN || words[at + WRITER] !== writer) return
    words[at + USABLE] = cycle + words[at + LATENCY]!
    words[at + ACCUMULATES] = cycle + words[at + ACCUMULATE_LATENCY]!
  }

  rebase(by: number): void {
    const { words } = this
    for (let at = 0; at < words.length; at += 1 << BITS) {
      words[at + USABLE] = rebased(words[at + USABLE]!, by)
      words[at + ACCUMULATES] = rebased(words[at + ACCUMULATES]!, by)
    }
  }

  /** With all of them known: writes those that cannot simply be read from cycle `now` on. */
  save(into: Int32Array, at: number, now: number): number {
    const { words } = this
    let to = at + 1
    for (let register = 0; register < REGISTERS; register++) {
      const usable = words[(register << BITS) + USABLE]! - now
      const accumulates = words[(register << BITS) + ACCUMULATES]! - now
      if (usable <= 0 && accumulates <= 0) continue
      into[to++] = register
      into[to++] = Math.max(0, usable)
      into[to++] = Math.max(0, accumulates)
    }
    into[at] = to - at
    return to - at
  }

  load(from: Int32Array, at: number, now: number): number {
    this.clear(now)
    const end = at + from[at]!
    for (let word = at + 1; word < end; word += 3) this.write(from[word]!, now + from[word + 1]!, now + from[word + 2]!)
    return end - at
  }

  private clear(now: number): void {
    for (let register = 0; register < REGISTERS; register++) this.write(register, now, now)
  }
}
