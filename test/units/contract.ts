// What every unit of a streaming machine must do, whatever it computes.

import { expect, it } from 'vitest'
import { Stream } from '../../src/sim/stream.ts'
import { always, blocks, every, type Pattern } from '../../src/units/test-pattern.ts'
import { orders, Rig, type RigOptions, randomPattern, randomWords, type UnitCase } from './rig.ts'

const FRAMES = 4

const sum = (parts: Readonly<Record<string, number>>): number => Object.values(parts).reduce((a, b) => a + b, 0)

/** Stall patterns by name: input then output. */
const stalls: readonly (readonly [string, Pattern, Pattern])[] = [
  ['none', always, always],
  ['scarce input', every(7), always],
  ['scarce output', always, every(5)],
  ['input in blocks', blocks(13), always],
  ['output in blocks', always, blocks(11)],
  ...Array.from({ length: 12 }, (_, i): [string, Pattern, Pattern] => [
    `random ${i}`,
    randomPattern(`offered ${i}`, [0.9, 0.5, 0.15][i % 3]!),
    randomPattern(`accepted ${i}`, [0.9, 0.4, 0.2, 0.6][i % 4]!),
  ]),
]

export function unitContract(each: UnitCase): void {
  const words = randomWords(each.name, each.wordsIn * FRAMES, each.inWidth)
  const frames = Array.from({ length: FRAMES }, (_, i) => words.slice(i * each.wordsIn, (i + 1) * each.wordsIn))
  const expected = frames.flatMap((frame) => each.model(frame))
  const run = (options: RigOptions = {}) => new Rig(each, words, options).finish()

  it.each(stalls)(
    'computes what its model does, each word once, and accounts for every cycle: stalls %s',
    (...stall) => {
      const [, offered, accepted] = stall
      for (const depths of [
        [1, 1],
        [2, 3],
        [9, 1],
      ] as const) {
        const { words: got, stalls: cycles, total, taken } = run({ offered, accepted, depths })
        expect(got).toEqual(expected)
        expect(taken).toBe(words.length)
        expect(sum(cycles)).toBe(total)
        for (const part of Object.values(cycles)) expect(part).toBeGreaterThanOrEqual(0)
      }
    },
  )

  it('counts the same work whatever the stalls', () => {
    const counts = stalls.map(([, offered, accepted]) => run({ offered, accepted }).count)
    for (const count of counts) expect(count).toEqual(counts[0])
  })

  it('does the same whatever the order of events within a cycle', () => {
    for (const [name, offered, accepted] of stalls) {
      const [forward, ...others] = orders.map((order) => run({ order, offered, accepted, depths: [1, 2] }))
      for (const other of others) expect(other, name).toEqual(forward)
    }
  })

  it('is never faster for a stall, and says which side held it up', () => {
    const free = run()
    const starved = run({ offered: every(50) })
    const blocked = run({ accepted: every(50) })
    expect(starved.cycles.at(-1)!).toBeGreaterThan(free.cycles.at(-1)!)
    expect(blocked.cycles.at(-1)!).toBeGreaterThan(free.cycles.at(-1)!)
    expect(starved.stalls.fill + starved.stalls.input).toBeGreaterThan(free.stalls.fill + free.stalls.input)
    expect(blocked.stalls.output).toBeGreaterThan(free.stalls.output)
  })

  it('takes no more frames than it was built for, nor than are left after a skip', () => {
    for (const [expects, skipped] of [
      [2, 0],
      [3, 1],
      [4, 2],
    ] as const) {
      const rig = new Rig(each, words, { expects })
      rig.unit.skip(skipped)
      const { words: got, taken } = rig.finish()
      expect(got).toEqual(expected.slice(0, (expected.length / FRAMES) * 2))
      // The stream before it is full of what it leaves.
      expect(taken).toBe(Math.min(words.length, 2 * each.wordsIn + 2))
    }
  })

  it('can skip frames in the middle of one', () => {
    const rig = new Rig(each, words, { offered: every(3) })
    rig.kernel.run(each.wordsIn * 2)
    rig.unit.skip(2)
    expect(rig.finish().words).toEqual(expected.slice(0, expected.length / 2))
  })

  it('is idle in the end, and ends no cycle before its last word leaves', () => {
    const rig = new Rig(each, words)
    const { total, cycles } = rig.finish()
    expect(total).toBeGreaterThan(cycles.at(-1)!)
    const { busy, idle } = rig.unit.cycles
    rig.unit.settle(total + 1000)
    expect(rig.unit.cycles).toMatchObject({ busy, idle: idle + 1000 })
  })

  it('claims its wires: neither can be claimed again', () => {
    const { kernel, before, after } = new Rig(each, words)
    const fresh = (name: string, width: number) => new Stream(name, kernel, { width, depth: 1 })
    expect(() => each.build(kernel, { input: before, output: fresh('free', each.outWidth) }, 1)).toThrow(
      'already read by',
    )
    expect(() => each.build(kernel, { input: fresh('free', each.inWidth), output: after }, 1)).toThrow(
      'already written by',
    )
  })

  it('has equal signatures only where futures are equal', () => {
    const period = 6
    const many = Array.from({ length: 12 }, (_, i) => frames[i % FRAMES]!).flat()
    const patterns: [Pattern, Pattern][] = [
      [always, always],
      [every(3), always],
      [always, every(6)],
    ]
    expectForgottenPast(each)
    for (const [offered, accepted] of patterns) expectEqualFutures(new Rig(each, many, { offered, accepted }), period)
  })
}

