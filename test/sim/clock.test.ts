import { describe, expect, it } from 'vitest'
import { Channel } from '../../src/sim/channel.ts'
import { ClockDomain, clockDomains, type Frequency } from '../../src/sim/clock.ts'
import { Kernel } from '../../src/sim/kernel.ts'
import { InputError } from '../../src/work/input-error.ts'
import { orders, unit } from './toys.ts'

const periods = (frequencies: Record<string, Frequency>) => {
  const { baseHz, domains } = clockDomains(frequencies)
  return [baseHz, ...Object.values(domains).map((domain) => domain.period)]
}

describe('clock domains', () => {
  it.each<[Record<string, Frequency>, number[]]>([
    [{ core: 200e6 }, [200e6, 1]],
    [{ core: 200e6, memory: 200e6 }, [200e6, 1, 1]],
    [{ core: 1.5e9, memory: 1.2e9 }, [6e9, 4, 5]],
    [{ core: 100e6, memory: [2000e6, 3] }, [2000e6, 20, 3]],
    [{ a: [1, 3], b: [1, 2], c: 1 }, [1, 3, 2, 1]],
  ])('of %j have the shortest whole periods', (frequencies, expected) => {
    expect(periods(frequencies)).toEqual(expected)
  })

  it('run at the frequencies asked for', () => {
    const { baseHz, domains } = clockDomains({ core: 1416e6, memory: 933e6, bus: 472e6 })
    expect(baseHz / domains.core.period).toBe(1416e6)
    expect(baseHz / domains.memory.period).toBe(933e6)
    expect(baseHz / domains.bus.period).toBe(472e6)
  })

  it('refuses ratios that need absurd periods, naming the slowest clock', () => {
    expect(() => clockDomains({ core: 100e6, memory: 666_666_667 })).toThrow(InputError)
    expect(() => clockDomains({ core: 100e6, memory: 666_666_667 })).toThrow(/^core: .*memory.*fraction/)
  })

  it.each([0, -1, 1.5, Number.NaN, Infinity])('refuses %d Hz', (hz) => {
    expect(() => clockDomains({ core: 1, memory: hz })).toThrow(/^memory: expected a frequency/)
    expect(() => clockDomains({ memory: [1, hz] })).toThrow(InputError)
  })

  it('converts between cycles and ticks', () => {
    const clock = new ClockDomain('memory', 3)
    expect(clock.toTicks(4)).toBe(12)
    expect([0, 2, 3, 5, 6].map((tick) => clock.cycleOf(tick))).toEqual([0, 0, 1, 1, 2])
    expect([0, 1, 3, 4, 6].map((tick) => clock.edge(tick))).toEqual([0, 3, 3, 6, 6])
    expect(() => new ClockDomain('memory', 0.5)).toThrow(RangeError)
  })

  it.each([
    [0, 2, 6],
    [4, 2, 12],
    [4, 0, 6],
    [6, 0, 6],
  ])('at tick %d, %d cycles ahead is tick %d', (now, cycles, expected) => {
    const kernel = new Kernel()
    const clock = new ClockDomain('memory', 3)
    let woken = -1
    const self = unit(() => {
      woken = kernel.now
    })
    kernel.schedule(
      now,
      unit(() => clock.schedule(kernel, cycles, self)),
    )
    kernel.run()
    expect(woken).toBe(expected)
  })
})

describe.each(orders.map((order) => [JSON.stringify(order), order] as const))(
  'a channel between clocks, %s',
  (_, order) => {
    it.each([
      // writer, reader, latency, pushed at, visible at: the reader's first edge at least latency * reader after the push
      [1, 3, 1, 0, 3],
      [1, 3, 1, 1, 6],
      [1, 3, 1, 3, 6],
      [1, 3, 2, 4, 12],
      [5, 2, 1, 5, 8],
      [5, 2, 3, 10, 16],
      [2, 3, 1, 4, 9],
    ])(
      'written every %d and read every %d ticks with latency %d: pushed at %d, visible at %d',
      (w, r, latency, at, visible) => {
        const kernel = new Kernel(order)
        const clocks = { writer: new ClockDomain('writer', w), reader: new ClockDomain('reader', r) }
        const channel = new Channel(kernel, 2, latency, clocks)
        const woken: number[] = []
        channel.readBy(unit(() => channel.ready && woken.push(kernel.now)))
        kernel.schedule(
          at,
          unit(() => channel.push(0)),
        )
        kernel.run(visible - 1)
        expect(woken).toEqual([])
        kernel.run(visible)
        expect(woken).toEqual([visible])
      },
    )

    it('wakes a refused writer at its first edge after the pop', () => {
      const kernel = new Kernel(order)
      const clocks = { writer: new ClockDomain('writer', 5), reader: new ClockDomain('reader', 3) }
      const channel = new Channel(kernel, 1, 1, clocks)
      const accepted: number[] = []
      const writer = unit(() => {
        while (accepted.length < 3 && channel.push(0)) accepted.push(kernel.now)
      })
      channel.writtenBy(writer)
      channel.readBy(
        unit(() => {
          while (channel.ready) channel.pop()
        }),
      )
      kernel.schedule(0, writer)
      // Popped at the reader's edges 3, 9 and 15; the writer's next edges are 5, 10 and 20.
      kernel.run()
      expect(accepted).toEqual([0, 5, 10])
    })
  },
)
