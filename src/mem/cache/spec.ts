// What a cache is, as data. Cycles are the cache's own.

export type Replacement = 'lru' | 'tree-plru' | 'random' | 'fifo'

/** Asks for lines before they are needed; trained by misses and by the first access to each prefetched line. */
export type PrefetcherSpec =
  | { readonly type: 'none' }
  | {
      /** The lines that follow one that missed. */
      readonly type: 'next-line'
      /** How many of them. */
      readonly degree: number
      /** Prefetches in flight at once. */
      readonly outstanding: number
    }
  | {
      /** Streams of lines at a constant distance, ascending or descending, within a page of 4 KiB. */
      readonly type: 'stride'
      /** Streams followed at once. */
      readonly streams: number
      /** Lines of a stream seen, equally far apart, before it is prefetched; at least 2. */
      readonly threshold: number
      /** Lines between two of a stream, at most. */
      readonly reach: number
      /** How many lines of the stream the prefetcher runs ahead. */
      readonly distance: number
      /** Prefetches issued by one access, at most. */
      readonly degree: number
      /** Prefetches in flight at once. */
      readonly outstanding: number
    }

export interface CacheSpec {
  /** Unique among the caches of a machine: it decides between requests of one tick, and seeds random replacement. */
  readonly name: string
  /** `bytes / (ways * line)` and `line` are powers of two; of tree-plru, so is `ways`. */
  readonly bytes: number
  readonly ways: number
  /** Bytes of a line; the same in all levels. */
  readonly line: number
  readonly replacement: Replacement
  /** Lines asked for below at once, prefetches apart. */
  readonly mshrs: number
  /** Dirty lines evicted and not yet taken by the level below. */
  readonly writeBuffer: number
  /** Cycles from a miss until the level below is asked, at least 1. */
  readonly missLatency: number
  /** Cycles from the answer of the level below until the line can be used, at least 1. */
  readonly fillLatency: number
  readonly prefetcher: PrefetcherSpec
}

/** A cache that is asked by other caches: level 2 and below. Its `missLatency`, from the request on, is at least 2. */
export interface LowerCacheSpec extends CacheSpec {
  /** Cycles from a request to the answer when the line is present; of these the first is spent on the way to the lookup. */
  readonly hitLatency: number
  /** Cycles between lookups. */
  readonly interval: number
  /** Requests of each client that wait for their lookup. */
  readonly queue: number
}
