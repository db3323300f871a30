// What every Memory promises, whatever it is.

import seedrandom from 'seedrandom'
import { expect, it } from 'vitest'
import { Kernel, type Order } from '../../src/sim/kernel.ts'
import { orders } from '../sim/toys.ts'
import type { MemoryCase } from './cases.ts'
import { ScriptedClient, type Step } from './traffic.ts'

const seeds = Array.from({ length: 12 }, (_, i) => `traffic ${i}`)

/** Bursts and pauses, over few lines and many, reads and writes. */
function script(seed: string): Step[] {
  const random = seedrandom(seed)
  const below = (n: number) => Math.floor(random() * n)
  const lines = [12, 40, 400][below(3)]!
  const pause = [1, 4, 60][below(3)]!
  const writes = below(3)
  let at = 0
  let line = 0
  return Array.from({ length: 150 }, () => {
    if (below(3) > 0) at += below(pause)
    line = below(2) > 0 ? line + 1 : below(lines)
    return { at, address: line * 64 + below(16) * 4, write: below(8) < writes }
  })
}

/** Runs the traffic that `seed` names; throws where the memory breaks the contract under way. */
function run(memoryCase: MemoryCase, seed: string, order: Order) {
  const kernel = new Kernel(order)
  const memory = memoryCase.build(kernel)
  const clients = ['a', 'b']
    .slice(0, memoryCase.clients)
    .map((name) => new ScriptedClient(name, kernel, memory, script(`${seed} ${name}`)))
  // Bounded: what refreshes itself never ends.
  kernel.run(200_000)
  return { memory, clients }
}

export function memoryContract(memoryCase: MemoryCase): void {
  it('takes every request in the end, and answers all reads once, later, and nothing else', () => {
    for (const seed of seeds)
      for (const [i, { takenAt, doneAt, depth }] of run(memoryCase, seed, 'forward').clients.entries()) {
        const reads = script(`${seed} ${'ab'[i]}`).map(({ write }) => write !== true)
        expect(takenAt, seed).not.toContain(-1)
        expect(
          doneAt.map((tick) => tick !== -1),
          seed,
        ).toEqual(reads)
        expect(doneAt.every((tick, step) => tick === -1 || tick > takenAt[step]!)).toBe(true)
        expect(depth.map((levels) => levels >= 0)).toEqual(reads)
      }
  })

  it('calls retry() once for each refusal', () => {
    for (const seed of seeds)
      for (const { refusals, retries } of run(memoryCase, seed, 'forward').clients) expect(retries).toBe(refusals)
  })

  it('is settled in the end', () => {
    for (const seed of seeds) expect(run(memoryCase, seed, 'forward').memory.settled, seed).toBe(true)
  })

  it('does the same in every order of events within a tick', () => {
    for (const seed of seeds) {
      const outcome = (order: Order) =>
        run(memoryCase, seed, order).clients.map(({ takenAt, doneAt, depth }) => ({ takenAt, doneAt, depth }))
      const [forward, ...others] = orders.map(outcome)
      for (const other of others) expect(other, seed).toEqual(forward)
    }
  })
}

/** Refusals of all the traffic: that it is heavy enough to be refused is for the caller to see. */
export const refusals = (memoryCase: MemoryCase): number =>
  seeds.flatMap((seed) => run(memoryCase, seed, 'forward').clients).reduce((sum, client) => sum + client.refusals, 0)
