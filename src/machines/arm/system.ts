// The ARM machine: a core with its first-level caches, a cache behind them, and DRAM, each in its clock domain.

import type { CoreConfig } from '../../config/core.ts'
import { Cache } from '../../mem/cache/cache.ts'
import { FirstLevelCache } from '../../mem/cache/first-level.ts'
import { DramController } from '../../mem/dram/controller.ts'
import { clockDomains, type Frequency } from '../../sim/clock.ts'
import { Kernel, type Order } from '../../sim/kernel.ts'
import { Core } from '../../units/core/core.ts'
import { DecodeUnit } from '../../units/decode/decode-unit.ts'

export interface ArmOptions {
  /** False times every block by the pipeline itself; the figures are the same. */
  readonly fast?: boolean
  /** Runs of a block after which it is compiled; the figures are the same. */
  readonly patience?: number
  /** Fire same-cycle events in another order; results must not change. */
  readonly order?: Order
}

export class ArmSystem {
  readonly config: CoreConfig
  readonly core: Core
  readonly l1d: FirstLevelCache
  readonly l1i: FirstLevelCache
  readonly l2: Cache
  readonly dram: DramController
  readonly decodeUnit: DecodeUnit | undefined

  private readonly kernel: Kernel
  private readonly period: number

  /** Throws InputError where the clocks of core and memory have no simple ratio. */
  constructor(config: CoreConfig, { fast = true, patience, order }: ArmOptions = {}) {
    const { memory } = config
    this.config = config
    this.kernel = new Kernel(order)
    const { domains } = clockDomains({ core: inThirds(config.clock), memory: inThirds(memory.clockHz) })
    this.period = domains.core.period
    this.dram = new DramController('dram', this.kernel, memory, domains.memory.period)
    this.l2 = new Cache(this.kernel, config.l2, this.period, this.dram)
    this.l1d = new FirstLevelCache(this.kernel, config.l1d, this.period, this.l2)
    this.l1i = new FirstLevelCache(this.kernel, config.l1i, this.period, this.l2)
    const { kernel, period, l1d, l1i } = this
    this.decodeUnit =
      config.decodeUnit === undefined
        ? undefined
        : new DecodeUnit(kernel, period, config.decodeUnit, { memory: this.l2, l1d })
    this.core = new Core(config.core, { kernel, period, l1d, l1i, decodeUnit: this.decodeUnit }, { fast, patience })
  }

  /** Makes lines of data or instructions present in L1, as if they had been used before. */
  warm(cache: 'l1d' | 'l1i', address: number, bytes: number): void {
    const { [cache]: level } = this
    const last = (address + bytes - 1) >>> level.lineBits
    for (let line = address >>> level.lineBits; line <= last; line++) level.warm(line)
  }

  /** Waits until the core has retired everything; memory then stands at the core's last cycle. */
  finish(): void {
    this.core.finish()
    this.kernel.runUntil(this.core.cycles * this.period)
  }

  /** Brings memory up to the core's cycle, and counts of both. The core goes on from there as it would have. */
  catchUp(): void {
    this.core.settle()
    this.kernel.runUntil(Math.max(0, this.core.cycles - 1) * this.period)
  }

  /** The tick that memory has come to. */
  get memoryTick(): number {
    return this.kernel.now
  }

  /** Seconds that have passed. */
  get seconds(): number {
    return this.core.cycles / this.config.clock
  }

  /** The current tick, for counts of the DRAM. */
  get tick(): number {
    return Math.max(this.kernel.now, this.core.cycles * this.period)
  }
}

/** Memory clocks come in thirds of a megahertz, written as decimals: 533.333 MHz is 1600 / 3. */
function inThirds(hertz: number): Frequency {
  const thirds = Math.round((3 * hertz) / 1e6)
  return Math.abs((thirds * 1e6) / 3 - hertz) < 1e3 ? [thirds * 1e6, 3] : hertz
}
