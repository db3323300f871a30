// The memories that ship, against what is known of their boards, and what a memory must not be.

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadMemory } from '../../../src/config/memory.ts'
import { pricesOf } from '../../../src/mem/dram/energy.ts'
import { Replay } from '../../../src/mem/dram/replay.ts'
import { burstsOf, capacityOf, peakBandwidth } from '../../../src/mem/dram/spec.ts'
import { problem, withFiles } from '../../config/files.ts'
import { play, read } from './rig.ts'
import { blockOf, bulk } from './traces.ts'

const GiB = 2 ** 30

describe.each([
  { name: 'ddr3-1600-order-a', capacity: 16 * GiB, peak: 12.8e9, bursts: 1 },
  { name: 'ddr3-1600-order-b', capacity: 16 * GiB, peak: 12.8e9, bursts: 1 },
  { name: 'ddr3-1066', capacity: GiB / 2, peak: 4.266664e9, bursts: 2 },
  { name: 'lpddr2-900', capacity: GiB, peak: 3.6e9, bursts: 2 },
  { name: 'lpddr4-3200', capacity: 4 * GiB, peak: 12.8e9, bursts: 2 },
])('$name', ({ name, capacity, peak, bursts }) => {
  const spec = loadMemory(name)

  it('has the size, the pins and the bursts of its board', () => {
    expect([capacityOf(spec), peakBandwidth(spec), burstsOf(spec)]).toEqual([capacity, peak, bursts])
    const { tRC, tRAS, tRP, tREFI, tRFC } = spec.timing
    expect(tRC).toBeGreaterThanOrEqual(tRAS + tRP - 1) // each rounded up by itself
    expect(tREFI).toBeGreaterThan(8 * tRFC)
  })

  it('streams at 85 to 100 % of its pins', () => {
    const replay = new Replay(spec)
    replay.play(blockOf(bulk.stream_rd_sat!(20_000)))
    const { counts, totalCycles } = replay.finish()
    const bandwidth = (counts.reads * 64 * spec.clockHz) / totalCycles
    expect(bandwidth / peak).toBeGreaterThan(0.85)
    expect(bandwidth / peak).toBeLessThanOrEqual(1)
  })

  it('reads and writes for 3 to 12 pJ a bit, without I/O, and costs more open than closed', () => {
    const { read: reads, write, activate, refresh, activeCycle, idleCycle } = pricesOf(spec)
    for (const bit of [reads / 512, write / 512]) {
      expect(bit).toBeGreaterThan(3)
      expect(bit).toBeLessThan(12)
    }
    expect(Math.min(activate, refresh)).toBeGreaterThan(0)
    expect(activeCycle).toBeGreaterThan(idleCycle)
  })
})

// A load's way through the caches to the memory and back, beside the memory itself.
it.each([
  ['lpddr2-900', 12, 150],
  ['lpddr4-3200', 14, 130],
])('%s beside %i ns in the caches answers an idle load in about %i ns', (name, caches, anchor) => {
  const spec = loadMemory(name)
  const { latencies } = play(spec, [read(0, 100)]).result
  expect(Math.abs(caches + (latencies.mean * 1e9) / spec.clockHz - anchor)).toBeLessThan(2)
})

it.each([
  [
    'mapping: [row, bank, rank, channel, column]',
    /^m\.yaml:2: mapping: expected each of channel, .* once, got a list of 5$/,
  ],
  ['line: {value: 32, kind: published, source: line}', /expected at least a burst \(64 bytes\)/],
  ['organization: {rows: {value: 1000, kind: assumed, source: line}}', /rows\.value: expected a power of two/],
  [
    'organization: {rows: {value: 16777216, kind: assumed, source: line}}',
    /organization: expected at most 2147483648 lines/,
  ],
  ['timing: {CL: {value: 11 mm, kind: assumed, source: line}}', /^m\.yaml:2: timing\.CL\.value: expected/],
  [
    'timing: {CL: {value: 11, kind: assumed, source: hearsay}}',
    /timing\.CL\.source: expected one of the file's sources/,
  ],
  ['timing: {tXX: {value: 11, kind: assumed, source: line}}', /tXX/],
])('refuses %s', (text, message) => {
  const folder = withFiles({ 'm.yaml': `extends: ddr3-1600-order-a\n${text}` })
  expect(problem(() => loadMemory(join(folder, 'm.yaml')), folder)).toMatch(message)
})
