// The memory as its clients see it.

import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { loadMemory } from '../../../src/config/memory.ts'
import { AddressMap } from '../../../src/mem/dram/address.ts'
import { DramController } from '../../../src/mem/dram/controller.ts'
import type { DramSpec } from '../../../src/mem/dram/spec.ts'
import type { MemoryClient } from '../../../src/mem/memory.ts'
import { Kernel, type Order, type Unit } from '../../../src/sim/kernel.ts'
import { orderA, orderB } from './rig.ts'

/** Asks as fast as it may, and notes when each read was answered. */
class Asker implements Unit, MemoryClient {
  readonly name = 'asker'
  readonly answered: (readonly [tag: number, tick: number])[] = []
  retries = 0

  private readonly kernel: Kernel
  private readonly memory: DramController
  private readonly addresses: readonly number[]
  private readonly writes: boolean
  private at = 0

  constructor(kernel: Kernel, memory: DramController, addresses: readonly number[], writes = false) {
    this.kernel = kernel
    this.memory = memory
    this.addresses = addresses
    this.writes = writes
    kernel.schedule(0, this)
  }

  wake(): void {
    const write = this.writes && this.at % 3 === 2
    if (this.at === this.addresses.length) return
    if (!this.memory.request(this.addresses[this.at]!, write, this, this.at)) return
    this.at++
    this.kernel.schedule(1, this)
  }

  retry(): void {
    this.retries++
    this.wake()
  }

  done(tag: number, depth: number): void {
    expect(depth).toBe(0)
    this.answered.push([tag, this.kernel.now])
  }
}

function ask(
  spec: DramSpec,
  addresses: readonly number[],
  { period = 1, order = 'forward' as Order, writes = false } = {},
) {
  const kernel = new Kernel(order)
  const memory = new DramController('memory', kernel, spec, period)
  const asker = new Asker(kernel, memory, addresses, writes)
  const end = kernel.run()
  expect(memory.settled).toBe(true)
  return { answered: asker.answered, retries: asker.retries, end, counts: memory.counts(end), memory }
}

const random = seedrandom('addresses')
const scattered = Array.from({ length: 300 }, () => Math.floor(random() * 2 ** 24) * 64)

describe('a client', () => {
  it('is answered at edges of the memory clock', () => {
    // Asked at tick 0, seen in cycle 1, activated in cycle 2.
    expect(ask(orderA, [0], { period: 3 }).answered).toEqual([[0, 3 * 28]])
    const [, [, second] = [0, 0]] = ask(orderA, [0, 64], { period: 3 }).answered
    expect(second).toBe(3 * 32)
  })

  it('is refused when a queue is full and called once it has room', () => {
    const { answered, retries } = ask(orderA, scattered)
    expect(new Set(answered.map(([tag]) => tag)).size).toBe(scattered.length)
    expect(retries).toBeGreaterThan(0)
    expect(retries).toBeLessThan(scattered.length)
  })

  it.each(['backward', { shuffle: 'a' }, { shuffle: 'b' }] as const)('sees no order within a cycle: %j', (order) => {
    for (const period of [1, 3]) {
      const { answered, end, counts } = ask(orderB, scattered, { period, writes: true })
      expect(ask(orderB, scattered, { period, writes: true, order })).toMatchObject({ answered, end, counts })
    }
  })

  it('finds the memory settled though a few writes wait, and unsettled while a read is on its way', () => {
    const kernel = new Kernel()
    const memory = new DramController('memory', kernel, orderA)
    const asker = new Asker(kernel, memory, [])
    expect(memory.settled).toBe(true)
    expect(memory.request(0, true, asker, 0)).toBe(true)
    expect(memory.settled).toBe(false)
    kernel.run()
    expect(memory.settled).toBe(true)
    memory.request(64, false, asker, 1)
    kernel.run(kernel.now + 5)
    expect(memory.settled).toBe(false)
    kernel.run()
    expect(memory.settled).toBe(true)
  })
})

describe('several channels', () => {
  const spec = loadMemory('lpddr4-3200')

  it('share neighbouring lines and work side by side', () => {
    const lines = Array.from({ length: 32 }, (_, i) => i * 64) // a row of one channel
    const both = ask(spec, lines)
    const one = ask(
      spec,
      lines.map((address) => 2 * address),
    )
    expect(both.counts.activates).toBe(2)
    expect(one.counts.activates).toBe(1)
    // A line is two bursts of eight cycles on its channel; the second channel is asked a cycle later.
    expect(one.end - both.end).toBe(16 * 16 - 1)
  })

  it('are priced together', () => {
    const { memory, end } = ask(spec, [0, 64])
    const single = ask(spec, [0])
    expect(memory.energy(end).read).toBeCloseTo(2 * single.memory.energy(single.end).read, 9)
  })
})

describe('an address', () => {
  it('has the fields of its mapping, the first most significant', () => {
    const a = new AddressMap(orderA)
    const b = new AddressMap(orderB)
    const line = (address: number): number => a.lineOf(address)
    expect([a.bank(line(0x4000)), a.bank(line(0x20000)), a.row(line(0x40000))]).toEqual([1, 8, 1])
    expect([b.bank(line(0x4000)), b.bank(line(0x8000)), b.row(line(0x40000))]).toEqual([8, 1, 1])
    expect(a.lineOf(2 ** 34 + 64 * 5 + 63)).toBe(5)
  })

  it('names each line once', () => {
    const spec = loadMemory('lpddr4-3200', ['organization.rows.value=4'])
    const map = new AddressMap(spec)
    const columns = new Map<string, number>()
    for (let line = 0; line < map.lines; line++) {
      const place = `${map.channel(line)} ${map.bank(line)} ${map.row(line)}`
      columns.set(place, (columns.get(place) ?? 0) + 1)
    }
    const { channels, ranks, banks, rows } = spec.organization
    expect(columns.size).toBe(channels * ranks * banks * rows)
    expect(new Set(columns.values())).toEqual(new Set([(spec.organization.columns * 16) / 8 / 64]))
  })
})
