// A decode unit between an L1 data cache and a memory that answers when it is told to, and what it is to decode.

import type { PRNG } from 'seedrandom'
import type { Decoding } from '../../../src/isa/stream.ts'
import { FirstLevelCache } from '../../../src/mem/cache/first-level.ts'
import { FixedLatency } from '../../../src/mem/fixed-latency.ts'
import type { Memory, MemoryClient } from '../../../src/mem/memory.ts'
import { Kernel, type Order } from '../../../src/sim/kernel.ts'
import { DecodeUnit } from '../../../src/units/decode/decode-unit.ts'
import type { DecodeUnitSpec } from '../../../src/units/decode/spec.ts'

export const LINE = 64
export const MISS_LATENCY = 1
export const FILL_LATENCY = 2

/** Answers the n-th request after `ticks(n)`. */
class Timed implements Memory {
  readonly name = 'timed'
  readonly settled = true
  readonly requests: [line: number, cycle: number][] = []
  private readonly kernel: Kernel
  private readonly period: number
  private readonly ticks: (n: number) => number

  constructor(kernel: Kernel, period: number, ticks: (n: number) => number) {
    this.kernel = kernel
    this.period = period
    this.ticks = ticks
  }

  request(address: number, _write: boolean, client: MemoryClient, tag: number): boolean {
    const answer = { name: 'answer', wake: () => client.done(tag, 0) }
    this.kernel.schedule(this.ticks(this.requests.length), answer)
    this.requests.push([address / LINE, this.kernel.now / this.period])
    return true
  }
}

export interface RigOptions {
  readonly period?: number
  readonly order?: Order
  /** Until the n-th line is there. */
  readonly ticks?: (n: number) => number
  /** Until a line of the table has come to L1D. */
  readonly tableTicks?: number
  readonly warm?: Iterable<number>
}

export class DecodeRig {
  readonly unit: DecodeUnit
  readonly kernel: Kernel
  readonly l1d: FirstLevelCache
  /** L1D line and cycle of each access. */
  readonly loads: [line: number, cycle: number][] = []

  private readonly memory: Timed
  private readonly period: number

  constructor(
    spec: DecodeUnitSpec,
    { period = 1, order, ticks = () => 1, tableTicks = 1, warm = [] }: RigOptions = {},
  ) {
    const kernel = new Kernel(order)
    this.kernel = kernel
    this.period = period
    this.memory = new Timed(kernel, period, ticks)
    const below = new FixedLatency(kernel, { name: 'below', latency: tableTicks, interval: 0, queue: 1 })
    const cache = {
      name: 'l1d',
      bytes: 1 << 16,
      ways: 4,
      line: LINE,
      replacement: 'lru',
      mshrs: 2,
      writeBuffer: 2,
    } as const
    const times = { missLatency: MISS_LATENCY, fillLatency: FILL_LATENCY, prefetcher: { type: 'none' } } as const
    const l1d = new FirstLevelCache(kernel, { ...cache, ...times }, period, below)
    for (const line of warm) l1d.warm(line)
    this.l1d = l1d
    const access = l1d.access.bind(l1d)
    l1d.access = (line, write) => {
      this.loads.push([line, kernel.now / period])
      return access(line, write)
    }
    this.unit = new DecodeUnit(kernel, period, spec, { memory: this.memory, l1d })
  }

  get requests(): readonly [line: number, cycle: number][] {
    return this.memory.requests
  }

  /** All that happens before `cycle`. */
  until(cycle: number): void {
    this.kernel.runUntil(cycle * this.period)
  }

  start(cycle: number, decoding: Decoding): void {
    this.until(cycle)
    this.unit.decodings.push(decoding)
    this.unit.start(cycle)
  }

  /** Reads a register in the first cycle from `cycle` on in which it can be read; returns that. */
  read(cycle: number): number {
    this.until(cycle)
    while (this.unit.packed.readyAt === Infinity) if (!this.kernel.runNext()) throw new Error('nothing left to do')
    const at = Math.max(cycle, this.unit.packed.readyAt)
    this.until(at)
    this.unit.take(at)
    return at
  }

  /** Whether the next register can be read in `cycle`. */
  ready(cycle: number): boolean {
    this.until(cycle)
    return this.unit.packed.readyAt <= cycle
  }

  /** The core accesses L1D in `cycle`. */
  access(cycle: number): void {
    this.until(cycle)
    this.unit.table.coreAccess = cycle
  }
}

export interface Shape {
  readonly channels: number
  readonly panels?: number
  readonly repeats?: number
  readonly firstBit?: number
  /** Bits of a codeword. */
  readonly bits: () => number
  readonly place: () => number
}

export const AT = { descriptor: 0x10_000, ranges: 0x10_040, rangeBytes: 64, symbols: 0x20_000, stream: 0x30_000 }

/** Slices of so many input channels: sequences, and registers of 8 output channels of 9 taps in whole words. */
export function decodingOf({ channels, panels = 1, repeats = 1, firstBit = 0, bits, place }: Shape, at = AT): Decoding {
  const slices = Array.from({ length: Math.ceil(channels / 128) }, (_, i) => {
    const width = Math.min(128, channels - 128 * i)
    return { sequences: 8 * width, registers: 8 * Math.ceil((9 * 4 * Math.ceil(width / 32)) / 16) }
  })
  const lengths = Uint8Array.from({ length: 8 * channels * panels }, bits)
  const places = Uint16Array.from(lengths, place)
  const panelBits = new Float64Array(panels + 1)
  for (let panel = 0, bit = firstBit; panel <= panels; panel++) {
    panelBits[panel] = bit
    for (let i = 0; i < 8 * channels; i++) bit += lengths[8 * channels * panel + i] ?? 0
  }
  const symbolCount = places.reduce((most, place) => Math.max(most, place + 1), 0)
  return { ...at, lengths, places, symbolCount, panelBits, slices, repeats }
}

export const integer = (random: PRNG, low: number, high: number): number =>
  low + Math.floor(random() * (high - low + 1))
