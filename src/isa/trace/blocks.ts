// Finds blocks in a sequence of executed instructions, and records them as a `BlockStream` has them.

import type { Block, Instruction } from '../instruction.ts'

/** It continues the block of the instruction before it: that is at the address before, and nothing else led here yet. */
const CONTINUES = 1
export const BRANCHES = 2
export const ACCESSES = 4

/**
 * A block ends with a branch, before an instruction that is not the next one, and before one that is known to begin a
 * block or has begun one: a block that was too long when first met is followed by shorter ones of the same beginning.
 */
export class BlockBuilder {
  readonly instructions: Instruction[] = []
  readonly blocks: Block[] = []
  trace = new Int32Array(1 << 16)
  next = -1

  /** Of each instruction, of the flags above. */
  flags = new Uint8Array(1 << 10)

  /** Of each instruction, the last block that was found to begin with it, or -1. */
  private latest = new Int32Array(1 << 10).fill(-1)
  private readonly found = new Map<number, number>()

  /** Instructions of the open block, -1 if none is open; and where its record begins. */
  private first = -1
  private last = -1
  private start = 0
  /** Where the last record of a whole block begins. */
  private whole = 0
  private words = 0
  private handed = 0

  /** Makes an instruction known, which may be known to begin a block; returns its index. */
  add(instruction: Instruction, begins: boolean): number {
    const index = this.instructions.push(instruction) - 1
    if (index === this.flags.length) this.grow()
    const follows = !begins && index > 0 && this.instructions[index - 1]!.address + 4 === instruction.address
    this.flags[index] =
      (follows ? CONTINUES : 0) | (instruction.branch ? BRANCHES : 0) | (instruction.memory ? ACCESSES : 0)
    return index
  }

  /** The instruction of this index is executed next; `address` is that of its access to memory, if it has one. */
  execute(index: number, address: number): void {
    const flags = this.flags[index]!
    if (this.words + 2 > this.trace.length) this.lengthen()
    if (this.first < 0 || index !== this.last + 1 || (flags & CONTINUES) === 0) {
      this.close()
      this.first = index
      this.flags[index] = flags & ~CONTINUES
      this.start = this.words++
    }
    this.last = index
    if (flags & ACCESSES) this.trace[this.words++] = address
    if (flags & BRANCHES) this.close()
  }

  /** Fills `trace` and `next` with the blocks found since; returns the words in it. The last one is kept back until `end`. */
  take(end: boolean): number {
    this.forget()
    if (end) this.close()
    this.handed = end ? this.words : this.whole
    this.next = end || this.handed === 0 ? -1 : this.trace[this.handed]!
    return this.handed
  }

  /** Moves what was not handed out to the front of `trace`. To be called before anything is executed after `take`. */
  forget(): void {
    if (this.handed === 0) return
    this.trace.copyWithin(0, this.handed, this.words)
    this.words -= this.handed
    this.start -= this.handed
    this.whole = 0
    this.handed = 0
  }

  private close(): void {
    if (this.first < 0) return
    this.trace[this.start] = this.blockOf(this.first, this.last - this.first + 1)
    this.whole = this.start
    this.first = -1
  }

  private blockOf(first: number, count: number): number {
    const latest = this.latest[first]!
    if (latest >= 0 && this.blocks[latest]!.count === count) return latest
    const key = first * 2 ** 26 + count
    let block = this.found.get(key)
    if (block === undefined) {
      block = this.blocks.push({ first, count }) - 1
      this.found.set(key, block)
    }
    this.latest[first] = block
    return block
  }

  private grow(): void {
    const [flags, latest] = [this.flags, this.latest]
    this.flags = new Uint8Array(2 * flags.length)
    this.flags.set(flags)
    this.latest = new Int32Array(2 * latest.length).fill(-1)
    this.latest.set(latest)
  }

  private lengthen(): void {
    const trace = this.trace
    this.trace = new Int32Array(2 * trace.length)
    this.trace.set(trace)
  }
}
