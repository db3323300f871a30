// Operations saved by sharing 2-D results, against the accuracy that similar slices cost.

import { basename } from 'node:path'
import { z } from 'zod'
import { evaluateImages } from '../../model/eval.ts'
import { loadPictures, mustFit } from '../../model/pictures.ts'
import { applyPasses } from '../../opt/index.ts'
import { operationsOf, removed } from '../../opt/kernels/operations.ts'
import { shareResults } from '../../opt/share-results.ts'
import { shareSimilar } from '../../opt/share-similar.ts'
import { workload } from '../../work/lower.ts'
import { count } from '../../work/quantity.ts'
import type { Workload } from '../../work/workload.ts'
import { about, type NetworkOptions, networkOf, networkOptions, type Quantity } from '../quantity.ts'

const schema = z.strictObject({
  ...networkOptions,
  /** Image file; drawn pictures without one. */
  images: z.string().exactOptional(),
  /** Pictures that accuracy is measured on. */
  pictures: count(1),
  /** Shares of the weights of a layer that may change sign, each tried in all layers alike. */
  changed: z.array(z.number()),
  /** Percent points of accuracy that `within` may lose. */
  loss: z.number(),
  /** Share of the 2-D results that `lostAt` removes at least. */
  removing: z.number(),
})

type Options = NetworkOptions & z.output<typeof schema>

interface Point {
  readonly removed: number
  /** Percent points below the unchanged network; null without labels. */
  readonly lost: number | null
}

/**
 * Shares of all 2-D results that need not be computed: of equal or inverse slices (`exact`), and most of those at a loss of
 * accuracy of at most `loss` (`within`). `lostAt`: the least loss of those that remove `removing`; null where none does.
 */
export const sharing: Quantity = {
  summary: '2-D results removed by sharing, and the accuracy that it costs',
  schema,
  figures: ['exact', 'within', 'lostAt', 'accuracy'],
  async count(options: Options) {
    const { images, loss, removing } = options
    const network = networkOf(options)
    const set = loadPictures(images ?? 'drawn', network.picture, { count: options.pictures, seed: options.seed })
    mustFit(network, set, 'images', images)
    const base = workload(network)
    const accuracyOf = async (variant: Workload): Promise<number | null> =>
      (await evaluateImages(network, set, { workload: variant })).accuracy
    const before = await accuracyOf(base)
    const points: Point[] = [{ removed: resultsRemoved(base), lost: before === null ? null : 0 }]
    for (const changed of options.changed) {
      const variant = changedBy(base, changed)
      const after = await accuracyOf(variant)
      const lost = before === null || after === null ? null : 100 * (before - after)
      points.push({ removed: resultsRemoved(variant), lost })
    }
    const within = points.filter(({ lost }) => lost !== null && lost <= loss)
    const beyond = points.flatMap(({ removed, lost }) => (removed >= removing && lost !== null ? [lost] : []))
    return {
      ...about(network, options, images === undefined ? 'drawn' : basename(images)),
      figures: {
        exact: points[0]!.removed,
        within: within.length === 0 ? null : Math.max(...within.map((point) => point.removed)),
        lostAt: beyond.length === 0 ? null : Math.min(...beyond),
        accuracy: before,
      },
    }
  },
}

const changedBy = (base: Workload, changed: number): Workload =>
  applyPasses(base, [{ name: shareSimilar.name, options: shareSimilar.schema.parse({ changed }) }])

const resultsRemoved = (variant: Workload): number =>
  removed(
    'results',
    operationsOf(applyPasses(variant, [{ name: shareResults.name, options: { share: 'inverse' } }])).all,
  )
