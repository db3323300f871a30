// Accuracy of variants of a network, one after the other: what commands that draw a curve have in common.

import { evaluateImages, type ImageEvaluation } from '../model/eval.ts'
import type { Pictures } from '../model/images.ts'
import { loadNetwork } from '../model/load.ts'
import { loadPictures, mustFit } from '../model/pictures.ts'
import type { Network } from '../work/network.ts'
import type { Workload } from '../work/workload.ts'
import { stopOnInterrupt } from './interrupt.ts'
import { weightsOption } from './network-option.ts'
import { single, whole } from './options.ts'
import { Progress } from './progress.ts'

export const pictureOptions = {
  images: { describe: "CIFAR-10 binary, IDX, PPM or PGM file, or 'drawn'", default: 'drawn', requiresArg: true },
  limit: { describe: 'pictures to take, from the first; all of a file, or 12 drawn, without', requiresArg: true },
  ...weightsOption,
  seed: { describe: 'seed of random weights and of drawn pictures', default: 1, requiresArg: true },
  quiet: { describe: 'show no progress', type: 'boolean', default: false },
} as const

/** What the flags of `pictureOptions` name. */
export function networkAndPictures(args: Readonly<Record<string, unknown>>): {
  readonly network: Network
  readonly pictures: Pictures
} {
  const seed = whole('seed', 0, args.seed)
  const weights = args.weights === undefined ? {} : { weightsFile: single('weights', args.weights) }
  const network = loadNetwork(String(args.network), { seed, ...weights })
  const count = args.limit === undefined ? {} : { count: whole('limit', 1, args.limit) }
  const images = single('images', args.images)
  const pictures = loadPictures(images, network.picture, { ...count, seed })
  mustFit(network, pictures, '--images', images)
  return { network, pictures }
}

/** Evaluates a variant on all pictures; `what` names it on the line of progress. */
export type Measure = (what: string, variant: Workload) => Promise<ImageEvaluation>

class Interrupted extends Error {}

/** Runs `body`; false where Ctrl-C ended it, at the measurement that was under way. */
export async function measuring(
  network: Network,
  pictures: Pictures,
  quiet: boolean,
  body: (measure: Measure) => Promise<void>,
): Promise<boolean> {
  const progress = new Progress(quiet)
  const stop = stopOnInterrupt()
  const measure: Measure = async (what, variant) => {
    const evaluation = await evaluateImages(network, pictures, {
      workload: variant,
      stopped: stop.requested,
      onProgress: (done, total) => progress.update(() => `${what}: ${done} of ${total} images`),
    })
    if (stop.requested()) throw new Interrupted()
    return evaluation
  }
  try {
    await body(measure)
    return true
  } catch (error) {
    if (error instanceof Interrupted) return false
    throw error
  } finally {
    progress.clear()
    stop.release()
  }
}
