// What designs on an FPGA count for energy tables.

import type { Count } from '../../sim/counters.ts'
import type { Memory } from './resources.ts'

/** Bits that one activation of a DRAM row serves: 64 bytes of streamed data. */
const ROW_BITS = 512

/** Of sums of fractions of LUTs. */
const ROUNDING = 1e-3

/** LUTs in use for so many of all cycles. */
export const logicCounts = (layer: string, lut: number, active: number, cycles: number): Count[] => [
  { layer, component: 'lut', action: 'active', count: lut * active },
  { layer, component: 'lut', action: 'clocked', count: lut * (cycles - active) },
]

/** DSPs that work, times the cycles. */
export const dspCounts = (layer: string, active: number): Count[] => [
  { layer, component: 'dsp', action: 'active', count: active },
]

export function memoryCounts(layer: string, memory: Memory, reads: number, writes: number): Count[] {
  const component = memory.ramb18 > 0 ? 'ramb18' : 'lutram'
  return [
    { layer, component, action: 'read', count: reads * memory.perAccess },
    { layer, component, action: 'write', count: writes * memory.perAccess },
  ]
}

/** Bits read and written. */
export function dramCounts(layer: string, read: number, written: number): Count[] {
  return [
    { layer, component: 'dram', action: 'readBit', count: read },
    { layer, component: 'dram', action: 'writeBit', count: written },
    { layer, component: 'dram', action: 'activate', count: (read + written) / ROW_BITS },
    { layer, component: 'dram-phy', action: 'bit', count: read + written },
  ]
}

/** One row for each component and action that occurs. Nothing happens less than never. */
export function merge(counts: readonly Count[]): Count[] {
  const rows = new Map<string, Count>()
  for (const row of counts) {
    const key = `${row.component}.${row.action}`
    rows.set(key, { ...row, count: (rows.get(key)?.count ?? 0) + row.count })
  }
  for (const { layer, component, action, count } of rows.values())
    if (count < -ROUNDING) throw new Error(`${layer}: ${component}.${action} counted ${count} times`)
  return [...rows.values()].filter(({ count }) => count > 0)
}
