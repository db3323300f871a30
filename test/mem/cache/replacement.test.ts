import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { FirstLevelCache } from '../../../src/mem/cache/first-level.ts'
import { replacementPolicy } from '../../../src/mem/cache/replacement.ts'
import type { CacheSpec, Replacement } from '../../../src/mem/cache/spec.ts'
import { Kernel } from '../../../src/sim/kernel.ts'
import { smallCache } from '../specs.ts'
import { Probe } from '../traffic.ts'

/** A cache whose misses are filled before the next access. */
function sequential(changes: Partial<CacheSpec>) {
  const kernel = new Kernel()
  const probe = new Probe(kernel, { latency: 1 })
  const cache = new FirstLevelCache(kernel, { ...smallCache, ...changes }, 1, probe)
  const hits = (line: number, write = false): boolean => {
    const handle = cache.access(line, write)
    if (handle < 0) return true
    cache.fetch(handle)
    kernel.run()
    return false
  }
  return { hits, cache, log: probe.log }
}

/** Hits of accesses to the lines that `text` names by letter, all in one set of `ways`: `x` for a miss, `.` for a hit. */
function oneSet(replacement: Replacement, ways: number, text: string): string {
  const { hits } = sequential({ replacement, ways, bytes: 64 * ways })
  return [...text].map((letter) => (hits(letter.charCodeAt(0)) ? '.' : 'x')).join('')
}

describe('closed forms', () => {
  it.each([
    // c evicts b, which was used before a, or a, which came before b.
    ['lru', 2, 'abaca', 'xx.x.'],
    ['fifo', 2, 'abaca', 'xx.xx'],
    // e evicts a; with a used again c, from the half where neither a nor b is: a tree has no memory of more.
    ['tree-plru', 4, 'abcdea', 'xxxxxx'],
    ['tree-plru', 4, 'abcdaeabdc', 'xxxx.x...x'],
    // True LRU evicts b instead.
    ['lru', 4, 'abcdaeacdb', 'xxxx.x...x'],
    ['fifo', 4, 'abcdaeba', 'xxxx.x.x'],
  ] as const)('%s, %i ways: %s gives %s', (replacement, ways, accesses, expected) => {
    expect(oneSet(replacement, ways, accesses)).toBe(expected)
  })

  it.each(['lru', 'fifo', 'tree-plru'] as const)(
    '%s: sweeps over as many lines as it has miss once, sweeps over a set more miss always',
    (replacement) => {
      const misses = (lines: number) => {
        const { hits } = sequential({ replacement })
        let count = 0
        for (let sweep = 0; sweep < 5; sweep++) for (let line = 0; line < lines; line++) if (!hits(line)) count++
        return count
      }
      expect(misses(8)).toBe(8)
      expect(misses(12)).toBe(60)
    },
  )

  it('random: a sweep over a set more hits sometimes, equally with the same name, differently with another', () => {
    const pattern = (name: string) => {
      const { hits } = sequential({ replacement: 'random', name })
      return Array.from({ length: 600 }, (_, i) => (hits(i % 12) ? '.' : 'x')).join('')
    }
    const hits = [...pattern('l1d')].filter((mark) => mark === '.').length
    expect(hits).toBeGreaterThan(60)
    expect(hits).toBeLessThan(400)
    expect(pattern('l1d')).toBe(pattern('l1d'))
    expect(pattern('l1i')).not.toBe(pattern('l1d'))
  })

  it('random: every way of a set is evicted equally often', () => {
    const ways = 4
    const { hits, cache } = sequential({ replacement: 'random', ways, bytes: 64 * ways })
    const lived: number[] = []
    const since = new Map<number, number>()
    for (let line = 0; line < 4000; line++) {
      hits(line)
      since.set(line, line)
      for (const [old, from] of since)
        if (!cache.holds(old)) {
          lived.push(line - from)
          since.delete(old)
        }
    }
    // The life of a line is geometric, with the number of ways as its mean.
    const mean = lived.reduce((sum, life) => sum + life, 0) / lived.length
    expect(mean).toBeGreaterThan(ways * 0.93)
    expect(mean).toBeLessThan(ways * 1.07)
  })
})

interface Model {
  used(way: number): void
  filled(way: number): void
  victim(): number
}

