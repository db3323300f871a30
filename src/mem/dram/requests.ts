// Requests that a channel holds, as columns by slot, and lists of slots.
//
//   line, row, bank, write   what is asked; bank within the channel
//   client, tag              whom to answer, with what
//   also                     next read of the same line, answered by the same burst
//   next                     chain of free slots, or of a LineIndex
//
// Columns only grow when more requests are held than ever before.

import type { MemoryClient } from '../memory.ts'
import type { AddressMap } from './address.ts'

export const NONE = -1

export class Requests {
  line = new Int32Array(0)
  row = new Int32Array(0)
  bank = new Int32Array(0)
  write = new Uint8Array(0)
  tag = new Float64Array(0)
  also = new Int32Array(0)
  next = new Int32Array(0)
  readonly client: MemoryClient[] = []

  private readonly map: AddressMap
  private vacant = NONE

  constructor(map: AddressMap) {
    this.map = map
  }

  add(line: number, write: boolean, client: MemoryClient, tag: number): number {
    if (this.vacant === NONE) this.grow()
    const slot = this.vacant
    this.vacant = this.next[slot]!
    this.line[slot] = line
    this.row[slot] = this.map.row(line)
    this.bank[slot] = this.map.bank(line)
    this.write[slot] = write ? 1 : 0
    this.tag[slot] = tag
    this.also[slot] = NONE
    if (this.client[slot] !== client) this.client[slot] = client
    return slot
  }

  free(slot: number): void {
    this.next[slot] = this.vacant
    this.vacant = slot
  }

  private grow(): void {
    const old = this.line.length
    const size = Math.max(128, old * 2)
    const wider = (column: Int32Array): Int32Array<ArrayBuffer> => {
      const copy = new Int32Array(size)
      copy.set(column)
      return copy
    }
    this.line = wider(this.line)
    this.row = wider(this.row)
    this.bank = wider(this.bank)
    this.also = wider(this.also)
    this.next = wider(this.next)
    const write = new Uint8Array(size)
    write.set(this.write)
    this.write = write
    const tag = new Float64Array(size)
    tag.set(this.tag)
    this.tag = tag
    for (let slot = old; slot < size; slot++) this.next[slot] = slot + 1 < size ? slot + 1 : NONE
    this.vacant = old
  }
}

const HEADS = 256

/** Slots of requests by line, at most one for each: a hash table with chains. */
export class LineIndex {
  private readonly requests: Requests
  private readonly head = new Int32Array(HEADS).fill(NONE)

  constructor(requests: Requests) {
    this.requests = requests
  }

  /** The slot of `line`'s request, or NONE. */
  find(line: number): number {
    const { line: lines, next } = this.requests
    let slot = this.head[hash(line)]!
    while (slot !== NONE && lines[slot] !== line) slot = next[slot]!
    return slot
  }

  add(slot: number): void {
    const at = hash(this.requests.line[slot]!)
    this.requests.next[slot] = this.head[at]!
    this.head[at] = slot
  }

  remove(slot: number): void {
    const { line, next } = this.requests
    const at = hash(line[slot]!)
    let before = this.head[at]!
    if (before === slot) {
      this.head[at] = next[slot]!
      return
    }
    while (next[before] !== slot) before = next[before]!
    next[before] = next[slot]!
  }
}

const hash = (line: number): number => Math.imul(line, 0x9e3779b1) >>> 24

/** Slots in order of time, each with a cycle that never precedes the one before it. */
export class TimedQueue {
  private slot = new Int32Array(64)
  private cycle = new Float64Array(64)
  private first = 0
  private size = 0

  get length(): number {
    return this.size
  }

  /** Cycle of the first slot, Infinity when there is none. */
  get due(): number {
    return this.size === 0 ? Infinity : this.cycle[this.first]!
  }

  push(slot: number, cycle: number): void {
    if (this.size === this.slot.length) this.grow()
    const at = (this.first + this.size++) & (this.slot.length - 1)
    this.slot[at] = slot
    this.cycle[at] = cycle
  }

  /** Takes the first slot; there must be one. */
  pop(): number {
    const slot = this.slot[this.first]!
    this.first = (this.first + 1) & (this.slot.length - 1)
    this.size--
    return slot
  }

  private grow(): void {
    const [oldSlot, oldCycle, old] = [this.slot, this.cycle, this.slot.length]
    this.slot = new Int32Array(2 * old)
    this.cycle = new Float64Array(2 * old)
    for (let i = 0; i < old; i++) {
      this.slot[i] = oldSlot[(this.first + i) & (old - 1)]!
      this.cycle[i] = oldCycle[(this.first + i) & (old - 1)]!
    }
    this.first = 0
  }
}

/** A bounded list of slots, each with its bank, oldest first; any can leave. */
export class SlotList {
  readonly slots: Int32Array
  readonly banks: Int32Array
  size = 0

  constructor(capacity: number) {
    this.slots = new Int32Array(capacity)
    this.banks = new Int32Array(capacity)
  }

  push(slot: number, bank: number): void {
    this.slots[this.size] = slot
    this.banks[this.size++] = bank
  }

  /** Takes the slot at `place`. */
  take(place: number): number {
    const slot = this.slots[place]!
    const last = --this.size
    for (let at = place; at < last; at++) {
      this.slots[at] = this.slots[at + 1]!
      this.banks[at] = this.banks[at + 1]!
    }
    return slot
  }
}
