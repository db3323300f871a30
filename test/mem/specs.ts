// Small caches for tests.

import type { CacheSpec, LowerCacheSpec } from '../../src/mem/cache/spec.ts'

/** Two ways of 64-byte lines, four sets. */
export const smallCache: CacheSpec = {
  name: 'l1d',
  bytes: 512,
  ways: 2,
  line: 64,
  replacement: 'lru',
  mshrs: 2,
  writeBuffer: 2,
  missLatency: 1,
  fillLatency: 1,
  prefetcher: { type: 'none' },
}

/** Two ways, eight sets. */
export const smallLowerCache: LowerCacheSpec = {
  ...smallCache,
  name: 'l2',
  bytes: 1024,
  missLatency: 3,
  hitLatency: 5,
  interval: 1,
  queue: 2,
}