/** Textbook policies of one set, written for clearness alone. */
const models: Readonly<Record<Exclude<Replacement, 'random'>, (ways: number) => Model>> = {
  lru: (ways) => {
    let order = Array.from({ length: ways }, (_, way) => way)
    const used = (way: number) => {
      order = [...order.filter((other) => other !== way), way]
    }
    return { used, filled: used, victim: () => order[0]! }
  },
  fifo: () => {
    const queue: number[] = []
    const filled = (way: number) => {
      if (queue.includes(way)) queue.splice(queue.indexOf(way), 1)
      queue.push(way)
    }
    return { used: () => {}, filled, victim: () => queue[0]! }
  },
  'tree-plru': (ways) => {
    // By range of ways: whether its upper half is the one to evict from.
    const upper = new Map<string, boolean>()
    const walk = (from: number, to: number, next: (key: string, middle: number) => boolean): number => {
      if (to - from === 1) return from
      const middle = (from + to) / 2
      return next(`${from}-${to}`, middle) ? walk(middle, to, next) : walk(from, middle, next)
    }
    const used = (way: number) =>
      void walk(0, ways, (key, middle) => {
        upper.set(key, way < middle)
        return way >= middle
      })
    return { used, filled: used, victim: () => walk(0, ways, (key) => upper.get(key) ?? false) }
  },
}

describe.each(Object.entries(models))('%s against a reference model', (replacement, model) => {
  it.each([
    [1, 1],
    [2, 4],
    [4, 8],
    [16, 2],
  ])('%i ways, %i sets: the same hits, evictions and write-backs on random traffic', (ways, sets) => {
    const { hits, cache, log } = sequential({
      replacement: replacement as Replacement,
      ways,
      bytes: 64 * ways * sets,
      writeBuffer: 4,
    })
    const random = seedrandom(`${replacement} ${ways} ${sets}`)
    const set = Array.from({ length: sets }, () => ({
      lines: Array<number | null>(ways).fill(null),
      dirty: Array<boolean>(ways).fill(false),
      policy: model(ways),
    }))
    const expected: string[] = []
    for (let i = 0; i < 1500; i++) {
      // Far lines are beyond 32 bits; a third of the accesses go to a few lines.
      const far = random() < 0.5 ? 2 ** 40 : 0
      const line = far + Math.floor(random() * (random() < 0.3 ? 4 : 3 * ways * sets))
      const write = random() < 0.3
      const { lines, dirty, policy } = set[line % sets]!
      let way = lines.indexOf(line)
      expect(hits(line, write)).toBe(way >= 0)
      if (way >= 0) policy.used(way)
      else {
        expected.push(`r ${line}`)
        way = lines.indexOf(null)
        if (way < 0) way = policy.victim()
        if (dirty[way] === true) expected.push(`w ${lines[way]}`)
        lines[way] = line
        dirty[way] = false
        policy.filled(way)
      }
      dirty[way] ||= write
    }
    expect(log.map((entry) => entry.replace(/^\d+ /, ''))).toEqual(expected)
    for (const { lines } of set) for (const line of lines) if (line !== null) expect(cache.holds(line)).toBe(true)
    expect(cache.settled).toBe(true)
  })
})

/** The fast path of cores relies on it. */
describe.each(['lru', 'tree-plru', 'fifo', 'random'] as const)('%s', (replacement) => {
  it.each([1, 2, 4, 16])('takes uses that are repeated in the same order for one of each, %i ways', (ways) => {
    const sets = 4
    const spec = { ...smallCache, replacement, ways, bytes: 64 * ways * sets }
    const random = seedrandom(`repeated ${replacement} ${ways}`)
    const below = (count: number): number => Math.floor(random() * count)
    for (let round = 0; round < 25; round++) {
      const [once, again] = [replacementPolicy(spec), replacementPolicy(spec)]
      const both = [once, again]
      for (let set = 0; set < sets; set++)
        for (let way = 0; way < ways; way++) for (const policy of both) policy.filled(set * ways + way)
      for (let step = 0; step < 20; step++) {
        const uses = Array.from({ length: 1 + below(2 * ways) }, () => below(sets * ways))
        for (const slot of uses) once.used(slot)
        for (let times = 2 + below(3); times > 0; times--) for (const slot of uses) again.used(slot)
        const victims = both.map((policy) => Array.from({ length: sets }, (_, set) => policy.victim(set)))
        expect(victims[1]).toEqual(victims[0])
        const filled = victims[0]![below(sets)]!
        for (const policy of both) policy.filled(filled)
      }
    }
  })
})
