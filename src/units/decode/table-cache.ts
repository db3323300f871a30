// The decode cache: lines of the indirection table, loaded through the core's L1D where they are missing. The core goes
// before it there: in a cycle in which the core accesses L1D, it waits for the next one.

import type { Decoding } from '../../isa/stream.ts'
import type { Alarm } from '../../mem/alarm.ts'
import type { FirstLevelCache } from '../../mem/cache/first-level.ts'
import { Tags } from '../../mem/cache/tags.ts'
import type { Kernel } from '../../sim/kernel.ts'
import { SEQUENCES } from '../../work/sequences.ts'
import { type DecodeUnitSpec, SYMBOL_BYTES } from './spec.ts'

const NONE = -1

export class TableCache {
  /** Loads of lines. */
  loads = 0
  /** Cycle in which the core last accessed L1D. */
  coreAccess = NONE

  private readonly kernel: Kernel
  private readonly period: number
  private readonly spec: DecodeUnitSpec
  private readonly l1d: FirstLevelCache
  private readonly alarm: Alarm
  private tags: Tags
  private table = NONE // its address
  private first = 0 // of the lines that may be looked up
  private last = 0
  private missing = 0 // of them
  private holdsAll = false // whatever is looked up
  private latest = NONE // line
  private loading = NONE // handle of L1D
  private thereAt = Infinity // cycle from which on what is loaded is there, once that is known

  constructor(kernel: Kernel, period: number, spec: DecodeUnitSpec, l1d: FirstLevelCache, alarm: Alarm) {
    this.kernel = kernel
    this.period = period
    this.spec = spec
    this.l1d = l1d
    this.alarm = alarm
    this.tags = this.empty()
  }

  /**
   * From now on the table at `symbols` is looked up; what it holds of another one is of no use. Nor does it keep anything of a
   * decoding that was not read to its end: it has been looked up ahead of time.
   */
  begin({ symbols, symbolCount }: Decoding, isRead: boolean): void {
    this.loading = NONE
    this.thereAt = Infinity
    if (symbols !== this.table || !isRead) {
      this.table = symbols
      this.tags = this.empty()
      this.latest = NONE
    }
    this.first = this.lineOf(0)
    this.last = this.lineOf(symbolCount - 1)
    this.missing = 0
    for (let line = this.first; line <= this.last; line++) if (this.tags.find(line) < 0) this.missing++
    const { bytes, line } = this.spec.cache
    this.holdsAll = this.lineOf(SEQUENCES - 1) - this.first < bytes / line
  }

  /** True once every line is there that may be looked up. */
  get isWhole(): boolean {
    return this.missing === 0
  }

  /** Looks up a place; false where it is missing. */
  has(place: number): boolean {
    // Where nothing is ever evicted, nobody asks what was used last.
    if (this.missing === 0 && this.holdsAll) return true
    const line = this.lineOf(place)
    if (line === this.latest) return true
    const slot = this.tags.find(line)
    if (slot < 0) return false
    this.tags.use(slot, line)
    this.latest = line
    return true
  }

  /** Loads the line of a place that is missing, from the current cycle on; false until it is there. */
  load(place: number): boolean {
    const cycle = this.kernel.now / this.period
    if (this.thereAt === Infinity) this.access(place, cycle)
    if (this.thereAt > cycle) {
      this.alarm.by((this.thereAt < Infinity ? this.thereAt : cycle + 1) * this.period)
      return false
    }
    const line = this.lineOf(place)
    const slot = this.tags.slotFor(line)
    const goes = this.tags.line[slot]!
    if (goes < this.first || goes > this.last) this.missing--
    this.tags.insert(slot, line, 0, 0)
    this.latest = line
    this.thereAt = Infinity
    return true
  }

  /** Accesses L1D, or waits for what it asked of it. */
  private access(place: number, cycle: number): void {
    const { l1d } = this
    let filled = cycle
    if (this.loading === NONE) {
      const line = (this.lineOf(place) * this.spec.cache.line) >>> l1d.lineBits
      // What misses in L1D without being asked for would be pending there for ever if a `decstart` came.
      const canAsk = l1d.holds(line) || l1d.pendingOf(line) >= 0 || l1d.mshrFree
      if (this.coreAccess === cycle || !canAsk) return
      this.loads++
      this.loading = l1d.access(line, false)
    }
    if (this.loading !== NONE) {
      if (!l1d.fetch(this.loading) || l1d.filledAt(this.loading) === Infinity) return
      filled = Math.ceil(l1d.filledAt(this.loading) / this.period)
      this.loading = NONE
    }
    this.thereAt = filled + this.spec.tableLatency
  }

  private lineOf(place: number): number {
    return Math.floor((this.table + SYMBOL_BYTES * place) / this.spec.cache.line)
  }

  private empty(): Tags {
    const { bytes, ways, line } = this.spec.cache
    const unused = { mshrs: 1, writeBuffer: 1, missLatency: 1, fillLatency: 1, prefetcher: { type: 'none' } } as const
    return new Tags({ name: 'decode', bytes, ways, line, replacement: 'lru', ...unused })
  }
}
