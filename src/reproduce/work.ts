// What papers need, each thing once: variants to simulate on worker threads, and quantities to count in this one.

import { evaluateAll } from '../sweep/pool.ts'
import type { Outcome, Request } from '../sweep/request.ts'
import { InputError } from '../work/input-error.ts'
import { type Reference, referencesOf } from './expression.ts'
import type { ClaimToCheck, PaperClaims } from './paper.ts'
import type { Counted } from './quantity.ts'
import type { ExperimentSource, QuantitySource, Source } from './source.ts'

export interface WorkOptions {
  /** Worker threads; 1 works in this thread. */
  readonly jobs: number
  /** Folder where results of variants are kept, and looked up. */
  readonly store?: string
  /** Called as a variant or a quantity is finished; `what` names one that is not, '' at the end. */
  readonly progress?: (finished: number, all: number, what: string) => void
  /** Called with what came of each variant. */
  readonly finished?: (outcome: Outcome) => void
}

export type CountedOrFailed = Counted | { readonly error: string }

/** What became of everything that was needed. */
export interface Done {
  variant(source: ExperimentSource, variant: string): Outcome
  quantity(source: QuantitySource): CountedOrFailed
}

/** Never throws for what is wrong with one of them: that is what became of it. Throws InputError where the store cannot be written. */
export async function workFor(papers: readonly PaperClaims[], options: WorkOptions): Promise<Done> {
  const { variants, quantities } = needsOf(papers)
  const { progress, finished: heard, ...pool } = options
  const open = new Map([...variants, ...quantities].map(([key, { name }]) => [key, name]))
  const all = open.size
  const finished = (key: string): void => {
    open.delete(key)
    progress?.(all - open.size, all, open.values().next().value ?? '')
  }
  progress?.(0, all, open.values().next().value ?? '')
  const keys = [...variants.keys()]
  const requests = [...variants.values()].map(({ request }) => request)
  const [outcomes, figures] = await Promise.all([
    evaluateAll(requests, {
      ...pool,
      layers: false,
      finished: (index, outcome) => {
        heard?.(outcome)
        finished(keys[index]!)
      },
    }),
    countAll(quantities, finished),
  ])
  const results = new Map(keys.map((key, i) => [key, outcomes[i]!]))
  return {
    variant: (source, variant) => results.get(keyOf(source, variant))!,
    quantity: (source) => figures.get(keyOf(source))!,
  }
}

interface Needs {
  readonly variants: ReadonlyMap<string, { readonly name: string; readonly request: Request }>
  readonly quantities: ReadonlyMap<string, { readonly name: string; readonly source: QuantitySource }>
}

/** By key. Variants that take longest come first, so that no thread is left with one of them at the end. */
function needsOf(papers: readonly PaperClaims[]): Needs {
  const needed = papers.flatMap(({ sources, claims }) =>
    claims.flatMap(figuresOf).map((reference) => ({ reference, source: sources.get(reference.of)! })),
  )
  const variants = needed.flatMap(({ source, reference: { variant } }) =>
    source.kind === 'experiment' ? [{ source, variant: variant! }] : [],
  )
  const longestFirst = variants.toSorted((a, b) => b.source.seconds - a.source.seconds)
  const counted = needed.flatMap(({ source, reference }) => (source.kind === 'quantity' ? [{ source, reference }] : []))
  return {
    variants: new Map(
      longestFirst.map(({ source, variant }) => {
        const { name, experiment, settings } = source
        const request = { experiment, settings, variant }
        return [keyOf(source, variant), { name: `${name}, ${variant}`, request }]
      }),
    ),
    quantities: new Map(counted.map(({ source, reference }) => [keyOf(source), { name: reference.of, source }])),
  }
}

export const figuresOf = ({ ours, bars }: ClaimToCheck): Reference[] =>
  [ours, ...bars.map(({ value }) => value)].flatMap(referencesOf)

/** The same for what gives the same. */
function keyOf(source: Source, variant?: string): string {
  if (source.kind === 'quantity') return JSON.stringify([source.quantity.summary, source.options])
  const settings = source.settings.map(({ path, value }) => [path, value])
  return JSON.stringify([source.experiment, settings, variant])
}

async function countAll(
  quantities: Needs['quantities'],
  finished: (key: string) => void,
): Promise<Map<string, CountedOrFailed>> {
  const figures = new Map<string, CountedOrFailed>()
  for (const [key, { source }] of quantities) {
    figures.set(key, await counted(source))
    finished(key)
    await new Promise(setImmediate)
  }
  return figures
}

async function counted({ quantity, options }: QuantitySource): Promise<CountedOrFailed> {
  try {
    return await quantity.count(options as never)
  } catch (error) {
    if (error instanceof InputError) return { error: error.message }
    throw error
  }
}
