import { describe, expect, it } from 'vitest'
import type { FirstLevelCache } from '../../../src/mem/cache/first-level.ts'
import { rig } from './rig.ts'

describe('a miss', () => {
  it('asks below after the miss latency, and can be used the fill latency after the answer, no sooner', () => {
    const { kernel, cache, log } = rig({ missLatency: 3, fillLatency: 2 })
    const handle = cache.access(7, false)
    expect(cache.fetch(handle)).toBe(true)
    expect(cache.filledAt(handle)).toBe(Infinity)
    kernel.runUntil(14)
    expect(log).toEqual(['3 r 7'])
    expect(cache.filledAt(handle)).toBe(15) // 3 + 10 + 2
    expect(cache.servedBy(handle)).toBe(0)
    expect(cache.holds(7)).toBe(false)
    expect(cache.access(7, false)).toBe(handle)
    kernel.runUntil(15) // the events of tick 15 have not fired
    expect(cache.holds(7)).toBe(true)
    expect(cache.access(7, false)).toBe(-1)
    kernel.run()
    expect(cache.settled).toBe(true)
    expect(cache.count).toMatchObject({ reads: 3, readMisses: 1, merged: 1 })
  })

  it('takes whole cycles of its own clock', () => {
    const { kernel, cache, log } = rig({ missLatency: 2 }, { latency: 10 }, 3)
    const handle = cache.access(7, false)
    cache.fetch(handle)
    kernel.run()
    expect(log).toEqual(['6 r 7'])
    expect(cache.filledAt(handle)).toBe(21) // answered at 16: the next edge is 18, and a cycle
  })

  it('shares its handle with all accesses until the fill, and asks below once', () => {
    const { kernel, cache, log } = rig()
    const handle = cache.access(7, false)
    expect(cache.access(7, true)).toBe(handle)
    expect(cache.fetch(handle)).toBe(true)
    expect(cache.fetch(handle)).toBe(true)
    kernel.run()
    expect(cache.fetch(handle)).toBe(true)
    kernel.run()
    expect(log).toEqual(['1 r 7'])
  })

  it('hides no line that is present, and nothing is asked before fetch()', () => {
    const { kernel, cache, use, log } = rig()
    use(4)
    const pending = [0, 1, 2, 3].map((line) => cache.access(8 + line, false))
    expect(new Set(pending).size).toBe(4)
    expect(cache.access(4, false)).toBe(-1)
    kernel.run()
    expect(log).toEqual(['1 r 4'])
    expect(cache.settled).toBe(false)
  })
})

describe('fills of one tick', () => {
  it('are done in the order in which the lines were asked for, whichever is answered first', () => {
    for (const turned of [false, true]) {
      const { cache, kernel } = rig({}, { latency: 10, opensAt: 1000 })
      const lines = [0, 4].map((line) => cache.access(line, false))
      for (const handle of lines) cache.fetch(handle)
      for (const handle of turned ? lines.toReversed() : lines) cache.done(handle, 0)
      kernel.runUntil(1)
      cache.install(8) // evicts the line filled first
      expect([0, 4, 8].map((line) => cache.holds(line))).toEqual([false, true, true])
    }
  })
})

describe('MSHRs', () => {
  it('let as many lines be asked for as there are, and the next when one is filled', () => {
    const { kernel, cache, log } = rig({ mshrs: 2 })
    const freed: number[] = []
    cache.onFree = () => freed.push(kernel.now)
    const [a, b, c] = [1, 2, 3].map((line) => cache.access(line, false)) as [number, number, number]
    expect([a, b, c].map((handle) => cache.fetch(handle))).toEqual([true, true, false])
    kernel.runUntil(11)
    expect(cache.fetch(c)).toBe(false)
    kernel.runUntil(12) // 1 asked at 1, answered at 11
    expect(cache.fetch(c)).toBe(true)
    kernel.run()
    expect(log).toEqual(['1 r 1', '2 r 2', '13 r 3'])
    expect(freed).toEqual([12, 13, 24])
    expect(cache.count.mshrFullCycles).toBe(13) // 0 to 13, since at 12 the free one is taken at once
  })

  it.each([1, 2, 3, 5])('%i of them: so many reads are in flight, no more', (mshrs) => {
    const { kernel, cache, probe } = rig({ mshrs, bytes: 4096 })
    const waiting = Array.from({ length: 20 }, (_, line) => cache.access(line, false))
    cache.onFree = () => {
      while (waiting.length > 0 && cache.fetch(waiting[0]!)) waiting.shift()
    }
    cache.onFree()
    kernel.run()
    expect(probe.log).toHaveLength(20)
    expect(probe.most).toBe(mshrs)
  })
})

