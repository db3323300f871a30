// Miss status holding registers: how many lines may be asked for below at once.

import type { Kernel } from '../../sim/kernel.ts'
import type { CacheCount } from './count.ts'

export class Mshrs {
  private readonly kernel: Kernel
  private readonly period: number
  private readonly count: CacheCount
  private left: number
  private fullSince = 0 // tick

  constructor(kernel: Kernel, number: number, period: number, count: CacheCount) {
    this.kernel = kernel
    this.period = period
    this.count = count
    this.left = number
  }

  get free(): boolean {
    return this.left > 0
  }

  take(): void {
    if (--this.left === 0) this.fullSince = this.kernel.now
  }

  release(): void {
    if (this.left++ === 0) this.count.mshrFullCycles += (this.kernel.now - this.fullSince) / this.period
  }
}
