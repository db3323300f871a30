// Whatever the traffic, no command breaks a timing constraint, every read is answered, every rank is refreshed.

import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { loadMemory, type MemoryConfig } from '../../../src/config/memory.ts'
import { violations } from './checker.ts'
import { type Issued, orderA, play } from './rig.ts'
import type { Row } from './traces.ts'

/** As DDR4 has them. */
const bankGroups = [
  'organization.bankGroups.value=4',
  'organization.banks.value=4',
  'timing.tCCD_L={value: 6, kind: assumed, source: reference}',
  'timing.tRRD_L={value: 8, kind: assumed, source: reference}',
  'timing.tWTR={value: 3, kind: assumed, source: reference}',
  'timing.tWTR_L={value: 9, kind: assumed, source: reference}',
]

const memories: readonly MemoryConfig[] = [
  orderA,
  loadMemory('ddr3-1600-order-b'),
  loadMemory('ddr3-1066'),
  loadMemory('lpddr2-900'),
  loadMemory('lpddr4-3200'),
  loadMemory('ddr3-1600-order-b', ['name=bank groups', ...bankGroups]),
  loadMemory('ddr3-1600-order-b', [
    'name=one deep',
    ...['read', 'write', 'bank'].map((q) => `controller.${q}Queue.value=1`),
  ]),
]

/** Bursts and pauses, near and far, with a seeded share of writes. */
function traffic(random: seedrandom.PRNG, requests: number): Row[] {
  const writes = random()
  const far = random()
  const pause = 2 ** Math.floor(random() * 10)
  let cycle = 0
  let line = 0
  return Array.from({ length: requests }, () => {
    if (random() < 0.1) cycle += Math.floor(random() * pause)
    line = random() < far ? Math.floor(random() * 2 ** 22) : line + 1
    return [line * 64, random() < writes, cycle]
  })
}

describe.each(memories.map((memory) => [memory.name, memory] as const))('%s', (name, memory) => {
  it('keeps every constraint on random traffic', () => {
    const random = seedrandom(`traffic ${name}`)
    let commands = 0
    for (let round = 0; round < 12; round++) {
      const rows = traffic(random, 600)
      const { result, issued } = play(memory, rows)
      expect(violations(memory, issued)).toEqual([])
      const reads = rows.filter(([, write]) => !write).length
      expect(result).toMatchObject({ requests: rows.length, reads })
      expect(result.latencies.number).toBe(reads)
      expect(result.counts.reads + result.forwarded + result.merged).toBe(reads)
      // All but a few idle writes reach the memory, each once.
      const unwritten = rows.length - reads - result.counts.writes - result.replaced
      expect(unwritten).toBeGreaterThanOrEqual(0)
      expect(unwritten).toBeLessThanOrEqual(memory.controller.idleWrites * memory.organization.channels)
      const { ranks } = memory.organization
      const due = ranks * Math.floor((result.totalCycles - 1) / (Math.floor(memory.timing.tREFI / ranks) * ranks))
      const refreshes = issued.filter(({ command }) => command === 'refresh').length
      expect(refreshes).toBeGreaterThanOrEqual(due - 1)
      expect(refreshes).toBeLessThan(due + ranks)
      commands += issued.length
    }
    expect(commands).toBeGreaterThan(3000)
  })
})

describe('the checker', () => {
  const { issued } = play(orderA, traffic(seedrandom('checker'), 400))

  it.each(['activate', 'precharge', 'read', 'write'] as const)('sees a %s that comes a cycle early', (command) => {
    // Of such commands some are held by a constraint alone, so that a cycle less breaks it.
    const noticed = issued.some((each, i) => {
      if (each.command !== command) return false
      const moved: Issued[] = issued.with(i, { ...each, cycle: each.cycle - 1 })
      return (
        violations(
          orderA,
          moved.toSorted((a, b) => a.cycle - b.cycle),
        ).length > 0
      )
    })
    expect(noticed).toBe(true)
  })

  it('sees a bank that is not as it should be', () => {
    const first = issued.findIndex(({ command }) => command === 'activate')
    expect(violations(orderA, issued.toSpliced(first, 1))).not.toEqual([])
  })
})