describe('dirty lines', () => {
  it('are written back when evicted, clean ones are dropped', () => {
    const { use, log, cache } = rig()
    use(0, true)
    use(4)
    use(8) // evicts 0
    use(12) // evicts 4
    expect(log.map((entry) => entry.replace(/^\d+ /, ''))).toEqual(['r 0', 'r 4', 'r 8', 'w 0', 'r 12'])
    expect(cache.count).toMatchObject({ evictions: 2, writeBacks: 1 })
  })

  it.each([
    ['a write that hit', (cache: FirstLevelCache, use: (line: number) => boolean) => [use(0), cache.access(0, true)]],
    ['a use', (cache: FirstLevelCache, use: (line: number) => boolean) => [use(0), cache.use(0, true)]],
    ['an installed line', (cache: FirstLevelCache) => [cache.install(0)]],
    [
      'a write that merged into a read',
      (cache: FirstLevelCache, use: (line: number) => boolean) => [
        cache.access(0, false),
        cache.access(0, true),
        use(0),
      ],
    ],
  ])('come from %s, too', (_, make) => {
    const { cache, use, log } = rig()
    make(cache, use)
    use(4)
    use(8)
    expect(log.filter((entry) => entry.includes('w'))).toHaveLength(1)
    expect(log.at(-1)).toMatch(/ w 0$/)
  })

  it('wait in the write buffer; when that is full, a fill waits, though its data can be used', () => {
    const { kernel, cache, use, log } = rig({ writeBuffer: 1 }, { latency: 10, writesFrom: 500 })
    for (const line of [0, 4, 1, 5]) use(line, true)
    const begin = kernel.now
    expect(begin).toBeLessThan(100)
    const [a, b] = [8, 9].map((line) => cache.access(line, false)) as [number, number]
    cache.fetch(a)
    cache.fetch(b)
    kernel.runUntil(500)
    expect([cache.holds(8), cache.holds(9)]).toEqual([true, false])
    expect(cache.filledAt(b)).toBeLessThan(500)
    expect(cache.access(9, false)).toBe(b)
    expect(cache.settled).toBe(false)
    kernel.runUntil(501) // at 500 the buffer was emptied
    expect(cache.holds(9)).toBe(true)
    kernel.run()
    expect(log.slice(-2)).toEqual(['500 w 0', '502 w 1'])
    expect(cache.settled).toBe(true)
  })

  /** Makes line 8 evict the dirty line 0, and fetches `line` in that same cycle. Returns what goes below after that. */
  function evictAndFetch(line: number, writeBuffer: number): string[] {
    const { kernel, cache, use, log } = rig({ writeBuffer })
    use(0, true)
    use(4)
    cache.fetch(cache.access(8, false))
    kernel.runUntil(kernel.now + 12)
    expect(cache.holds(8)).toBe(true)
    cache.fetch(cache.access(line, false))
    kernel.run()
    return log.slice(3).map((entry) => entry.replace(/^\d+ /, ''))
  }

  it('go after reads, unless the buffer is full', () => {
    expect(evictAndFetch(1, 2)).toEqual(['r 1', 'w 0'])
    expect(evictAndFetch(1, 1)).toEqual(['w 0', 'r 1'])
  })

  it('go before a read of the same line', () => {
    expect(evictAndFetch(0, 2)).toEqual(['w 0', 'r 0'])
  })
})
