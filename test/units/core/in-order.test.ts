import { describe, expect, it } from 'vitest'
import { classTiming, coreSpec, Rig, repeat, straight } from './in-order-rig.ts'

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

/** Cycles sum to those charged, whatever else a test says. */
function accounted(rig: Rig): Rig {
  expect(rig.counted).toBe(rig.core.cycle + 1)
  return rig
}

describe('issue of an in-order core', () => {
  it('takes two independent instructions a cycle', () => {
    const rig = accounted(straight(repeat(8, (i) => `mov x${i}, #1`)))
    expect(rig.issues).toEqual([0, 0, 1, 1, 2, 2, 3, 3])
    expect(rig.core.counts[0]).toBe(4)
  })

  it('takes one where both need the only pipe', () => {
    const rig = accounted(straight('add v0.4s, v8.4s, v8.4s\n add v1.4s, v8.4s, v8.4s\n mov x0, #1'))
    expect(rig.issues).toEqual([0, 1, 1])
  })

  it('lets nothing pass an instruction that waits', () => {
    const rig = accounted(straight('mul x0, x1, x2\n add x0, x0, #1\n mov x3, #1\n mov x4, #1'))
    expect(rig.issues).toEqual([0, 4, 4, 5])
    expect(rig.count('operand')).toBe(3)
  })

  it('waits for an operand until the cycle in which it is there, and not longer', () => {
    for (const latency of [1, 2, 5]) {
      const spec = coreSpec({}, { 'vector-add': classTiming(latency, [5]) })
      expect(straight(repeat(4, 'add v0.4s, v0.4s, v0.4s'), [], spec).issues).toEqual(upTo(4).map((i) => i * latency))
    }
  })

  it('forwards an accumulator early, a factor not', () => {
    expect(straight(repeat(4, 'madd x0, x1, x2, x0')).issues).toEqual([0, 1, 2, 3])
    expect(straight(repeat(4, 'madd x0, x0, x2, x1')).issues).toEqual([0, 4, 8, 12])
    expect(straight('madd x0, x1, x2, x0\n add x0, x0, #1').issues).toEqual([0, 4])
  })

  it('takes the slots that an instruction has', () => {
    const spec = coreSpec({}, { alu: classTiming(1, [0, 1], { slots: 2 }) })
    expect(straight('nop\n mov x0, #1\n nop\n nop', [], spec).issues).toEqual([0, 1, 2, 2])
  })

  it('is kept for the passes of an instruction, with another one beside the last', () => {
    const spec = coreSpec({}, { 'vector-add': classTiming(4, [5], { passes: 3, occupancy: 36 }) })
    const rig = accounted(straight('nop\n add v0.4s, v1.4s, v1.4s\n nop\n nop\n add v0.4s, v1.4s, v1.4s', [], spec))
    expect(rig.issues).toEqual([0, 0, 2, 3, 3])
    expect(rig.core.counts[0]).toBe(6)
  })

  it('keeps a pipe for twelfths of a cycle', () => {
    const issues = (occupancy: number) => {
      const spec = coreSpec({}, { 'vector-add': classTiming(1, [5], { occupancy }) })
      return straight(
        repeat(6, (i) => `add v${i}.4s, v8.4s, v8.4s`),
        [],
        spec,
      ).issues
    }
    expect(issues(6)).toEqual([0, 0, 1, 1, 2, 2])
    expect(issues(8)).toEqual([0, 0, 1, 2, 2, 3])
    expect(issues(16)).toEqual([0, 1, 2, 4, 5, 6])
    expect(issues(18)).toEqual([0, 1, 3, 4, 6, 7])
  })

  it('charges a busy pipe', () => {
    const spec = coreSpec({}, { 'divide-64': classTiming(20, [2], { occupancy: 20 * 12 }) })
    const rig = accounted(straight('udiv x0, x1, x2\n udiv x3, x1, x2', [], spec))
    expect(rig.issues).toEqual([0, 20])
    expect(rig.count('pipe')).toBe(19)
    expect(rig.count('operand')).toBe(19) // at the end, until the last result is there
  })

  it('as llvm-mca has it, writes back in order', () => {
    const text = 'mul x0, x1, x2\n mov x3, #1\n mov x4, #1'
    expect(straight(text).issues).toEqual([0, 0, 1])
    const ordered = accounted(straight(text, [], coreSpec({ orderedWriteBack: true })))
    expect(ordered.issues).toEqual([0, 3, 3])
    expect(ordered.count('writeBack')).toBe(2)
  })
})

describe('fetch of an in-order core', () => {
  const loop = (body: string, times: number, spec = coreSpec()) => {
    const rig = new Rig(`1: ${body}\n b 1b`, spec)
    for (let i = 0; i < times; i++) rig.run({ taken: true })
    rig.finish()
    return accounted(rig)
  }

  it('lets a branch to itself go once in three cycles', () => {
    const rig = new Rig('1: b 1b')
    for (let i = 0; i < 5; i++) rig.run({ taken: true })
    rig.finish()
    expect(rig.issues).toEqual([0, 3, 6, 9, 12])
    expect(accounted(rig).count('frontEnd')).toBe(8)
  })

  it('hides the bubble of a taken branch behind what is queued', () => {
    // A chain at one a cycle, fetched at two: five cycles to fetch ten, with the bubble seven.
    expect(loop(repeat(9, 'add x0, x0, #1'), 40).count('frontEnd')).toBe(0)
    const short = loop(repeat(2, 'add x0, x0, #1'), 40)
    expect(short.count('frontEnd')).toBeGreaterThan(40)
  })

  it('shows it where two issue each cycle', () => {
    const rig = loop(
      repeat(9, (i) => `mov x${i}, #1`),
      40,
    )
    expect(rig.core.cycle + 1).toBe(40 * (5 + 2) - 2)
  })

  it('runs ahead by no more than its queue', () => {
    const rig = straight(`udiv x0, x1, x2\n add x0, x0, #1\n${repeat(12, 'nop')}`, [], slowDivide)
    const ahead = rig.times.filter(({ fetch }) => fetch < 20)
    expect(ahead.length).toBe(1 + 8) // the division has left the queue
    expect(rig.times[9]!.fetch).toBe(20)
  })

  it('starts anew the penalty after a mispredicted branch has issued', () => {
    for (const mispredictPenalty of [5, 9]) {
      const spec = coreSpec({ fetch: { ...coreSpec().fetch, mispredictPenalty } })
      const rig = new Rig('mul x0, x1, x2\n cbz x0, 1f\n 1: mov x3, #1', spec)
      rig.run({ taken: true, mispredicted: true }).run({ block: 1 }).finish()
      expect(rig.issues).toEqual([0, 4, 4 + mispredictPenalty])
      expect(accounted(rig).count('mispredict')).toBe(mispredictPenalty - 1)
    }
  })

  it('waits for instructions that were missing', () => {
    const rig = new Rig('mov x0, #1')
    rig.core.fetchMiss(() => 30)
    rig.run().finish()
    expect(rig.issues).toEqual([30])
    expect(accounted(rig).count('instructionMiss')).toBe(30)
  })

  const slowDivide = coreSpec({}, { 'divide-64': classTiming(20, [2], { occupancy: 240 }) })
})
