// Every pass by name, and how a variant's list of them is applied. A new pass is one
// file and one entry here.

import { isDeepStrictEqual } from 'node:util'
import { didYouMean, InputError } from '../work/input-error.ts'
import type { Workload } from '../work/workload.ts'
import { addBitOnly } from './add-bit-only.ts'
import { clip8 } from './clip8.ts'
import { clusterKernels } from './cluster-kernels.ts'
import { compressKernels } from './compress-kernels.ts'
import type { Pass } from './pass.ts'
import { pruneInclusion } from './prune-inclusion.ts'
import { reuseKernels } from './reuse-kernels.ts'
import { shareResults } from './share-results.ts'
import { shareSimilar } from './share-similar.ts'

export type Passes = Readonly<Record<string, Pass>>

const byName = (list: readonly Pass[]): Passes => Object.fromEntries(list.map((pass) => [pass.name, pass]))

/** Every pass by name; what configuration takes as its `passSchemas`. */
export const passes: Passes = byName([
  clusterKernels,
  compressKernels,
  shareSimilar,
  shareResults,
  reuseKernels,
  pruneInclusion,
  clip8,
  addBitOnly,
])

/** A pass of a variant, its options as the pass's schema gives them. */
export interface PassChoice {
  readonly name: string
  readonly options: unknown
}

/**
 * `workload` after the chosen passes, in order. It and every workload on the way are deeply frozen, the contents
 * of typed arrays excepted. `idle` hears of passes that change nothing. Throws InputError for an unknown pass.
 */
export function applyPasses(
  workload: Workload,
  chosen: readonly PassChoice[],
  known: Passes = passes,
  idle?: (pass: string) => void,
): Workload {
  return chosen.reduce((before, { name, options }) => {
    const pass = Object.hasOwn(known, name) ? known[name] : undefined
    if (pass === undefined) throw unknownPass(name, Object.keys(known))
    const after = frozen(pass.apply(before, options))
    if (idle !== undefined && isDeepStrictEqual(after, before)) idle(name)
    return after
  }, frozen(workload))
}

/** The passes and all of their options, as reports name them. */
export const passesText = (chosen: readonly PassChoice[]): string =>
  chosen.map(({ name, options }) => `${name} ${JSON.stringify(options)}`).join(', ')

/** True if one of the passes chosen may change values. */
export const isLossy = (chosen: readonly PassChoice[], known: Passes = passes): boolean =>
  chosen.some(({ name }) => known[name]?.lossy === true)

function unknownPass(name: string, names: readonly string[]): InputError {
  const hint =
    names.length === 0 ? '; this version has none' : didYouMean(name, names) || `; expected ${names.join(', ')}`
  return new InputError(`no pass named '${name}'${hint}`, { key: 'passes' })
}

function frozen<T>(value: T, seen = new Set<unknown>()): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || seen.has(value)) return value
  seen.add(value)
  for (const part of Object.values(value)) frozen(part, seen)
  return Object.freeze(value)
}
