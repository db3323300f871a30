// From an experiment to its results: the table of contents of the simulator.
//
//   configuration -> network and pictures -> workload -> passes -> machine -> energy -> result

import type { Experiment, Variant } from './config/experiment.ts'
import { price } from './energy/price.ts'
import { loadEnergyTable } from './energy/table.ts'
import { machines } from './machines/index.ts'
import { loadNetwork } from './model/load.ts'
import { loadPictures } from './model/pictures.ts'
import { applyPasses } from './opt/index.ts'
import { type ResultDocument, resultDocument, type VariantResult, variantResult } from './report/result.ts'
import { encode } from './work/evaluate.ts'
import { InputError } from './work/input-error.ts'
import { workload } from './work/lower.ts'
import type { Network } from './work/network.ts'
import type { Tensor } from './work/tensor.ts'
import { Verifier } from './work/verify.ts'

export interface RunHooks {
  /** Images finished, of how many, in which variant. */
  readonly progress?: (variant: string, finished: number, images: number) => void
  /** Called with the document so far as each variant is finished. */
  readonly finished?: (document: ResultDocument) => void
}

/** Runs every variant of `experiment`. Throws InputError for what its files or flags have wrong. */
export function run(experiment: Experiment, version: string, hooks: RunHooks = {}): ResultDocument {
  const { network: name, seed, weights } = experiment
  const network = loadNetwork(name, { seed, ...(weights === undefined ? {} : { weightsFile: weights }) })
  const batch = picturesOf(experiment, network)
  const results: VariantResult[] = []
  const ordered = [...experiment.variants].sort((a, b) => Number(b.name === 'baseline') - Number(a.name === 'baseline'))
  for (const variant of ordered) {
    results.push(runVariant(network, batch, experiment.images.count, variant, results[0], hooks))
    hooks.finished?.(document(experiment, network, version, results))
  }
  return document(experiment, network, version, results)
}

/** Pictures drawn at most; more images repeat them. */
const DRAWN = 12

interface Batch {
  readonly inputs: readonly Tensor[]
  readonly labels: readonly (number | null)[]
}

function picturesOf({ images, seed }: Experiment, network: Network): Batch {
  const { file, from, count } = images
  const distinct = file === undefined ? Math.min(count, DRAWN) : count
  const set = loadPictures(file ?? 'drawn', network.picture, { count: from + distinct, seed })
  const pictures = set.pictures.slice(from)
  if (pictures.length === 0)
    throw new InputError(`${from} leaves none of the ${set.pictures.length} pictures of ${file}`, {
      key: 'images.from',
    })
  return { inputs: pictures.map(({ pixels }) => encode(network, pixels)), labels: pictures.map(({ label }) => label) }
}

function runVariant(
  network: Network,
  batch: Batch,
  images: number,
  variant: Variant,
  baseline: VariantResult | undefined,
  hooks: RunHooks,
): VariantResult {
  const work = applyPasses(workload(network), variant.passes)
  const machine = machines[variant.machine.kind]!.lower(work, variant.machine.spec)
  const table = loadEnergyTable(variant.energy)
  const verifier = new Verifier(work, batch.inputs)
  const run = machine.run({
    inputs: batch.inputs,
    images,
    observe: (image, node, tensor) => verifier.check(image, node, tensor),
    progress: (finished) => hooks.progress?.(variant.name, finished, images),
  })
  const counts = run.layers.flatMap(({ counts }) => counts)
  const energy = price(counts, run.totalCycles / run.clockHz, table, run.staticComponents)
  const labelled = run.outputs.filter(({ image }) => batch.labels[image % batch.labels.length] !== null)
  const correct = labelled.filter((output) => output.class === batch.labels[output.image % batch.labels.length]).length
  const accuracy = { images: labelled.length, correct }
  return variantResult({ name: variant.name, run, energy, accuracy, checked: verifier.checked }, baseline)
}

const document = (
  experiment: Experiment,
  network: Network,
  version: string,
  variants: VariantResult[],
): ResultDocument => {
  const { machine, energy } = experiment.variants[0]!
  return resultDocument({ experiment, network, machine, energy, version, variants })
}
