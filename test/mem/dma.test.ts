// The memory port of an FPGA: blocks in order, and those that come first, against a port that serves one cycle after another.

import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { Dma } from '../../src/mem/dma.ts'
import { Kernel, type Order } from '../../src/sim/kernel.ts'
import { orders } from '../units/rig.ts'

const [RATE, LATENCY] = [64, 9]

interface Ask {
  readonly at: number
  readonly bits: number
  readonly first: boolean
}

/** Cycle in which each block is there. */
function run(asks: readonly Ask[], latency = LATENCY, order: Order = 'forward'): number[] {
  const kernel = new Kernel(order)
  const dma = new Dma(kernel, { name: 'dma', rate: RATE, latency })
  const there = asks.map(() => -1)
  asks.forEach(({ at, bits, first }, i) => {
    const done = () => {
      there[i] = kernel.now
    }
    const wake = () => (first ? dma.readFirst(bits, done) : dma.read(bits, done))
    kernel.schedule(at, { name: `asker ${i}`, wake })
  })
  kernel.run()
  expect(dma.count).toEqual({ bitsRead: asks.reduce((sum, { bits }) => sum + bits, 0), bitsWritten: 0 })
  return there
}

/** Cycle by cycle: the oldest of those that come first, else the oldest. */
function naive(asks: readonly Ask[], latency = LATENCY): number[] {
  const left = asks.map(({ bits }) => Math.ceil(bits / RATE))
  const there = asks.map(() => -1)
  for (let now = 0; there.includes(-1); now++) {
    const open = asks.flatMap(({ at }, i) => (at <= now && left[i]! > 0 ? [i] : []))
    const served = open.find((i) => asks[i]!.first) ?? open[0]
    if (served !== undefined && --left[served]! === 0) there[served] = now + 1 + latency
  }
  return there
}

/** In the order of their cycles, one of a kind in each. */
function randomAsks(seed: string): Ask[] {
  const random = seedrandom(seed)
  let at = 0
  return Array.from({ length: 30 }, () => {
    at += 1 + Math.floor(random() * 12)
    return { at, bits: 1 + Math.floor(random() * 600), first: random() < 0.4 }
  })
}

describe('reads', () => {
  it('take cycles of the port, one after another, and a latency', () => {
    const asks = [640, 1, 129].map((bits) => ({ at: 5, bits, first: false }))
    expect(run(asks)).toEqual([5 + 10, 5 + 11, 5 + 14].map((end) => end + LATENCY))
  })

  it('that come first stop a block, which goes on behind them', () => {
    const block = { at: 0, bits: 64 * 10, first: false }
    const urgent = { at: 4, bits: 64 * 3, first: true }
    expect(run([block, urgent])).toEqual([13 + LATENCY, 7 + LATENCY])
    expect(run([block, { ...urgent, at: 9 }])).toEqual([13 + LATENCY, 12 + LATENCY])
    expect(run([block, { ...urgent, at: 10 }])).toEqual([10 + LATENCY, 13 + LATENCY])
    expect(run([block, urgent, { ...urgent, at: 5 }])).toEqual([16 + LATENCY, 7 + LATENCY, 10 + LATENCY])
  })

  it.each([0, 1, 60])('of any order are those of a port served cycle by cycle, latency %d', (latency) => {
    for (let i = 0; i < 20; i++) {
      const asks = randomAsks(`asks ${i}`)
      for (const order of orders) expect(run(asks, latency, order), `asks ${i}`).toEqual(naive(asks, latency))
    }
  })

  it('show no order within a cycle between blocks of either kind', () => {
    for (let i = 0; i < 20; i++) {
      const asks = randomAsks(`pairs ${i}`).flatMap((ask) => [ask, { ...ask, first: !ask.first }])
      for (const order of orders) expect(run(asks, LATENCY, order), `pairs ${i}`).toEqual(naive(asks))
    }
  })

  it('of nothing are there at once', () => {
    const none = { at: 3, bits: 0, first: true }
    expect(run([none, { ...none, first: false }])).toEqual([3, 3])
  })
})
