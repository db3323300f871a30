// What goes by program order alone: instruction lines, branches, counts.

import { describe, expect, it } from 'vitest'
import { assemble } from '../../../src/isa/assemble.ts'
import { Core, type Observation } from '../../../src/units/core/core.ts'
import { coreSpec, repeat, wiresOf } from './in-order-rig.ts'

/** Times the blocks in that order; they access no memory. */
function timed(text: string, order: readonly number[], fast: boolean, observation?: Observation) {
  const { history: _, ...wires } = wiresOf()
  const core = new Core(coreSpec(), wires, { fast })
  if (observation !== undefined) core.observe(observation)
  const { instructions, blocks } = assemble(text, 'test.s')
  core.time({ instructions, blocks, trace: Int32Array.from(order), next: -1 }, order.length)
  core.finish()
  return { core, l1i: wires.l1i.count, told: { cycles: core.cycles, stalls: core.stalls(), l1i: wires.l1i.count } }
}

const times = (n: number, ...blocks: readonly number[]): number[] => Array.from({ length: n }, () => blocks).flat()

describe.each([false, true])('a core, fast path %s', (fast) => {
  it('fetches a loop that L1I holds once', () => {
    const { core, l1i } = timed(`1: ${repeat(100, 'nop')}\n b.ne 1b`, times(50, 0), fast)
    expect(l1i.readMisses).toBe(Math.ceil((101 * 4) / 64))
    expect(core.executedCounts().instructions).toBe(50 * 101)
    expect(core.predictor.count.branches).toBe(50)
  })

  it('fetches a loop that L1I does not hold each time', () => {
    const long = timed(`1: ${repeat(2000, 'nop')}\n b.ne 1b`, times(10, 0), fast) // 8 KiB of 4
    expect(long.l1i.readMisses).toBe(10 * Math.ceil((2001 * 4) / 64))
    expect(long.core.stalls().instructionMiss).toBeGreaterThan(10 * 1000)
  })

  it('loses the bubble at a jump to the next instruction, too', () => {
    const { core } = timed(
      repeat(20, (i) => `b ${i}f\n${i}:`),
      Array.from({ length: 20 }, (_, i) => i),
      fast,
    )
    const { frontEnd, instructionMiss } = core.stalls()
    expect(frontEnd + instructionMiss).toBe(core.cycles - 20)
    expect(frontEnd).toBeGreaterThanOrEqual(2 * 17)
    expect(core.predictor.count.mispredictions).toBe(0)
  })
})

it('a core takes as many cycles replayed, watched, or neither', () => {
  const text = '1: add x0, x0, #1\n mul x1, x0, x0\n b.ne 1b\n mul x2, x1, x1\n b 1b'
  const order = times(200, ...times(20, 0), 1)
  const plain = timed(text, order, false)
  const fast = timed(text, order, true)
  expect(fast.told).toEqual(plain.told)
  expect(fast.core.replayed).toBeGreaterThan(2000)
  let seen = 0
  const observer = { retired: () => seen++ }
  const watched = timed(text, order, true, { observer, from: 6000, to: 7000 })
  expect(watched.told).toEqual(plain.told)
  expect(seen).toBeGreaterThan(500)
  expect(seen).toBeLessThan(plain.core.executedCounts().instructions / 2)
})
