// Ends and streams around one unit under test. Words are bigints here: bit 0 first.

import seedrandom from 'seedrandom'
import { Kernel, type Order, type Unit } from '../../src/sim/kernel.ts'
import { lanesOf, Stream, type Wires, type WordReader, type WordWriter } from '../../src/sim/stream.ts'
import type { StallReason } from '../../src/units/activity.ts'
import type { StreamUnit } from '../../src/units/pipeline.ts'
import { always, type Pattern, PatternSink, PatternSource } from '../../src/units/test-pattern.ts'

export const orders: readonly Order[] = ['forward', 'backward', { shuffle: 'a' }, { shuffle: 'b' }]

export function toLanes(words: readonly bigint[], width: number): Uint32Array {
  const lanes = lanesOf(width)
  return Uint32Array.from({ length: words.length * lanes }, (_, i) =>
    Number((words[Math.floor(i / lanes)]! >> BigInt((i % lanes) * 32)) & 0xffffffffn),
  )
}

export function toWord(lanes: ArrayLike<number>, first: number, width: number): bigint {
  let word = 0n
  for (let i = lanesOf(width) - 1; i >= 0; i--) word = (word << 32n) | BigInt(lanes[first + i]! >>> 0)
  return word
}

/** Joins words of `width` bits, first bits first. */
export const joined = (words: readonly bigint[], width: number): bigint =>
  words.reduceRight((sum, word) => (sum << BigInt(width)) | word, 0n)

export const bitOf = (word: bigint, bit: number): number => Number((word >> BigInt(bit)) & 1n)

export function randomWords(seed: string, count: number, width: number): bigint[] {
  const random = seedrandom(seed)
  return Array.from({ length: count }, () => {
    const lanes = Array.from({ length: lanesOf(width) }, () => random.int32() >>> 0)
    return toWord(lanes, 0, width) & ((1n << BigInt(width)) - 1n)
  })
}

/** A pattern that repeats every `period` cycles, in which each is on with probability `share`. */
export function randomPattern(seed: string, share: number, period = 97): Pattern {
  const random = seedrandom(seed)
  const on = Array.from({ length: period }, (_, i) => i === 0 || random() < share)
  return (cycle) => {
    let at = cycle
    while (!on[at % period]) at++
    return at
  }
}

/** Pushes words one after another, in cycles that the pattern allows. */
export class Feeder implements Unit {
  readonly name = 'feeder'
  /** Cycle in which each word was pushed. */
  readonly cycles: number[] = []
  private readonly kernel: Kernel
  private readonly lanes: Uint32Array
  private readonly total: number
  private readonly output: WordWriter
  private readonly pattern: Pattern

  constructor(kernel: Kernel, output: Stream, words: readonly bigint[], pattern: Pattern) {
    this.kernel = kernel
    this.lanes = toLanes(words, output.width)
    this.total = words.length
    this.output = output.writtenBy(this)
    this.pattern = pattern
    kernel.schedule(0, this)
  }

  wake(): void {
    const { now } = this.kernel
    if (this.cycles.length === this.total || this.cycles.at(-1) === now) return
    const next = this.pattern(now)
    if (next > now) this.kernel.schedule(next - now, this)
    else if (this.output.writable) {
      this.output.push(this.lanes, this.cycles.length * lanesOf(this.output.width))
      this.cycles.push(now)
      this.kernel.schedule(1, this)
    }
  }
}

/** Pops words in cycles that the pattern allows. */
export class Drain implements Unit {
  readonly name = 'drain'
  readonly words: bigint[] = []
  /** Cycle in which each word was popped. */
  readonly cycles: number[] = []
  private readonly kernel: Kernel
  private readonly input: WordReader
  private readonly pattern: Pattern

  constructor(kernel: Kernel, input: Stream, pattern: Pattern) {
    this.kernel = kernel
    this.input = input.readBy(this)
    this.pattern = pattern
    kernel.schedule(0, this)
  }

  wake(): void {
    const { now } = this.kernel
    if (this.cycles.at(-1) === now) return
    const next = this.pattern(now)
    if (next > now) this.kernel.schedule(next - now, this)
    else if (this.input.ready) {
      const lane = this.input.pop()
      this.words.push(toWord(this.input.words, lane, this.input.width))
      this.cycles.push(now)
      this.kernel.schedule(1, this)
    }
  }
}

