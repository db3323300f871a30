import { describe, expect, it } from 'vitest'
import { FirstLevelCache } from '../../../src/mem/cache/first-level.ts'
import type { PrefetcherSpec } from '../../../src/mem/cache/spec.ts'
import { Kernel } from '../../../src/sim/kernel.ts'
import { smallCache } from '../specs.ts'
import { Probe } from '../traffic.ts'

/** Accesses the lines in turn, waiting for each, then `pause` ticks. Returns what below was asked for, and the counts. */
function walk(prefetcher: PrefetcherSpec, lines: readonly number[], pause = 100) {
  const kernel = new Kernel()
  const probe = new Probe(kernel, { latency: 10 })
  const cache = new FirstLevelCache(kernel, { ...smallCache, bytes: 65536, ways: 4, prefetcher }, 1, probe)
  for (const line of lines) {
    const handle = cache.access(line, false)
    if (handle >= 0) {
      expect(cache.fetch(handle)).toBe(true)
      while (cache.filledAt(handle) === Infinity) kernel.runNext()
      kernel.runUntil(cache.filledAt(handle))
    }
    kernel.runUntil(kernel.now + pause)
  }
  kernel.run()
  expect(cache.settled).toBe(true)
  return { asked: probe.log.map((entry) => Number(entry.split(' ')[2])), count: cache.count, most: probe.most }
}

const range = (from: number, to: number, step = 1): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step)

describe('none', () => {
  it('asks for nothing', () => {
    expect(walk({ type: 'none' }, range(0, 9)).asked).toEqual(range(0, 9))
  })
})

describe('next-line', () => {
  it('asks for the line after a miss, not after a hit', () => {
    const { asked, count } = walk({ type: 'next-line', degree: 1, outstanding: 2 }, range(0, 5))
    expect(asked).toEqual([0, 1, 2, 3, 4, 5])
    expect(count).toMatchObject({ readMisses: 3, prefetches: 3, usefulPrefetches: 3, latePrefetches: 0 })
  })

  it('asks for as many as its degree says, of the same page of 4 KiB, and that may be in flight', () => {
    expect(walk({ type: 'next-line', degree: 3, outstanding: 3 }, [61]).asked).toEqual([61, 62, 63])
    expect(walk({ type: 'next-line', degree: 3, outstanding: 3 }, [60]).asked).toEqual([60, 61, 62, 63])
    expect(walk({ type: 'next-line', degree: 3, outstanding: 2 }, [60]).asked).toEqual([60, 61, 62])
    expect(walk({ type: 'next-line', degree: 3, outstanding: 3 }, [63]).asked).toEqual([63])
  })

  it('passes over lines that are present', () => {
    expect(walk({ type: 'next-line', degree: 1, outstanding: 1 }, [5, 4]).asked).toEqual([5, 6, 4])
  })
})

