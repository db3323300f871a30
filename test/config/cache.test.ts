import { expect, it } from 'vitest'
import { z } from 'zod'
import { firstLevelCacheSchema, firstLevelCacheSpec, lowerCacheSchema, lowerCacheSpec } from '../../src/config/cache.ts'
import type { CacheSpec, LowerCacheSpec } from '../../src/mem/cache/spec.ts'

const cite = (value: unknown) => ({ value, kind: 'assumed', source: 'test' })

const l1 = {
  bytes: cite('32 KiB'),
  ways: cite(4),
  line: cite('64 B'),
  replacement: cite('random'),
  mshrs: cite(3),
  writeBuffer: cite(4),
  missLatency: cite(1),
  fillLatency: cite(2),
  prefetcher: {
    type: 'stride',
    streams: cite(2),
    threshold: cite(2),
    reach: cite(8),
    distance: cite(5),
    degree: cite(2),
    outstanding: cite(5),
  },
}
const l2 = {
  ...l1,
  missLatency: cite(4),
  hitLatency: cite(12),
  interval: cite(1),
  queue: cite(4),
  prefetcher: { type: 'none' },
}

it('leaves specs of caches when the sources are left away', () => {
  const first: CacheSpec = firstLevelCacheSpec('l1d', firstLevelCacheSchema.parse(l1))
  expect(first).toEqual({
    name: 'l1d',
    bytes: 32768,
    ways: 4,
    line: 64,
    replacement: 'random',
    mshrs: 3,
    writeBuffer: 4,
    missLatency: 1,
    fillLatency: 2,
    prefetcher: { type: 'stride', streams: 2, threshold: 2, reach: 8, distance: 5, degree: 2, outstanding: 5 },
  })
  const second: LowerCacheSpec = lowerCacheSpec('l2', lowerCacheSchema.parse(l2))
  expect(second).toMatchObject({ name: 'l2', hitLatency: 12, interval: 1, queue: 4, prefetcher: { type: 'none' } })
})

it.each([
  [
    { bytes: cite('33 KiB') },
    'bytes.value',
    'expected a power of two of sets: in 4 ways of 64-byte lines they are 132',
  ],
  [{ line: cite('48 B') }, 'line.value', 'expected a power of two from 4 to 4096 bytes, got 48'],
  [{ ways: cite(0) }, 'ways.value', 'expected a whole number of at least 1'],
  [
    { replacement: cite('tree-plru'), ways: cite(3), bytes: cite('48 KiB') },
    'ways.value',
    'expected a power of two of at most 32 for tree-plru, got 3',
  ],
  [{ missLatency: cite(0) }, 'missLatency.value', 'expected a whole number of at least 1'],
  [{ prefetcher: { type: 'next-line', degree: cite(1) } }, 'prefetcher.outstanding', ''],
  [{ mshrs: 4 }, 'mshrs', ''],
])('refuses %j', (changes, path, message) => {
  const { issues } = z.safeParse(firstLevelCacheSchema, { ...l1, ...changes }).error ?? { issues: [] }
  expect(issues.map((issue) => issue.path.join('.'))).toContain(path)
  expect(issues[0]!.message).toContain(message)
})

it('asks for two cycles until a lower cache asks below', () => {
  const { issues } = lowerCacheSchema.safeParse({ ...l2, missLatency: cite(1) }).error ?? { issues: [] }
  expect(issues.map((issue) => issue.message)).toEqual(['expected a whole number of at least 2'])
})
