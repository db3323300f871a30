// Cycles of a decode unit in closed form: blocked in the cycle before, ready in the cycle.

import { describe, expect, it } from 'vitest'
import { FixedLatency } from '../../../src/mem/fixed-latency.ts'
import { DecodeUnit } from '../../../src/units/decode/decode-unit.ts'
import type { DecodeUnitSpec } from '../../../src/units/decode/spec.ts'
import { classTiming, coreSpec, Rig, repeat, wiresOf } from '../core/in-order-rig.ts'
import {
  AT,
  DecodeRig,
  decodingOf,
  FILL_LATENCY,
  LINE,
  MISS_LATENCY,
  type RigOptions,
  type Shape,
} from './decode-rig.ts'

const spec = (changes: Partial<DecodeUnitSpec> = {}): DecodeUnitSpec => ({
  streamLines: 8,
  width: 2,
  depth: 4,
  cache: { bytes: 1024, ways: 4, line: 16 },
  tableLatency: 3,
  buffers: 2,
  ...changes,
})

/** One symbol, one bit each: 512 sequences a line. */
const easy: Shape = { channels: 128, bits: () => 1, place: () => 0 }
const warm = [AT.symbols / LINE]
const started = (shape: Partial<Shape>, changes: Partial<DecodeUnitSpec> = {}, options: RigOptions = {}): DecodeRig => {
  const rig = new DecodeRig(spec(changes), { warm, ...options })
  rig.start(0, decodingOf({ ...easy, ...shape }))
  return rig
}

/**
 * Lines of the configuration and of the stream are asked for in cycles 1, 2, 3 and so on, and are there `latency + 1` later.
 * The first sequence waits for its symbol.
 */
const firstDecoded = (latency: number, tableLatency = 3): number => 3 + latency + 1 + tableLatency

/** Expects the next register in `cycle`, not before. */
function readyIn(rig: DecodeRig, cycle: number): void {
  expect(rig.ready(cycle - 1)).toBe(false)
  expect(rig.ready(cycle)).toBe(true)
}

describe('the first slice', () => {
  it.each([1, 2, 3, 4, 7])('takes its sequences by %i a cycle', (width) => {
    const rig = started({}, { width })
    readyIn(rig, firstDecoded(1) + Math.ceil(1024 / width) - 1 + 4)
  })

  it.each([1, 4, 9])('is ready after a depth of %i', (depth) => {
    readyIn(started({}, { depth }), firstDecoded(1) + 512 - 1 + depth)
  })

  it.each([1, 10, 77])('begins when its line has come after %i cycles', (latency) => {
    const rig = started({ channels: 32 }, {}, { ticks: () => latency })
    readyIn(rig, firstDecoded(latency) + 128 - 1 + 4)
  })

  it.each([1, 5])('waits for a symbol that hits L1D for %i cycles', (tableLatency) => {
    readyIn(started({ channels: 32 }, { tableLatency }), firstDecoded(1, tableLatency) + 128 - 1 + 4)
  })

  it('waits for one that misses until the fill, and then as long', () => {
    const rig = started({ channels: 32 }, {}, { warm: [], tableTicks: 50 })
    readyIn(rig, firstDecoded(1) + MISS_LATENCY + 50 + FILL_LATENCY + 128 - 1 + 4)
    expect(rig.loads).toEqual([[AT.symbols / LINE, 5]])
    expect(rig.unit.table.loads).toBe(1)
  })

  it('waits for each line of symbols once while the cache holds them', () => {
    const two = (cache: DecodeUnitSpec['cache']) => {
      let sequence = 0
      const rig = started({ channels: 32, place: () => 8 * (sequence++ & 1) }, { width: 1, cache })
      return { rig, ready: firstDecoded(1) + 256 - 1 + 4 }
    }
    const both = two({ bytes: 32, ways: 2, line: 16 })
    readyIn(both.rig, both.ready + 3)
    // The second one replaces the first: each sequence but the first waits for 3 cycles after the one before.
    const one = two({ bytes: 16, ways: 1, line: 16 })
    readyIn(one.rig, one.ready + 3 * 255)
    expect(one.rig.loads).toHaveLength(256)
  })

  it('waits for both lines of a codeword, whichever comes first', () => {
    for (const late of [2, 3]) {
      const rig = new DecodeRig(spec(), { warm, ticks: (n) => (n === late ? 50 : 1) })
      rig.start(0, decodingOf({ ...easy, channels: 32, bits: () => 16 }, { ...AT, stream: AT.stream + LINE - 1 }))
      readyIn(rig, late + 1 + 50 + 1 + 3 + 128 - 1 + 4)
    }
  })

  it('waits while the core accesses L1D', () => {
    const rig = started({ channels: 32 })
    for (const cycle of [5, 6, 7]) rig.access(cycle)
    rig.access(9)
    readyIn(rig, firstDecoded(1) + 3 + 128 - 1 + 4)
    expect(rig.loads).toEqual([[AT.symbols / LINE, 8]])
  })
})

