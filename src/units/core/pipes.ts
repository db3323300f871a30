// The pipes of an out-of-order core: how many instructions wait in the queue of each, and what its cycles are given to.
//
// An instruction is given its pipe when it is dispatched. It is given its cycle as soon as it is known when its operands
// are there: the first one from then on that the pipe has time left in. As that is known of most instructions when they
// are dispatched, older ones come first; those that wait for memory take what is left when their data are known.
//
//   used, leaving   by cycle, a ring, and pipe: twelfths of the cycle that are taken; instructions that issue then

import { rebased, UNKNOWN } from './cycles.ts'
import { TWELFTHS } from './spec.ts'

const BYTES = 4 // of a word: those of four pipes are handled at once

export class Pipes {
  /** By pipe: instructions in its queue. */
  readonly waiting: Uint8Array
  /** By pipe: when all that it has been given is done, in twelfths of a cycle. */
  readonly done: Int32Array
  /** Cycles of the ring. */
  readonly cycles: number

  private readonly sizes: readonly number[] // of the queues
  private readonly bits: number // of the places of a cycle
  private readonly mask: number // of cycles
  private readonly used: Uint8Array
  private readonly leaving: Uint8Array
  private readonly open: Int32Array // by pipe: before it, no cycle after `now` has time left
  private readonly words: number // of a cycle
  private readonly waitingWords: Int32Array
  private readonly usedWords: Int32Array
  private readonly leavingWords: Int32Array
  private now = -1
  private last = -1 // no later cycle is taken

  /** Pipes with queues of these sizes; nothing is given a cycle `ahead` cycles from now, or later. */
  constructor(sizes: readonly number[], ahead: number) {
    const count = sizes.length
    this.sizes = sizes
    this.bits = Math.max(2, Math.ceil(Math.log2(count)))
    this.cycles = 2 ** Math.ceil(Math.log2(ahead + 2))
    this.mask = this.cycles - 1
    this.words = 2 ** this.bits / BYTES
    this.done = new Int32Array(count)
    this.open = new Int32Array(count)
    this.waiting = new Uint8Array(2 ** this.bits)
    this.used = new Uint8Array(this.cycles << this.bits)
    this.leaving = new Uint8Array(this.cycles << this.bits)
    this.waitingWords = new Int32Array(this.waiting.buffer)
    this.usedWords = new Int32Array(this.used.buffer)
    this.leavingWords = new Int32Array(this.leaving.buffer)
  }

  /**
   * Of the pipes in the list (as decoded.ts has it) that have room in their queues, the one with the fewest waiting; of
   * those the one that is done first, as far as that matters now; of those the first. -1 where no queue has room.
   */
  choose(list: number): number {
    const { waiting, done, sizes } = this
    const next = (this.now + 1) * TWELFTHS
    let best = -1
    let fewest = UNKNOWN
    let soonest = UNKNOWN
    for (let rest = list; rest !== 0; rest >>>= 4) {
      const pipe = (rest & 15) - 1
      const length = waiting[pipe]!
      if (length > fewest || length === sizes[pipe]) continue
      const free = done[pipe]! > next ? done[pipe]! : next
      if (length === fewest && free >= soonest) continue
      best = pipe
      fewest = length
      soonest = free
    }
    return best
  }

  /** An instruction enters the queue of `pipe`. */
  enter(pipe: number): void {
    this.waiting[pipe]!++
  }

