// One request, from an experiment with settings to results: what a worker does.

import { Common, type Inputs } from '../common.ts'
import { type Experiment, experimentOf, experimentTree, type Variant } from '../config/experiment.ts'
import { setAt } from '../config/load.ts'
import { errorIn, isMapping, type Mapping, type Written, written } from '../config/written.ts'
import { machines } from '../machines/index.ts'
import { passes } from '../opt/index.ts'
import { prepare } from '../prepare.ts'
import { compared, originOf, type VariantResult } from '../report/result.ts'
import type { VariantFailure } from '../report/sweep-document.ts'
import { baselineFirst, simulate } from '../run.ts'
import { keyOf } from '../work/document.ts'
import { didYouMean, InputError } from '../work/input-error.ts'
import { Keys } from './key.ts'
import type { Evaluated, Outcome, Request, Setting } from './request.ts'
import type { Store } from './store.ts'

export class Evaluator {
  private readonly store: Store | undefined
  private readonly layers: boolean
  private readonly common = new Common()
  private readonly keys = new Keys()
  private readonly trees = new Trees()

  /** With a store, nothing that is in it is done again. Outcomes tell of layers if `layers` says so. */
  constructor(store: Store | undefined, layers: boolean) {
    this.store = store
    this.layers = layers
  }

  /** Never throws: what is wrong with a request is its outcome. */
  evaluate(request: Request): Outcome {
    try {
      return this.results(request)
    } catch (error) {
      if (error instanceof InputError) return { error: error.message }
      const { message, stack } = error instanceof Error ? error : new Error(String(error))
      return { error: `defect of the simulator: ${message}`, stack: stack ?? message }
    }
  }

  private results(request: Request): Evaluated {
    const experiment = this.trees.experiment(request)
    const inputs = this.common.inputsOf(experiment)
    const variants: VariantResult[] = []
    const failures: VariantFailure[] = []
    for (const variant of chosen(experiment, request.variant)) {
      try {
        const result = this.result(experiment, inputs, variant)
        variants.push(compared(result, variants[0] ?? result))
      } catch (error) {
        // Without the first there is nothing to compare others with.
        if (variants.length === 0 || !(error instanceof InputError)) throw error
        failures.push({ variant: variant.name, error: error.message })
      }
    }
    return { ...originOf(experiment, inputs.network), variants, failures }
  }

  private result(experiment: Experiment, inputs: Inputs, variant: Variant): VariantResult {
    const made = () => {
      const prepared = prepare(experiment, inputs.network, variant, this.common)
      return { ...simulate(prepared, inputs.batch, this.common), name: '' }
    }
    const result = this.store === undefined ? made() : this.store.once(this.keys.of(inputs, variant), made)
    return { ...result, name: variant.name, ...(this.layers ? {} : { layers: [] }) }
  }
}

function chosen({ variants }: Experiment, name: string | undefined): readonly Variant[] {
  if (name === undefined) return baselineFirst(variants)
  const variant = variants.find((each) => each.name === name)
  if (variant !== undefined) return [variant]
  const names = variants.map((each) => each.name)
  throw new InputError(`no variant '${name}'${didYouMean(name, names)}; there are ${names.join(', ')}`, {
    key: 'variant',
  })
}

/** Experiments with settings; their files are read once. */
export class Trees {
  private readonly known = new Map<string, Mapping>()

  /** What the files say, settings in place, nothing checked yet. */
  tree({ experiment, settings }: Request): Mapping {
    const key = typeof experiment === 'string' ? experiment : JSON.stringify(experiment)
    const known = this.known.get(key) ?? experimentTree(experiment)
    this.known.set(key, known)
    return withSettings(known, settings)
  }

  experiment(request: Request): Experiment {
    return experimentOf(this.tree(request), { machineSchemas: machines, passSchemas: passes })
  }
}

/** `tree` with entries set over what it says. */
export const withSettings = (tree: Mapping, settings: readonly Setting[]): Mapping => settings.reduce(withSetting, tree)

function withSetting(tree: Mapping, { path, value, place }: Setting): Mapping {
  const node = written(value, (inner) => ({ ...place, key: keyOf([place.key, ...inner]) }))
  const changed: Written = setAt(tree, path, node, `${path}.value`)
  if (!isMapping(changed)) throw errorIn(place, 'expected the path of an entry')
  return changed
}