/** How to build a unit, and what it should do to each frame. */
export interface UnitCase {
  readonly name: string
  readonly inWidth: number
  readonly outWidth: number
  /** Input words of a frame. */
  readonly wordsIn: number
  build(kernel: Kernel, wires: Wires, frames: number): StreamUnit
  /** Output words for the input words of one frame, by the plainest means. */
  model(frame: readonly bigint[]): bigint[]
}

export interface RigOptions {
  readonly order?: Order
  readonly offered?: Pattern
  readonly accepted?: Pattern
  /** Words that the streams before and after the unit hold. */
  readonly depths?: readonly [number, number]
  /** Frames that the unit expects, where not those that come. */
  readonly expects?: number
}

export class Rig {
  readonly kernel: Kernel
  readonly before: Stream
  readonly after: Stream
  readonly unit: StreamUnit
  readonly feeder: Feeder
  readonly drain: Drain

  constructor(each: UnitCase, words: readonly bigint[], options: RigOptions = {}) {
    const { order, offered = always, accepted = always, depths = [2, 2] } = options
    this.kernel = new Kernel(order)
    this.before = new Stream('before', this.kernel, { width: each.inWidth, depth: depths[0] })
    this.after = new Stream('after', this.kernel, { width: each.outWidth, depth: depths[1] })
    const frames = options.expects ?? Math.ceil(words.length / each.wordsIn)
    this.unit = each.build(this.kernel, { input: this.before, output: this.after }, frames)
    this.feeder = new Feeder(this.kernel, this.before, words, offered)
    this.drain = new Drain(this.kernel, this.after, accepted)
  }

  /** Runs until nothing happens any more, and gives what there is to compare. */
  finish(): Finished {
    this.kernel.run()
    this.unit.settle(this.kernel.now)
    const { words, cycles } = this.drain
    const { count } = this.unit
    return { total: this.kernel.now, words, cycles, count, stalls: this.unit.cycles, taken: this.feeder.cycles.length }
  }
}

export interface Finished {
  readonly total: number
  readonly words: readonly bigint[]
  /** Cycle in which each of them left the stream behind the unit. */
  readonly cycles: readonly number[]
  readonly count: Readonly<Record<string, number>>
  readonly stalls: Readonly<Record<StallReason | 'busy', number>>
  /** Words that left the feeder. */
  readonly taken: number
}

/** A pattern source that notes when each word was taken. */
export class NotingSource extends PatternSource {
  readonly cycles: number[] = []
  private readonly clock: Kernel

  constructor(kernel: Kernel, width: number, words: readonly bigint[], pattern: Pattern = always) {
    super(kernel, width, toLanes(words, width), words.length, pattern)
    this.clock = kernel
  }

  override pop(): number {
    this.cycles.push(this.clock.now)
    return super.pop()
  }
}

export interface BareOptions {
  readonly offered?: Pattern
  readonly accepted?: Pattern
  /** Frames that the unit expects, where not those that come. */
  readonly expects?: number
}

/** A unit between ends without latency, so that cycles in and out are the unit's own. */
export class BareRig {
  readonly kernel = new Kernel()
  readonly unit: StreamUnit
  private readonly source: NotingSource
  private readonly sink: PatternSink

  constructor(each: UnitCase, words: readonly bigint[], options: BareOptions = {}) {
    const { offered = always, accepted = always, expects = Math.ceil(words.length / each.wordsIn) } = options
    this.source = new NotingSource(this.kernel, each.inWidth, words, offered)
    this.sink = new PatternSink(this.kernel, each.outWidth, accepted)
    this.unit = each.build(this.kernel, { input: this.source, output: this.sink }, expects)
  }

  /** Runs to the end, or up to and with cycle `limit`: cycles in which words were taken and left. */
  run(limit = Infinity): { readonly taken: readonly number[]; readonly left: readonly number[] } {
    this.kernel.run(limit)
    return { taken: this.source.cycles, left: this.sink.cycles }
  }
}

/** Offers nothing from cycle `from` to before cycle `to`. */
export const pausing =
  (from: number, to: number): Pattern =>
  (cycle) =>
    cycle < from || cycle >= to ? cycle : to

export const count = (length: number, at: (i: number) => number): number[] => Array.from({ length }, (_, i) => at(i))
