// From an experiment to its results: the table of contents of the simulator.
//
//   configuration -> network and pictures -> workload -> passes -> machine -> energy -> result

import { accuracyOf, type Batch, batchOf } from './batch.ts'
import type { Experiment, Variant } from './config/experiment.ts'
import { price } from './energy/price.ts'
import { loadEnergyTable } from './energy/table.ts'
import { machines } from './machines/index.ts'
import { loadNetwork } from './model/load.ts'
import { applyPasses } from './opt/index.ts'
import { type ResultDocument, resultDocument, type VariantResult, variantResult } from './report/result.ts'
import type { Tracer } from './sim/tracer.ts'
import { workload } from './work/lower.ts'
import type { Network } from './work/network.ts'
import { Verifier } from './work/verify.ts'

export interface RunHooks {
  /** Images finished in a variant, of how many. */
  readonly progress?: (variant: string, finished: number, images: number) => void
  /** Told what each unit did when, in the baseline. */
  readonly tracer?: Tracer
  /** Called with the document so far as each variant is finished. */
  readonly finished?: (document: ResultDocument) => void
}

/** Runs every variant of `experiment`, the baseline first. Throws InputError for what files or flags have wrong. */
export function run(experiment: Experiment, version: string, hooks: RunHooks = {}): ResultDocument {
  const { network: name, weights, seed, variants } = experiment
  const network = loadNetwork(name, { seed, ...(weights === undefined ? {} : { weightsFile: weights }) })
  const batch = batchOf(experiment, network)
  const results: VariantResult[] = []
  const ordered = baselineFirst(variants)
  const { machine, energy } = ordered[0]!
  const { name: table } = loadEnergyTable(energy)
  const document = () => resultDocument({ experiment, network, machine, energy: table, version, variants: results })
  for (const variant of ordered) {
    results.push(runVariant(network, batch, variant, results[0], hooks))
    hooks.finished?.(document())
  }
  return document()
}

const baselineFirst = (variants: readonly Variant[]): Variant[] =>
  [...variants].sort((a, b) => Number(b.name === 'baseline') - Number(a.name === 'baseline'))

function runVariant(
  network: Network,
  batch: Batch,
  { name, passes, machine, energy }: Variant,
  baseline: VariantResult | undefined,
  hooks: RunHooks,
): VariantResult {
  const table = loadEnergyTable(energy)
  const work = applyPasses(workload(network), passes)
  const verifier = new Verifier(work, batch.inputs)
  const run = machines[machine.kind]!.lower(work, machine.spec).run({
    inputs: batch.inputs,
    images: batch.images,
    observe: (image, node, tensor) => verifier.check(image, node, tensor),
    ...(baseline === undefined && hooks.tracer !== undefined ? { tracer: hooks.tracer } : {}),
    progress: (finished) => hooks.progress?.(name, finished, batch.images),
  })
  const counts = run.layers.flatMap((layer) => layer.counts)
  const priced = price(counts, run.totalCycles / run.clockHz, table, run.staticComponents)
  const accuracy = accuracyOf(run, batch, (picture) => verifier.classOf(picture))
  return variantResult({ name, run, energy: priced, accuracy, checked: verifier.checked }, baseline)
}
