// The instructions of a trace that is being read, by address.

import type { Instruction } from '../instruction.ts'
import type { BlockBuilder } from './blocks.ts'

/** Addresses are the low 32 bits, as signed numbers. */
export class InstructionTable {
  private readonly builder: BlockBuilder
  private readonly indices = new Map<number, number>()
  private addresses = new Int32Array(1 << 10)

  constructor(builder: BlockBuilder) {
    this.builder = builder
  }

  /** Makes an instruction known, which may be known to begin a block; returns its index. */
  add(instruction: Instruction, begins = false): number {
    const index = this.builder.add(instruction, begins)
    if (index === this.addresses.length) this.grow()
    this.addresses[index] = instruction.address
    this.indices.set(instruction.address | 0, index)
    return index
  }

  /** Index of the instruction at `address`, or -1; found at once if it is the one after `previous`. */
  indexOf(address: number, previous: number): number {
    const next = previous + 1
    if (next < this.builder.instructions.length && this.addresses[next] === address) return next
    return this.indices.get(address) ?? -1
  }

  private grow(): void {
    const addresses = this.addresses
    this.addresses = new Int32Array(2 * addresses.length)
    this.addresses.set(addresses)
  }
}
