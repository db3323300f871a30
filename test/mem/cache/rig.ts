// A first-level cache above a probe.

import { expect } from 'vitest'
import { FirstLevelCache } from '../../../src/mem/cache/first-level.ts'
import type { CacheSpec } from '../../../src/mem/cache/spec.ts'
import { Kernel } from '../../../src/sim/kernel.ts'
import { smallCache } from '../specs.ts'
import { Probe, type ProbeSpec } from '../traffic.ts'

export function rig(changes: Partial<CacheSpec> = {}, below: ProbeSpec = { latency: 10 }, period = 1) {
  const kernel = new Kernel()
  const probe = new Probe(kernel, below)
  const cache = new FirstLevelCache(kernel, { ...smallCache, ...changes }, period, probe)
  /** Accesses a line and, if it is missing, fetches it and waits. True if it was present. */
  const use = (line: number, write = false): boolean => {
    const handle = cache.access(line, write)
    if (handle >= 0) {
      expect(cache.fetch(handle)).toBe(true)
      kernel.run()
    }
    return handle < 0
  }
  return { kernel, probe, cache, use, log: probe.log }
}
