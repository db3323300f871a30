// A whole memory behind the one contract between levels: a controller for each channel.
//
// Lines go to channels by address, and channels know nothing of each other. Requests of one cycle are
// served in the order they come: clients that share a memory take turns before it.

import type { Kernel } from '../../sim/kernel.ts'
import type { Memory, MemoryClient } from '../memory.ts'
import { AddressMap } from './address.ts'
import { DramChannel } from './channel.ts'
import { type DramCounts, type DramEnergy, energyOf } from './energy.ts'
import type { DramSpec } from './spec.ts'

export class DramController implements Memory {
  readonly name: string
  readonly spec: DramSpec
  readonly channels: readonly DramChannel[]

  private readonly map: AddressMap

  /** A cycle of the memory takes `period` ticks of the kernel's base clock; cycle 0 begins at tick 0. */
  constructor(name: string, kernel: Kernel, spec: DramSpec, period = 1) {
    this.name = name
    this.spec = spec
    this.map = new AddressMap(spec)
    this.channels = Array.from(
      { length: spec.organization.channels },
      (_, i) => new DramChannel(`${name}.channel${i}`, kernel, spec, this.map, period),
    )
  }

  /** As Memory has it. Writes are accepted into a queue, from which later reads see them. */
  request(address: number, write: boolean, client: MemoryClient, tag: number): boolean {
    const line = this.map.lineOf(address)
    return this.channels[this.map.channel(line)]!.request(line, write, client, tag)
  }

  /** True when no read is queued or in flight and no write is about to be written; a few writes may stay queued. */
  get settled(): boolean {
    for (const channel of this.channels) if (!channel.settled) return false
    return true
  }

  /** What was done before `tick`: no earlier than the latest event, and no request may come before it any more. */
  counts(tick: number): DramCounts {
    const total = { reads: 0, writes: 0, activates: 0, precharges: 0, refreshes: 0, rowHits: 0, writeRowHits: 0 }
    const sum = { ...total, activeCycles: 0, idleCycles: 0 }
    for (const channel of this.channels) {
      const counts = channel.counts(tick)
      for (const key of Object.keys(sum) as (keyof DramCounts)[]) sum[key] += counts[key]
    }
    return sum
  }

  /** In pJ, for `counts(tick)`. */
  energy(tick: number): DramEnergy {
    return energyOf(this.spec, this.counts(tick))
  }
}
