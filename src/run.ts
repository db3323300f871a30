// From an experiment to its results: the table of contents of the simulator.
//
//   configuration -> network and pictures -> workload -> passes -> machine -> energy -> result

import { accuracyOf, type Batch, batchOf } from './batch.ts'
import { type Experiment, located, type Variant } from './config/experiment.ts'
import { price } from './energy/price.ts'
import { loadNetwork } from './model/load.ts'
import { passesText } from './opt/index.ts'
import { type Prepared, prepare } from './prepare.ts'
import { type ResultDocument, resultDocument, type VariantResult, variantResult } from './report/result.ts'
import type { Tracer } from './sim/tracer.ts'
import { Verifier } from './work/verify.ts'

export interface RunHooks {
  /** Images finished in a variant, of how many. */
  readonly progress?: (variant: string, finished: number, images: number) => void
  /** A pass of a variant changes nothing. */
  readonly idle?: (variant: string, pass: string) => void
  /** Told what each unit did when, in the baseline. */
  readonly tracer?: Tracer
  /** Called with the document so far as each variant is finished. */
  readonly finished?: (document: ResultDocument) => void
}

/** Runs every variant of `experiment`, the baseline first. Throws InputError for what files or flags have wrong. */
export function run(experiment: Experiment, version: string, hooks: RunHooks = {}): ResultDocument {
  const { network: name, weights, seed, sequences, variants } = experiment
  const network = located(experiment, undefined, weights === undefined ? 'network' : 'weights', () =>
    loadNetwork(name, { seed, ...(sequences && { sequences }), ...(weights && { weightsFile: weights }) }),
  )
  const batch = located(experiment, undefined, 'images.file', () => batchOf(experiment, network))
  const prepared = baselineFirst(variants).map((variant) => prepare(experiment, network, variant))
  for (const { variant, idle } of prepared) for (const pass of idle) hooks.idle?.(variant.name, pass)
  const results: VariantResult[] = []
  const { variant, table } = prepared[0]!
  const first = { machine: variant.machine, energy: table.name }
  const document = () => resultDocument({ experiment, network, ...first, version, variants: results })
  for (const variant of prepared) {
    results.push(simulate(variant, batch, results[0], hooks))
    hooks.finished?.(document())
  }
  return document()
}

const baselineFirst = (variants: readonly Variant[]): Variant[] =>
  [...variants].sort((a, b) => Number(b.name === 'baseline') - Number(a.name === 'baseline'))

/** Runs one variant, checks every value it computed, and prices what it counted. */
function simulate(
  { variant, expected, lossy, machine, table, design }: Prepared,
  batch: Batch,
  baseline: VariantResult | undefined,
  hooks: RunHooks,
): VariantResult {
  const { name } = variant
  const verifier = new Verifier(expected, batch.inputs)
  const run = machine.run({
    inputs: batch.inputs,
    images: batch.images,
    observe: (image, node, tensor) => verifier.check(image, node, tensor),
    ...(baseline === undefined && hooks.tracer !== undefined ? { tracer: hooks.tracer } : {}),
    progress: (finished) => hooks.progress?.(name, finished, batch.images),
  })
  const checked = verifier.finish(run.outputs)
  const counts = run.layers.flatMap((layer) => layer.counts)
  const energy = price(counts, run.totalCycles / run.clockHz, table, run.staticComponents, run.ownPower, run.ownEnergy)
  const accuracy = accuracyOf(run, batch, (picture) => verifier.classOf(picture))
  const names = {
    name,
    passes: passesText(variant.passes),
    lossy,
    machine: variant.machine.name,
    design,
    energyTable: table.name,
  }
  return variantResult({ ...names, run, energy, accuracy, checked }, baseline)
}
