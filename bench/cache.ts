// Speed of the caches: accesses of a first-level cache that hit, and requests through a second level to a
// memory of fixed latency. Run: npx tsx bench/cache.ts

import seedrandom from 'seedrandom'
import { Cache } from '../src/mem/cache/cache.ts'
import { FirstLevelCache } from '../src/mem/cache/first-level.ts'
import type { CacheSpec, LowerCacheSpec } from '../src/mem/cache/spec.ts'
import { FixedLatency } from '../src/mem/fixed-latency.ts'
import type { MemoryClient } from '../src/mem/memory.ts'
import { Kernel, type Unit } from '../src/sim/kernel.ts'

const l1: CacheSpec = {
  name: 'l1d',
  bytes: 32768,
  ways: 4,
  line: 64,
  replacement: 'lru',
  mshrs: 4,
  writeBuffer: 4,
  missLatency: 1,
  fillLatency: 1,
  prefetcher: { type: 'none' },
}

const l2: LowerCacheSpec = {
  ...l1,
  name: 'l2',
  bytes: 524288,
  ways: 16,
  mshrs: 16,
  writeBuffer: 8,
  missLatency: 4,
  hitLatency: 12,
  interval: 1,
  queue: 4,
}

const build = (kernel: Kernel) =>
  new Cache(kernel, l2, 1, new FixedLatency(kernel, { name: 'memory', latency: 150, interval: 8, queue: 16 }))

const CALLS = 50_000_000
const LINES = 512 // all of the first level
const BASE = 2 ** 32 / 64 // beyond small integers, once multiplied by the bytes of a line

// Each loop is a function of its own, so that what it calls is compiled into it as into a core.
const loops: Readonly<Record<string, (cache: FirstLevelCache) => void>> = {
  'use, one line': (cache) => {
    for (let i = 0; i < CALLS; i++) cache.use(BASE, (i & 3) === 0)
  },
  'use, last used of its set': (cache) => {
    for (let i = 0; i < CALLS; i++) cache.use(BASE + LINES - 128 + (i & 127), false)
  },
  'use, other lines of a set': (cache) => {
    for (let i = 0; i < CALLS; i++) cache.use(BASE + ((i * 128) & (LINES - 1)), false)
  },
  'access, all lines in turn': (cache) => {
    for (let i = 0; i < CALLS; i++) cache.access(BASE + (i & (LINES - 1)), false)
  },
  'holds, last used of its set': (cache) => {
    for (let i = 0; i < CALLS; i++) cache.holds(BASE + LINES - 128 + (i & 127))
  },
  'holds, all lines in turn': (cache) => {
    for (let i = 0; i < CALLS; i++) cache.holds(BASE + (i & (LINES - 1)))
  },
}

function nanosecondsACall(loop: (cache: FirstLevelCache) => void): number {
  const kernel = new Kernel()
  const cache = new FirstLevelCache(kernel, l1, 1, build(kernel))
  for (let line = 0; line < LINES; line++) cache.warm(BASE + line)
  let best = Infinity
  for (let run = 0; run < 4; run++) {
    const before = process.cpuUsage().user
    loop(cache)
    best = Math.min(best, ((process.cpuUsage().user - before) * 1000) / CALLS)
  }
  return best
}

/** Keeps up to 16 reads in flight, with a write for every three, until `requests` were made. */
class Traffic implements MemoryClient, Unit {
  readonly name = 'traffic'
  private readonly kernel: Kernel
  private readonly cache: Cache
  private readonly addresses: Float64Array
  private left: number
  private inFlight = 0
  private waits = false

  constructor(kernel: Kernel, cache: Cache, addresses: Float64Array, requests: number) {
    this.kernel = kernel
    this.cache = cache
    this.addresses = addresses
    this.left = requests
    kernel.schedule(0, this)
  }

  wake(): void {
    while (this.left > 0 && !this.waits && this.inFlight < 16) {
      const at = this.left % this.addresses.length
      const write = (this.left & 3) === 0
      if (!this.cache.request(this.addresses[at]!, write, this, 0)) {
        this.waits = true
        return
      }
      this.left--
      if (!write) this.inFlight++
    }
  }

  done(): void {
    this.inFlight--
    if (!this.waits) this.kernel.schedule(1, this)
  }

  retry(): void {
    this.waits = false
    this.kernel.schedule(0, this)
  }
}

function requestsASecond(bytes: number): { rate: number; missRatio: number } {
  const random = seedrandom('traffic')
  const addresses = Float64Array.from({ length: 65536 }, () => Math.floor((random() * bytes) / 64) * 64)
  let rate = 0
  let missRatio = 0
  for (let run = 0; run < 4; run++) {
    const kernel = new Kernel()
    const cache = build(kernel)
    const requests = 1_000_000
    new Traffic(kernel, cache, addresses, requests)
    const before = process.cpuUsage().user
    kernel.run()
    rate = Math.max(rate, (requests / (process.cpuUsage().user - before)) * 1e6)
    const { reads, writes, readMisses, writeMisses } = cache.count
    if (reads + writes !== requests || !cache.settled) throw new Error(`${reads + writes} requests of ${requests}`)
    missRatio = (readMisses + writeMisses) / requests
  }
  return { rate, missRatio }
}

for (const [name, loop] of Object.entries(loops))
  console.log(`${name.padEnd(28)} ${nanosecondsACall(loop).toFixed(1).padStart(5)} ns`)
for (const [name, bytes] of [
  ['256 KiB, all hits in the end', 256 * 1024],
  ['2 MiB, mostly misses', 2 * 1024 * 1024],
] as const) {
  const { rate, missRatio } = requestsASecond(bytes)
  console.log(
    `L2 traffic over ${name}: ${(rate / 1e6).toFixed(2)} M requests/s, ${(100 * missRatio).toFixed(0)} % misses`,
  )
}
