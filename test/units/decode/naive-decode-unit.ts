// A decode unit cycle by cycle, from its description alone: step() is called for every cycle, and each sequence is decoded in
// its cycle. The core acts in a cycle before the unit does.

import type { Decoding } from '../../../src/isa/stream.ts'
import type { DecodeUnitSpec } from '../../../src/units/decode/spec.ts'

/** What the unit is connected to, as functions of the cycle in which something is asked for. */
export interface Surroundings {
  readonly lineBytes: number
  /** Cycle in which the n-th request for a line of the stream is answered. */
  readonly answered: (n: number, cycle: number) => number
  /** Cycle of the fill of L1D after an access that misses. */
  readonly filled: (cycle: number) => number
  /** L1D lines that are present from the start. */
  readonly warm: ReadonlySet<number>
}

interface Line {
  readonly line: number
  /** Cycle from which on it is there. */
  readonly from: number
}

interface Slice {
  /** Cycle from which on its registers can be read. */
  readonly from: number
  registers: number
}

export class NaiveDecodeUnit {
  /** Line and cycle of each request. */
  readonly requests: [line: number, cycle: number][] = []
  /** L1D line and cycle of each access. */
  readonly loads: [line: number, cycle: number][] = []

  private readonly spec: DecodeUnitSpec
  private readonly around: Surroundings
  private readonly fills = new Map<number, number>() // of L1D lines: the cycle from which on they are there
  private sets: number[][] = [] // of the decode cache, the most recently used line last
  private symbols = -1
  private unread = 0 // registers

  private begun = Infinity
  private toAsk: number[] = []
  private toConfigure = 0
  private held: Line[] = []
  private toDecode: Sequence[] = []
  private next = 0 // in toDecode
  private resumesIn = 0 // cycles until a symbol is there
  private packed: Slice[] = []
  private freedLater = 0 // places that are free from the next cycle on
  private inPacking = false

  constructor(spec: DecodeUnitSpec, around: Surroundings) {
    this.spec = spec
    this.around = around
    for (const line of around.warm) this.fills.set(line, 0)
  }

  start(cycle: number, decoding: Decoding): void {
    const configuration = configurationOf(decoding, this.around.lineBytes)
    this.toDecode = sequencesOf(decoding, this.around.lineBytes)
    this.next = 0
    const passes = linesOfPasses(decoding, this.around.lineBytes)
    this.toAsk = [...configuration, ...passes].filter((line, i, all) => line !== all[i - 1])
    const distinct = configuration.filter((line, i) => line !== configuration[i - 1])
    this.toConfigure = distinct.length
    this.begun = cycle + 1
    this.held = []
    this.packed = []
    this.freedLater = 0
    this.resumesIn = 0
    this.inPacking = false
    // What was not read to its end leaves nothing in the decode cache.
    if (decoding.symbols !== this.symbols || this.unread > 0) {
      const { bytes, ways, line } = this.spec.cache
      this.sets = Array.from({ length: bytes / ways / line }, () => [])
      this.symbols = decoding.symbols
    }
    const { slices, repeats, panelBits } = decoding
    this.unread = repeats * (panelBits.length - 1) * slices.reduce((sum, { registers }) => sum + registers, 0)
  }

  /** Whether the core can read a register in this cycle. */
  ready(cycle: number): boolean {
    return this.packed.length > 0 && this.packed[0]!.from <= cycle
  }

  read(): void {
    this.unread--
    if (--this.packed[0]!.registers > 0) return
    this.packed.shift()
    this.freedLater++
  }

  /** What the unit does in a cycle; `accessed`: the core accessed L1D in it. */
  step(cycle: number, accessed: boolean): void {
    const occupied = this.packed.length + this.freedLater
    this.freedLater = 0
    if (cycle < this.begun) return
    this.configure(cycle)
    if (this.toConfigure === 0) this.decode(cycle, accessed, occupied)
    if (this.toAsk.length === 0 || this.held.length === this.spec.streamLines) return
    const line = this.toAsk.shift()!
    this.held.push({ line, from: this.around.answered(this.requests.length, cycle) + 1 })
    this.requests.push([line, cycle])
  }

  private configure(cycle: number): void {
    while (this.toConfigure > 0 && this.held.length > 0 && this.held[0]!.from <= cycle) {
      this.toConfigure--
      // What the stream begins in comes but once.
      if (this.toConfigure > 0 || this.held[0]!.line !== this.toDecode[this.next]!.first) this.held.shift()
    }
  }