describe('stride', () => {
  const spec = { type: 'stride', streams: 2, threshold: 2, reach: 8, distance: 2, degree: 2, outstanding: 5 } as const

  it.each([
    ['ascending', 1],
    ['descending', -1],
    ['every third line', 3],
    ['descending by eight', -8],
  ])('follows a stream, %s: it misses as often as the threshold says, once a page', (_, step) => {
    // Lines 64 to 127 are a page.
    const lines = step > 0 ? range(64, 127, step) : range(127, 64, step)
    const { asked, count } = walk(spec, lines)
    expect(asked.toSorted((a, b) => a - b)).toEqual(lines.toSorted((a, b) => a - b))
    expect(count).toMatchObject({ readMisses: 2, prefetches: lines.length - 2, usefulPrefetches: lines.length - 2 })
  })

  it.each([2, 3, 4])('begins after %i lines equally far apart', (threshold) => {
    const lines = range(0, 20)
    const { asked, count } = walk({ ...spec, threshold }, lines)
    expect(count.readMisses).toBe(threshold)
    expect(asked).toEqual(range(0, 22))
  })

  it.each([1, 2, 5])('runs %i lines ahead', (distance) => {
    const { asked } = walk({ ...spec, distance, degree: distance }, range(0, 10))
    expect(Math.max(...asked)).toBe(10 + distance)
  })

  it('asks for no more than its degree at an access', () => {
    expect(walk({ ...spec, distance: 4, degree: 1 }, [0, 1]).asked).toEqual([0, 1, 2])
    expect(walk({ ...spec, distance: 4, degree: 1 }, [0, 1, 2]).asked).toEqual([0, 1, 2, 3])
    expect(walk({ ...spec, distance: 4, degree: 3 }, [0, 1]).asked).toEqual([0, 1, 2, 3, 4])
    // The next two accesses bring it to its full distance.
    expect(walk({ ...spec, distance: 4, degree: 3 }, [0, 1, 2]).asked).toEqual([0, 1, 2, 3, 4, 5, 6])
  })

  it('stays within a page, and goes on in the next after a miss', () => {
    const { asked, count } = walk(spec, range(60, 70))
    expect(asked).toEqual(range(60, 72))
    // 60, 61 and the first of the new page, which continues the stream.
    expect(count.readMisses).toBe(3)
  })

  it('has no more in flight than may be', () => {
    const { most, count } = walk({ ...spec, distance: 8, degree: 8, outstanding: 3 }, range(0, 30), 0)
    expect(most).toBeLessThanOrEqual(3 + smallCache.mshrs)
    expect(count.prefetches).toBeGreaterThan(0)
    expect(walk({ ...spec, distance: 8, degree: 8, outstanding: 3 }, [0, 1]).asked).toEqual([0, 1, 2, 3, 4])
  })

  it('follows as many streams as it has, interleaved, and none when there are more', () => {
    const interleaved = (streams: number) => range(0, 29).flatMap((i) => range(0, streams - 1).map((s) => s * 1024 + i))
    expect(walk(spec, interleaved(2)).count.readMisses).toBe(4)
    expect(walk(spec, interleaved(3)).count).toMatchObject({ readMisses: 90, prefetches: 0 })
    expect(walk({ ...spec, streams: 3 }, interleaved(3)).count.readMisses).toBe(6)
  })

  it('sees no stream in lines further apart than its reach', () => {
    expect(walk(spec, range(0, 63, 9)).count.prefetches).toBe(0)
  })

  it('counts what comes too late, and the access waits for the prefetch only', () => {
    const { count, asked } = walk({ ...spec, distance: 1 }, range(0, 9), 0)
    expect(asked).toEqual(range(0, 10))
    expect(count).toMatchObject({ readMisses: 2, prefetches: 9, usefulPrefetches: 0, latePrefetches: 8 })
  })
})

describe('a demand access to a line that is being prefetched', () => {
  it('shares its handle, and need not be fetched', () => {
    const kernel = new Kernel()
    const probe = new Probe(kernel, { latency: 10 })
    const prefetcher = { type: 'next-line', degree: 1, outstanding: 1 } as const
    const cache = new FirstLevelCache(kernel, { ...smallCache, mshrs: 1, prefetcher }, 1, probe)
    const first = cache.access(0, false)
    cache.fetch(first)
    const second = cache.access(1, true)
    expect(second).toBeGreaterThanOrEqual(0)
    expect(cache.fetch(second)).toBe(true) // though the MSHR is taken
    kernel.run()
    expect(probe.log).toEqual(['1 r 0', '2 r 1'])
    expect(cache.filledAt(second)).toBe(13)
    expect(cache.count).toMatchObject({ prefetches: 1, latePrefetches: 1, usefulPrefetches: 0, writeMisses: 0 })
    // The merged write made it dirty.
    for (const line of [5, 9]) {
      cache.fetch(cache.access(line, false))
      kernel.run()
    }
    expect(probe.log.some((entry) => entry.endsWith(' w 1'))).toBe(true)
  })
})
