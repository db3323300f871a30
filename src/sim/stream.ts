// A FIFO of hardware words between two units: a channel whose handles are slots of
// a payload column. A word is `width` bits in `lanes` 32-bit lanes, bit 0 first.
//
//   words: | slot 0: lane 0 .. lanes-1 | slot 1 | ... | slot `depth` |
//
// There is one slot more than the FIFO holds, so a popped word stays readable for
// the cycle in which it was popped.

import { Channel } from './channel.ts'
import type { Kernel, Unit } from './kernel.ts'

/** 32-bit lanes that a word of `width` bits takes. */
export const lanesOf = (width: number): number => (width + 31) >>> 5

/** The reading end of anything that yields words: a stream, a memory port, a test pattern. */
export interface WordReader {
  readonly width: number
  readonly words: Uint32Array
  /** True if `pop` may be called this cycle. When false, the reader is woken once that could change. */
  readonly ready: boolean
  /** Takes a word; returns its first lane in `words`. */
  pop(): number
}

/** The writing end of anything that takes words. */
export interface WordWriter {
  readonly width: number
  /** True if `push` may be called this cycle. When false, the writer is woken once that could change. */
  readonly writable: boolean
  push(words: Uint32Array, lane: number): void
}

/** Something whose reading end a unit claims when it is built; a second claim throws. */
export interface WordSource {
  readonly width: number
  readBy(unit: Unit): WordReader
}

/** Something whose writing end a unit claims when it is built; a second claim throws. */
export interface WordTarget {
  readonly width: number
  writtenBy(unit: Unit): WordWriter
}

/** What a unit between two streams is wired to. */
export interface Wires {
  readonly input: WordSource
  readonly output: WordTarget
}

export interface StreamSpec {
  /** Bits of a word. */
  readonly width: number
  /** Words that it holds. */
  readonly depth: number
}

export class Stream implements WordReader, WordWriter, WordSource, WordTarget {
  readonly name: string
  readonly width: number
  readonly depth: number
  readonly lanes: number
  readonly words: Uint32Array

  private readonly channel: Channel
  private slot = 0

  constructor(name: string, kernel: Kernel, spec: StreamSpec) {
    this.name = name
    this.width = spec.width
    this.depth = spec.depth
    this.lanes = lanesOf(spec.width)
    this.words = new Uint32Array(this.lanes * (spec.depth + 1))
    this.channel = new Channel(kernel, spec.depth)
  }

  /** `pushed`: words that have passed. */
  get count(): { pushed: number } {
    return this.channel.count
  }

  readBy(unit: Unit): WordReader {
    this.channel.readBy(unit)
    return this
  }

  writtenBy(unit: Unit): WordWriter {
    this.channel.writtenBy(unit)
    return this
  }

  get ready(): boolean {
    return this.channel.ready
  }

  get writable(): boolean {
    return this.channel.writable
  }

  pop(): number {
    return this.channel.pop() * this.lanes
  }

  push(words: Uint32Array, lane: number): void {
    if (!this.channel.push(this.slot)) throw new Error(`${this.name}: pushed while full`)
    const first = this.slot * this.lanes
    for (let i = 0; i < this.lanes; i++) this.words[first + i] = words[lane + i]!
    this.slot = this.slot === this.depth ? 0 : this.slot + 1
  }

  /** Appends the FIFO's timing state relative to now (not its values, nor which slot comes next). */
  signature(into: number[]): void {
    this.channel.signature(into)
  }
}
