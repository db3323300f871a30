// Exact evaluation of a network on pictures: what `bnnsim eval` prints.

import { setImmediate } from 'node:timers/promises'
import { encode, evaluate, golden } from '../work/evaluate.ts'
import type { Network } from '../work/network.ts'
import type { Workload } from '../work/workload.ts'
import type { Pictures } from './images.ts'
import { mustFit } from './pictures.ts'

export interface Prediction {
  /** Position in the list of pictures. */
  readonly index: number
  readonly label: number | null
  readonly class: number
  readonly scores: readonly number[]
}

export interface ImageEvaluation {
  readonly images: number
  /** Labelled pictures whose class is their label; null without labels. */
  readonly correct: number | null
  /** `correct` over the number of labelled pictures; null without labels. */
  readonly accuracy: number | null
  /** Wall-clock rate on this machine. */
  readonly imagesPerSecond: number
  readonly predictions: readonly Prediction[]
}

export interface EvalOptions {
  /** The network as passes have left it; as it is by default. */
  readonly workload?: Workload
  /** Pictures to evaluate, from the first; all by default. */
  readonly limit?: number
  readonly onProgress?: (done: number, total: number) => void
  /** Asked between pictures; true ends the evaluation with those that are finished. */
  readonly stopped?: () => boolean
}

/** Milliseconds between turns given to the event loop, so that signals arrive. */
const TURN = 50

/** Throws InputError when the pictures are not of the network's shape, or a label has no class. */
export async function evaluateImages(
  network: Network,
  set: Pictures,
  options: EvalOptions = {},
): Promise<ImageEvaluation> {
  mustFit(network, set, 'images')
  const pictures = set.pictures.slice(0, options.limit)
  const start = performance.now()
  let turnAt = start + TURN
  const predictions: Prediction[] = []
  for (const [index, { pixels, label }] of pictures.entries()) {
    if (performance.now() > turnAt) {
      await setImmediate()
      turnAt = performance.now() + TURN
    }
    if (options.stopped?.() === true) break
    const input = encode(network, pixels)
    const result = options.workload === undefined ? golden(network, input) : evaluate(options.workload, input)
    predictions.push({ index, label, class: result.class, scores: result.scores })
    options.onProgress?.(index + 1, pictures.length)
  }
  const seconds = (performance.now() - start) / 1000
  const labelled = predictions.filter(({ label }) => label !== null)
  const correct = labelled.filter((one) => one.class === one.label).length
  return {
    images: predictions.length,
    correct: labelled.length === 0 ? null : correct,
    accuracy: labelled.length === 0 ? null : correct / labelled.length,
    imagesPerSecond: seconds > 0 ? predictions.length / seconds : 0,
    predictions,
  }
}
