// The pipes of an out-of-order core: how many instructions wait in the queue of each, and what its cycles are given to.
//
// An instruction is given its pipe when it is dispatched. It is given its cycle as soon as it is known when its operands
// are there: the first one from then on that the pipe has time left in. As that is known of most instructions when they
// are dispatched, older ones come first; those that wait for memory take what is left when their data are known.
//
//   used, leaving   by cycle, a ring, and pipe: twelfths of the cycle that are taken; instructions that issue then

import { rebased, UNKNOWN } from './cycles.ts'
import { TWELFTHS } from './spec.ts'

const PIPES = 2 // of a word: two are handled at once
const SOME = 256 // cycles

export class Pipes {
  /** By pipe: instructions in its queue. */
  readonly waiting: Uint16Array
  /** By pipe: when all that it has been given is done, in twelfths of a cycle. */
  readonly done: Int32Array
  /** Cycles of the ring, a power of two. */
  cycles = SOME

  private readonly sizes: readonly number[] // of the queues
  private readonly bits: number // of the places of a cycle
  private mask = SOME - 1 // of cycles
  private used: Uint16Array
  private leaving: Uint16Array
  private readonly open: Int32Array // by pipe: before it, no cycle after `now` has time left
  private readonly words: number // of a cycle
  private readonly waitingWords: Int32Array
  private usedWords: Int32Array
  private leavingWords: Int32Array
  private now = -1
  private last = -1 // no later cycle is taken

  /** Pipes with queues of these sizes. */
  constructor(sizes: readonly number[]) {
    const count = sizes.length
    this.sizes = sizes
    this.bits = Math.max(1, Math.ceil(Math.log2(count)))
    this.words = 2 ** this.bits / PIPES
    this.done = new Int32Array(count)
    this.open = new Int32Array(count)
    this.waiting = new Uint16Array(2 ** this.bits)
    this.used = new Uint16Array(this.cycles << this.bits)
    this.leaving = new Uint16Array(this.cycles << this.bits)
    this.waitingWords = new Int32Array(this.waiting.buffer)
    this.usedWords = new Int32Array(this.used.buffer)
    this.leavingWords = new Int32Array(this.leaving.buffer)
  }

  /**
   * Of the pipes in the list that have room in their queues, the one with the fewest waiting; of
   * those the one that is done first, as far as that matters now; of those the first. -1 where no queue has room.
   */
  choose(list: readonly number[]): number {
    const { waiting, done, sizes } = this
    const next = (this.now + 1) * TWELFTHS
    let best = -1
    let fewest = UNKNOWN
    let soonest = UNKNOWN
    for (const pipe of list) {
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

  /** The cycle in which an instruction in the queue of `pipe` issues that can from `ready` on and takes `occupancy`. */
  reserve(pipe: number, ready: number, occupancy: number): number {
    const { bits, open, now } = this
    const first = open[pipe]! > now ? open[pipe]! : now + 1
    const dense = ready > now && ready <= first
    let cycle = dense ? first : ready
    // All cycles after the last one that is taken are free.
    const latest = (cycle > this.last ? cycle : this.last + 1) + occupancy
    if (latest - now >= this.mask) this.grow(latest)
    const { used, mask } = this
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
    if (cycle > this.last) this.last = cycle
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
        waitingWords[i]! -= leavingWords[next + i]! // each half by itself: of no pipe more leave than wait
      }
    }
    this.now = to
  }

  /** The next cycle in which something leaves a queue of the pipes in `list`; UNKNOWN while no such cycle has been given. */
  leavesAt(list: readonly number[]): number {
    for (let cycle = this.now + 1; cycle <= this.last; cycle++) {
      const at = (cycle & this.mask) << this.bits
      for (const pipe of list) if (this.leaving[at + pipe]! > 0) return cycle
    }
    return UNKNOWN
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

  /** Makes the ring reach to `cycle`, and more. */
  private grow(cycle: number): void {
    const { usedWords, leavingWords, mask, words } = this
    this.cycles = 2 ** Math.ceil(Math.log2(cycle - this.now + 2))
    this.mask = this.cycles - 1
    this.used = new Uint16Array(this.cycles << this.bits)
    this.leaving = new Uint16Array(this.cycles << this.bits)
    this.usedWords = new Int32Array(this.used.buffer)
    this.leavingWords = new Int32Array(this.leaving.buffer)
    for (let taken = this.now; taken <= this.last; taken++)
      for (let i = 0; i < words; i++) {
        this.usedWords[(taken & this.mask) * words + i] = usedWords[(taken & mask) * words + i]!
        this.leavingWords[(taken & this.mask) * words + i] = leavingWords[(taken & mask) * words + i]!
      }
  }
}