  /** The cycle in which an instruction in the queue of `pipe` issues that can from `ready` on and takes `occupancy`, at least 1. */
  reserve(pipe: number, ready: number, occupancy: number): number {
    const { used, bits, mask, open, now } = this
    const first = open[pipe]! > now ? open[pipe]! : now + 1
    const dense = ready > now && ready <= first
    let cycle = dense ? first : ready
    let at = ((cycle & mask) << bits) + pipe
    let taken = used[at]!
    while (taken >= TWELFTHS) {
      cycle++
      at = ((cycle & mask) << bits) + pipe
      taken = used[at]!
    }
    if (cycle > now) this.leaving[at]!++
    else this.waiting[pipe]!--
    const issue = cycle
    let end = taken + occupancy
    while (end > TWELFTHS) {
      used[at] = TWELFTHS
      cycle++
      at = ((cycle & mask) << bits) + pipe
      end += used[at]! - TWELFTHS
    }
    used[at] = end
    if (dense) open[pipe] = end === TWELFTHS ? cycle + 1 : cycle
    if (cycle > this.last) this.reach(cycle)
    if (cycle * TWELFTHS + end > this.done[pipe]!) this.done[pipe] = cycle * TWELFTHS + end
    return issue
  }

  /** Time goes on to cycle `to`. */
  pass(to: number): void {
    const { words, mask, waitingWords, usedWords, leavingWords, last } = this
    for (let cycle = this.now; cycle < to && cycle <= last; cycle++) {
      const here = (cycle & mask) * words
      const next = ((cycle + 1) & mask) * words
      for (let i = 0; i < words; i++) {
        usedWords[here + i] = 0
        leavingWords[here + i] = 0
        waitingWords[i]! -= leavingWords[next + i]! // byte by byte: none of them leaves more than wait
      }
    }
    this.now = to
  }

  /** Whether something that waits for one of the pipes in `list` has been given a later cycle. */
  moves(list: number): boolean {
    for (let rest = list; rest !== 0; rest >>>= 4)
      if (this.done[(rest & 15) - 1]! > (this.now + 1) * TWELFTHS) return true
    return false
  }

  /** `by` is a multiple of `cycles`. */
  rebase(by: number): void {
    this.now -= by
    this.last = rebased(this.last, by)
    for (let pipe = 0; pipe < this.done.length; pipe++) {
      this.done[pipe] = rebased(this.done[pipe]!, by * TWELFTHS)
      this.open[pipe] = rebased(this.open[pipe]!, by)
    }
  }

  /** Writes what has been given away after the current cycle; nothing else may wait. */
  save(into: Int32Array, at: number): number {
    let to = at
    into[to++] = Math.max(0, this.last - this.now)
    for (const done of this.done) into[to++] = Math.max(0, done - (this.now + 1) * TWELFTHS)
    for (let cycle = this.now + 1; cycle <= this.last; cycle++) {
      const first = (cycle & this.mask) * this.words
      for (let i = first; i < first + this.words; i++) {
        into[to++] = this.usedWords[i]!
        into[to++] = this.leavingWords[i]!
      }
    }
    return to - at
  }

  /** The reverse of `save`: the current cycle is `now` then. */
  load(from: Int32Array, at: number, now: number): number {
    this.clear()
    this.now = now
    this.last = now + from[at]!
    let word = at + 1
    for (let pipe = 0; pipe < this.done.length; pipe++) this.done[pipe] = from[word++]! + (now + 1) * TWELFTHS
    for (let cycle = now + 1; cycle <= this.last; cycle++) {
      const first = (cycle & this.mask) * this.words
      for (let i = 0; i < this.words; i++) {
        this.usedWords[first + i] = from[word++]!
        this.leavingWords[first + i] = from[word++]!
        this.waitingWords[i]! += this.leavingWords[first + i]!
      }
    }
    return word - at
  }

  private clear(): void {
    this.open.fill(-1)
    this.waiting.fill(0)
    for (let cycle = this.now; cycle <= this.last; cycle++) {
      const first = (cycle & this.mask) * this.words
      this.usedWords.fill(0, first, first + this.words)
      this.leavingWords.fill(0, first, first + this.words)
    }
  }

  private reach(cycle: number): void {
    if (cycle - this.now >= this.mask) throw new Error(`a pipe is given cycle ${cycle} in cycle ${this.now}`)
    this.last = cycle
  }
}
