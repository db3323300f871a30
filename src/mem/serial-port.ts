// A port that moves one block after another: each holds it for its cycles, and is there a latency later.

import type { Kernel, Unit } from '../sim/kernel.ts'

export class SerialPort implements Unit {
  readonly name: string
  readonly count = { busy: 0 }

  private readonly kernel: Kernel
  private readonly latency: number
  private readonly moving: { readonly at: number; readonly done: () => void }[] = []
  private freeAt = 0

  constructor(name: string, kernel: Kernel, latency: number) {
    this.name = name
    this.kernel = kernel
    this.latency = latency
  }

  /** `done` is called in the cycle in which the block is there; in this one where that takes no time. */
  move(cycles: number, done: () => void): void {
    const { now } = this.kernel
    this.freeAt = Math.max(this.freeAt, now) + cycles
    this.count.busy += cycles
    const at = this.freeAt + this.latency
    this.moving.push({ at, done })
    this.kernel.schedule(at - now, this)
  }

  wake(): void {
    while (this.moving[0] !== undefined && this.moving[0].at <= this.kernel.now) this.moving.shift()!.done()
  }
}
