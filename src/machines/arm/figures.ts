// What a run of the ARM machine amounts to: cycles and where they went, memory accesses.

import type { FirstLevelCache } from '../../mem/cache/first-level.ts'
import type { Count } from '../../sim/counters.ts'
import type { StallReason } from '../../units/core/stalls.ts'
import type { DecodeUnit } from '../../units/decode/decode-unit.ts'
import type { ArmSystem } from './system.ts'

export interface ArmFigures {
  readonly core: string
  readonly clockHz: number
  readonly instructions: number
  /** Products that the instructions computed, in vector registers and in general ones. */
  readonly multiplications: number
  readonly integerMultiplications: number
  readonly cycles: number
  readonly ipc: number
  readonly seconds: number
  /** Cycles by what the core did: they sum to `cycles`. */
  readonly stalls: Readonly<Record<'busy' | StallReason, number>>
  readonly branches: { readonly executed: number; readonly mispredicted: number }
  /** Of instructions, then by level. */
  readonly memory: {
    readonly instructions: { readonly loads: number; readonly stores: number; readonly prefetches: number }
    readonly l1d: FirstLevelCache['count']
    readonly l1i: FirstLevelCache['count']
    readonly l2: FirstLevelCache['count']
    readonly dram: Readonly<Record<'reads' | 'writes' | 'activates' | 'precharges' | 'refreshes' | 'rowHits', number>>
  }
  /** Of a core with a decode unit. */
  readonly decodeUnit?: DecodeUnit['counts']
}

/** Figures of a system that has finished. */
export function figuresOf(system: ArmSystem): ArmFigures {
  const { config, core, l1d, l1i, l2, dram, decodeUnit } = system
  const { instructions, multiplications, integerMultiplications, ...accesses } = core.executedCounts()
  const { cycles } = core
  const { reads, writes, activates, precharges, refreshes, rowHits } = dram.counts(system.tick)
  return {
    core: config.name,
    clockHz: config.clock,
    instructions,
    multiplications,
    integerMultiplications,
    cycles,
    ipc: instructions / cycles,
    seconds: system.seconds,
    stalls: core.stalls(),
    branches: { executed: core.predictor.count.branches, mispredicted: core.predictor.count.mispredictions },
    memory: {
      instructions: accesses,
      l1d: { ...l1d.count },
      l1i: { ...l1i.count },
      l2: { ...l2.count },
      dram: { reads, writes, activates, precharges, refreshes, rowHits },
    },
    ...(decodeUnit === undefined ? {} : { decodeUnit: decodeUnit.counts }),
  }
}

/** What the energy table prices; the DRAM prices itself, by its currents. */
export function countsOf({ core, l1d, l1i, l2, decodeUnit }: ArmSystem): Count[] {
  const count = (component: string, action: string, number: number): Count => ({
    layer: 'program',
    component,
    action,
    count: number,
  })
  return [
    count('core', 'cycle', core.cycles),
    count('l1i', 'read', l1i.count.reads),
    count('l1d', 'read', l1d.count.reads),
    count('l1d', 'write', l1d.count.writes),
    count('l2', 'read', l2.count.reads),
    count('l2', 'write', l2.count.writes),
    ...Object.entries(decodeUnit?.counts ?? {}).map(([action, number]) => count('decode-unit', action, number)),
  ]
}

/** Components that draw power all the time. */
export const staticComponents: readonly string[] = ['core', 'l2']
