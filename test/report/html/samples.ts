// Documents for report pages: a result of two variants, a sweep of seeded points, and claims.

import seedrandom from 'seedrandom'
import type { ReproductionDocument } from '../../../src/report/reproduction-document.ts'
import type { PointResult, SweepDocument, SweepPoint } from '../../../src/report/sweep-document.ts'
import { sampleDocument } from '../samples.ts'

/** A name that is markup and script where it is not escaped. */
export const nasty = '</script><img src=x onerror=alert(1)>&"\'{b}'

/** `count` points of three settings, the last of which has failed; two objectives that work against each other. */
export function sampleSweep(count: number, seed = 'sweep'): SweepDocument {
  const random = seedrandom(seed)
  const { layers: _, ...variant } = sampleDocument().variants[0]!
  const points = Array.from({ length: count }, (__, point): SweepPoint => {
    const pe = 2 ** Math.floor(6 * random())
    const clock = 100 + 50 * Math.floor(4 * random())
    const style = random() < 0.5 ? 'hls' : 'rtl'
    const settings = { 'machine.array.pe': pe, 'machine.clock': `${clock} MHz`, 'machine.style': style }
    if (point === count - 1) return { point, settings, error: `the design <does not> fit: ${pe} PEs`, variants: [] }
    const cyclesPerImage = Math.round((1e6 / pe) * (1 + 0.3 * random()))
    const energyPerImageJoules = 1e-4 * (1 + pe / 8) * (0.8 + 0.4 * random())
    const result: PointResult = { ...variant, clockHz: clock * 1e6, cyclesPerImage, energyPerImageJoules }
    return { point, settings, variants: [result] }
  })
  const values = points.flatMap(({ point, variants }) =>
    variants.map(({ cyclesPerImage: x, energyPerImageJoules: y }) => ({ point, x, y })),
  )
  const front = values
    .filter(({ x, y }) => !values.some((other) => other.x <= x && other.y <= y && (other.x < x || other.y < y)))
    .sort((a, b) => a.x - b.x)
  const [fastest, sparing] = [front[0]!, front.at(-1)!]
  return {
    format: 'bnnsim-sweep/1',
    sweep: 'sample',
    version: '1.2.3',
    settings: ['machine.array.pe', 'machine.clock', 'machine.style'],
    objectives: [
      { figure: 'cyclesPerImage', goal: 'min' },
      { figure: 'energyPerImageJoules', goal: 'min' },
    ],
    search: {
      seed: 1,
      space: 96,
      rungs: [
        { settings: { 'images.count': 1 }, points: 96, kept: count },
        { settings: { 'images.count': 10 }, points: count, kept: count },
      ],
    },
    points,
    front: front.map(({ point }) => ({ point, variant: 'baseline' })),
    best: [
      { point: fastest.point, variant: 'baseline', figure: 'cyclesPerImage', value: fastest.x },
      { point: sparing.point, variant: 'baseline', figure: 'energyPerImageJoules', value: sparing.y },
    ],
  }
}

export const sampleReproduction: ReproductionDocument = {
  format: 'bnnsim-reproduction/1',
  version: '1.2.3',
  papers: [
    { id: 'first2021', citation: 'A. First: On nothing. Journal of Nothing, 2021' },
    { id: 'second2024', citation: 'B. Second: More of it. Proceedings of Nothing, 2024' },
  ],
  claims: [
    {
      id: 'speedup',
      paper: 'first2021',
      claim: 'Speedup with sharing',
      unit: 'x',
      published: 1.86,
      source: 'table 2',
      ours: 1.79,
      neutral: 1,
      difference: 0.79 / 0.86 - 1,
      basis: 'independent',
      why: 'The paper does not count the first layer, `conv0`.',
      network: 'toy-net',
      weights: 'trained',
      pictures: 'drawn',
      experiments: ['sample', 'other'],
      bars: [
        { label: 'nothing shared', value: 1 },
        { label: 'repeated', value: 1.4 },
        { label: 'all', value: 1.79 },
      ],
    },
    {
      id: 'energy',
      paper: 'first2021',
      claim: 'Energy saved',
      unit: '%',
      published: 40,
      source: 'table 2',
      ours: 22,
      neutral: 0,
      difference: 22 / 40 - 1,
      basis: 'independent',
      why: 'Static power, which the paper leaves out, is counted here.',
      network: 'toy-net',
      weights: 'seeded',
      pictures: 'drawn',
      experiments: ['sample'],
      bars: [],
    },
    {
      id: 'speedup',
      paper: 'second2024',
      claim: 'Speedup with decoding',
      unit: 'x',
      published: 1.35,
      source: 'table 2',
      ours: 1.36,
      neutral: 1,
      difference: 0.36 / 0.35 - 1,
      basis: 'chosen',
      why: 'Agreement rests on memory that is as slow as the paper has it.',
      network: 'toy-net',
      weights: 'trained',
      pictures: 'drawn',
      experiments: ['other'],
      bars: [{ label: 'decoding', value: 1.36 }],
    },
  ],
  failures: [],
}
