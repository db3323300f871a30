// Moves blocks between the external memory and buffers on the chip, at the rate of the memory port.

import type { Kernel } from '../sim/kernel.ts'
import { SerialPort } from './serial-port.ts'

export interface DmaSpec {
  readonly name: string
  /** Bits a cycle, both directions together. */
  readonly rate: number
  readonly latency: number
}

export class Dma {
  readonly count = { bitsRead: 0, bitsWritten: 0 }

  private readonly port: SerialPort
  private readonly rate: number

  constructor(kernel: Kernel, { name, rate, latency }: DmaSpec) {
    this.port = new SerialPort(name, kernel, latency)
    this.rate = rate
  }

  /** `done` is called in the cycle in which the block is there. */
  read(bits: number, done: () => void): void {
    this.count.bitsRead += bits
    this.port.move(Math.ceil(bits / this.rate), done)
  }

  write(bits: number, done: () => void): void {
    this.count.bitsWritten += bits
    this.port.move(Math.ceil(bits / this.rate), done)
  }
}
