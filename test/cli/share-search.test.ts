import { describe, expect, it } from 'vitest'
import { bisect, greedyPath, undominated } from '../../src/cli/share-search.ts'

const wholes = (a: number, b: number): number | undefined => (b - a <= 1 ? undefined : (a + b) >> 1)

describe('bisect', () => {
  it.each([0, 1, 5, 63, 98, 99])('finds the last that fits, %i', async (last) => {
    const tried: number[] = []
    const found = await bisect(0, 100, wholes, async (value) => {
      tried.push(value)
      return value <= last
    })
    expect(found).toBe(last)
    expect(tried.length).toBeLessThanOrEqual(7)
    expect(new Set(tried).size).toBe(tried.length)
  })
})

describe('greedyPath', () => {
  it('takes up first what saves most for its harm', () => {
    const cheap = [
      { saved: 10, harm: 1 },
      { saved: 30, harm: 20 },
    ]
    const dear = [{ saved: 10, harm: 5 }]
    expect(greedyPath([cheap, dear])).toEqual([
      [-1, -1],
      [0, -1],
      [0, 0],
      [1, 0],
    ])
  })

  it('passes over choices that a step beyond them makes up for', () => {
    const choices = [
      { saved: 1, harm: 10 },
      { saved: 20, harm: 11 },
    ]
    expect(greedyPath([choices])).toEqual([[-1], [1]])
  })

  it('takes what does no harm by what it saves', () => {
    const layer = (saved: number) => [{ saved, harm: 0 }]
    expect(greedyPath([layer(1), layer(3), layer(2)]).at(1)).toEqual([-1, 0, -1])
  })
})

describe('undominated', () => {
  it('keeps one of equals, and what saves more or does less harm', () => {
    const choices = [
      { saved: 5, harm: 5 },
      { saved: 5, harm: 5 },
      { saved: 4, harm: 5 },
      { saved: 5, harm: 6 },
      { saved: 6, harm: 6 },
      { saved: 1, harm: 1 },
    ]
    expect(undominated(choices)).toEqual([choices[0], choices[4], choices[5]])
  })
})
