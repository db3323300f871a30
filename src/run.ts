// From an experiment to its results: the table of contents of the simulator.
//
//   configuration -> network and pictures -> workload -> passes -> machine -> energy -> result

import { accuracyOf, type Batch } from './batch.ts'
import { Common } from './common.ts'
import type { Experiment, Variant } from './config/experiment.ts'
import { price } from './energy/price.ts'
import { passesText } from './opt/index.ts'
import { type Prepared, prepare } from './prepare.ts'
import { compared, type ResultDocument, resultDocument, type VariantResult, variantResult } from './report/result.ts'
import type { Samples } from './report/stats-samples.ts'
import type { Tracer } from './sim/tracer.ts'
import { Verifier } from './work/verify.ts'

export interface RunHooks {
  /** Images finished in a variant, of how many. */
  readonly progress?: (variant: string, finished: number, images: number) => void
  /** A pass of a variant changes nothing. */
  readonly idle?: (variant: string, pass: string) => void
  /** Told what each unit did when, in the baseline. */
  readonly tracer?: Tracer | undefined
  /** Takes what machines have counted now and then. */
  readonly samples?: Samples | undefined
  /** Called with the document so far as each variant is finished. */
  readonly finished?: (document: ResultDocument) => void
}

/** Runs every variant of `experiment`, the baseline first. Throws InputError for what files or flags have wrong. */
export function run(
  experiment: Experiment,
  version: string,
  hooks: RunHooks = {},
  common: Common = new Common(),
): ResultDocument {
  const { network, batch } = common.inputsOf(experiment)
  const prepared = baselineFirst(experiment.variants).map((each) => prepare(experiment, network, each, common))
  for (const { variant, idle } of prepared) for (const pass of idle) hooks.idle?.(variant.name, pass)
  const results: VariantResult[] = []
  const { variant, table } = prepared[0]!
  const first = { machine: variant.machine, energy: table.name }
  const document = () => resultDocument({ experiment, network, ...first, version, variants: results })
  for (const [i, each] of prepared.entries()) {
    const result = simulate(each, batch, common, i === 0 ? hooks : { ...hooks, tracer: undefined })
    results.push(compared(result, results[0] ?? result))
    hooks.finished?.(document())
  }
  return document()
}

export const baselineFirst = (variants: readonly Variant[]): Variant[] =>
  [...variants].sort((a, b) => Number(b.name === 'baseline') - Number(a.name === 'baseline'))

/** Runs one variant, checks every value it computed, and prices what it counted. */
export function simulate(
  { variant, expected, lossy, machine, table, design }: Prepared,
  batch: Batch,
  common: Common,
  { progress, tracer, samples }: Pick<RunHooks, 'progress' | 'tracer' | 'samples'> = {},
): VariantResult {
  const { name } = variant
  const verifier = new Verifier(common.golden(expected, batch.inputs))
  const run = machine.run({
    inputs: batch.inputs,
    images: batch.images,
    observe: (image, node, tensor) => verifier.check(image, node, tensor),
    ...(tracer === undefined ? {} : { tracer }),
    ...(samples === undefined ? {} : { interval: samples.of(name, table) }),
    progress: (finished) => progress?.(name, finished, batch.images),
  })
  const checked = verifier.finish(run.outputs)
  const counts = run.layers.flatMap((layer) => layer.counts)
  const energy = price(counts, run.totalCycles / run.clockHz, table, run.staticComponents, run.ownPower, run.ownEnergy)
  const accuracy = accuracyOf(run, batch, (picture) => verifier.classOf(picture))
  const passes = passesText(variant.passes)
  const names = { name, passes, lossy, machine: variant.machine.name, design, energyTable: table.name }
  return variantResult({ ...names, run, energy, accuracy, checked })
}
