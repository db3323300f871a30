import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { type Costs, costsOf, dominates, frontOf, ranked } from '../../src/report/pareto.ts'

const objectives = [
  { figure: 'a', goal: 'min' },
  { figure: 'b', goal: 'max' },
] as const

it('makes more into less where more is better, and nothing of what is not known', () => {
  expect(costsOf([3, 4], objectives)).toEqual([3, -4])
  expect(costsOf([3, undefined], objectives)).toBeNull()
})

describe('a front', () => {
  it('holds what no other dominates, equals included, best in the first objective first', () => {
    expect(frontOf([[3, 1], [1, 3], [2, 2], [2, 3], null, [2, 2], [3, 3]])).toEqual([1, 2, 5, 0])
  })

  it('is that of its definition', () => {
    const random = seedrandom('fronts')
    for (let run = 0; run < 50; run++) {
      const candidates: Costs[] = Array.from({ length: 40 }, () =>
        random() < 0.1 ? null : [0, 1, 2].map(() => Math.floor(random() * 8)),
      )
      const byDefinition = candidates.flatMap((costs, i) =>
        costs === null || candidates.some((other) => other !== null && dominates(other, costs)) ? [] : [i],
      )
      expect(frontOf(candidates).sort((a, b) => a - b)).toEqual(byDefinition)
    }
  })
})

describe('ranks', () => {
  it('put every candidate that has costs behind all that dominate it', () => {
    const random = seedrandom('ranks')
    const candidates: Costs[] = Array.from({ length: 60 }, () =>
      random() < 0.1 ? null : [Math.floor(random() * 10), Math.floor(random() * 10)],
    )
    const order = ranked(candidates)
    expect([...order].sort((a, b) => a - b)).toEqual(candidates.flatMap((costs, i) => (costs === null ? [] : [i])))
    for (const [place, i] of order.entries())
      for (const later of order.slice(place + 1)) expect(dominates(candidates[later]!, candidates[i]!)).toBe(false)
  })

  it('keep the ends of a front first, then what stands alone', () => {
    expect(
      ranked([
        [0, 10],
        [1, 9],
        [2, 8],
        [6, 3],
        [10, 0],
      ]),
    ).toEqual([0, 4, 3, 2, 1])
  })
})
