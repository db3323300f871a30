// Post-processing lanes between random neighbours, against the recurrence that says when each group enters and leaves.

import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { SerialPort } from '../../../src/mem/serial-port.ts'
import { Kernel, type Order } from '../../../src/sim/kernel.ts'
import { PostLanes } from '../../../src/units/array/post.ts'
import { orders } from '../rig.ts'

interface Case {
  readonly lanes: number
  readonly depth: number
  readonly latency: number
  /** By group: cycle in which its sums are there, elements, and cycles of the ports. */
  readonly groups: readonly {
    readonly at: number
    readonly elements: number
    readonly fetch: number
    readonly store: number
  }[]
}

interface Times {
  /** By group: cycle from which its sums are needed no more, and in which its results are stored. */
  readonly taken: number[]
  readonly stored: number[]
}

function run({ lanes, depth, latency, groups }: Case, order: Order): Times {
  const kernel = new Kernel(order)
  const [reads, writes] = ['reads', 'writes'].map((name) => new SerialPort(name, kernel, latency))
  const times: Times = { taken: [], stored: [] }
  const computed: number[] = []
  const work = {
    groups: groups.length,
    elements: (group: number) => groups[group]!.elements,
    fetch: (group: number, done: () => void) => reads!.move(groups[group]!.fetch, done),
    compute: (group: number) => computed.push(group),
    store: (group: number, done: () => void) => writes!.move(groups[group]!.store, done),
  }
  const unit = new PostLanes('lanes', kernel, { lanes, depth }, work, () => times.stored.push(kernel.now))
  groups.forEach(({ at }, i) => {
    kernel.schedule(at, { name: `group ${i}`, wake: () => unit.offer(() => times.taken.push(kernel.now)) })
  })
  unit.begin()
  kernel.run()
  expect(computed).toEqual(groups.map((_, i) => i))
  expect(unit.done).toBe(true)
  return times
}

/** A group enters when its sums and operands are there, the one before has entered, and the one before that is stored. */
function recurrence({ lanes, depth, latency, groups }: Case): Times {
  const [taken, stored]: [number[], number[]] = [[], []]
  let [reading, writing] = [0, 0]
  const there: number[] = []
  const fetch = (group: number, now: number): void => {
    if (groups[group] === undefined) return
    reading = Math.max(reading, now) + groups[group].fetch
    there[group] = reading + latency
  }
  fetch(0, 0)
  fetch(1, 0)
  groups.forEach(({ at, elements, store }, i) => {
    const start = Math.max(at, there[i]!, taken[i - 1] ?? 0, stored[i - 2] ?? 0)
    taken[i] = start + Math.ceil(elements / lanes)
    fetch(i + 2, taken[i])
    writing = Math.max(writing, taken[i] - 1 + depth) + store
    stored[i] = writing + latency
  })
  return { taken, stored }
}

function randomCase(seed: string): Case {
  const random = seedrandom(seed)
  const pick = (from: number, to: number): number => from + Math.floor(random() * (to - from + 1))
  const [slowest, fetches, stores] = [pick(0, 40), pick(0, 40), pick(1, 40)]
  let at = 0
  return {
    lanes: pick(1, 9),
    depth: pick(1, 12),
    latency: pick(0, 20),
    groups: Array.from({ length: pick(1, 12) }, () => {
      at += 1 + pick(0, slowest)
      return { at, elements: pick(1, 100), fetch: pick(0, fetches), store: pick(1, stores) }
    }),
  }
}

describe('lanes', () => {
  it('take elements at their rate, and results leave a depth behind the last', () => {
    const group = { at: 10, elements: 13, fetch: 0, store: 1 }
    const times = run({ lanes: 4, depth: 5, latency: 0, groups: [group] }, 'forward')
    // 4 cycles for 13 elements: the last enters in cycle 13, leaves in 18, and is stored in one more.
    expect(times).toEqual({ taken: [14], stored: [19] })
  })

  it('wait for operands at n - 1 and go at n', () => {
    const enters = (fetch: number) =>
      run({ lanes: 1, depth: 1, latency: 0, groups: [{ at: 7, elements: 1, fetch, store: 1 }] }, 'forward').taken[0]! -
      1
    expect([6, 7, 8, 20].map(enters)).toEqual([7, 7, 8, 20])
  })

  it('keep no more than two groups of results', () => {
    const groups = Array.from({ length: 4 }, (_, i) => ({ at: i, elements: 1, fetch: 0, store: 100 }))
    const { taken, stored } = run({ lanes: 1, depth: 1, latency: 0, groups }, 'forward')
    expect(stored).toEqual([101, 201, 301, 401])
    expect(taken).toEqual([1, 2, 102, 202])
  })

  it('follow the recurrence, whatever the order of events within a cycle', () => {
    for (let i = 0; i < 60; i++) {
      const each = randomCase(`lanes ${i}`)
      for (const order of orders) expect(run(each, order), `lanes ${i}`).toEqual(recurrence(each))
    }
  })
})
