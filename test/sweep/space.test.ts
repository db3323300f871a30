// Axes, conditions, and what is wrong with a sweep's file.

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadSweep } from '../../src/sweep/definition.ts'
import { Trees } from '../../src/sweep/evaluate.ts'
import { holds } from '../../src/sweep/sweep.ts'
import { problem, withFiles } from '../config/files.ts'

const load = (text: string) => loadSweep(join(withFiles({ 's.yaml': `experiment: lfc-z7020\n${text}` }), 's.yaml'))

const points = (text: string) => {
  const { space } = load(text)
  return Array.from({ length: space.size }, (_, i) =>
    Object.fromEntries(space.at(i).map(({ path, value }) => [path, value])),
  )
}

describe('a space', () => {
  it('is the product of its axes, the last turning fastest', () => {
    expect(points('grid: { seed: [1, 2], images.count: [3, 4] }')).toEqual([
      { seed: 1, 'images.count': 3 },
      { seed: 1, 'images.count': 4 },
      { seed: 2, 'images.count': 3 },
      { seed: 2, 'images.count': 4 },
    ])
  })

  it('turns zipped lists together, and groups of them apart', () => {
    expect(points('zip: { seed: [1, 2], images.count: [3, 4] }')).toEqual([
      { seed: 1, 'images.count': 3 },
      { seed: 2, 'images.count': 4 },
    ])
    expect(points('zip: [{ seed: [1, 2] }, { images.count: [3, 4, 5] }]')).toHaveLength(6)
  })

  it('takes points that are written out, beside other axes', () => {
    expect(points('list: [{ seed: 5 }, { seed: 6, images.count: 2 }]\ngrid: { images.from: [0, 1] }')).toEqual([
      { seed: 5, 'images.from': 0 },
      { seed: 5, 'images.from': 1 },
      { seed: 6, 'images.count': 2, 'images.from': 0 },
      { seed: 6, 'images.count': 2, 'images.from': 1 },
    ])
  })

  it('has one point without axes', () => {
    expect(points('')).toEqual([{}])
    expect(points('zip: {}\ngrid: {}')).toEqual([{}])
  })

  const random = (seed: number, axes: string, count = 50) =>
    points(`seed: ${seed}\nrandom: { count: ${count}, axes: ${axes} }`)

  it('draws by its seed, within the range, in steps, each point once', () => {
    const axes =
      '{ images.count: { from: 4, to: 1024, scale: log }, machine.clock: { from: 50 MHz, to: 300 MHz, step: 2.5 MHz } }'
    const drawn = random(1, axes)
    expect(random(1, axes)).toEqual(drawn)
    expect(random(2, axes)).not.toEqual(drawn)
    expect(new Set(drawn.map((point) => JSON.stringify(point))).size).toBe(50)
    const counts = drawn.map((point) => point['images.count'] as number)
    expect(counts.every((count) => Number.isInteger(count) && count >= 4 && count <= 1024)).toBe(true)
    // Half of the draws lie below the geometric mean, 64, where a linear scale would have one in seventeen there.
    expect(counts.filter((count) => count < 64).length).toBeGreaterThan(15)
    for (const clock of drawn.map((point) => point['machine.clock'] as string)) {
      const [, number] = /^([\d.]+) MHz$/.exec(clock)!
      expect((Number(number) - 50) % 2.5).toBe(0)
    }
  })

  it('draws all there are where fewer differ', () => {
    expect(
      random(1, '{ seed: [1, 2, 3] }', 20)
        .map(({ seed }) => seed)
        .sort(),
    ).toEqual([1, 2, 3])
    expect(random(3, '{ seed: { from: 1, to: 2 } }', 20)).toHaveLength(2)
  })
})

