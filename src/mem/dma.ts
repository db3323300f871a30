// Moves blocks between the external memory and buffers on the chip: one after another at the rate of the memory port, each
// there a latency after its last bit has moved.

import type { Kernel, Unit } from '../sim/kernel.ts'

export interface DmaSpec {
  readonly name: string
  /** Bits a cycle, both directions together. */
  readonly rate: number
  readonly latency: number
}

export class Dma implements Unit {
  readonly name: string
  readonly count = { bitsRead: 0, bitsWritten: 0, busy: 0 }

  private readonly kernel: Kernel
  private readonly spec: DmaSpec
  private readonly waiting: { readonly at: number; readonly done: () => void }[] = []
  private freeAt = 0

  constructor(kernel: Kernel, spec: DmaSpec) {
    this.name = spec.name
    this.kernel = kernel
    this.spec = spec
  }

  /** `done` is called in the cycle in which the block is there. */
  read(bits: number, done: () => void): void {
    this.count.bitsRead += bits
    this.move(bits, done)
  }

  write(bits: number, done: () => void): void {
    this.count.bitsWritten += bits
    this.move(bits, done)
  }

  wake(): void {
    while (this.waiting[0] !== undefined && this.waiting[0].at <= this.kernel.now) this.waiting.shift()!.done()
  }

  private move(bits: number, done: () => void): void {
    const { now } = this.kernel
    const cycles = Math.ceil(bits / this.spec.rate)
    this.freeAt = Math.max(this.freeAt, now) + cycles
    this.count.busy += cycles
    const at = this.freeAt + this.spec.latency
    this.waiting.push({ at, done })
    this.kernel.schedule(at - now, this)
  }
}