  private decode(cycle: number, accessed: boolean, occupied: number): void {
    let done = 0
    let places = this.spec.buffers - occupied - (this.inPacking ? 1 : 0)
    while (done < this.spec.width && this.next < this.toDecode.length) {
      const next = this.toDecode[this.next]!
      this.dropBefore(next)
      if (next.beginsSlice && !this.inPacking) {
        if (places === 0) return
        places--
        this.inPacking = true
      }
      const needed = next.first === next.last ? [next.first] : [next.first, next.last]
      if (!needed.every((line, i) => this.held[i]?.line === line && this.held[i].from <= cycle)) return
      if (this.resumesIn > 0) {
        if (--this.resumesIn > 0) return
        this.insert(this.lineOf(next.place))
      } else if (!this.finds(next.place)) {
        if (!accessed) this.load(next.place, cycle)
        return
      }
      this.next++
      done++
      if (next.endsSlice === 0) continue
      this.packed.push({ from: cycle + this.spec.depth, registers: next.endsSlice })
      this.inPacking = false
    }
  }

  /** Drops lines until the next sequence's is the first one; at the end of a pass all that it still holds of that. */
  private dropBefore(next: Sequence): void {
    if (next.passBefore >= 0) {
      const last = this.held.findIndex(({ line }) => line === next.passBefore)
      this.held.splice(0, last + (next.passBefore === next.first ? 0 : 1))
      next.passBefore = -1
    }
    while (this.held.length > 0 && this.held[0]!.line !== next.first) this.held.shift()
  }

  /** Looks a symbol up in the decode cache. */
  private finds(place: number): boolean {
    const line = this.lineOf(place)
    const set = this.sets[line % this.sets.length]!
    const at = set.indexOf(line)
    if (at < 0) return false
    set.push(...set.splice(at, 1))
    return true
  }

  private load(place: number, cycle: number): void {
    const line = this.lineOf(place)
    const l1 = Math.floor((line * this.spec.cache.line) / this.around.lineBytes)
    this.loads.push([l1, cycle])
    const fill = this.fills.get(l1) ?? this.around.filled(cycle)
    this.fills.set(l1, fill)
    this.resumesIn = Math.max(fill, cycle) - cycle + this.spec.tableLatency
  }

  private insert(line: number): void {
    const set = this.sets[line % this.sets.length]!
    if (set.length === this.spec.cache.ways) set.shift()
    set.push(line)
  }

  private lineOf(place: number): number {
    return Math.floor((this.symbols + 2 * place) / this.spec.cache.line)
  }
}

interface Sequence {
  /** Lines that its codeword begins and ends in. */
  readonly first: number
  readonly last: number
  readonly place: number
  readonly beginsSlice: boolean
  /** Registers of the slice that ends with it, else 0. */
  readonly endsSlice: number
  /** At the beginning of a pass: the last line of the one before, until that is dropped; else -1. */
  passBefore: number
}

/** All that is decoded, one behind another: panels as often as they are repeated. */
function sequencesOf(decoding: Decoding, lineBytes: number): Sequence[] {
  const { lengths, places, panelBits, slices, repeats, stream } = decoding
  const lineAt = (bit: number) => Math.floor((8 * stream + bit) / (8 * lineBytes))
  const panels = panelBits.length - 1
  const each = lengths.length / panels
  const all: Sequence[] = []
  for (let panel = 0; panel < panels; panel++)
    for (let repeat = 0; repeat < repeats; repeat++) {
      let bit = panelBits[panel]!
      let sequence = panel * each
      let passBefore = all.at(-1)?.last ?? -1
      for (const slice of slices)
        for (let i = 0; i < slice.sequences; i++, sequence++) {
          const [first, last] = [lineAt(bit), lineAt(bit + lengths[sequence]! - 1)]
          const endsSlice = i === slice.sequences - 1 ? slice.registers : 0
          all.push({ first, last, place: places[sequence]!, beginsSlice: i === 0, endsSlice, passBefore })
          passBefore = -1
          bit += lengths[sequence]!
        }
    }
  return all
}

function configurationOf({ descriptor, ranges, rangeBytes }: Decoding, lineBytes: number): number[] {
  const linesOf = (from: number, bytes: number): number[] =>
    Array.from({ length: bytes }, (_, i) => Math.floor((from + i) / lineBytes))
  return [...linesOf(descriptor, 64), ...linesOf(ranges, rangeBytes)]
}

function linesOfPasses({ panelBits, repeats, stream }: Decoding, lineBytes: number): number[] {
  const lines: number[] = []
  for (let panel = 0; panel + 1 < panelBits.length; panel++)
    for (let repeat = 0; repeat < repeats; repeat++)
      for (let bit = panelBits[panel]!; bit < panelBits[panel + 1]!; bit++)
        lines.push(Math.floor((8 * stream + bit) / (8 * lineBytes)))
  return lines
}
