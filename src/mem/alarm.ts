// When a unit is to wake next: one event for many reasons.

import type { Kernel, Unit } from '../sim/kernel.ts'

export class Alarm {
  private readonly kernel: Kernel
  private readonly unit: Unit
  private at = Infinity

  constructor(kernel: Kernel, unit: Unit) {
    this.kernel = kernel
    this.unit = unit
  }

  /** Wakes the unit at `tick`, now or later, unless it wakes earlier: then the unit asks again. */
  by(tick: number): void {
    if (tick >= this.at) return
    this.at = tick
    this.kernel.schedule(tick - this.kernel.now, this.unit)
  }

  /** To be called first by the unit's wake. */
  rang(): void {
    if (this.kernel.now >= this.at) this.at = Infinity
  }
}
