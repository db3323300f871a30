import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { Channel } from '../../src/sim/channel.ts'
import { Kernel } from '../../src/sim/kernel.ts'
import { orders, Sink, Source, unit } from './toys.ts'

describe.each(orders.map((order) => [JSON.stringify(order), order] as const))('channel, %s', (_, order) => {
  const combinations = [1, 2, 3, 4, 5, 8].flatMap((capacity) =>
    [1, 2, 3, 7].map((latency) => [capacity, latency] as const),
  )

  // A value's slot is usable again latency + 1 cycles after its push: a window of `capacity` values every latency + 1.
  it.each(combinations)(
    'of capacity %d and latency %d passes min(1, capacity / (latency + 1)) values a cycle',
    (capacity, latency) => {
      const values = 100
      const kernel = new Kernel(order)
      const channel = new Channel(kernel, capacity, latency)
      new Source(kernel, channel, values)
      const sink = new Sink(kernel, channel)
      kernel.run()
      const window = Math.min(capacity, latency + 1)
      const arrival = (i: number) => latency + Math.floor(i / window) * (latency + 1) + (i % window)
      expect(sink.cycles).toEqual(Array.from({ length: values }, (_, i) => arrival(i)))
      expect(sink.values).toEqual(Array.from({ length: values }, (_, i) => i))
      expect(channel.count.pushed).toBe(values)
    },
  )

  it.each([1, 2, 5, 1024, 3000])('shows a value pushed at 10 after %d cycles, not before', (latency) => {
    const kernel = new Kernel(order)
    const channel = new Channel(kernel, 1, latency)
    const sink = new Sink(kernel, channel)
    kernel.schedule(
      10,
      unit(() => channel.push(42)),
    )
    kernel.run(10 + latency - 1)
    expect(sink.values).toEqual([])
    kernel.run(10 + latency)
    expect(sink.values).toEqual([42])
    expect(sink.cycles).toEqual([10 + latency])
  })

  it('lets a freed slot be used in the cycle after the pop, not in the same', () => {
    const kernel = new Kernel(order)
    const channel = new Channel(kernel, 1)
    const accepted: boolean[] = []
    const popper = unit(() => channel.pop())
    const pusher = unit(() => accepted.push(channel.push(1)))
    kernel.schedule(0, pusher)
    kernel.schedule(5, popper)
    kernel.schedule(5, pusher)
    kernel.schedule(6, pusher)
    kernel.run()
    expect(accepted).toEqual([true, false, true])
  })

  it('answers `writable` as `push` would', () => {
    const kernel = new Kernel(order)
    const channel = new Channel(kernel, 2)
    const answers: boolean[] = []
    const pusher = unit(() => answers.push(channel.writable, channel.push(0)))
    for (const cycle of [0, 1, 2, 5, 6]) kernel.schedule(cycle, pusher)
    kernel.schedule(
      5,
      unit(() => channel.pop()),
    )
    kernel.run()
    expect(answers).toEqual([true, true, true, true, false, false, false, false, true, true])
  })

  it('accepts and shows exactly what a plain model does, under random use', () => {
    for (const seed of ['a', 'b', 'c', 'd']) {
      const random = seedrandom(seed)
      const kernel = new Kernel(order)
      const capacity = 1 + Math.floor(random() * 5)
      const latency = 1 + Math.floor(random() * 4)
      const channel = new Channel(kernel, capacity, latency)
      const pushedAt: number[] = []
      const poppedAt: number[] = []
      const wrong: string[] = []
      const count = (cycles: readonly number[], until: number) => cycles.filter((cycle) => cycle <= until).length
      const check = (what: string, found: boolean, expected: boolean) => {
        if (found !== expected) wrong.push(`${seed}: ${what} in cycle ${kernel.now}`)
      }
      // Attempts are drawn beforehand, as the order of drawing must not depend on the order of firing.
      const plan = Array.from({ length: 400 }, () => [Math.floor(random() * 3), Math.floor(random() * 3)] as const)
      const writer = unit(() => {
        for (let i = plan[kernel.now]![0]; i > 0; i--) {
          const accepted = channel.push(pushedAt.length)
          check('push', accepted, pushedAt.length - count(poppedAt, kernel.now - 1) < capacity)
          if (accepted) pushedAt.push(kernel.now)
        }
      })
      const reader = unit(() => {
        for (let i = plan[kernel.now]![1]; i > 0; i--) {
          check('ready', channel.ready, count(pushedAt, kernel.now - latency) > poppedAt.length)
          if (!channel.ready) continue
          check('peek', channel.peek() === poppedAt.length, true)
          check('pop', channel.pop() === poppedAt.length, true)
          poppedAt.push(kernel.now)
        }
      })
      plan.forEach((_, cycle) => {
        kernel.schedule(cycle, writer)
        kernel.schedule(cycle, reader)
      })
      kernel.run()
      expect(wrong).toEqual([])
      expect(poppedAt.length).toBeGreaterThan(30)
      expect(channel.occupancy).toBe(pushedAt.length - poppedAt.length)
    }
  })
})

