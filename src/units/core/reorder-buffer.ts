// The reorder buffer of an out-of-order core: instructions from dispatch to retirement, in program order.
//
// An instruction whose completion is known, as that of all older ones, retires at once: of it only the cycle is kept.
// Of the others there is an entry, ENTRY_WORDS words of a ring.

import { rebased, UNKNOWN } from './cycles.ts'

const ENTRY_BITS = 5
const ENTRY_WORDS = 1 << ENTRY_BITS

/** Its first word in the columns of decoded.ts. */
export const INSTRUCTION = 0
/** When it was fetched, and what delayed that; when it was dispatched. */
export const FETCHED = 1
export const REASON = 2
export const DISPATCHED = 3
/** When its operands were there, it issued, memory took what it asked, it was complete; UNKNOWN while that is so. */
export const READY = 4
export const ISSUED = 5
export const ASKED = 6
export const COMPLETE = 7
/** Cycle that the latencies of its results count from. */
export const DATA = 8
/** What it is charged to from ASKED on. */
export const CAUSE = 9
/** Its pipe, else NONE, and twelfths of a cycle that it keeps it. */
export const PIPE = 10
export const BUSY_FOR = 11
/** What outstanding.ts says of it, and how much it waits for. */
export const STATE = 12
export const NEEDS = 13
/** Pending lines that it accesses, or HIT. */
export const FIRST = 14
export const SECOND = 15
/** Cycles that its data take longer than others. */
export const LATE = 16
/** Of a load that a store feeds: latency from the store's issue, else NONE, and the cycle that gives. */
export const FORWARD = 17
export const FLOOR = 18
/** Of a store, or a load that it feeds: its place in the store queue. */
export const PLACE = 19
/** Of a prefetch. */
export const ADDRESS = 20
/** Of a store: until when it waited for room in the store queue, if it did. */
export const ROOM = 21

export const NONE = -1

const CYCLES = [FETCHED, DISPATCHED, READY, ISSUED, ASKED, COMPLETE, DATA, FLOOR, ROOM]

export class ReorderBuffer {
  readonly words: Int32Array
  /** By place: when the instruction retires; of the latest ones, UNKNOWN in those that have an entry. */
  readonly retires: Int32Array
  readonly mask: number
  /** Likewise of loads, by number. */
  readonly loadRetires: Int32Array
  readonly loadMask: number
  /** Place of the next instruction, number of the next load. */
  place = 0
  loads = 0
  /** Loads whose retirement is known. */
  loadsDone = 0
  /** Instructions that have entries: the youngest ones. */
  entries = 0
  /** The latest retirement, and instructions that retire in that cycle. */
  last = -1
  retired = 0

  private readonly width: number

  /** For at most so many instructions and loads, of which `width` retire a cycle. */
  constructor(instructions: number, loads: number, width: number) {
    const places = 2 ** Math.ceil(Math.log2(instructions + 1))
    this.mask = places - 1
    this.loadMask = 2 ** Math.ceil(Math.log2(loads + 1)) - 1
    this.words = new Int32Array(places << ENTRY_BITS).fill(NONE)
    this.retires = new Int32Array(places).fill(-1)
    this.loadRetires = new Int32Array(this.loadMask + 1).fill(-1)
    this.width = width
  }

  /** Entry of the next instruction. */
  push(): number {
    const entry = this.place << ENTRY_BITS
    this.retires[this.place] = UNKNOWN
    this.place = (this.place + 1) & this.mask
    this.entries++
    return entry
  }

  /** The oldest entry. */
  get head(): number {
    return ((this.place - this.entries) & this.mask) << ENTRY_BITS
  }

  /** The youngest instruction's entry, if it has one. */
  get youngest(): number {
    return ((this.place - 1) & this.mask) << ENTRY_BITS
  }

  /** The oldest instruction whose retirement was not known can retire from `complete` on: its cycle. */
  retire(complete: number): number {
    if (complete > this.last) {
      this.last = complete
      this.retired = 1
    } else if (this.retired < this.width) this.retired++
    else {
      this.last++
      this.retired = 1
    }
    return this.last
  }

  /** The oldest entry retires in `cycle`. */
  pop(cycle: number): void {
    this.retires[(this.place - this.entries) & this.mask] = cycle
    this.entries--
  }

  /** A load has been dispatched. */
  pushLoad(): void {
    this.loadRetires[this.loads++ & this.loadMask] = UNKNOWN
  }

  /** The oldest load whose retirement was not known retires in `cycle`. */
  retireLoad(cycle: number): void {
    this.loadRetires[this.loadsDone++ & this.loadMask] = cycle
  }

  rebase(by: number): void {
    this.last -= by
    for (const column of [this.retires, this.loadRetires])
      for (let i = 0; i < column.length; i++) column[i] = rebased(column[i]!, by)
    for (let entry = 0; entry < this.words.length; entry += ENTRY_WORDS)
      for (const word of CYCLES) this.words[entry + word] = rebased(this.words[entry + word]!, by)
  }

  /** Without entries: writes the retirements after cycle `now`. */
  save(into: Int32Array, at: number, now: number): number {
    into[at] = this.last - now // the cycles between are still to be charged
    into[at + 1] = this.last > now ? this.retired : 0
    const to = saveLater(this.retires, this.place, into, at + 2, now)
    return saveLater(this.loadRetires, this.loads, into, to, now) - at
  }

  load(from: Int32Array, at: number, now: number): number {
    this.last = now + from[at]!
    this.retired = from[at + 1]!
    this.entries = 0
    this.loads &= this.loadMask
    this.loadsDone = this.loads
    const word = loadLater(this.retires, this.place, from, at + 2, now)
    return loadLater(this.loadRetires, this.loads, from, word, now) - at
  }
}

/** Writes how many of the ring's cycles are after `now`, and these, the last before place `end`. */
function saveLater(ring: Int32Array, end: number, into: Int32Array, at: number, now: number): number {
  const mask = ring.length - 1
  let count = 0
  while (count < ring.length && ring[(end - 1 - count) & mask]! > now) count++
  into[at] = count
  for (let i = 0; i < count; i++) into[at + 1 + i] = ring[(end - count + i) & mask]! - now
  return at + 1 + count
}

function loadLater(ring: Int32Array, end: number, from: Int32Array, at: number, now: number): number {
  const count = from[at]!
  ring.fill(now)
  for (let i = 0; i < count; i++) ring[(end - count + i) & (ring.length - 1)] = now + from[at + 1 + i]!
  return at + 1 + count
}
