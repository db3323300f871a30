// Points and the search for the best one, with an accuracy that follows from the weights that changed sign.

import { expect, it } from 'vitest'
import type { Measure } from '../../src/cli/measure.ts'
import { Points, variantPasses } from '../../src/cli/share-points.ts'
import { passesOf, Variants } from '../../src/cli/share-variants.ts'
import { removed } from '../../src/opt/kernels/operations.ts'
import { oneLayer, similarKernels } from '../opt/similar-kernels.ts'

const IMAGES = 1000
const variants = new Variants(oneLayer(similarKernels('points', 48, 9, 20)).network)
const [name] = variants.names

/** As many pictures of class 1 as given are taken for others, the first ones or, past `from`, those. */
const evaluation = (wrong: number, from = 0) => {
  const predictions = Array.from({ length: IMAGES }, (_, index) => ({
    index,
    label: 1,
    class: index >= from && index < from + wrong ? 0 : 1,
    scores: [],
  }))
  return { images: IMAGES, correct: IMAGES - wrong, accuracy: 1 - wrong / IMAGES, imagesPerSecond: 1, predictions }
}

/** Two pictures of a thousand for each thousandth of the weights. */
const byName: Measure = async (_, variant) => evaluation(Math.round(2 * IMAGES * variants.signs(variant)))

async function begun(loss: number, measure: Measure = byName): Promise<Points> {
  const points = new Points(variants, loss, measure)
  await points.exact()
  return points
}

it('measures exact sharing once, and counts what it removes', async () => {
  let measured = 0
  const points = await begun(1, (what, variant) => {
    measured++
    return byName(what, variant)
  })
  expect(measured).toBe(1)
  const [equal, inverse] = points.all
  expect(equal).toMatchObject({ slices: 'equal', signs: 0, lost: 0, error: 0 })
  expect(removed('results', inverse!.all)).toBeGreaterThan(removed('results', equal!.all))
  expect(removed('results', equal!.all)).toBeGreaterThan(0)
})

it('measures the same weights once', async () => {
  const measured: string[] = []
  const points = await begun(1, (what, variant) => {
    measured.push(what)
    return byName(what, variant)
  })
  for (const changed of [0, 0.002, 1]) for (const distance of [1, 2]) await points.similar({ distance, changed })
  expect(measured).toEqual(['unchanged', 'distance 1, changed 0.002', 'distance 1, changed 1', 'distance 2, changed 1'])
  expect(points.all).toHaveLength(8)
})

it('gives the loss with the standard error of pictures that are right once', async () => {
  // 30 pictures wrong before, 40 others now: 40 worse, 30 better.
  const points = await begun(1, async (what) => (what === 'unchanged' ? evaluation(30) : evaluation(40, 500)))
  const { lost, error } = await points.similar({ distance: 1, changed: 0.01 })
  expect(lost).toBeCloseTo(1, 12)
  expect(error).toBeCloseTo(100 * (Math.sqrt(70 - 100 / IMAGES) / IMAGES), 12)
  expect(points.best().map(({ slices }) => slices)).toEqual(['equal, inverse', 'similar'])
})

it.each([{ given: [] }, { given: [0.005, 0.02] }, { given: [0.001, 0.05] }, { given: [0.002] }])(
  'finds how much may change, from points at $given',
  async ({ given }) => {
    const points = await begun(2)
    for (const changed of given) await points.similar({ distance: 1, changed })
    await points.search(1)
    const own = points.all.filter(({ slices }) => slices === 'similar')
    const best = points.best().find(({ slices }) => slices === 'similar')!
    const least = Math.min(...own.filter((point) => !points.fits(point)).map(({ all }) => removed('results', all)))
    expect(best.lost).toBeLessThanOrEqual(2)
    expect(best.signs).toBeCloseTo(0.01, 2)
    expect(least - removed('results', best.all)).toBeLessThan(0.005)
    expect(new Set(own.map(({ changed }) => changed)).size).toBe(own.length)
  },
)

it('tries no more where everything may change', async () => {
  const points = await begun(100)
  await points.search(2)
  expect(points.all.map(({ changed }) => changed)).toEqual([null, null, 1])
})

it('gives a layer a change of its own', async () => {
  const points = await begun(2)
  await points.searchLayers([0.002, 0.008, 0.1].map((changed) => ({ distance: 1, changed })))
  const best = points.best().find(({ slices }) => slices === 'layers')!
  expect(best.changes).toEqual({ [name!]: { distance: 1, changed: 0.008 } })
  expect(best.signs).toBeLessThanOrEqual(0.008)
  expect(variantPasses(best)).toEqual([
    { name: 'share-similar', layers: [name], distance: 1, changed: 0.008 },
    { name: 'share-results', share: 'inverse' },
  ])
})

it('lists a change once, with the layers that have it', () => {
  const [some, more] = [0.01, 0.02].map((changed) => ({ distance: 2, changed }))
  expect(passesOf({ a: some!, b: more!, c: { ...some! } })).toEqual([
    { name: 'share-similar', layers: ['a', 'c'], ...some },
    { name: 'share-similar', layers: ['b'], ...more },
  ])
})

it('ends where one result more is more than the search tells apart', async () => {
  const tiny = new Variants(oneLayer(similarKernels('tiny', 12, 9, 1)).network)
  const points = new Points(tiny, 1, async (_, variant) => evaluation(tiny.signs(variant) > 0.02 ? 100 : 0))
  await points.exact()
  await points.search(2)
  const [low, high] = [true, false].map((fitting) => points.all.filter((point) => points.fits(point) === fitting))
  expect(Math.max(...low!.map(({ signs }) => signs))).toBeLessThanOrEqual(0.02)
  expect(Math.min(...high!.map(({ signs }) => signs))).toBeGreaterThan(0.02)
})
