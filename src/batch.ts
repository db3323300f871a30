// The pictures of an experiment, and how many of them were classified as their labels say.

import type { Experiment } from './config/experiment.ts'
import type { MachineRun } from './machines/machine.ts'
import { loadPictures, mustFit } from './model/pictures.ts'
import type { Accuracy } from './report/result.ts'
import { encode } from './work/evaluate.ts'
import { InputError } from './work/input-error.ts'
import type { Network } from './work/network.ts'
import type { Tensor } from './work/tensor.ts'

/** Image i of a batch is picture i modulo the number of pictures. */
export interface Batch {
  readonly images: number
  readonly inputs: readonly Tensor[]
  readonly labels: readonly (number | null)[]
}

/** Pictures drawn at most; more images repeat them. */
const DRAWN = 12

export function batchOf({ images, seed }: Experiment, network: Network): Batch {
  const { file, from, count } = images
  const distinct = file === undefined ? Math.min(count, DRAWN) : count
  const set = loadPictures(file ?? 'drawn', network.picture, { count: from + distinct, seed })
  mustFit(network, set, 'images.file', file)
  const pictures = set.pictures.slice(from)
  if (pictures.length === 0)
    throw new InputError(`${from} leaves none of the ${set.pictures.length} pictures of ${file}`, {
      key: 'images.from',
    })
  return {
    images: count,
    inputs: pictures.map(({ pixels }) => encode(network, pixels)),
    // What a network with seeded weights says is no achievement.
    labels: pictures.map(({ label }) => (network.weights === 'trained' ? label : null)),
  }
}

/** Over all labelled images; `classOf` classifies pictures whose timing the machine only repeated. */
export function accuracyOf(run: MachineRun, batch: Batch, classOf: (picture: number) => number): Accuracy {
  const { images, labels } = batch
  const classes = new Map(run.outputs.map((output) => [output.image % labels.length, output.class]))
  let labelled = 0
  let correct = 0
  for (let image = 0; image < images; image++) {
    const picture = image % labels.length
    if (labels[picture] === null) continue
    if (!classes.has(picture)) classes.set(picture, classOf(picture))
    labelled++
    if (classes.get(picture) === labels[picture]) correct++
  }
  const pictures = labels.filter((label) => label !== null).length
  return { images: labelled, pictures: Math.min(pictures, labelled), correct }
}