describe('conditions', () => {
  const kept = (when: string) => {
    const sweep = load(`grid: { images.count: [1, 2, 3, 4] }\nset: { machine.clock: 150 MHz, seed: 7 }\nwhen: ${when}`)
    const trees = new Trees()
    return [0, 1, 2, 3].filter((point) => holds(sweep, trees, point)).map((point) => point + 1)
  }

  it.each<[string, number[]]>([
    ['images.count > 2', [3, 4]],
    ['images.count * 2 + 1 <= seed - 2', [1, 2]],
    ['"machine.clock >= \'0.15 GHz\' && images.count != 3"', [1, 2, 4]],
    ['"machine.clock > \'150 MHz\' || images.count % 2 == 0"', [2, 4]],
    ['"!(images.count === 1) && -images.count > -4"', [2, 3]],
    ['"images[\'count\'] / 2 == 2"', [4]],
    ['"network == \'lfc-w1a1\'"', [1, 2, 3, 4]],
    ['[images.count >= 2, images.count <= 3]', [2, 3]],
    // A part that decides spares the other, which would be refused.
    ['"images.count < 9 || nothing.there == 1"', [1, 2, 3, 4]],
  ])('%s', (when, expected) => expect(kept(when)).toEqual(expected))

  it.each<[string, string]>([
    ['images.count + 1', 's.yaml:4: when: expected a comparison, got 2'],
    ['images.cont > 2', 's.yaml:4: when: the experiment has no entry images.cont'],
    ['images > 2', 's.yaml:4: when: images is no number, text or truth value'],
    ['"network > 2"', 's.yaml:4: when: expected a number, got "lfc-w1a1"'],
    ['[images.count > 2, "seed >"]', 's.yaml:4: when[1]: expected a condition such as machine.rows <= 16: Expected'],
    ['"f(1) > 2"', 's.yaml:4: when: expected numbers, texts, entries of the experiment'],
    ['"1 << 2 > 2"', 's.yaml:4: when: no operator << in conditions'],
    ['"images[seed] > 2"', 's.yaml:4: when: expected the path of an entry'],
  ])('refuses %s', (when, expected) => expect(problem(() => kept(when))).toContain(expected))
})

describe('a file that is wrong names the place', () => {
  it.each<[string, string]>([
    ['gird: { seed: [1] }', "s.yaml:2: gird: unknown key 'gird'; did you mean 'grid'?"],
    ['grid: { seed: [] }', 's.yaml:2: grid.seed: '],
    ['grid: { seed: 1 }', 's.yaml:2: grid.seed: expected a list'],
    ['zip: { seed: [1, 2], images.count: [1] }', 's.yaml:2: zip.images.count: images.count has 1 values, seed has 2'],
    [
      'grid: { seed: [1] }\nlist: [{ images.count: 1 }, { seed: 2 }]',
      's.yaml:3: list[1].seed: seed is set by two axes',
    ],
    [
      'explore: { points: 4, fidelity: [{ machine: lfc-z7020 }] }\ngrid: { machine.clock: [1 MHz] }',
      'explore.fidelity[0].machine: machine would undo the axis machine.clock',
    ],
    [
      'set: { machine.clock: 1 MHz }\ngrid: { machine: [lfc-z7020] }',
      's.yaml:3: grid.machine[0]: machine would undo machine.clock',
    ],
    [
      'grid: { machine.clock: [1 MHz], machine: [lfc-z7020] }',
      's.yaml:2: grid.machine[0]: machine is set by two axes: also by machine.clock',
    ],
    [
      'grid: { "variants[0].name": [a], variants.0.name: [b] }',
      'variants.0.name is set by two axes: also by variants[0].name',
    ],
    ['random: { count: 3, axes: { seed: { from: 1, to: 3, step: 0 } } }', 'expected a step above 0 that fits between'],
    [
      'random: { count: 3, axes: { seed: { from: 0.1, to: 0.9 } } }',
      'expected a step above 0 that fits between from and to, got 1',
    ],
    ['objectives: { latencySecond: min }', "did you mean 'latencySeconds'?"],
    ['objectives: { latencySeconds: least }', 's.yaml:2: objectives.latencySeconds: expected'],
    ['objectives: { passes: min }', 's.yaml:2: objectives.passes: no such number of a variant'],
    [
      'random: { count: 3, axes: { seed: { from: 3, to: 1 } } }',
      's.yaml:2: random.axes.seed: expected a range that rises',
    ],
    [
      'random: { count: 3, axes: { seed: { from: 0, to: 9, scale: log } } }',
      'expected a range that rises from above 0',
    ],
    [
      'random: { count: 3, axes: { machine.clock: { from: 1 MHz, to: 2 GHz } } }',
      'expected one unit for from, to and step',
    ],
    [
      'random: { count: 3, axes: { machine.clock: { from: one, to: 2 } } }',
      "expected a number or a quantity, got 'one'",
    ],
    ['explore: { points: 4, fidelity: [] }', 's.yaml:2: explore.fidelity: '],
  ])('%s', (text, expected) => expect(problem(() => load(text))).toContain(expected))
})