describe('slices', () => {
  /** 8 output channels of 9 taps of 128. */
  const REGISTERS = 72
  const CYCLES = 512

  it('come one every 512 cycles, of two sequences a cycle, while they are read at once', () => {
    const rig = started({ channels: 256, repeats: 4 }, { buffers: 2 })
    let cycle = 0
    const ready: number[] = []
    for (let slice = 0; slice < 8; slice++)
      for (let register = 0; register < REGISTERS; register++) {
        cycle = rig.read(cycle + 1)
        if (register === 0) ready.push(cycle)
      }
    expect(ready).toEqual(Array.from({ length: 8 }, (_, i) => firstDecoded(1) + CYCLES - 1 + 4 + i * CYCLES))
  })

  it('are packed and read in turns where there is one place', () => {
    const rig = started({ channels: 256 }, { buffers: 1 })
    let cycle = 0
    for (let register = 0; register < REGISTERS; register++) cycle = rig.read(cycle + 1)
    expect(cycle).toBe(firstDecoded(1) + CYCLES - 1 + 4 + REGISTERS - 1)
    readyIn(rig, cycle + 1 + CYCLES - 1 + 4)
  })

  it.each([1, 2, 3])('wait for one of %i places', (buffers) => {
    const rig = started({ channels: 128, panels: 5 }, { buffers })
    const reads = 9_999
    rig.until(reads)
    for (let register = 0; register < REGISTERS; register++) expect(rig.read(reads + register)).toBe(reads + register)
    const read = reads + REGISTERS - 1
    for (let slice = 1; slice < buffers; slice++)
      for (let register = 0; register < REGISTERS; register++) expect(rig.read(read + 1)).toBe(read + 1)
    readyIn(rig, read + 1 + CYCLES - 1 + 4)
  })

  it('of fewer channels have fewer registers', () => {
    for (const [channels, registers] of [
      [1, 24],
      [32, 24],
      [33, 40],
      [64, 40],
      [96, 56],
      [127, 72],
    ] as const) {
      const rig = started({ channels, panels: 2 }, { buffers: 1 })
      let cycle = 0
      for (let register = 0; register < registers; register++) cycle = rig.read(cycle + 1)
      readyIn(rig, cycle + 1 + Math.ceil((8 * channels) / 2) - 1 + 4)
    }
  })
})