describe('channel wakes', () => {
  const watched = (capacity: number, latency: number) => {
    const kernel = new Kernel()
    const channel = new Channel(kernel, capacity, latency)
    const woken: string[] = []
    channel.writtenBy(unit(() => woken.push(`writer ${kernel.now}`)))
    channel.readBy(unit(() => woken.push(`reader ${kernel.now}`)))
    const at = (cycle: number, act: () => void) => kernel.schedule(cycle, unit(act))
    return { kernel, channel, woken, at }
  }

  it('wakes a reader that never looked, with the first value only', () => {
    const { kernel, channel, woken, at } = watched(4, 2)
    at(0, () => channel.push(1))
    at(1, () => channel.push(2))
    kernel.run()
    expect(woken).toEqual(['reader 2'])
  })

  it('wakes nobody who is not waiting', () => {
    const { kernel, channel, woken, at } = watched(2, 1)
    at(0, () => channel.push(1))
    at(2, () => channel.push(2))
    at(3, () => channel.pop())
    at(4, () => channel.push(3))
    kernel.run()
    expect(woken).toEqual(['reader 1'])
    expect(kernel.fired).toBe(5)
  })

  it('wakes a reader once for a value that is on its way, however often it asks', () => {
    const { kernel, channel, woken, at } = watched(2, 10)
    at(0, () => channel.push(1))
    at(1, () => channel.push(2))
    at(10, () => channel.pop())
    for (const cycle of [10, 10, 10]) at(cycle, () => void channel.ready)
    kernel.run()
    expect(woken).toEqual(['reader 10', 'reader 11'])
  })

  it('wakes a refused writer once, in the cycle after the pop', () => {
    const { kernel, channel, woken, at } = watched(1, 1)
    at(0, () => channel.push(1))
    at(3, () => void channel.writable)
    at(4, () => channel.push(2))
    at(7, () => channel.pop())
    at(7, () => channel.push(2))
    at(7, () => void channel.writable)
    kernel.run()
    expect(woken).toEqual(['reader 1', 'writer 8'])
  })

  it('needs no claimed ends', () => {
    const kernel = new Kernel()
    const channel = new Channel(kernel, 1)
    expect(channel.push(5)).toBe(true)
    expect(channel.push(6)).toBe(false)
    expect(channel.ready).toBe(false)
    kernel.schedule(
      1,
      unit(() => expect(channel.pop()).toBe(5)),
    )
    kernel.run()
    expect(channel.occupancy).toBe(0)
  })
})

describe('channel misuse', () => {
  const kernel = new Kernel()
  const named = (name: string) => unit(() => {}, name)

  it('names both units when an end is claimed twice', () => {
    const channel = new Channel(kernel, 1)
    channel.readBy(named('mvu0'))
    channel.writtenBy(named('dma'))
    expect(() => channel.readBy(named('mvu1'))).toThrow('mvu1: channel already read by mvu0')
    expect(() => channel.writtenBy(named('mvu1'))).toThrow('mvu1: channel already written by dma')
  })

  it.each([
    [0, 1],
    [1, 0],
    [1.5, 1],
    [1, 1.5],
    [-1, 1],
    [1, Infinity],
  ])('refuses capacity %d with latency %d', (capacity, latency) => {
    expect(() => new Channel(kernel, capacity, latency)).toThrow(RangeError)
  })

  it('throws when a value is taken that is not visible', () => {
    const channel = new Channel(kernel, 2)
    channel.readBy(named('mvu0'))
    expect(() => channel.pop()).toThrow(/mvu0: no value is visible in cycle 0/)
    channel.push(1)
    expect(() => channel.peek()).toThrow(/no value is visible/)
    expect(() => channel.pop()).toThrow(/no value is visible/)
    expect(channel.occupancy).toBe(1)
  })
})
