// Ends for a unit under test: words offered, or accepted, only in the cycles that a
// pattern allows. They have no latency: what they answer in a cycle holds in it.

import type { Kernel, Unit } from '../sim/kernel.ts'
import {
  lanesOf,
  type Wires,
  type WordReader,
  type WordSource,
  type WordTarget,
  type WordWriter,
} from '../sim/stream.ts'

/** First cycle at or after `cycle` that the pattern allows. */
export type Pattern = (cycle: number) => number

export const always: Pattern = (cycle) => cycle

/** One cycle in `period`: cycle mod period = 0. */
export const every =
  (period: number): Pattern =>
  (cycle) =>
    Math.ceil(cycle / period) * period

/** `run` cycles on, then as many off. */
export const blocks =
  (run: number): Pattern =>
  (cycle) =>
    Math.floor(cycle / run) % 2 === 0 ? cycle : (Math.floor(cycle / run) + 1) * run

/** Offers words one after another. Once offered, a word stays until it is taken. */
export class PatternSource implements WordReader, WordSource {
  readonly width: number
  readonly words: Uint32Array

  private readonly kernel: Kernel
  private readonly pattern: Pattern
  private readonly total: number
  private reader: Unit | null = null
  private taken = 0
  private offeredAt: number

  /** `words` hold `total` words of `width` bits, or fewer that then repeat. */
  constructor(kernel: Kernel, width: number, words: Uint32Array, total: number, pattern: Pattern) {
    this.kernel = kernel
    this.width = width
    this.words = words
    this.total = total
    this.pattern = pattern
    this.offeredAt = pattern(0)
  }

  readBy(unit: Unit): WordReader {
    if (this.reader !== null) throw new Error(`${unit.name}: source already read by ${this.reader.name}`)
    this.reader = unit
    return this
  }

  get ready(): boolean {
    if (this.taken === this.total) return false
    if (this.offeredAt <= this.kernel.now) return true
    this.kernel.schedule(this.offeredAt - this.kernel.now, this.reader!)
    return false
  }

  pop(): number {
    const lane = (this.taken++ * lanesOf(this.width)) % this.words.length
    this.offeredAt = this.pattern(this.kernel.now + 1)
    return lane
  }
}

/** Takes words and notes the cycle of each. */
export class PatternSink implements WordWriter, WordTarget {
  readonly width: number
  /** Cycle in which each word was taken. */
  readonly cycles: number[] = []
  /** Their lanes, one word after another. */
  readonly taken: number[] = []

  private readonly kernel: Kernel
  private readonly pattern: Pattern
  private writer: Unit | null = null

  constructor(kernel: Kernel, width: number, pattern: Pattern) {
    this.kernel = kernel
    this.width = width
    this.pattern = pattern
  }

  writtenBy(unit: Unit): WordWriter {
    if (this.writer !== null) throw new Error(`${unit.name}: sink already written by ${this.writer.name}`)
    this.writer = unit
    return this
  }

  get writable(): boolean {
    const next = this.pattern(this.kernel.now)
    if (next <= this.kernel.now) return true
    this.kernel.schedule(next - this.kernel.now, this.writer!)
    return false
  }

  push(words: Uint32Array, lane: number): void {
    this.cycles.push(this.kernel.now)
    for (let i = 0; i < lanesOf(this.width); i++) this.taken.push(words[lane + i]!)
  }
}

/** A wire with handshake: moves a word in every cycle in which it is offered and there is room for it. */
export class Handshake implements Unit {
  readonly name: string
  private readonly kernel: Kernel
  private readonly input: WordReader
  private readonly output: WordWriter
  private wokenAt = -1

  constructor(name: string, kernel: Kernel, wires: Wires) {
    this.name = name
    this.kernel = kernel
    this.input = wires.input.readBy(this)
    this.output = wires.output.writtenBy(this)
    kernel.schedule(0, this)
  }

  wake(): void {
    if (this.wokenAt === this.kernel.now) return
    this.wokenAt = this.kernel.now
    if (!this.output.writable || !this.input.ready) return
    const lane = this.input.pop() // may replace `words`
    this.output.push(this.input.words, lane)
    this.kernel.schedule(1, this)
  }
}
