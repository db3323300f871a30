// The programming interface: what `import ... from 'bnnsim'` gives. docs/api.md shows its use.

import { availableParallelism } from 'node:os'
import { experimentOf, experimentTree } from './config/experiment.ts'
import { machines } from './machines/index.ts'
import { passes } from './opt/index.ts'
import type { ResultDocument } from './report/result.ts'
import type { SweepDocument } from './report/sweep-document.ts'
import { run } from './run.ts'
import { loadSweep } from './sweep/definition.ts'
import { withSettings } from './sweep/evaluate.ts'
import { explore as exploreSpace } from './sweep/explore.ts'
import { runSweep, type SweepProgress } from './sweep/sweep.ts'
import { version } from './version.ts'
import { InputError } from './work/input-error.ts'

export type { LoadOptions as NetworkOptions } from './model/load.ts'
export { loadNetwork, networkNames } from './model/load.ts'
export type { LayerResult, ResultDocument, VariantResult } from './report/result.ts'
export type { Objective, PointResult, PointVariant, SweepDocument, SweepPoint } from './report/sweep-document.ts'
export type { SweepProgress } from './sweep/sweep.ts'
export type { Network } from './work/network.ts'
export { InputError, version }

/** A configuration: the name of one that ships, the path of a YAML file, or what such a file says as a plain value. */
export type Source = string | Readonly<Record<string, unknown>>

export interface SimulateOptions {
  /** Entries by path, over what the experiment says: `{ 'machine.clock': '150 MHz' }`. */
  readonly set?: Readonly<Record<string, unknown>>
  /** Images finished in a variant, of how many; with a fraction where one takes long. */
  readonly progress?: (variant: string, finished: number, images: number) => void
}

/**
 * Runs an experiment: every variant of it, the baseline first, with every value that its machines compute compared
 * with exact evaluation. Figures and units: docs/results.md. Throws InputError for what the configuration or a
 * file has wrong, before anything is simulated.
 */
export function simulate(experiment: Source, { set = {}, progress }: SimulateOptions = {}): ResultDocument {
  const settings = Object.entries(set).map(([path, value]) => ({ path, value, place: { key: `set.${path}` } }))
  const tree = withSettings(experimentTree(experiment), settings)
  const resolved = experimentOf(tree, { machineSchemas: machines, passSchemas: passes })
  return run(resolved, version, progress === undefined ? {} : { progress })
}

export interface SweepOptions {
  /** Worker threads, by default as many as there are processor cores; 1 works in the calling thread. */
  readonly jobs?: number
  /** Folder where results are kept, so that nothing is done twice; without it they are not kept. */
  readonly store?: string
  /** Called as points are finished, whatever the order. */
  readonly progress?: (progress: SweepProgress) => void
}

/**
 * Runs a sweep: an experiment at every point of a space (docs/sweeps.md). The document is the same for any number of
 * workers; a point that fails has its error there. Rejects with InputError where the sweep itself is wrong.
 */
export async function sweep(definition: Source, options: SweepOptions = {}): Promise<SweepDocument> {
  return runSweep(loadSweep(definition), optionsOf(options))
}

/** Searches the space of a sweep by successive halving, as its `explore` says. */
export async function explore(definition: Source, options: SweepOptions = {}): Promise<SweepDocument> {
  return exploreSpace(loadSweep(definition), optionsOf(options))
}

function optionsOf({ jobs = availableParallelism(), store, progress }: SweepOptions) {
  if (!Number.isSafeInteger(jobs) || jobs < 1)
    throw new InputError(`expected a whole number of at least 1, got ${jobs}`, { key: 'jobs' })
  return {
    jobs,
    ...(store === undefined ? {} : { store }),
    ...(progress === undefined ? {} : { finished: progress }),
  }
}
