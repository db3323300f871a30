import { describe, expect, it } from 'vitest'
import { Cache } from '../../../src/mem/cache/cache.ts'
import type { LowerCacheSpec } from '../../../src/mem/cache/spec.ts'
import { Kernel } from '../../../src/sim/kernel.ts'
import { smallLowerCache } from '../specs.ts'
import { Probe, type ProbeSpec, ScriptedClient, type Step } from '../traffic.ts'

const at = (tick: number, line: number, write = false): Step => ({ at: tick, address: line * 64, write })

interface Setup {
  readonly spec?: Partial<LowerCacheSpec>
  readonly below?: ProbeSpec
  readonly period?: number
  readonly warm?: readonly number[]
}

function run({ spec, below = { latency: 20 }, period = 1, warm = [] }: Setup, ...scripts: Step[][]) {
  const kernel = new Kernel()
  const probe = new Probe(kernel, below)
  const cache = new Cache(kernel, { ...smallLowerCache, ...spec }, period, probe)
  for (const line of warm) cache.warm(line)
  const clients = scripts.map((steps, i) => new ScriptedClient('ab'[i]!, kernel, cache, steps))
  kernel.run()
  expect(cache.settled).toBe(true)
  return { cache, probe, log: probe.log, clients, count: cache.count }
}

describe('a hit', () => {
  it.each([1, 2, 5, 12])('is answered after %i cycles, no sooner', (hitLatency) => {
    const { clients, log } = run({ spec: { hitLatency }, warm: [3] }, [at(10, 3)])
    expect(clients[0]!.doneAt).toEqual([10 + hitLatency])
    expect(clients[0]!.depth).toEqual([0])
    expect(log).toEqual([])
  })

  it('is counted from the first edge of its own clock', () => {
    const { clients } = run({ period: 4, warm: [3] }, [at(9, 3), at(20, 3)])
    expect(clients[0]!.doneAt).toEqual([12 + 4 * 4, 20 + 5 * 4])
  })

  it.each([1, 3])('comes every %i cycles at most', (interval) => {
    const steps = Array.from({ length: 6 }, () => at(0, 3))
    const { clients } = run({ spec: { interval, queue: 8 }, warm: [3] }, steps)
    expect(clients[0]!.doneAt).toEqual(steps.map((_, i) => 5 + i * interval))
  })
})

describe('a miss', () => {
  it('asks below after the miss latency and answers after the fill latency', () => {
    const { clients, log, count } = run({ spec: { missLatency: 4, fillLatency: 3 } }, [at(10, 3), at(100, 3)])
    expect(log).toEqual(['14 r 3'])
    expect(clients[0]!.doneAt).toEqual([14 + 20 + 3, 105])
    expect(clients[0]!.depth).toEqual([1, 0])
    expect(count).toMatchObject({ reads: 2, readMisses: 1 })
  })

  it('is shared by all who ask for the line until it has come', () => {
    const { clients, log, count } = run({}, [at(0, 3), at(4, 3), at(30, 3)], [at(7, 3)])
    expect(log).toEqual(['3 r 3'])
    expect(clients.map(({ doneAt }) => doneAt)).toEqual([[24, 24, 35], [24]])
    expect(clients.map(({ depth }) => depth)).toEqual([[1, 1, 0], [1]])
    expect(count).toMatchObject({ reads: 4, readMisses: 1, merged: 2 })
  })

  it('of another line waits while no MSHR is free, and hits of another client pass', () => {
    const { clients, probe } = run(
      { spec: { mshrs: 2 }, warm: [8] },
      [at(0, 1), at(0, 2), at(4, 3)],
      [at(6, 8), at(10, 8)],
    )
    expect(clients[1]!.doneAt).toEqual([11, 15])
    // 1 is filled at 24: then 3 is looked up, which after its request takes 2 cycles more to go below.
    expect(probe.log).toEqual(['3 r 1', '4 r 2', '26 r 3'])
    expect(clients[0]!.doneAt).toEqual([24, 25, 47])
  })

  it('passes behind a miss that waits, of another client, to the same line', () => {
    const { clients, probe } = run({ spec: { mshrs: 1 } }, [at(0, 1), at(2, 2)], [at(4, 1), at(5, 2)])
    expect(probe.log).toEqual(['3 r 1', '26 r 2'])
    expect(clients.map(({ doneAt }) => doneAt)).toEqual([
      [24, 47],
      [24, 47],
    ])
  })

  it.each([1, 2, 4])('with %i MSHRs, as many reads are in flight and no more', (mshrs) => {
    const { probe, clients } = run(
      { spec: { mshrs, queue: 4 } },
      Array.from({ length: 30 }, (_, line) => at(0, line)),
    )
    expect(probe.most).toBe(mshrs)
    expect(clients[0]!.doneAt).not.toContain(-1)
  })
})