describe('lines', () => {
  const long: Shape = { channels: 128, bits: () => 16, place: () => 0 } // 32 sequences a line, of 32 lines
  const first = AT.stream / LINE

  it.each([2, 3, 8])('are asked for %i ahead', (streamLines) => {
    const rig = started(long, { streamLines, width: 1 }, { ticks: () => 9 })
    rig.until(1 + 9 + 1) // the first is there then
    expect(rig.requests).toHaveLength(Math.min(streamLines, 10))
    rig.until(2_000)
    expect(rig.requests).toHaveLength(2 + 32)
    expect(rig.requests.slice(2).map(([line]) => line)).toEqual(Array.from({ length: 32 }, (_, i) => first + i))
  })

  it('are dropped in the cycle of the first sequence in the next one', () => {
    const rig = started(long, { streamLines: 2, width: 1 })
    rig.until(1_100)
    // Both lines of the stream are asked for when those of the configuration have come; then 32 cycles a line.
    const decoded = 4 + 1 + 3
    const asked = Array.from({ length: 30 }, (_, i) => decoded + 32 * (i + 1))
    expect(rig.requests.slice(4).map(([, cycle]) => cycle)).toEqual(asked)
  })

  it('limit the rate where memory is slow: two of them in 50 cycles and one', () => {
    const rig = started({ ...long, panels: 4 }, { streamLines: 2, width: 4, buffers: 4 }, { ticks: () => 50 })
    rig.until(5_000)
    const cycles = rig.requests.slice(-32).map(([, cycle]) => cycle)
    const steps = cycles.slice(2).map((cycle, i) => cycle - cycles[i]!)
    // A line is there 51 cycles after it was asked for, and takes 8.
    expect(new Set(steps)).toEqual(new Set([51 + 8]))
  })

  it('that come twice in a row are asked for once', () => {
    // A panel of 32 bytes, twice, and the next one in the same line.
    const rig = started({ channels: 32, panels: 3, repeats: 2 }, { buffers: 9 })
    rig.until(2_000)
    expect(rig.requests.map(([line]) => line)).toEqual([AT.descriptor / LINE, AT.ranges / LINE, first, first + 1])
  })

  it('of a panel of two lines come again', () => {
    const rig = started({ channels: 96, repeats: 2 }, { buffers: 9 })
    rig.until(2_000)
    expect(rig.requests.slice(2).map(([line]) => line)).toEqual([first, first + 1, first, first + 1])
  })

  it('leaves nothing pending in L1D when it is given up', () => {
    const rig = started({ place: () => 500 }, {}, { tableTicks: 100 })
    for (const line of [1, 2]) rig.l1d.fetch(rig.l1d.access(line, false)) // all that it can ask for at a time
    rig.start(20, decodingOf({ ...easy, channels: 32 }))
    readyIn(rig, 20 + firstDecoded(1) + 128 - 1 + 4)
    rig.until(1_000)
    expect(rig.l1d.settled).toBe(true)
  })

  it('of a decoding that was given up are of no use', () => {
    const rig = started(long, {}, { ticks: (n) => (n < 6 ? 100 : 1) })
    const other = decodingOf({ ...easy, channels: 32 })
    rig.start(6, other)
    expect(rig.requests).toHaveLength(5)
    // Its first line is the only one that takes so long.
    readyIn(rig, 6 + 1 + 100 + 1 + 3 + 128 - 1 + 4)
  })
})

describe('an in-order core', () => {
  const quad = classTiming(2, [4])
  const timing = { ...coreSpec().timing, 'decode-start': { narrow: quad, quad }, 'decode-read': { narrow: quad, quad } }

  /** Runs a text of which decstart is the first instruction. */
  const timed = (text: string, accesses: number, patience: number, address = 0): Rig => {
    const wires = wiresOf()
    const { kernel, l1d } = wires
    l1d.warm(warm[0]!)
    const memory = new FixedLatency(kernel, { name: 'lines', latency: 1, interval: 0, queue: 1 })
    const decodeUnit = new DecodeUnit(kernel, 1, spec(), { memory, l1d })
    decodeUnit.decodings.push(decodingOf({ ...easy, channels: 32 }))
    const rig = new Rig(`decstart [x0]\n ${text}`, coreSpec({ timing }), { ...wires, decodeUnit }, patience)
    rig.run({ addresses: [AT.descriptor, ...Array<number>(accesses).fill(address)] }).finish()
    return rig
  }
  const ready = firstDecoded(1) + 128 - 1 + 4

  it.each([0, 20_000])('waits for a register, and is charged for it (compiled after %i)', (patience) => {
    const rig = timed('mov x1, #1\n decread q0\n decread q1\n add v1.16b, v0.16b, v1.16b\n mov x2, #2', 2, patience)
    expect(rig.issues).toEqual([0, 0, ready, ready + 1, ready + 1 + 2, ready + 1 + 2])
    expect(rig.count('decode')).toBe(ready - 1)
    expect(rig.counted).toBe(rig.core.cycle + 1)
  })

  it.each(['ldr x1, [x2]', 'str x1, [x2]'])('goes before the unit at L1D: %s', (access) => {
    const rig = timed(`${repeat(10, access)}\n decread q0`, 11, 0, AT.symbols)
    expect(rig.issues.slice(0, 11)).toEqual(Array.from({ length: 11 }, (_, i) => i))
    // The unit would access it in cycle 5, and does so in cycle 11.
    expect(rig.issues[11]).toBe(ready + 6)
  })

  it('waits no cycle for what is ready', () => {
    const chain = (length: number) => timed(`${repeat(length, 'add x1, x1, #1')}\n decread q0`, 1, 0)
    const waits = [1, 2, ready - 1, ready, ready + 1, ready + 2, ready + 9].map((n) => chain(n))
    expect(waits.map((rig) => rig.issues.at(-1))).toEqual([...Array(5).fill(ready), ready + 1, ready + 8])
    expect(waits.map((rig) => rig.count('decode'))).toEqual([ready - 1, ready - 2, 1, 0, 0, 0, 0])
    for (const rig of waits) expect(rig.counted).toBe(rig.core.cycle + 1)
  })
})
