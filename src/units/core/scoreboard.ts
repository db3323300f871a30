// When each register can be used: what an in-order core keeps of the instructions that have issued.
//
//   ready            by register: cycle in which it can be used, WAITING while that depends on memory;
//                    from ACCUMULATING on the same again, for a consumer that only accumulates into it
//   first, second    pending lines that a WAITING register's value comes from (second: or HIT), and `latency` cycles
//                    from the later fill
//   missed, cause    cycle in which a value from memory became ready, and what waiting for it is charged to

import { REGISTERS } from '../../isa/instruction.ts'
import { rebased, UNKNOWN } from './cycles.ts'
import { type DataSide, HIT } from './data-side.ts'
import { reasonAt } from './stalls.ts'

export const ACCUMULATING = REGISTERS
export const WAITING = UNKNOWN

export class Scoreboard {
  readonly ready = new Int32Array(2 * REGISTERS)

  private readonly data: DataSide
  private readonly first = new Int32Array(REGISTERS).fill(HIT)
  private readonly second = new Int32Array(REGISTERS).fill(HIT)
  private readonly latency = new Int32Array(REGISTERS)
  readonly missed = new Int32Array(REGISTERS).fill(-1)
  private readonly cause = new Uint8Array(REGISTERS).fill(reasonAt.operand)

  constructor(data: DataSide) {
    this.data = data
  }

  write(register: number, ready: number): void {
    this.ready[register] = ready
    this.ready[register + ACCUMULATING] = ready
    this.missed[register] = -1
  }

  /** The value comes `latency` cycles after the fill of the lines `first` and, unless HIT, `second`. */
  writeAtFill(register: number, latency: number, first: number, second: number): void {
    this.write(register, WAITING)
    this.latency[register] = latency
    this.first[register] = first
    this.second[register] = second
  }

  /** Whether every fill that a register waits for is known. */
  get settled(): boolean {
    for (let register = 0; register < REGISTERS; register++) {
      if (this.ready[register] !== WAITING) continue
      const second = this.second[register]!
      if (this.data.known(this.first[register]!) === Infinity) return false
      if (second !== HIT && this.data.known(second) === Infinity) return false
    }
    return true
  }

  /** Lets memory go on, from `cycle`, until the register's value has come; returns the cycle in which it is ready. */
  arrive(register: number, cycle: number): number {
    this.data.advance(cycle)
    const first = this.first[register]!
    const second = this.second[register]!
    let filled = this.data.wait(first)
    let depth = this.data.depth(first)
    if (second !== HIT) {
      filled = Math.max(filled, this.data.wait(second))
      depth = Math.max(depth, this.data.depth(second))
    }
    const ready = filled + this.latency[register]!
    this.write(register, ready)
    this.missed[register] = ready
    this.cause[register] = depth === 0 ? reasonAt.l1Miss : reasonAt.l2Miss
    return ready
  }

  /** Takes in the values that have come: their lines' handles may be given out again. */
  hear(cycle: number): void {
    for (let register = 0; register < REGISTERS; register++)
      if (this.ready[register] === WAITING && this.completion(register)() <= this.data.base + cycle)
        this.arrive(register, cycle)
  }

  /** What waiting for the register, which is ready in cycle `ready`, is charged to. */
  reasonOf(register: number, ready: number): number {
    return this.missed[register] === ready ? this.cause[register]! : reasonAt.operand
  }

  /** What tells the cycle, not relative, in which the register's present value comes: Infinity while it is not known. */
  completion(register: number): () => number {
    const { data } = this
    const ready = data.base + this.ready[register]!
    if (this.ready[register] !== WAITING) return () => ready
    const latency = this.latency[register]!
    const first = this.first[register]!
    const second = this.second[register]!
    return () => data.base + latency + Math.max(data.known(first), second === HIT ? 0 : data.known(second))
  }

  /** Waits, from `cycle`, for all values to come; returns the cycle in which the last one is ready. */
  settle(cycle: number): number {
    let last = cycle
    for (let register = 0; register < REGISTERS; register++) {
      const ready = this.ready[register]!
      last = Math.max(last, ready === WAITING ? this.arrive(register, cycle) : ready)
    }
    return last
  }

  save(into: Int32Array, at: number, now: number): number {
    this.settle(now)
    let word = at
    for (let register = 0; register < REGISTERS; register++) {
      const left = this.ready[register]! - now
      const accumulating = this.ready[register + ACCUMULATING]! - now
      into[word++] = left > 0 ? left : 0
      into[word++] = accumulating > 0 ? accumulating : 0
      into[word++] = left > 0 ? this.reasonOf(register, this.ready[register]!) : reasonAt.operand
    }
    return word - at
  }

  load(from: Int32Array, at: number, now: number): number {
    let word = at
    for (let register = 0; register < REGISTERS; register++) {
      this.ready[register] = now + from[word++]!
      this.ready[register + ACCUMULATING] = now + from[word++]!
      this.missed[register] = this.ready[register]!
      this.cause[register] = from[word++]!
    }
    return word - at
  }

  /** Cycles are counted from a later one from now on. */
  rebase(by: number): void {
    for (let i = 0; i < this.ready.length; i++) this.ready[i] = rebased(this.ready[i]!, by)
    for (let i = 0; i < this.missed.length; i++) this.missed[i] = rebased(this.missed[i]!, by)
  }
}