describe('a line handed over from above', () => {
  it('is kept without asking below, and written back when it is evicted', () => {
    const { log, count } = run({}, [at(0, 0, true), at(10, 8), at(50, 16), at(100, 24)])
    // Set 0 holds two lines: 16 evicts 0, 24 evicts 8, which is clean.
    expect(log).toEqual(['13 r 8', '53 r 16', '75 w 0', '103 r 24'])
    expect(count).toMatchObject({ writes: 1, writeMisses: 1, evictions: 2, writeBacks: 1 })
  })

  it('makes a present line, or one on its way, dirty', () => {
    const { log } = run({ warm: [0] }, [at(0, 0, true), at(0, 8), at(5, 8, true), at(60, 16), at(120, 24)])
    expect(log.map((entry) => entry.replace(/^\d+ /, ''))).toEqual(['r 8', 'r 16', 'w 0', 'r 24', 'w 8'])
  })

  it('waits when it would evict a dirty one and the write buffer is full', () => {
    const steps = [0, 8, 16, 24, 32, 40].map((line) => at(0, line, true))
    const { clients, log } = run({ below: { latency: 20, writesFrom: 200 }, spec: { writeBuffer: 2 } }, steps)
    // Two lines fill the set, two more the write buffer, two the queue; of which the last found no place before.
    expect(clients[0]!.takenAt).toEqual([0, 0, 2, 3, 4, 5])
    expect(log).toEqual(['200 w 0', '201 w 8', '202 w 16', '203 w 24'])
  })
})

describe('requests', () => {
  it('are refused when the queue of their client is full, that of another is its own', () => {
    const { clients } = run(
      { spec: { queue: 2, interval: 4 }, warm: [1] },
      [at(0, 1), at(0, 1), at(0, 1)],
      [at(0, 1), at(0, 1)],
    )
    // Lookups at 1, 5, 9, ...: by arrival, then by name.
    expect(clients.map(({ takenAt }) => takenAt)).toEqual([
      [0, 0, 2],
      [0, 0],
    ])
    expect(clients.map(({ doneAt }) => doneAt)).toEqual([
      [5, 9, 21],
      [13, 17],
    ])
    expect(clients.map(({ refusals }) => refusals)).toEqual([1, 0])
  })

  it('say from what depth they were served', () => {
    const kernel = new Kernel()
    const probe = new Probe(kernel, { latency: 20 })
    const third = new Cache(kernel, { ...smallLowerCache, name: 'l3', bytes: 4096 }, 1, probe)
    const second = new Cache(kernel, smallLowerCache, 1, third)
    third.warm(2)
    second.warm(1)
    const client = new ScriptedClient('a', kernel, second, [at(0, 1), at(50, 2), at(100, 3)])
    kernel.run()
    expect(client.depth).toEqual([0, 1, 2])
    // Hit; miss latency, the other's hit and fill; miss latencies, below, and two fills.
    expect(client.doneAt).toEqual([5, 50 + 3 + 5 + 1, 100 + 3 + 3 + 20 + 1 + 1])
  })
})

describe('a prefetcher', () => {
  it('brings in what requests from above then find', () => {
    const prefetcher = {
      type: 'stride',
      streams: 1,
      threshold: 2,
      reach: 1,
      distance: 2,
      degree: 2,
      outstanding: 2,
    } as const
    const steps = Array.from({ length: 10 }, (_, i) => at(i * 50, i))
    const { clients, count } = run({ spec: { prefetcher, bytes: 4096 } }, steps)
    expect(clients[0]!.depth).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    expect(count).toMatchObject({ readMisses: 2, usefulPrefetches: 8, prefetches: 10 })
  })
})
