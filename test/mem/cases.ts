// Every kind of memory, alone and stacked, each under tight limits: the contract holds for all of them.

import { loadMemory } from '../../src/config/memory.ts'
import { Cache } from '../../src/mem/cache/cache.ts'
import { DramController } from '../../src/mem/dram/controller.ts'
import { FixedLatency } from '../../src/mem/fixed-latency.ts'
import type { Memory } from '../../src/mem/memory.ts'
import type { Kernel } from '../../src/sim/kernel.ts'
import { smallLowerCache } from './specs.ts'

export interface MemoryCase {
  readonly name: string
  build(kernel: Kernel): Memory
  /** Clients that may ask in the same tick without the order among them being observable. */
  readonly clients: 1 | 2
}

const fixed = (kernel: Kernel, interval: number, queue = 1) =>
  new FixedLatency(kernel, { name: 'memory', latency: 20, interval, queue })

const ddr3 = loadMemory('ddr3-1600-order-a')
const dram = (kernel: Kernel) => new DramController('dram', kernel, ddr3, 2)

const narrow = { ...smallLowerCache, mshrs: 1, writeBuffer: 1, queue: 1, interval: 2 } as const
const third = { ...smallLowerCache, name: 'l3', bytes: 4096, mshrs: 3, fillLatency: 2 } as const
const prefetcher = {
  type: 'stride',
  streams: 2,
  threshold: 2,
  reach: 4,
  distance: 3,
  degree: 2,
  outstanding: 2,
} as const

export const cases: readonly MemoryCase[] = [
  { name: 'fixed latency', clients: 2, build: (kernel) => fixed(kernel, 0) },
  { name: 'fixed latency and bandwidth', clients: 2, build: (kernel) => fixed(kernel, 4, 2) },
  { name: 'DRAM', clients: 1, build: dram },
  { name: 'cache', clients: 2, build: (kernel) => new Cache(kernel, smallLowerCache, 1, fixed(kernel, 0)) },
  { name: 'narrow cache', clients: 2, build: (kernel) => new Cache(kernel, narrow, 1, fixed(kernel, 7)) },
  { name: 'cache on a slower clock', clients: 2, build: (kernel) => new Cache(kernel, narrow, 3, fixed(kernel, 5)) },
  {
    name: 'cache that prefetches',
    clients: 2,
    build: (kernel) => new Cache(kernel, { ...smallLowerCache, prefetcher }, 1, fixed(kernel, 3)),
  },
  {
    name: 'cache above a cache',
    clients: 2,
    build: (kernel) => new Cache(kernel, narrow, 1, new Cache(kernel, third, 2, fixed(kernel, 5))),
  },
  { name: 'cache above DRAM', clients: 2, build: (kernel) => new Cache(kernel, smallLowerCache, 3, dram(kernel)) },
]
