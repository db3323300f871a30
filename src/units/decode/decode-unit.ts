// A decode unit beside a core: reads coded 3x3 kernels ahead, decodes some sequences a cycle, looks their symbols up in the
// decode cache and packs them into the 128-bit registers that `decread` gives. After F. Silfa, J.-M. Arnau and A. Gonzalez,
// "Exploiting Kernel Compression on BNNs", DATE 2023, whose unit is not published in detail: see docs/decode-unit.md.
//
// A slice is packed as a whole: 128 input channels of 8 output channels, from 1,024 sequences. One is read while the next
// is packed. What is in a line of the stream is decoded at once, ahead of time: only what others can notice (a line freed,
// a load of symbols) waits for its cycle. So there are a few events for a line, and none for a sequence.

import type { Decoding } from '../../isa/stream.ts'
import { Alarm } from '../../mem/alarm.ts'
import type { FirstLevelCache } from '../../mem/cache/first-level.ts'
import type { Memory } from '../../mem/memory.ts'
import type { Kernel, Unit } from '../../sim/kernel.ts'
import { SliceBuffer } from './slice-buffer.ts'
import type { DecodeUnitSpec } from './spec.ts'
import { configurationLines, lineOfBit, StreamBuffer } from './stream-buffer.ts'
import { TableCache } from './table-cache.ts'

const NONE = -1

export interface DecodeWires {
  /** Gives lines of the stream. */
  readonly memory: Memory
  /** Gives symbols. */
  readonly l1d: FirstLevelCache
}

export class DecodeUnit implements Unit {
  readonly name = 'decode'
  readonly stream: StreamBuffer
  readonly table: TableCache
  readonly packed: SliceBuffer

  private readonly kernel: Kernel
  private readonly period: number
  private readonly spec: DecodeUnitSpec
  private readonly lineBytes: number
  private readonly alarm: Alarm

  /** What is to be decoded from each `decstart` to come, oldest first. */
  decodings: Decoding[] = []

  private decoding: Decoding | null = null
  private configuration: number[] = [] // lines that it waits for
  private begun = 0 // cycle from which on it works
  // Where decoding stands: the next sequence, and the cycle in which it can be decoded, `abreast` others before it.
  private cycle = 0
  private abreast = 0
  private panel = 0
  private repeat = 0
  private slice = 0
  private sequence = 0
  private bit = 0
  private left = 0 // sequences of the slice
  private missing = false // its symbol, which is being loaded
  private leaving = NONE // the last line of a pass that has ended

  constructor(kernel: Kernel, period: number, spec: DecodeUnitSpec, { memory, l1d }: DecodeWires) {
    this.kernel = kernel
    this.period = period
    this.spec = spec
    this.lineBytes = 2 ** l1d.lineBits
    this.alarm = new Alarm(kernel, this)
    this.stream = new StreamBuffer(kernel, period, memory, this.lineBytes, spec.streamLines, this.alarm)
    this.table = new TableCache(kernel, period, spec, l1d, this.alarm)
    this.packed = new SliceBuffer(spec.buffers)
  }

  /** What energy tables price; lines of the stream and loads of symbols, too. */
  get counts() {
    return { ...this.packed.count, lines: this.stream.lines, loads: this.table.loads }
  }

  /** True while it accesses no L1D: it has the whole table, or nothing left to decode. */
  get leavesL1(): boolean {
    const { decoding } = this
    return decoding === null || this.panel === decoding.panelBits.length - 1 || this.table.isWhole
  }

  /** `decstart` in `cycle`: what was going on ends, the oldest of `decodings` begins. */
  start(cycle: number): void {
    const decoding = this.decodings.shift()!
    this.decoding = decoding
    this.configuration = configurationLines(decoding, this.lineBytes)
    this.stream.begin(decoding)
    this.table.begin(decoding, this.packed.isRead)
    this.packed.begin(decoding)
    this.begun = cycle + 1
    this.cycle = cycle + 1
    this.abreast = 0
    this.panel = 0
    this.repeat = 0
    this.missing = false
    this.leaving = NONE
    this.beginPass(decoding)
    this.alarm.by((cycle + 1) * this.period)
  }

  /** `decread` in `cycle`. */
  take(cycle: number): void {
    if (this.packed.take(cycle)) this.alarm.by((cycle + 1) * this.period)
  }

