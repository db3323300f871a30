import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { Kernel } from '../../src/sim/kernel.ts'
import { orders, unit } from './toys.ts'

describe.each(orders.map((order) => [JSON.stringify(order), order] as const))('kernel, %s', (_, order) => {
  it.each([0, 1, 31, 32, 1023, 1024, 1025, 2047, 2048, 1_000_000, 2 ** 40])(
    'wakes a unit after %d cycles, not before',
    (delay) => {
      const kernel = new Kernel(order)
      let woken = -1
      kernel.schedule(
        delay,
        unit(() => {
          woken = kernel.now
        }),
      )
      kernel.run(delay - 1)
      expect(woken).toBe(-1)
      kernel.run(delay)
      expect(woken).toBe(delay)
      expect(kernel.now).toBe(delay + 1)
    },
  )

  it('fires an event scheduled with delay 0 in the same cycle', () => {
    const kernel = new Kernel(order)
    const fired: string[] = []
    const late = unit(() => fired.push(`late ${kernel.now}`))
    const early = unit(() => {
      fired.push(`early ${kernel.now}`)
      kernel.schedule(0, late)
    })
    for (let i = 0; i < 3; i++) kernel.schedule(5, early)
    kernel.run(5)
    expect(fired.toSorted()).toEqual(['early 5', 'early 5', 'early 5', 'late 5', 'late 5', 'late 5'])
  })

  it('hands tags to the units they were scheduled for', () => {
    const kernel = new Kernel(order)
    const seen: string[] = []
    const a = unit((tag) => seen.push(`a${tag}`))
    const b = unit((tag) => seen.push(`b${tag}`))
    kernel.schedule(1, a, 7)
    kernel.schedule(1, b, -3)
    kernel.schedule(2000, a)
    kernel.run()
    expect(seen.toSorted()).toEqual(['a0', 'a7', 'b-3'])
  })

  it('lets a unit schedule itself while it is woken, reusing its slot', () => {
    const kernel = new Kernel(order)
    let left = 100_000
    const self = unit(() => {
      if (--left > 0) kernel.schedule(left % 3 === 0 ? 1500 : left % 7, self)
    })
    kernel.schedule(0, self)
    const { slots } = kernel
    kernel.run()
    expect(left).toBe(0)
    expect(kernel.fired).toBe(100_000)
    expect(kernel.slots).toBe(slots)
  })

  it('fires every event when it is due, whatever is pending', () => {
    const random = seedrandom('pending')
    const kernel = new Kernel(order)
    const due: number[] = []
    let late = 0
    const watch = unit((tag) => {
      if (due[tag] !== kernel.now) late++
      if (due.length >= 20_000) return
      for (let i = random() < 0.55 ? 2 : 1; i > 0; i--) {
        const delay = Math.floor(10 ** (random() * 4.5)) - 1
        due.push(kernel.now + delay)
        kernel.schedule(delay, watch, due.length - 1)
      }
    })
    due.push(0)
    kernel.schedule(0, watch)
    kernel.run()
    expect(kernel.fired).toBe(due.length)
    expect(due.length).toBeGreaterThanOrEqual(20_000)
    expect(late).toBe(0)
  })

  it('runs in pieces as in one', () => {
    const trace = (limits: readonly number[]) => {
      const kernel = new Kernel(order)
      const seen: number[] = []
      const tick = unit((tag) => {
        seen.push(kernel.now * 10 + tag)
        if (kernel.now < 9000) kernel.schedule(tag === 0 ? 1100 : 700, tick, 1 - tag)
      })
      kernel.schedule(0, tick, 0)
      kernel.schedule(0, tick, 1)
      for (const limit of limits) kernel.run(limit)
      return { seen: seen.toSorted((a, b) => a - b), now: kernel.now }
    }
    const whole = trace([Infinity])
    expect(whole.seen.length).toBeGreaterThan(15)
    expect(trace([0, 0, 1, 699, 700, 4000, 3000, 5001, Infinity])).toEqual(whole)
    expect(trace([...Array.from({ length: 100 }, (_, i) => i * 97), Infinity])).toEqual(whole)
  })
})