const THEN = 60 // cycles of history
const UNTIL = 120

/** Different histories that lead to equal signatures lead to equal futures. */
function expectForgottenPast(each: UnitCase): void {
  const words = randomWords('history', each.wordsIn * (Math.ceil((UNTIL + 20) / each.wordsIn) + 1), each.inWidth)
  const stalled = (seed: string, share: number): Pattern => {
    const pattern = randomPattern(seed, share)
    return (cycle) => (cycle >= THEN ? cycle : Math.min(THEN, pattern(cycle)))
  }
  const futures = new Map<string, string>()
  let met = 0
  for (let i = 0; i < 200; i++) {
    const offered = stalled(`offered ${i}`, [0.9, 0.3, 0.6][i % 3]!)
    const accepted = stalled(`accepted ${i}`, [1, 0.8, 0.3][(i % 7) % 3]!)
    const rig = new Rig(each, words, { offered, accepted, depths: [1, 1] })
    rig.kernel.run(THEN - 1)
    const totals = () => {
      rig.unit.settle(rig.kernel.now)
      return [...Object.values(rig.unit.cycles), ...Object.values(rig.unit.count)]
    }
    const state = signature(rig, 1)
    const before = totals()
    rig.kernel.run(UNTIL - 1)
    const left = rig.drain.cycles.filter((cycle) => cycle >= THEN)
    const future = `${left.join()};${totals()
      .map((total, k) => total - before[k]!)
      .join()}`
    const known = futures.get(state)
    if (known === undefined) futures.set(state, future)
    else {
      expect(future).toBe(known)
      met++
    }
  }
  expect(met).toBeGreaterThan(0)
}

/**
 * Runs cycle by cycle. Wherever the state recurs, the cycle that follows does the same to counters and output and
 * leads to the same state as then; and so, by induction, do all that follow.
 */
function expectEqualFutures(rig: Rig, period: number): void {
  const states: string[] = []
  const totals: number[][] = []
  do {
    rig.kernel.run(rig.kernel.now)
    rig.unit.settle(rig.kernel.now)
    states.push(signature(rig, period))
    const { cycles, count } = rig.unit
    totals.push([rig.drain.words.length, ...Object.values(cycles), ...Object.values(count)])
  } while (pending(rig))

  // Far enough from the end that the unit has frames to come.
  const last = totals.findLastIndex(([words]) => words! <= (2 / 3) * rig.drain.words.length)
  const next = (at: number): string =>
    `${totals[at + 1]!.map((total, i) => total - totals[at]![i]!).join()};${states[at + 1]}`
  const seen = new Map<string, number>()
  let recurrences = 0
  for (let at = 0; at < last; at++) {
    const before = seen.get(states[at]!)
    if (before === undefined) seen.set(states[at]!, at)
    else if (next(at) !== next(before)) expect(next(at), `cycle ${at} as ${before}`).toBe(next(before))
    else recurrences++
  }
  expect(recurrences).toBeGreaterThan(last / 4)
}

const pending = (rig: Rig): boolean => {
  let any = false
  rig.kernel.pending(() => {
    any = true
  })
  return any
}

function signature({ kernel, unit, before, after }: Rig, period: number): string {
  const state: number[] = [kernel.now % period]
  for (const each of [unit, before, after]) each.signature(state)
  const events: string[] = []
  kernel.pending((delay, { name }) => events.push(`${delay} ${name}`))
  return `${state.join()};${[...new Set(events)].toSorted().join()}`
}
