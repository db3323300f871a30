// Issue queues, one a pipe: instructions wait for their operands and for the pipe; of those that are ready, the oldest
// issues first.
//
//   pipes   by pipe eight words, those below; the entries in its queue are linked through FOLLOWER, oldest first
//   edges   by entry EDGES records of two words: NEXT of the same list, LATENCY
//
// An edge is one instruction's wait for another: for its issue or its data, or for the drain of a store. Each of these
// has a list of edges, named by the word of the reorder buffer that holds the first one; all fire once its cycle is
// known.

import { rebased, UNKNOWN } from './cycles.ts'
import { AT_DATA, FLOOR, FOLLOWER, LEAST, NONE, PIPE, READY, type ReorderBuffer, WAITS } from './reorder-buffer.ts'

export const TWELFTHS = 12

/** Instructions in its queue, and the most; the oldest and the youngest. */
export const LENGTH = 0
export const SIZE = 1
/** When it is free, in twelfths of a cycle, and the first cycle in which that is. */
export const FREE = 2
export const FROM = 3
/** No instruction in its queue is ready before. */
export const EARLIEST = 4
export const OLDEST = 5
export const YOUNGEST = 6
export const STRIDE = 8

const EDGES = 16 // at least the sources of an instruction, and a store; as many words as an entry has
export const NEXT = 0
export const LATENCY = 1
export const ENTRY = ~(2 * EDGES - 1) // of an edge

export class IssueQueues {
  /** Nothing can issue before this cycle. */
  soonest = UNKNOWN

  private readonly buffer: ReorderBuffer
  readonly pipes: Int32Array
  readonly edges: Int32Array

  /** `sizes` of the queues, by pipe. */
  constructor(sizes: readonly number[], buffer: ReorderBuffer) {
    this.buffer = buffer
    this.pipes = new Int32Array(sizes.length * STRIDE)
    this.edges = new Int32Array(buffer.entries * EDGES * 2)
    sizes.forEach((size, i) => {
      this.pipes[i * STRIDE + SIZE] = size
    })
    this.clear()
  }

  /**
   * Of the pipes in the list that have room in their queues, the one with the fewest waiting; of those the one free
   * first, as far as that matters to what is dispatched in `cycle`; of those the first. NONE where no queue has room.
   */
  choose(list: number, cycle: number): number {
    const { pipes } = this
    const next = (cycle + 1) * TWELFTHS
    let best = NONE
    let fewest = UNKNOWN
    let soonest = UNKNOWN
    for (let rest = list; rest !== 0; rest >>>= 4) {
      const pipe = ((rest & 15) - 1) * STRIDE
      const length = pipes[pipe + LENGTH]!
      if (length > fewest || length === pipes[pipe + SIZE]) continue
      const free = pipes[pipe + FREE]! > next ? pipes[pipe + FREE]! : next
      if (length === fewest && free >= soonest) continue
      best = pipe
      fewest = length
      soonest = free
    }
    return best
  }

  /** Index of a pipe in the core's list. */
  indexOf(pipe: number): number {
    return pipe === NONE ? NONE : pipe / STRIDE
  }

  /** The reverse of `indexOf`. */
  pipeAt(index: number): number {
    return index === NONE ? NONE : index * STRIDE
  }

  /**
   * `entry` enters the queue of `pipe`. It can issue from cycle `least` on, and after `waits` edges that it has been
   * given, of which there is room for EDGES.
   */
  push(pipe: number, entry: number, least: number, waits: number): void {
    const { pipes } = this
    const { words } = this.buffer
    const youngest = pipes[pipe + YOUNGEST]!
    words[entry + PIPE] = pipe
    words[entry + FOLLOWER] = NONE
    if (youngest === NONE) pipes[pipe + OLDEST] = entry
    else words[youngest + FOLLOWER] = entry
    pipes[pipe + YOUNGEST] = entry
    pipes[pipe + LENGTH] = pipes[pipe + LENGTH]! + 1
    if (waits > 0) {
      words[entry + WAITS] = waits
      words[entry + LEAST] = least
      words[entry + READY] = UNKNOWN
      return
    }
    words[entry + READY] = least
    if (least < pipes[pipe + EARLIEST]!) pipes[pipe + EARLIEST] = least
    if (least < this.soonest) this.soonest = least
  }