describe('kernel', () => {
  it('keeps the order of scheduling within a cycle, near or far', () => {
    const kernel = new Kernel()
    const seen: number[] = []
    const note = unit((tag) => seen.push(tag))
    kernel.schedule(3000, note, 1)
    kernel.schedule(5000, note, 4)
    kernel.schedule(3000, note, 2)
    kernel.schedule(
      2500,
      unit(() => kernel.schedule(500, note, 3)),
    )
    kernel.run()
    expect(seen).toEqual([1, 2, 3, 4])
  })

  it('keeps the order of scheduling among many far events of few cycles', () => {
    const random = seedrandom('ties')
    const kernel = new Kernel()
    const seen: [number, number][] = []
    const note = unit((tag) => seen.push([kernel.now, tag]))
    for (let tag = 0; tag < 1000; tag++) kernel.schedule(5000 + 700 * Math.floor(random() * 5), note, tag)
    kernel.run()
    expect(seen).toEqual(seen.toSorted(([a, i], [b, j]) => a - b || i - j))
    expect(seen.length).toBe(1000)
  })

  it.each(['limit', 'stop'])('keeps the order of scheduling across runs that end by %s', (end) => {
    const kernel = new Kernel()
    const seen: number[] = []
    const note = unit((tag) => seen.push(tag))
    kernel.schedule(2000, note, 1)
    if (end === 'stop')
      kernel.schedule(
        976,
        unit(() => kernel.stop()),
      )
    kernel.run(976)
    expect(kernel.now).toBe(977)
    kernel.schedule(2000 - kernel.now, note, 2)
    kernel.run()
    expect(seen).toEqual([1, 2])
  })

  it('counts the cycles run: one more than the last, the limit included', () => {
    const kernel = new Kernel()
    const idle = unit(() => {})
    expect(kernel.run()).toBe(0)
    kernel.schedule(10, idle)
    kernel.schedule(5000, idle)
    expect(kernel.run(3)).toBe(4)
    expect(kernel.run(2)).toBe(4)
    expect(kernel.run(4000)).toBe(4001)
    expect(kernel.run()).toBe(5001)
    expect(kernel.run(9000)).toBe(5001)
  })

  it('stops after the current cycle, and goes on from there', () => {
    const kernel = new Kernel()
    const seen: number[] = []
    const stopper = unit(() => kernel.stop())
    const note = unit(() => seen.push(kernel.now))
    kernel.schedule(4, stopper)
    kernel.schedule(4, note)
    kernel.schedule(5, note)
    expect(kernel.run()).toBe(5)
    expect(seen).toEqual([4])
    expect(kernel.run()).toBe(6)
    expect(seen).toEqual([4, 5])
  })

  it('lists what is pending, relative to now', () => {
    const kernel = new Kernel({ shuffle: 'pending' })
    const a = unit(() => {}, 'a')
    const b = unit(() => {}, 'b')
    const list = () => {
      const events: string[] = []
      kernel.pending((delay, { name }, tag) => events.push(`${delay} ${name} ${tag}`))
      return events.toSorted()
    }
    kernel.schedule(0, a, 1)
    kernel.schedule(3, a, 2)
    kernel.schedule(3, b, 3)
    kernel.schedule(3, b, 4)
    kernel.schedule(1500, a, 5)
    expect(list()).toEqual(['0 a 1', '1500 a 5', '3 a 2', '3 b 3', '3 b 4'])
    kernel.run(1)
    expect(list()).toEqual(['1 a 2', '1 b 3', '1 b 4', '1498 a 5'])
    kernel.run()
    expect(list()).toEqual([])
  })

  it.each([-1, 0.5, Number.NaN, Infinity, -5000, 2 ** 53])('refuses a delay of %d', (delay) => {
    const kernel = new Kernel()
    expect(() =>
      kernel.schedule(
        delay,
        unit(() => {}, 'pe0'),
      ),
    ).toThrow(/pe0: not a delay in cycles/)
    expect(kernel.run()).toBe(0)
  })

  it('keeps 10^5 far events in order, in less time than a quadratic queue could', () => {
    const random = seedrandom('far')
    const kernel = new Kernel()
    let last = 0
    let unordered = 0
    const note = unit(() => {
      if (kernel.now < last) unordered++
      last = kernel.now
    })
    const start = performance.now()
    for (let i = 0; i < 100_000; i++) kernel.schedule(1024 + Math.floor(random() * 1e9), note)
    kernel.run()
    expect(performance.now() - start).toBeLessThan(5000)
    expect(kernel.fired).toBe(100_000)
    expect(unordered).toBe(0)
  })

  it('does not grow over a million events once all units have been pending', () => {
    const kernel = new Kernel()
    let left = 1_000_000
    const units = Array.from({ length: 300 }, (_, i) => {
      const self = unit(() => {
        if (left-- > 0) kernel.schedule(i % 10 === 0 ? 1024 + i : 1 + (i % 50), self)
      })
      return self
    })
    for (const self of units) kernel.schedule(0, self)
    const { slots } = kernel
    kernel.run()
    expect(kernel.fired).toBe(1_000_300)
    expect(kernel.slots).toBe(slots)
    expect(slots).toBe(512)
  })
})
