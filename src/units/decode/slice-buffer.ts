// The slices that a decode unit has packed: each is read register by register, in order, and its place is then free.

import type { Decoding, DecodingSlice } from '../../isa/stream.ts'

export class SliceBuffer {
  /** Registers read, and sequences of slices that were read to their end. */
  readonly count = { sequences: 0, registers: 0 }
  /** Told the cycle of each read. */
  reads: number[] | null = null

  // By slice modulo places: cycle from which on it can be read, and from which on its place can be filled.
  private readonly places: number
  private readonly readyFrom: Float64Array
  private readonly freeFrom: Float64Array
  private slices: readonly DecodingSlice[] = []
  private wanted = 0 // slices of the decoding
  private packed = 0 // slices
  private taken = 0 // slices
  private registers = 0 // left of the slice that is read
  private at = 0 // its place in the panel

  constructor(places: number) {
    this.places = places
    this.readyFrom = new Float64Array(places)
    this.freeFrom = new Float64Array(places)
  }

  /** Whether all slices of the decoding were read. */
  get isRead(): boolean {
    return this.taken === this.wanted
  }

  begin({ slices, repeats, panelBits }: Decoding): void {
    this.slices = slices
    this.wanted = slices.length * repeats * (panelBits.length - 1)
    this.packed = 0
    this.taken = 0
    this.at = 0
    this.registers = slices[0]!.registers
    this.freeFrom.fill(0)
  }

  /** Cycle from which on there is a place for one more; Infinity while that is not known. */
  get freeAt(): number {
    return this.freeFrom[this.packed % this.places]!
  }

  /** A slice that can be read from `cycle` on. */
  push(cycle: number): void {
    const place = this.packed++ % this.places
    this.readyFrom[place] = cycle
    this.freeFrom[place] = Infinity
  }

  /** Cycle from which on the next register can be read; Infinity while that is not known. */
  get readyAt(): number {
    return this.taken < this.packed ? this.readyFrom[this.taken % this.places]! : Infinity
  }

  /** Whether the next `registers` can be read in `cycle`; false also while it does not know. */
  canRead(registers: number, cycle: number): boolean {
    const { slices } = this
    let found = 0
    for (let slice = this.taken; slice < this.packed && found < registers; slice++) {
      if (this.readyFrom[slice % this.places]! > cycle) return false
      const ahead = slice - this.taken
      found += ahead === 0 ? this.registers : slices[(this.at + ahead) % slices.length]!.registers
    }
    return found >= registers
  }

  /** Reads a register in `cycle`; true if a place is free from the next one on. */
  take(cycle: number): boolean {
    const { slices } = this
    this.count.registers++
    this.reads?.push(cycle)
    if (--this.registers > 0) return false
    this.count.sequences += slices[this.at]!.sequences
    this.freeFrom[this.taken++ % this.places] = cycle + 1
    this.at = (this.at + 1) % slices.length
    this.registers = slices[this.at]!.registers
    return true
  }
}
