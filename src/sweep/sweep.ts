// Runs the points of a space and puts together what they gave.

import { entryPath } from '../config/load.ts'
import { entryAt, errorIn, isList, isMapping, type Mapping, placeAt, plain, textOf } from '../config/written.ts'
import { figureValue } from '../report/figure-value.ts'
import { costsOf, frontOf } from '../report/pareto.ts'
import type { Objective, PointResult, PointVariant, SweepDocument, SweepPoint } from '../report/sweep-document.ts'
import { version } from '../version.ts'
import type { Sweep } from './definition.ts'
import { Trees } from './evaluate.ts'
import { evaluateAll } from './pool.ts'
import { hasFailed, type Outcome, type Request, type Setting } from './request.ts'
import { covers } from './space.ts'

export interface SweepOptions {
  /** Worker threads; 1 works in this thread. */
  readonly jobs: number
  /** Folder where results are kept, and looked up. */
  readonly store?: string
  /** Called once the sweep is known to be right, before anything runs. */
  readonly ready?: () => void
  /** Called as points are finished, whatever the order. */
  readonly finished?: (progress: SweepProgress) => void
}

export interface SweepProgress {
  readonly finished: number
  readonly points: number
  readonly outcome: Outcome
}

/** Runs every point for which the conditions hold. Throws InputError where the sweep itself is wrong. */
export async function runSweep(sweep: Sweep, options: SweepOptions): Promise<SweepDocument> {
  const trees = new Trees()
  const points = pointsOf(sweep, trees)
  mustResolve(sweep, trees, points)
  options.ready?.()
  return documentOf(sweep, trees, await runPoints(sweep, points, [], options))
}

/** Points that are tried by the conditions, and points that are run, at most. */
const TRIED = 1_000_000
const RUN = 100_000

function pointsOf(sweep: Sweep, trees: Trees): number[] {
  const { size } = sweep.space
  const tooMany = (count: number, most: number) =>
    errorIn(sweep.tree.place, `${count} points; expected at most ${most}: explore draws points of a space of any size`)
  if (size > TRIED) throw tooMany(size, TRIED)
  const points: number[] = []
  for (let point = 0; point < size; point++) if (holds(sweep, trees, point)) points.push(point)
  if (points.length > RUN) throw tooMany(points.length, RUN)
  return points
}

/** A point with what came of it. */
export interface RunPoint {
  readonly point: number
  readonly outcome: Outcome
}

/** Runs `points`, in all of which `fidelity` is set. */
export async function runPoints(
  sweep: Sweep,
  points: readonly number[],
  fidelity: readonly Setting[],
  { finished, ready: _, ...options }: SweepOptions,
): Promise<RunPoint[]> {
  let done = 0
  const outcomes = await evaluateAll(
    points.map((point) => requestOf(sweep, point, fidelity)),
    {
      ...options,
      layers: false,
      finished: (_, outcome) => finished?.({ finished: ++done, points: points.length, outcome }),
    },
  )
  return points.map((point, i) => ({ point, outcome: outcomes[i]! }))
}

export const requestOf = (sweep: Sweep, point: number, fidelity: readonly Setting[] = []): Request => ({
  experiment: sweep.experiment,
  settings: [...sweep.set, ...sweep.space.at(point), ...fidelity],
})

/** Whether a point belongs to the space. */
export const holds = (sweep: Sweep, trees: Trees, point: number): boolean => {
  if (sweep.when.length === 0) return true
  const tree = trees.tree(requestOf(sweep, point))
  return sweep.when.every((condition) => condition(tree))
}

/** Throws where there is no point, or none that can be an experiment at this fidelity: the sweep is wrong itself then. */
export function mustResolve(
  sweep: Sweep,
  trees: Trees,
  points: readonly number[],
  fidelity: readonly Setting[] = [],
): void {
  if (points.length === 0) throw errorIn(placeAt(sweep.tree, ['when']), 'no point fulfils all conditions')
  let first: unknown
  for (const point of points) {
    const request = requestOf(sweep, point, fidelity)
    try {
      trees.experiment(request)
    } catch (error) {
      first ??= error
      continue
    }
    refuseOverrides(sweep, trees.tree(request))
    return
  }
  throw first
}

