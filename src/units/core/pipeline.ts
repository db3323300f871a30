// What the two kinds of core have in common for those who drive them: time passes block by block.

import type { FirstLevelCache } from '../../mem/cache/first-level.ts'
import type { Kernel } from '../../sim/kernel.ts'
import type { DecodeUnit } from '../decode/decode-unit.ts'
import type { PipelineObserver } from './observer.ts'
import type { StoreHistory } from './store-history.ts'

/** What a core's timing is wired to. */
export interface CoreWires {
  readonly kernel: Kernel
  /** Ticks of the kernel in a cycle of the core. */
  readonly period: number
  readonly l1d: FirstLevelCache
  readonly l1i: FirstLevelCache
  readonly history: StoreHistory
  /** Beside an in-order core, if it has one. */
  readonly decodeUnit?: DecodeUnit | undefined
}

export interface Pipeline {
  /** The cycle that later ones are relative to: it never goes back. */
  readonly cycle: number
  /** Cycles by what the core did in them, as stalls.ts numbers it. */
  readonly counts: Float64Array
  /** Tells `observer`, if any, of the instructions from now on; `sequence` of them have been run. */
  observe(observer: PipelineObserver | null, sequence: number): void
  /**
   * Times block `index`, whose memory accesses went to the addresses from `trace[at]` on. At its end, execution went
   * on at another place (`taken`), which had been predicted wrongly (`mispredicted`).
   */
  run(index: number, trace: Int32Array, at: number, taken: boolean, mispredicted: boolean): void
  /** Goes on until the instructions of the next block have come: `filledAt` tells the cycle, Infinity while it is not known. */
  fetchMiss(filledAt: () => number): void
  /** Waits until all instructions have retired. */
  drain(): void
  /** True while nothing in it waits for memory. */
  readonly settled: boolean
  /**
   * With memory settled, and itself: writes the whole state, relative to `cycle`, and returns its length in words. Equal states
   * have equal futures, whatever preceded.
   */
  save(into: Int32Array): number
  /** Takes on a state that was saved, at `cycle`. */
  load(from: Int32Array, cycle: number): void
  /** Stores that may still feed a load, as of `cycle`. */
  readonly storesInFlight: number
}
