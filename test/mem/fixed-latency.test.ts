import { expect, it } from 'vitest'
import { FixedLatency, type FixedLatencySpec } from '../../src/mem/fixed-latency.ts'
import { Kernel } from '../../src/sim/kernel.ts'
import { ScriptedClient, type Step } from './traffic.ts'

function run(changes: Partial<FixedLatencySpec>, ...scripts: Step[][]) {
  const kernel = new Kernel()
  const memory = new FixedLatency(kernel, { name: 'memory', latency: 20, interval: 0, queue: 4, ...changes })
  const clients = scripts.map((steps, i) => new ScriptedClient('ab'[i]!, kernel, memory, steps))
  kernel.run()
  return { memory, clients: clients.map(({ takenAt, doneAt, depth }) => ({ takenAt, doneAt, depth })) }
}

const reads = (n: number, at = 0): Step[] => Array.from({ length: n }, (_, i) => ({ at, address: 64 * i }))

it('answers each read after its latency, however many there are', () => {
  const { clients, memory } = run({}, [...reads(50), { at: 7, address: 0 }])
  expect(clients[0]!.doneAt).toEqual([...Array(50).fill(20), 27])
  expect(clients[0]!.depth).toEqual(Array(51).fill(0))
  expect(memory.count).toEqual({ reads: 51, writes: 0 })
})

it.each([1, 4, 9])('serves one request each %i ticks, writes too', (interval) => {
  const steps = Array.from({ length: 12 }, (_, i) => ({ at: 0, address: 64 * i, write: i % 3 === 1 }))
  const { clients, memory } = run({ interval }, steps)
  expect(clients[0]!.doneAt).toEqual(steps.map(({ write }, i) => (write ? -1 : 20 + i * interval)))
  expect(memory.count).toEqual({ reads: 8, writes: 4 })
})

it('takes as many requests of a client as can wait, and the next in the tick after one was served', () => {
  const { clients } = run({ interval: 10, queue: 2 }, reads(5))
  expect(clients[0]!.takenAt).toEqual([0, 0, 2, 12, 22]) // served at 1, 11, 21, ...
})

it('serves in the order of arrival, those of one tick by the name of the client', () => {
  const { clients } = run({ interval: 5, queue: 8 }, reads(2, 3), [...reads(1), ...reads(1, 3)])
  // b asks at 0; at 3 a asks twice and b once: a's first, then b's, as a's second stands behind its first.
  expect(clients.map(({ doneAt }) => doneAt)).toEqual([
    [25, 30],
    [20, 35],
  ])
})

it('refuses to serve two clients of one name', () => {
  const kernel = new Kernel()
  const memory = new FixedLatency(kernel, { name: 'memory', latency: 20, interval: 1, queue: 4 })
  for (const _ of 'ab') new ScriptedClient('same', kernel, memory, reads(1))
  expect(() => kernel.run()).toThrow('two clients of one memory are named same')
})
