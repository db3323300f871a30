import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { rig } from './rig.ts'

describe('calls beside access() and fetch()', () => {
  it('install() needs no fetch, and is refused while the write buffer is full', () => {
    const { kernel, cache, log } = rig({ writeBuffer: 1 }, { latency: 10, writesFrom: 100 })
    const freed: number[] = []
    cache.onFree = () => freed.push(kernel.now)
    expect([0, 4, 8].map((line) => cache.install(line))).toEqual([true, true, true])
    expect(cache.install(12)).toBe(false)
    expect(cache.holds(12)).toBe(false)
    kernel.runUntil(101)
    expect(cache.install(12)).toBe(true)
    kernel.run()
    expect(log).toEqual(['100 w 0', '102 w 4'])
    expect(freed).toEqual([101])
    expect(cache.count).toMatchObject({ writes: 4, writeMisses: 4, evictions: 2, writeBacks: 2 })
  })

  it('prefetch() brings a line in for a later access, and does nothing when no MSHR is free', () => {
    const { kernel, cache, log } = rig({ mshrs: 1 })
    expect(cache.prefetch(7)).toBe(true)
    expect(cache.prefetch(7)).toBe(true)
    expect(cache.prefetch(8)).toBe(false)
    const handle = cache.access(7, false)
    expect(cache.fetch(handle)).toBe(true)
    kernel.run()
    expect(cache.prefetch(7)).toBe(true)
    expect(cache.access(7, false)).toBe(-1)
    expect(log).toEqual(['1 r 7'])
    expect(cache.count).toMatchObject({ softwarePrefetches: 1, readMisses: 0, merged: 1 })
  })

  it('warm() makes lines present without asking anyone', () => {
    const { cache, log } = rig()
    for (const line of [0, 4, 8, 1]) cache.warm(line)
    expect([0, 4, 8, 1].map((line) => cache.holds(line))).toEqual([false, true, true, true])
    expect(cache.settled).toBe(true)
    expect(log).toEqual([])
  })

  it('wouldUse() tells what use() would, and changes nothing', () => {
    for (const replacement of ['lru', 'tree-plru', 'random', 'fifo'] as const) {
      const outcome = (asks: boolean) => {
        const { cache, use, log } = rig({ replacement, prefetcher: { type: 'next-line', degree: 1, outstanding: 1 } })
        const random = seedrandom(replacement)
        const told: boolean[] = []
        for (let i = 0; i < 600; i++) {
          const line = Math.floor(random() * 16)
          if (asks) told.push(cache.wouldUse(line) === cache.use(line, false))
          else cache.use(line, false)
          use(Math.floor(random() * 16), random() < 0.3)
        }
        return { log, count: cache.count, told: told.every((same) => same) }
      }
      expect(outcome(true)).toEqual(outcome(false))
    }
  })

  it('use() refuses lines that are absent, or prefetched and not yet accessed, and counts nothing', () => {
    const { kernel, cache, use } = rig({ prefetcher: { type: 'next-line', degree: 1, outstanding: 1 } })
    use(0)
    kernel.run()
    expect([0, 1, 2].map((line) => cache.use(line, false))).toEqual([true, false, false])
    cache.access(1, false)
    expect(cache.use(1, false)).toBe(true)
    expect(cache.count).toMatchObject({ reads: 2, usefulPrefetches: 1 })
  })

  it('use() makes a line dirty, and the one used last', () => {
    const { cache, use, log } = rig()
    use(0)
    use(4)
    expect(cache.use(0, true)).toBe(true)
    use(8) // evicts 4
    use(12) // evicts 0
    expect([0, 4, 8, 12].map((line) => cache.holds(line))).toEqual([false, false, true, true])
    expect(log.map((entry) => entry.replace(/^\d+ /, ''))).toEqual(['r 0', 'r 4', 'r 8', 'r 12', 'w 0'])
  })

  it('waits for a level below that refuses', () => {
    const { kernel, cache, log } = rig({}, { latency: 10, opensAt: 40 })
    const handles = [1, 2].map((line) => cache.access(line, false))
    for (const handle of handles) expect(cache.fetch(handle)).toBe(true)
    kernel.run()
    expect(log).toEqual(['40 r 1', '41 r 2'])
    expect(handles.map((handle) => cache.filledAt(handle))).toEqual([51, 52])
  })
})

describe('handles', () => {
  it('are given out again only long after their fill', () => {
    const { cache, use, kernel } = rig({ bytes: 128, ways: 1 })
    const first = cache.access(0, false)
    cache.fetch(first)
    kernel.run()
    const filledAt = cache.filledAt(first)
    for (let line = 1; line < 1000; line++) use(line)
    expect(cache.filledAt(first)).toBe(filledAt)
  })

  it('are as many as lines are pending', () => {
    const { cache, kernel, log } = rig({ mshrs: 4 })
    const handles = Array.from({ length: 3000 }, (_, line) => cache.access(line, false))
    expect(new Set(handles).size).toBe(3000)
    expect(handles.map((_, line) => cache.access(line, true))).toEqual(handles)
    const waiting = [...handles]
    cache.onFree = () => {
      while (waiting.length > 0 && cache.fetch(waiting[0]!)) waiting.shift()
    }
    cache.onFree()
    kernel.run()
    expect(log.filter((entry) => entry.includes('r'))).toHaveLength(3000)
    expect(cache.count.writeBacks).toBe(3000 - 8)
    expect(cache.settled).toBe(true)
  })
})
