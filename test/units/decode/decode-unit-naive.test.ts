// The decode unit against one that goes cycle by cycle: which registers can be read in which cycle, lines, loads of symbols.

import seedrandom, { type PRNG } from 'seedrandom'
import { describe, expect, it } from 'vitest'
import type { Decoding } from '../../../src/isa/stream.ts'
import type { Order } from '../../../src/sim/kernel.ts'
import type { DecodeUnitSpec } from '../../../src/units/decode/spec.ts'
import { AT, DecodeRig, decodingOf, FILL_LATENCY, integer, LINE, MISS_LATENCY } from './decode-rig.ts'
import { NaiveDecodeUnit } from './naive-decode-unit.ts'

const of = <T>(random: PRNG, list: readonly T[]): T => list[integer(random, 0, list.length - 1)]!

function randomSpec(random: PRNG): DecodeUnitSpec {
  const [line, ways] = [of(random, [2, 8, 16, 32, 64]), of(random, [1, 2, 3, 4])]
  return {
    streamLines: integer(random, 2, 8),
    width: integer(random, 1, 4),
    depth: integer(random, 1, 6),
    cache: { bytes: line * ways * of(random, [1, 2, 4, 8]), ways, line },
    tableLatency: integer(random, 1, 5),
    buffers: integer(random, 1, 3),
  }
}

/** Codewords of up to 20 bits, or short ones; symbols of a few places, or of all. */
function randomDecoding(random: PRNG, channels: number): Decoding {
  const longest = of(random, [1, 3, 9, 20, 20])
  const skew = of(random, [0, 2, 6])
  const at = (least: number, unit: number) => least + unit * integer(random, 0, 40)
  return decodingOf(
    {
      channels,
      panels: integer(random, 1, 3),
      repeats: integer(random, 1, 3),
      firstBit: integer(random, 0, 7),
      bits: () => integer(random, 1, longest),
      place: () => Math.floor(512 * random() ** (1 + skew)),
    },
    {
      descriptor: at(AT.descriptor, 8),
      // sometimes behind one another in one line
      ranges: at(AT.descriptor, 8),
      rangeBytes: 16 * integer(random, 1, 20),
      symbols: at(AT.symbols, 2),
      stream: at(AT.descriptor + (random() < 0.5 ? 0 : 400), 1),
    },
  )
}

interface Case {
  readonly spec: DecodeUnitSpec
  /** By the cycle in which each is begun; the last one is read to its end. */
  readonly starts: ReadonlyMap<number, Decoding>
  readonly period: number
  readonly order: Order
  readonly lineTicks: (n: number) => number
  readonly tableTicks: number
  readonly warm: ReadonlySet<number>
  /** How likely the core reads in a cycle if it can, and accesses L1D. */
  readonly reads: number
  readonly accesses: number
}

function randomCase(seed: string, channels: number): Case {
  const random = seedrandom.alea(seed)
  const period = integer(random, 1, 4)
  const one = randomDecoding(random, channels)
  const begun = integer(random, 0, 5)
  const starts = new Map([[begun, one]])
  if (random() < 0.4) {
    const other = randomDecoding(random, of(random, [20, 64, 128]))
    const symbols = random() < 0.5 ? one.symbols : other.symbols
    starts.set(begun + of(random, [1, 2, 3, 10, 100, 500, 20_000]) + integer(random, 0, 9), { ...other, symbols })
  }
  const longest = of(random, [1, 10, 40, 200])
  const ticks = Array.from({ length: 64 }, () => integer(random, 1, longest))
  const isFixed = random() < 0.5
  const isWarm = of(random, [0, 0.5, 1])
  const tables = Array.from({ length: 40 }, (_, i) => AT.symbols / LINE + i)
  return {
    spec: randomSpec(random),
    starts,
    period,
    order: of<Order>(random, ['forward', 'backward', { shuffle: seed }]),
    lineTicks: (n) => (isFixed ? longest : ticks[n % ticks.length]!),
    tableTicks: of(random, [1, 7, 30, 111]),
    warm: new Set(tables.filter(() => random() < isWarm)),
    reads: of(random, [1, 1, 0.5, 0.1]),
    accesses: of(random, [0, 0.2, 0.8]),
  }
}

const registersOf = ({ slices, panelBits, repeats }: Decoding): number =>
  repeats * (panelBits.length - 1) * slices.reduce((sum, { registers }) => sum + registers, 0)

/** The first cycle in which only one of the two units has a register to be read, else null; and both. */
function together(seed: string, one: Case) {
  const { spec, starts, period, order, lineTicks, tableTicks, warm, reads, accesses } = one
  const random = seedrandom.alea(`${seed} core`)
  const rig = new DecodeRig(spec, { period, order, ticks: lineTicks, tableTicks, warm })
  const naive = new NaiveDecodeUnit(spec, {
    lineBytes: LINE,
    answered: (n, cycle) => Math.ceil((cycle * period + lineTicks(n)) / period),
    filled: (cycle) => Math.ceil(((cycle + MISS_LATENCY) * period + tableTicks) / period) + FILL_LATENCY,
    warm,
  })
  const last = Math.max(...starts.keys())
  let left = 0
  let difference: number | null = null
  let cycle = 0
  for (; (cycle <= last || left > 0) && difference === null; cycle++) {
    if (cycle > 1e6) throw new Error(`${seed}: no end`)
    const ready = naive.ready(cycle)
    if (rig.ready(cycle) !== ready) difference = cycle
    if (ready && random() < reads && difference === null) {
      naive.read()
      rig.read(cycle)
      left--
    }
    const decoding = starts.get(cycle)
    if (decoding !== undefined) {
      left = registersOf(decoding)
      naive.start(cycle, decoding)
      rig.start(cycle, decoding)
    }
    const accessed = random() < accesses
    if (accessed) rig.access(cycle)
    naive.step(cycle, accessed)
  }
  rig.until(cycle)
  return { difference, rig, naive, cycles: cycle }
}

describe.each([20, 32, 64, 96, 128, 192, 256])('the decode unit, of %i channels', (channels) => {
  it('does everything in the cycle in which a naive one does it', { timeout: 60_000 }, () => {
    for (let i = 0; i < 30; i++) {
      const seed = `${channels} ${i}`
      const { difference, rig, naive } = together(seed, randomCase(seed, channels))
      expect(rig.requests, seed).toEqual(naive.requests)
      expect(rig.loads, seed).toEqual(naive.loads)
      expect(difference, seed).toBeNull()
    }
  })
})
