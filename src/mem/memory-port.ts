// A port of the processing system's memory, as the DMA engines of a streaming machine
// see it: bursts of whole frames, a latency before the first word of a read burst and
// after the last word of a write burst, and one word an interval in between. A burst
// covers 16 frames when what is left divides by 16, else one: a loop of high-level
// synthesis infers no longer bursts from a run-time count.
//
// The two directions are separate channels of the port and never delay each other.

import type { Kernel, Unit } from '../sim/kernel.ts'
import { lanesOf, type WordReader, type WordSource, type WordTarget, type WordWriter } from '../sim/stream.ts'

export interface MemoryPortSpec {
  /** Bits of a word. */
  readonly width: number
  /** Cycles from the request to the first word. */
  readonly readLatency: number
  /** Cycles from the last word to the response. */
  readonly writeLatency: number
  /** Cycles between words of one direction, at least 1. */
  readonly wordInterval: number
}

const LONG_BURST = 16

const burstFrames = (framesLeft: number): number => (framesLeft % LONG_BURST === 0 ? LONG_BURST : 1)

/** One direction of the port: words of a burst, and when the next may pass. */
class Direction {
  readonly count = { bursts: 0, words: 0 }
  framesLeft: number
  wordsLeft = 0 // of this burst
  frameWordsLeft = 0
  nextAt = 0

  protected readonly kernel: Kernel
  protected readonly spec: MemoryPortSpec
  protected readonly wordsPerFrame: number
  protected unit: Unit | null = null

  constructor(kernel: Kernel, spec: MemoryPortSpec, wordsPerFrame: number, frames: number) {
    this.kernel = kernel
    this.spec = spec
    this.wordsPerFrame = wordsPerFrame
    this.framesLeft = frames
  }

  /** Appends the timing state relative to now. */
  signature(into: number[]): void {
    into.push(
      this.framesLeft % LONG_BURST,
      this.wordsLeft,
      this.frameWordsLeft,
      Math.max(0, this.nextAt - this.kernel.now),
    )
  }

  /** Leaves out frames that are still to come: a multiple of 16, so that bursts stay as they are. */
  skip(frames: number): void {
    this.framesLeft -= frames
  }

  protected get open(): boolean {
    if (this.framesLeft === 0) return false
    if (this.nextAt <= this.kernel.now) return true
    this.kernel.schedule(this.nextAt - this.kernel.now, this.unit!)
    return false
  }

  protected beginWord(): void {
    if (this.wordsLeft === 0) {
      this.wordsLeft = burstFrames(this.framesLeft) * this.wordsPerFrame
      this.count.bursts++
    }
    if (this.frameWordsLeft === 0) this.frameWordsLeft = this.wordsPerFrame
  }

  /** Returns true at the end of a frame. */
  protected endWord(gapAfterBurst: number): boolean {
    this.count.words++
    this.frameWordsLeft--
    const gap = --this.wordsLeft === 0 ? 1 + gapAfterBurst : 0
    this.nextAt = this.kernel.now + Math.max(this.spec.wordInterval, gap)
    if (this.frameWordsLeft > 0) return false
    this.framesLeft--
    return true
  }
}

/** Reads frames, one after another. */
export class BurstReader extends Direction implements WordReader, WordSource {
  readonly width: number
  words: Uint32Array

  private readonly load: () => Uint32Array
  private lane = 0

  /** `load` is called as each frame begins and returns its words. */
  constructor(kernel: Kernel, spec: MemoryPortSpec, wordsPerFrame: number, frames: number, load: () => Uint32Array) {
    super(kernel, spec, wordsPerFrame, frames)
    this.width = spec.width
    this.words = new Uint32Array(0)
    this.load = load
    this.nextAt = spec.readLatency
  }

  readBy(unit: Unit): WordReader {
    if (this.unit !== null) throw new Error(`${unit.name}: read channel already claimed by ${this.unit.name}`)
    this.unit = unit
    return this
  }

  get ready(): boolean {
    return this.open
  }

  pop(): number {
    this.beginWord()
    if (this.frameWordsLeft === this.wordsPerFrame) {
      this.words = this.load()
      this.lane = 0
    }
    const lane = this.lane
    this.lane += lanesOf(this.width)
    this.endWord(this.spec.readLatency)
    return lane
  }
}

/** Writes frames, one after another. */
export class BurstWriter extends Direction implements WordWriter, WordTarget {
  readonly width: number
  /** Cycle of the response to the last burst written. */
  doneAt = 0

  private readonly store: (words: Uint32Array) => void
  private readonly frame: Uint32Array
  private lane = 0

  /** `store` is called as the last word of each frame is accepted, with the frame's words. */
  constructor(
    kernel: Kernel,
    spec: MemoryPortSpec,
    wordsPerFrame: number,
    frames: number,
    store: (words: Uint32Array) => void,
  ) {
    super(kernel, spec, wordsPerFrame, frames)
    this.width = spec.width
    this.store = store
    this.frame = new Uint32Array(wordsPerFrame * lanesOf(spec.width))
  }

  writtenBy(unit: Unit): WordWriter {
    if (this.unit !== null) throw new Error(`${unit.name}: write channel already claimed by ${this.unit.name}`)
    this.unit = unit
    return this
  }

  get writable(): boolean {
    return this.open
  }

  push(words: Uint32Array, lane: number): void {
    this.beginWord()
    for (let i = 0; i < lanesOf(this.width); i++) this.frame[this.lane++] = words[lane + i]!
    const frameEnds = this.endWord(this.spec.writeLatency)
    if (this.wordsLeft === 0) this.doneAt = this.kernel.now + 1 + this.spec.writeLatency
    if (!frameEnds) return
    this.lane = 0
    this.store(this.frame)
  }
}
