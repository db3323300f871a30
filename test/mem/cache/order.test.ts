import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { Cache } from '../../../src/mem/cache/cache.ts'
import { FirstLevelCache } from '../../../src/mem/cache/first-level.ts'
import type { PrefetcherSpec, Replacement } from '../../../src/mem/cache/spec.ts'
import { FixedLatency } from '../../../src/mem/fixed-latency.ts'
import { Kernel, type Order, type Unit } from '../../../src/sim/kernel.ts'
import { orders } from '../../sim/toys.ts'
import { smallCache, smallLowerCache } from '../specs.ts'

/** Accesses some lines a cycle, asks for what is missing in order, and notes all that it can see in each cycle. */
class Core implements Unit {
  readonly name: string
  readonly log: number[] = []
  private readonly kernel: Kernel
  private readonly cache: FirstLevelCache
  private readonly period: number
  private readonly random: seedrandom.PRNG
  private readonly spread: number
  private readonly waiting: number[] = []
  private readonly pending: number[] = []
  private cyclesLeft = 250
  private line = 0

  constructor(name: string, kernel: Kernel, cache: FirstLevelCache, period: number, seed: string) {
    this.name = name
    this.kernel = kernel
    this.cache = cache
    this.period = period
    this.random = seedrandom(seed)
    this.spread = [10, 30, 200][this.below(3)]!
    kernel.schedule(0, this)
  }

  private below(n: number): number {
    return Math.floor(this.random() * n)
  }

  wake(): void {
    const { now } = this.kernel
    for (let i = this.below(4); i > 0 && this.cyclesLeft > 0; i--) this.use()
    while (this.waiting.length > 0 && this.cache.fetch(this.waiting[0]!)) this.waiting.shift()
    while (this.pending.length > 0 && this.cache.filledAt(this.pending[0]!) <= now) {
      const handle = this.pending.shift()!
      this.log.push(now, this.cache.filledAt(handle), this.cache.servedBy(handle))
    }
    if (--this.cyclesLeft > 0 || this.pending.length > 0) this.kernel.schedule(this.period, this)
  }

  private use(): void {
    this.line = this.below(2) > 0 ? this.line + 1 : this.below(this.spread)
    if (this.below(12) === 0) this.log.push(this.cache.prefetch(this.line) ? -2 : -3)
    else if (this.below(20) === 0) this.log.push(this.cache.install(this.line) ? -4 : -5)
    else {
      const handle = this.cache.access(this.line, this.below(4) === 0)
      this.log.push(this.kernel.now, this.line, handle < 0 ? -1 : 0)
      if (handle < 0) return
      this.waiting.push(handle)
      this.pending.push(handle)
    }
  }
}

const prefetchers: readonly PrefetcherSpec[] = [
  { type: 'none' },
  { type: 'next-line', degree: 2, outstanding: 2 },
  { type: 'stride', streams: 2, threshold: 2, reach: 4, distance: 3, degree: 2, outstanding: 3 },
]
const replacements: readonly Replacement[] = ['lru', 'random', 'tree-plru', 'fifo']

/** Two cores' worth of first-level caches above one second level, all drawn at random. */
function run(seed: string, order: Order) {
  const random = seedrandom(seed)
  const below = (n: number) => Math.floor(random() * n)
  const kernel = new Kernel(order)
  const draw = () => ({
    replacement: replacements[below(4)]!,
    mshrs: 1 + below(3),
    writeBuffer: 1 + below(2),
    fillLatency: 1 + below(2),
    prefetcher: prefetchers[below(3)]!,
  })
  const memory = new FixedLatency(kernel, { name: 'memory', latency: 20, interval: below(6), queue: 1 + below(3) })
  const second = {
    ...smallLowerCache,
    ...draw(),
    missLatency: 2 + below(2),
    queue: 1 + below(2),
    interval: 1 + below(2),
  }
  const period = 1 + below(3)
  const l2 = new Cache(kernel, second, [period, 1, 2][below(3)]!, memory)
  const levels = ['data', 'instructions'].map((name) => {
    const cache = new FirstLevelCache(kernel, { ...smallCache, ...draw(), name }, period, l2)
    return { cache, core: new Core(`${name} core`, kernel, cache, period, `${seed} ${name}`) }
  })
  kernel.run()
  expect([l2.settled, memory.settled, ...levels.map(({ cache }) => cache.settled)]).toEqual([true, true, true, true])
  return { l2: l2.count, memory: memory.count, levels: levels.map(({ cache, core }) => [cache.count, core.log]) }
}

describe('two first levels above a second', () => {
  it('do the same in every order of events within a tick', () => {
    const total = { writeBacks: 0, merged: 0, usefulPrefetches: 0, latePrefetches: 0, mshrFullCycles: 0 }
    for (let i = 0; i < 24; i++) {
      const [forward, ...others] = orders.map((order) => run(`caches ${i}`, order))
      for (const other of others) expect(other, `caches ${i}`).toEqual(forward)
      for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += forward!.l2[key]
    }
    // All that can make trouble has happened, often.
    for (const times of Object.values(total)) expect(times).toBeGreaterThan(100)
  })
})
