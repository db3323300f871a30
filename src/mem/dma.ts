// Moves blocks between the external memory and buffers on the chip, at the rate of the memory port.

import type { Kernel } from '../sim/kernel.ts'
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

  private readonly reads: SerialPort
  private readonly writes: SerialPort
  private readonly rate: number

  constructor(kernel: Kernel, { name, rate, latency }: DmaSpec) {
    this.reads = new SerialPort(`${name}.read`, kernel, latency)
    this.writes = new SerialPort(`${name}.write`, kernel, latency)
    this.rate = rate
  }

  /** `done` is called in the cycle in which the block is there; at once where there are no bits. */
  read(bits: number, done: () => void): void {
    this.count.bitsRead += bits
    this.move(this.reads, bits, done)
  }

  write(bits: number, done: () => void): void {
    this.count.bitsWritten += bits
    this.move(this.writes, bits, done)
  }

  private move(port: SerialPort, bits: number, done: () => void): void {
    if (bits === 0) done()
    else port.move(Math.ceil(bits / this.rate), done)
  }
}
