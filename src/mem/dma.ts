// Moves blocks between the external memory and buffers on the chip, at the rate of the memory port.

import type { Kernel, Unit } from '../sim/kernel.ts'
import { SerialPort } from './serial-port.ts'

export interface DmaSpec {
  readonly name: string
  /** Bits a cycle, each way. */
  readonly rate: number
  readonly latency: number
}

/** The two directions are separate channels and never delay each other. */
export class Dma {
  readonly count = { bitsRead: 0, bitsWritten: 0 }

  private readonly reads: ReadPort
  private readonly writes: SerialPort
  private readonly rate: number

  constructor(kernel: Kernel, { name, rate, latency }: DmaSpec) {
    this.reads = new ReadPort(`${name}.read`, kernel, latency)
    this.writes = new SerialPort(`${name}.write`, kernel, latency)
    this.rate = rate
  }

  /** `done` is called in the cycle in which the block is there; at once where there are no bits. */
  read(bits: number, done: () => void): void {
    this.count.bitsRead += bits
    this.move(this.reads, bits, done)
  }

  /** The same for what is needed at once: blocks that `read` asked for stand still meanwhile. */
  readFirst(bits: number, done: () => void): void {
    this.count.bitsRead += bits
    if (bits === 0) done()
    else this.reads.moveFirst(Math.ceil(bits / this.rate), done)
  }

  write(bits: number, done: () => void): void {
    this.count.bitsWritten += bits
    this.move(this.writes, bits, done)
  }

  private move(port: Pick<SerialPort, 'move'>, bits: number, done: () => void): void {
    if (bits === 0) done()
    else port.move(Math.ceil(bits / this.rate), done)
  }
}

interface Block {
  /** Cycles for which it has to hold the port, still. */
  left: number
  readonly done: () => void
}

/** A port that moves one block after another, and stops for those that come first. Each is there a latency later. */
class ReadPort implements Unit {
  readonly name: string
  private readonly kernel: Kernel
  private readonly latency: number
  private readonly first: SerialPort
  private readonly waiting: Block[] = []
  private readonly moved: { readonly at: number; readonly done: () => void }[] = []
  private taken = 0 // cycle up to which others hold the port
  private settled = 0 // cycle up to which the progress of blocks is known

  constructor(name: string, kernel: Kernel, latency: number) {
    this.name = name
    this.kernel = kernel
    this.latency = latency
    this.first = new SerialPort(`${name}.first`, kernel, latency)
  }

  move(cycles: number, done: () => void): void {
    this.settle()
    this.waiting.push({ left: cycles, done })
    if (this.waiting.length === 1) this.expect()
  }

  moveFirst(cycles: number, done: () => void): void {
    this.settle()
    this.taken = Math.max(this.taken, this.kernel.now) + cycles
    this.first.move(cycles, done)
    this.expect()
  }

  wake(): void {
    this.settle()
    while (this.moved[0] !== undefined && this.moved[0].at <= this.kernel.now) this.moved.shift()!.done()
  }

  /** Lets blocks move in the cycles that have passed. */
  private settle(): void {
    const { now } = this.kernel
    let at = Math.max(this.settled, this.taken)
    this.settled = now
    let [block] = this.waiting
    for (; block !== undefined && at + block.left <= now; [block] = this.waiting) {
      at += block.left
      this.waiting.shift()
      this.moved.push({ at: at + this.latency, done: block.done })
      this.kernel.schedule(Math.max(0, at + this.latency - now), this)
      if (this.waiting.length > 0) this.expectAt(at)
    }
    if (block !== undefined) block.left -= Math.max(0, now - at)
  }

  private expect(): void {
    if (this.waiting.length > 0) this.expectAt(Math.max(this.taken, this.kernel.now))
  }

  /** Looks again when the block that moves from `at` on has moved. */
  private expectAt(at: number): void {
    this.kernel.schedule(Math.max(0, at + this.waiting[0]!.left - this.kernel.now), this)
  }
}
