// What a cache counts.

export const cacheCount = () => ({
  /** Accesses. */
  reads: 0,
  writes: 0,
  /** Accesses that made a line pending, by what the access was. */
  readMisses: 0,
  writeMisses: 0,
  /** Accesses to a line that was pending already. */
  merged: 0,
  /** Lines that made room for others, dirty or not. */
  evictions: 0,
  /** Of those, dirty ones. */
  writeBacks: 0,
  /** Lines asked for by the prefetcher. */
  prefetches: 0,
  /** Of those, accessed after they had come; accessed while still on their way. */
  usefulPrefetches: 0,
  latePrefetches: 0,
  /** Lines asked for by prefetch(). */
  softwarePrefetches: 0,
  /** Cycles in which no MSHR was free. */
  mshrFullCycles: 0,
})

export type CacheCount = ReturnType<typeof cacheCount>
