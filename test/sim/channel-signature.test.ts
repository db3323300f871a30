import { describe, expect, it } from 'vitest'
import { Channel } from '../../src/sim/channel.ts'
import { Kernel } from '../../src/sim/kernel.ts'
import { unit } from './toys.ts'

describe('channel signature', () => {
  /** A source and a sink that pause for cycles given by the values, so that the state recurs with the pattern's period. */
  const build = () => {
    const kernel = new Kernel()
    const channel = new Channel(kernel, 3, 4)
    const pauses = [1, 1, 1, 9, 2]
    let pushed = 0
    let popped = 0
    const arrivals: number[] = []
    const idleUntil = { source: 0, sink: 0 }
    const source = unit(() => {
      if (kernel.now < idleUntil.source || !channel.push(0)) return
      idleUntil.source = kernel.now + pauses[pushed++ % pauses.length]!
      kernel.schedule(idleUntil.source - kernel.now, source)
    }, 'source')
    const sink = unit(() => {
      if (kernel.now < idleUntil.sink || !channel.ready) return
      channel.pop()
      arrivals.push(kernel.now)
      idleUntil.sink = kernel.now + pauses[popped++ % pauses.length]!
      kernel.schedule(idleUntil.sink - kernel.now, sink)
    }, 'sink')
    channel.writtenBy(source)
    channel.readBy(sink)
    kernel.schedule(0, source)
    const state = () => {
      const into: number[] = []
      channel.signature(into)
      const pending: string[] = []
      kernel.pending((delay, { name }) => pending.push(`${delay} ${name}`))
      const idle = Object.values(idleUntil).map((until) => Math.max(0, until - kernel.now))
      return JSON.stringify([into, pending.toSorted(), idle, pushed % pauses.length, popped % pauses.length])
    }
    return { kernel, arrivals, state }
  }

  it('recurs in a steady state, and where it recurs so does the future', () => {
    const { kernel, arrivals, state } = build()
    const seenAt = new Map<string, number>()
    const repeats: [number, number][] = []
    for (let cycle = 0; cycle < 400; cycle++) {
      kernel.run(cycle)
      const key = state()
      const before = seenAt.get(key)
      if (before === undefined) seenAt.set(key, kernel.now)
      else repeats.push([before, kernel.now])
    }
    kernel.run(1000)
    expect(repeats.length).toBeGreaterThan(200)
    for (const [a, b] of repeats) {
      const from = (start: number) =>
        arrivals.filter((cycle) => cycle >= start && cycle < start + 100).map((c) => c - start)
      expect(from(b)).toEqual(from(a))
    }
  })

  it('tells apart what has different futures', () => {
    const of = (act: (channel: Channel) => void, popsAt: readonly number[] = []) => {
      const kernel = new Kernel()
      const channel = new Channel(kernel, 2, 3)
      const into: number[] = []
      for (const cycle of popsAt) {
        kernel.schedule(
          0,
          unit(() => channel.push(0)),
        )
        kernel.schedule(
          cycle,
          unit(() => channel.pop()),
        )
      }
      kernel.schedule(
        20,
        unit(() => {}),
      )
      kernel.schedule(
        10,
        unit(() => {
          act(channel)
          channel.signature(into)
        }),
      )
      kernel.run()
      return into.join()
    }
    const signatures = [
      of(() => {}),
      of((channel) => channel.push(0)),
      of((channel) => channel.push(0) && channel.push(0)),
      of((channel) => channel.push(0) && channel.push(0) && channel.push(0)),
    ]
    expect(new Set(signatures).size).toBe(4)
    expect(of(() => {}, [10])).not.toBe(of(() => {}, [9]))
    expect(of(() => {}, [9])).toBe(of(() => {}, [8]))
    expect(of((channel) => channel.push(1))).toBe(of((channel) => channel.push(2)))
  })
})