  wake(): void {
    this.alarm.rang()
    if (this.now < this.begun) {
      this.alarm.by(this.begun * this.period)
      return
    }
    this.stream.ask()
    if (this.decoding === null || !this.isConfigured(this.decoding)) return
    while (this.panel < this.decoding.panelBits.length - 1 && this.decode(this.decoding));
  }

  private get now(): number {
    return this.kernel.now / this.period
  }

  /** Takes in the lines of the configuration; the last one stays if the stream begins in it. */
  private isConfigured(decoding: Decoding): boolean {
    const { configuration } = this
    while (configuration.length > 0) {
      const line = configuration[0]!
      const there = this.stream.at(line)
      if (there > this.now) {
        if (there < Infinity) this.alarm.by(there * this.period)
        return false
      }
      configuration.shift()
      if (configuration.length > 0 || line !== this.lineOf(decoding, this.bit)) this.drop()
    }
    return true
  }

  /** Decodes the next sequence, and those behind it in the same line; false where something is to be waited for. */
  private decode(decoding: Decoding): boolean {
    const { stream, table } = this
    const { lengths, places, slices } = decoding
    if (this.cycle < this.now) this.from(this.now)
    const line = this.lineOf(decoding, this.bit)
    if (this.leaving !== NONE || !stream.isAt(line)) return this.goOn(line)
    if (this.left === slices[this.slice]!.sequences && !this.hasRoom()) return false
    const there = Math.max(stream.at(line), stream.at(this.lineOf(decoding, this.bit + lengths[this.sequence]! - 1)))
    if (there === Infinity) return false
    this.from(there)
    const end = 8 * ((line + 1) * this.lineBytes - decoding.stream)
    do {
      const place = places[this.sequence]!
      if (this.missing || !table.has(place)) {
        this.missing = true
        if (this.isAhead() || !table.load(place)) return false
        this.missing = false
      }
      this.bit += lengths[this.sequence++]!
      this.left--
      if (this.left === 0) this.endSlice(decoding)
      if (++this.abreast === this.spec.width) this.from(this.cycle + 1)
      // The first of a slice looks for room.
    } while (this.left !== slices[this.slice]!.sequences && this.bit + lengths[this.sequence]! <= end)
    return true
  }

  /** Not before `cycle`. */
  private from(cycle: number): void {
    if (cycle <= this.cycle) return
    this.cycle = cycle
    this.abreast = 0
  }

  /** Whether the next sequence's cycle is still to come; it then wakes. */
  private isAhead(): boolean {
    if (this.cycle <= this.now) return false
    this.alarm.by(this.cycle * this.period)
    return true
  }

  /** Whether there is a place for the slice that begins; not before it is free. */
  private hasRoom(): boolean {
    const free = this.packed.freeAt
    if (free === Infinity) return false
    this.from(free)
    return true
  }

  /** Frees the first line, in its cycle; false where there is none to go on with. */
  private goOn(line: number): boolean {
    const { stream, leaving } = this
    if (this.isAhead() || stream.isEmpty) return false
    const left = stream.isAt(leaving)
    if (left) this.leaving = NONE
    // The last line of a pass is the first of the next one, or goes too.
    if (!left || line !== leaving) this.drop()
    return true
  }

  private drop(): void {
    this.stream.drop()
    this.stream.ask()
  }

  private endSlice(decoding: Decoding): void {
    this.packed.push(this.cycle + this.spec.depth)
    this.slice++
    if (this.slice < decoding.slices.length) {
      this.left = decoding.slices[this.slice]!.sequences
      return
    }
    this.leaving = this.lineOf(decoding, decoding.panelBits[this.panel + 1]! - 1)
    if (++this.repeat === decoding.repeats) {
      this.repeat = 0
      this.panel++
    }
    this.beginPass(decoding)
  }

  /** Once more, or for the first time, through a panel. */
  private beginPass({ lengths, panelBits, slices }: Decoding): void {
    const panels = panelBits.length - 1
    this.slice = 0
    this.left = slices[0]!.sequences
    this.sequence = (lengths.length / panels) * this.panel
    this.bit = panelBits[this.panel]!
  }

  private lineOf({ stream }: Decoding, bit: number): number {
    return lineOfBit(stream, bit, this.lineBytes)
  }
}