  /** Gives `entry` its edge number `k`: it cannot issue before `latency` cycles after what `list` stands for. */
  waitFor(entry: number, k: number, list: number, latency: number): void {
    const { edges } = this
    const { words } = this.buffer
    const edge = entry + 2 * k
    edges[edge + NEXT] = words[list]!
    edges[edge + LATENCY] = latency
    words[list] = edge
  }

  /** `entry` can issue from `cycle` on. */
  wake(entry: number, cycle: number): void {
    const { words } = this.buffer
    const earliest = words[entry + PIPE]! + EARLIEST
    words[entry + READY] = cycle
    if (cycle < this.pipes[earliest]!) this.pipes[earliest] = cycle
    if (cycle < this.soonest) this.soonest = cycle
  }

  /** What `list` stands for has happened, or is known to happen, in `cycle`. */
  fire(list: number, cycle: number): void {
    const { edges } = this
    const { words } = this.buffer
    let edge = words[list]!
    words[list] = NONE
    while (edge !== NONE) {
      const entry = edge & ENTRY
      const ready = cycle + edges[edge + LATENCY]!
      const waits = words[entry + WAITS]! - 1
      words[entry + WAITS] = waits
      if (ready > words[entry + LEAST]!) words[entry + LEAST] = ready
      if (waits === 0) this.wake(entry, words[entry + LEAST]!)
      edge = edges[edge + NEXT]!
    }
  }

  /** The store in `entry` issues: loads that it feeds can issue after it, their data come at the edges' latencies. */
  feed(entry: number, cycle: number): void {
    const { words } = this.buffer
    const list = entry + AT_DATA
    for (let edge = words[list]!; edge !== NONE; edge = this.edges[edge + NEXT]!) {
      words[(edge & ENTRY) + FLOOR] = cycle + this.edges[edge + LATENCY]!
      this.edges[edge + LATENCY] = 1
    }
    this.fire(list, cycle)
  }

  /** Wakes the entries that `wakes` is true of. */
  retry(cycle: number, wakes: (entry: number) => boolean): void {
    const { words } = this.buffer
    for (let pipe = 0; pipe < this.pipes.length; pipe += STRIDE)
      for (let entry = this.pipes[pipe + OLDEST]!; entry !== NONE; entry = words[entry + FOLLOWER]!)
        if (wakes(entry)) this.wake(entry, cycle)
  }

  /** Nothing is in the queues. */
  clear(): void {
    this.soonest = UNKNOWN
    for (let pipe = 0; pipe < this.pipes.length; pipe += STRIDE) {
      this.pipes[pipe + LENGTH] = 0
      this.pipes[pipe + OLDEST] = NONE
      this.pipes[pipe + YOUNGEST] = NONE
      this.pipes[pipe + EARLIEST] = UNKNOWN
    }
  }

  rebase(by: number): void {
    const { pipes } = this
    this.soonest = rebased(this.soonest, by)
    for (let pipe = 0; pipe < pipes.length; pipe += STRIDE) {
      pipes[pipe + FREE] = rebased(pipes[pipe + FREE]!, by * TWELFTHS)
      pipes[pipe + FROM] = Math.floor(pipes[pipe + FREE]! / TWELFTHS)
      pipes[pipe + EARLIEST] = rebased(pipes[pipe + EARLIEST]!, by)
    }
  }

  /** Writes when pipes are free, after `cycle`. */
  save(into: Int32Array, at: number, cycle: number): number {
    let to = at
    for (let pipe = 0; pipe < this.pipes.length; pipe += STRIDE)
      into[to++] = Math.max(0, this.pipes[pipe + FREE]! - (cycle + 1) * TWELFTHS)
    return to - at
  }

  /** The reverse of `save`. */
  load(from: Int32Array, at: number, cycle: number): number {
    let word = at
    for (let pipe = 0; pipe < this.pipes.length; pipe += STRIDE) {
      this.pipes[pipe + FREE] = from[word++]! + (cycle + 1) * TWELFTHS
      this.pipes[pipe + FROM] = Math.floor(this.pipes[pipe + FREE]! / TWELFTHS)
    }
    return word - at
  }

  /** Visits the edges in a list. */
  edgesIn(list: number, visit: (entry: number, k: number, latency: number) => void): void {
    for (let edge = this.buffer.words[list]!; edge !== NONE; edge = this.edges[edge + NEXT]!)
      visit(edge & ENTRY, (edge & ~ENTRY) / 2, this.edges[edge + LATENCY]!)
  }
}
