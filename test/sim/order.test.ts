import { describe, expect, it } from 'vitest'
import { Kernel, type Order } from '../../src/sim/kernel.ts'
import { orders, runNetwork, unit } from './toys.ts'

const seeds = Array.from({ length: 60 }, (_, i) => `network ${i}`)

describe('the order of events within a cycle is unobservable', () => {
  it.each([[[1]], [[2, 3]], [[1, 4, 7]]])('in random networks on clocks of periods %j', (periods) => {
    for (const seed of seeds) {
      const [forward, ...others] = orders.map((order) => runNetwork(seed, order, periods))
      for (const other of others) expect(other, seed).toEqual(forward)
    }
  })

  it('and most of the networks do something: over 100 values reach their sinks', () => {
    const arrived = seeds.map((seed) => {
      const sinks = Object.entries(runNetwork(seed, 'forward').logs).filter(([name]) => name.startsWith('sink'))
      return sinks.reduce((sum, [, log]) => sum + log.length / 2, 0)
    })
    expect(arrived.filter((values) => values > 100).length).toBeGreaterThan(seeds.length / 2)
  })

  it('but the orders differ: what units share outside channels comes out differently', () => {
    const outcome = (order: Order) => {
      const kernel = new Kernel(order)
      const seen: number[] = []
      for (let i = 0; i < 8; i++)
        kernel.schedule(
          3,
          unit(() => seen.push(i)),
        )
      kernel.run()
      return seen
    }
    expect(outcome('forward')).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(outcome('backward')).toEqual([7, 6, 5, 4, 3, 2, 1, 0])
    const shuffles = ['a', 'b', 'c'].map((shuffle) => outcome({ shuffle }))
    expect(new Set(shuffles.map(String)).size).toBe(3)
    for (const shuffle of shuffles) expect(shuffle.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(outcome({ shuffle: 'a' })).toEqual(shuffles[0])
  })

  it('and a shuffle reaches every order of three events', () => {
    const seen = new Set<string>()
    for (let seed = 0; seed < 200; seed++) {
      const kernel = new Kernel({ shuffle: `${seed}` })
      let word = ''
      for (const letter of 'abc')
        kernel.schedule(
          0,
          unit(() => {
            word += letter
          }),
        )
      kernel.run()
      seen.add(word)
    }
    expect([...seen].toSorted()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba'])
  })
})
