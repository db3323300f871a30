// What a memory does with a few requests, worked out by hand: CL 11, CWL 8, tRCD 11, tRP 11, tRAS 28, tRRD 6,
// tWTR 6, tFAW 32, tRFC 280, a burst of 4; a request that comes in cycle c can be served from c + 2 on.

import { describe, expect, it } from 'vitest'
import { loadMemory } from '../../../src/config/memory.ts'
import { energyOf, pricesOf } from '../../../src/mem/dram/energy.ts'
import { type Issued, orderA, type Played, play, read, write } from './rig.ts'
import type { Row } from './traces.ts'

const BANK = 0x4000
const RANK = 0x20000
const ROW = 0x40000

const cyclesOf = (issued: readonly Issued[], command: Issued['command']): number[] =>
  issued.filter((each) => each.command === command).map(({ cycle }) => cycle)

const played = (...rows: readonly Row[]): Played => play(orderA, rows)
const lastLatency = (cycle: number, { result }: Played): number => result.lastReadDoneCycle - cycle

describe('latency of a read', () => {
  it('is 2 + tRCD + CL + burst from a closed bank', () => {
    expect(lastLatency(100, played(read(0, 100)))).toBe(28)
  })

  it('is 2 + CL + burst from an open row, 2 + tRP + tRCD + CL + burst from another', () => {
    expect(lastLatency(200, played(read(0, 100), read(64, 200)))).toBe(17)
    expect(lastLatency(300, played(read(0, 100), read(ROW, 300)))).toBe(39)
  })

  it('is 2 where the line waits to be written, and the same burst serves two reads', () => {
    const forwarded = played(write(0, 100), read(0, 101))
    expect(lastLatency(101, forwarded)).toBe(2)
    expect(forwarded.result).toMatchObject({ forwarded: 1, counts: { reads: 0, writes: 0 } })
    expect(played(read(0, 100), read(0, 101)).result).toMatchObject({ merged: 1, counts: { reads: 1 } })
  })

  it('grows by the latency of the controller, forwarded or not', () => {
    const slow = loadMemory('ddr3-1600-order-a', ['controller.latency.value=25 ns'])
    expect(lastLatency(100, play(slow, [read(0, 100)]))).toBe(28 + 20)
    expect(lastLatency(101, play(slow, [write(0, 100), read(0, 101)]))).toBe(2 + 20)
  })
})

describe('commands', () => {
  it('precharge tRAS after the activate, activate tRP later', () => {
    const { issued, result } = played(read(0, 100), read(ROW, 100))
    expect(issued.map(({ cycle, command }) => [command, cycle])).toEqual([
      ['activate', 102],
      ['read', 113],
      ['precharge', 130],
      ['activate', 141],
      ['read', 152],
    ])
    expect(result.lastReadDoneCycle).toBe(167)
  })

  it('activate banks of a rank tRRD apart, of two ranks as they come', () => {
    expect(cyclesOf(played(read(0, 100), read(BANK, 100)).issued, 'activate')).toEqual([102, 108])
    expect(cyclesOf(played(read(0, 100), read(RANK, 100)).issued, 'activate')).toEqual([102, 103])
  })

  it('activate a fifth bank tFAW after the first', () => {
    const five = [0, 1, 2, 3, 4].map((bank) => read(bank * BANK, 100))
    expect(cyclesOf(played(...five).issued, 'activate')).toEqual([102, 108, 114, 120, 134])
  })

  it('read an open row every burst, another rank tRTRS later', () => {
    const eight = [0, 1, 2, 3, 4, 5, 6, 7].map((line) => read(line * 64, 100))
    expect(cyclesOf(played(...eight).issued, 'read')).toEqual([113, 117, 121, 125, 129, 133, 137, 141])
    expect(cyclesOf(played(read(0, 100), read(RANK, 100)).issued, 'read')).toEqual([113, 118])
  })

  it('write once more than eight wait, and then read CWL + burst + tWTR after the last', () => {
    const lines = [0, 1, 2, 3, 4, 5, 6, 7, 8]
    const writes = lines.map((line) => write(line * 64, 100))
    const nine = played(...writes, read(0x500, 100))
    expect(cyclesOf(nine.issued, 'write').at(-1)).toBe(153)
    expect(cyclesOf(nine.issued, 'read')).toEqual([153 + 8 + 4 + 6])
    expect(nine.result.lastReadDoneCycle).toBe(186)
    expect(played(...writes.slice(1)).issued).toEqual([])
  })

  it('replace a write that waits', () => {
    expect(played(write(0, 100), write(0, 101)).result).toMatchObject({ writes: 2, replaced: 1 })
  })

  it.each([
    [4, [0, 0, 0, 0, 0, 1, 0]],
    [100, [0, 0, 0, 0, 0, 0, 1]],
  ])('close a row after %i accesses for an older request, as soon as it may be closed', (limit, rows) => {
    // Accesses at 113, 117, ... 129; tRAS ends at 130, and a tRTP of 4 when the sixth access could go, at 133.
    const set = [`controller.rowHitLimit.value=${limit}`, 'timing.tRTP.value=4']
    const requests = [read(0, 100), read(ROW, 100), ...[1, 2, 3, 4, 5].map((line) => read(line * 64, 100))]
    const { issued } = play(loadMemory('ddr3-1600-order-a', set), requests)
    expect(issued.filter(({ command }) => command === 'read').map(({ row }) => row)).toEqual(rows)
  })
})

describe('refresh', () => {
  it('closes the rank, waits tRC from the activate, and takes tRFC', () => {
    const { issued } = played(read(0, 3895), read(64, 3905))
    expect(issued.map(({ cycle, command }) => [command, cycle])).toEqual([
      ['activate', 3897],
      ['precharge', 3897 + 28],
      ['refresh', 3897 + 28 + 11],
      ['activate', 3936 + 280],
      ['read', 4227],
      ['read', 4231],
    ])
  })

  it('goes on in idle time, rank by rank, and is counted to the end', () => {
    const cycles = 1_000_000_007
    const { result } = play(orderA, [read(0, 100)], cycles)
    expect(result.counts.refreshes).toBe(Math.floor((cycles - 1) / 3900))
    expect(result.counts).toMatchObject({ precharges: 1, activeCycles: 3900 - 102 })
    expect(result.counts.idleCycles + result.counts.activeCycles).toBe(2 * cycles)
    expect(play(orderA, [read(0, 100), read(ROW, cycles)]).result.lastReadDoneCycle).toBe(cycles + 28)
  })
})

it('reports row hits as reads that were not the first access to their open row', () => {
  const { counts } = played(read(0, 100), read(64, 200), read(ROW, 300), read(ROW + 64, 400)).result
  expect(counts.rowHits).toBe(2)
})

it('prices commands by charge: V mA ns of eight devices', () => {
  expect(pricesOf(orderA)).toEqual({
    activate: expect.closeTo(8521.2 * 1.25, 6),
    read: expect.closeTo(3196.8 * 1.25, 6),
    write: expect.closeTo(3196.8 * 1.25, 6),
    refresh: expect.closeTo(586656 * 1.25, 4),
    activeCycle: expect.closeTo(550.8 * 1.25, 6),
    idleCycle: expect.closeTo(388.8 * 1.25, 6),
  })
  const { counts, energy, totalCycles } = played(read(0, 100)).result
  expect(energy).toEqual(energyOf(orderA, counts))
  expect(totalCycles).toBe(129)
  expect(energy.background).toBeCloseTo(1.25 * (388.8 * (2 * 129 - 27) + 550.8 * 27), 6)
})