/** Throws where a variant sets for itself what an axis sets: points would not differ in it as they say. */
function refuseOverrides({ space }: Sweep, experiment: Mapping): void {
  const variants = entryAt(experiment, ['variants'])
  for (const variant of isList(variants) ? variants.items : []) {
    const set = entryAt(variant, ['set'])
    for (const path of isMapping(set) ? set.entries.keys() : []) {
      const axis = space.settings.find((setting) => covers(path, setting.path))
      if (axis === undefined) continue
      const name = textOf(entryAt(variant, ['name']))
      const remedy = 'have variants without it, as set: { variants: [{ name: baseline, passes: [] }] }'
      throw errorIn(axis.place, `variant ${name} sets ${path}, and so undoes ${axis.path}; ${remedy}`)
    }
  }
}

export function documentOf(sweep: Sweep, trees: Trees, run: readonly RunPoint[]): SweepDocument {
  const { name, title, space, objectives } = sweep
  const points = run.map(({ point, outcome }) => pointOf(sweep, trees, point, outcome))
  const networks = [...new Set(points.flatMap(({ network }) => network ?? []))]
  const groups = networks.map((network) => {
    const own = points.filter((point) => point.network === network)
    const candidates = own.flatMap(({ point, variants }) => variants.map((variant) => ({ point, variant })))
    const front = frontOf(candidates.map(({ variant }) => costs(variant, objectives))).map((i) => candidates[i]!)
    // Of equals in one objective, those on the front are better.
    const best = objectives.flatMap((objective) => bestOf([...front, ...candidates], objective))
    return {
      front: front.map(placeOf),
      best: networks.length === 1 ? best : best.map((each) => ({ ...each, network })),
    }
  })
  return {
    format: 'bnnsim-sweep/1',
    sweep: name,
    ...(title === undefined ? {} : { title }),
    version,
    settings: space.settings.map(({ path }) => path),
    objectives,
    points,
    front: groups.flatMap(({ front }) => front),
    best: groups.flatMap(({ best }) => best),
  }
}

function pointOf(sweep: Sweep, trees: Trees, point: number, outcome: Outcome): SweepPoint {
  const settings = settingsAt(sweep, trees, point)
  if (hasFailed(outcome)) return { point, settings, error: outcome.error, variants: [] }
  const { failures, ...rest } = outcome
  const variants = outcome.variants.map(({ layers: _, ...variant }) => variant)
  return { point, settings, ...rest, variants, ...(failures.length === 0 ? {} : { failures }) }
}

/** Values of all axes' entries: those that the point leaves alone as the experiment has them. */
function settingsAt(sweep: Sweep, trees: Trees, point: number): Record<string, unknown> {
  const set = new Map(sweep.space.at(point).map(({ path, value }) => [path, value]))
  const inForce = (path: string): unknown => {
    const node = entryAt(trees.tree(requestOf(sweep, point)), entryPath(path))
    return node === undefined ? undefined : plain(node)
  }
  const values = sweep.space.settings.map(({ path }): [string, unknown] => [
    path,
    set.has(path) ? set.get(path) : inForce(path),
  ])
  return Object.fromEntries(values.filter(([, value]) => value !== undefined))
}

interface Candidate {
  readonly point: number
  readonly variant: PointResult
}

const placeOf = ({ point, variant }: Candidate): PointVariant => ({ point, variant: variant.name })

export const costs = (variant: PointResult, objectives: readonly Objective[]) =>
  costsOf(
    objectives.map(({ figure }) => figureValue(variant, figure)),
    objectives,
  )

/** The first of the best. */
function bestOf(candidates: readonly Candidate[], objective: Objective) {
  const known = candidates.flatMap((candidate) => {
    const value = figureValue(candidate.variant, objective.figure)
    return value === undefined ? [] : [{ ...placeOf(candidate), figure: objective.figure, value }]
  })
  const better = (a: number, b: number) => (objective.goal === 'min' ? a < b : a > b)
  return known
    .slice(0, 1)
    .map((first) => known.reduce((best, each) => (better(each.value, best.value) ? each : best), first))
}
