// The lines of memory that a decode unit needs one after another: configuration, then coded weights. It asks for as many
// ahead as it has room for, one a cycle.

import type { Decoding } from '../../isa/stream.ts'
import type { Alarm } from '../../mem/alarm.ts'
import type { Memory, MemoryClient } from '../../mem/memory.ts'
import { edge } from '../../sim/clock.ts'
import type { Kernel } from '../../sim/kernel.ts'

const UNASKED = -1

/** Tags of requests tell apart what an earlier decoding asked for. */
const EPOCHS = 1 << 10

export class StreamBuffer implements MemoryClient {
  readonly name = 'decode'
  /** Lines asked for. */
  lines = 0

  private readonly kernel: Kernel
  private readonly period: number
  private readonly memory: Memory
  private readonly lineBytes: number
  private readonly alarm: Alarm
  // A ring of slots: the line of each, and the cycle from which on it is there.
  private readonly size: number
  private readonly line: Float64Array
  private readonly thereAt: Float64Array
  private head = 0
  private held = 0
  private epoch = 0
  private askedIn = -1 // cycle
  private refused = false
  private walk: Iterator<number, undefined> = [].values()
  private next = UNASKED

  /** `alarm` wakes who owns this, and calls ask(). */
  constructor(kernel: Kernel, period: number, memory: Memory, lineBytes: number, size: number, alarm: Alarm) {
    this.kernel = kernel
    this.period = period
    this.memory = memory
    this.lineBytes = lineBytes
    this.alarm = alarm
    this.size = size
    this.line = new Float64Array(size)
    this.thereAt = new Float64Array(size)
  }

  /** Drops what it holds and goes for the lines of `decoding`. */
  begin(decoding: Decoding): void {
    this.epoch = (this.epoch + 1) % EPOCHS
    this.head = 0
    this.held = 0
    this.refused = false
    this.walk = linesOf(decoding, this.lineBytes)
    this.next = this.walk.next().value ?? UNASKED
  }

  /** Asks for the next line, if there is room for it. */
  ask(): void {
    const cycle = this.kernel.now / this.period
    if (this.refused || this.next === UNASKED || this.held === this.size) return
    if (this.askedIn === cycle) {
      this.alarm.by(this.kernel.now + this.period)
      return
    }
    this.askedIn = cycle
    const slot = (this.head + this.held) % this.size
    if (!this.memory.request(this.next * this.lineBytes, false, this, this.epoch * this.size + slot)) {
      this.refused = true
      return
    }
    this.lines++
    this.line[slot] = this.next
    this.thereAt[slot] = Infinity
    this.held++
    this.next = this.walk.next().value ?? UNASKED
    this.alarm.by(this.kernel.now + this.period)
  }

  get isEmpty(): boolean {
    return this.held === 0
  }

  /** True if the first line that it holds, or has asked for, is `line`. */
  isAt(line: number): boolean {
    return this.held > 0 && this.line[this.head] === line
  }

  /** Cycle from which on `line` is there: one of the first two; Infinity while it is not known. */
  at(line: number): number {
    for (let i = 0; i < Math.min(2, this.held); i++) {
      const slot = (this.head + i) % this.size
      if (this.line[slot] === line) return this.thereAt[slot]!
    }
    return Infinity
  }

  /** Frees the place of the first line. */
  drop(): void {
    this.head = (this.head + 1) % this.size
    this.held--
  }

  done(tag: number): void {
    if (Math.floor(tag / this.size) !== this.epoch) return
    const cycle = Math.ceil(this.kernel.now / this.period) + 1
    this.thereAt[tag % this.size] = cycle
    this.alarm.by(cycle * this.period)
  }

  retry(): void {
    this.refused = false
    this.alarm.by(edge(this.kernel.now, this.period))
  }
}

/** Configuration first; then the lines of each panel, as often as it is repeated. One line twice in a row is one. */
export function* linesOf(decoding: Decoding, lineBytes: number): Generator<number, undefined> {
  const { stream, panelBits, repeats } = decoding
  const configuration = configurationLines(decoding, lineBytes)
  yield* configuration
  let last = configuration.at(-1)
  for (let panel = 0; panel + 1 < panelBits.length; panel++)
    for (let repeat = 0; repeat < repeats; repeat++) {
      const from = lineOfBit(stream, panelBits[panel]!, lineBytes)
      const to = lineOfBit(stream, panelBits[panel + 1]! - 1, lineBytes)
      for (let line = from; line <= to; line++) {
        if (line !== last) yield line
        last = line
      }
    }
  return undefined
}

/** Lines of the descriptor and of the ranges. */
export function configurationLines({ descriptor, ranges, rangeBytes }: Decoding, lineBytes: number): number[] {
  const lines: number[] = []
  const add = (address: number, bytes: number): void => {
    for (let line = Math.floor(address / lineBytes); line * lineBytes < address + bytes; line++)
      if (line !== lines.at(-1)) lines.push(line)
  }
  add(descriptor, 64)
  add(ranges, rangeBytes)
  return lines
}

export const lineOfBit = (stream: number, bit: number, lineBytes: number): number =>
  Math.floor((stream + Math.floor(bit / 8)) / lineBytes)
