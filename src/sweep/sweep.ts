// Runs the points of a space and puts together what they gave.

import { errorIn, placeAt } from '../config/written.ts'
import { figureValue } from '../report/figure-value.ts'
import { costsOf, frontOf } from '../report/pareto.ts'
import type { Objective, PointResult, PointVariant, SweepDocument, SweepPoint } from '../report/sweep-document.ts'
import { version } from '../version.ts'
import type { Sweep } from './definition.ts'
import { Trees } from './evaluate.ts'
import { evaluateAll } from './pool.ts'
import { hasFailed, type Outcome, type Request, type Setting } from './request.ts'

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
  return documentOf(sweep, await runPoints(sweep, points, [], options))
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

const requestOf = (sweep: Sweep, point: number, fidelity: readonly Setting[] = []): Request => ({
  experiment: sweep.experiment,
  settings: [...sweep.set, ...sweep.space.at(point), ...fidelity],
})

/** Whether a point belongs to the space. */
export const holds = (sweep: Sweep, trees: Trees, point: number): boolean => {
  if (sweep.when.length === 0) return true
  const tree = trees.tree(requestOf(sweep, point))
  return sweep.when.every((condition) => condition(tree))
}

/** Throws where there is no point, or none that can be an experiment: the sweep is wrong itself then. */
export function mustResolve(sweep: Sweep, trees: Trees, points: readonly number[]): void {
  if (points.length === 0) throw errorIn(placeAt(sweep.tree, ['when']), 'no point fulfils all conditions')
  let first: unknown
  for (const point of points) {
    try {
      trees.experiment(requestOf(sweep, point))
      return
    } catch (error) {
      first ??= error
    }
  }
  throw first
}

export function documentOf(sweep: Sweep, run: readonly RunPoint[]): SweepDocument {
  const { name, title, space, objectives } = sweep
  const points = run.map(({ point, outcome }) => pointOf(sweep, point, outcome))
  const candidates = points.flatMap(({ point, variants }) => variants.map((variant) => ({ point, variant })))
  return {
    format: 'bnnsim-sweep/1',
    sweep: name,
    ...(title === undefined ? {} : { title }),
    version,
    settings: space.settings.map(({ path }) => path),
    objectives,
    points,
    front: frontOf(candidates.map(({ variant }) => costs(variant, objectives))).map((i) => placeOf(candidates[i]!)),
    best: objectives.flatMap((objective) => bestOf(candidates, objective)),
  }
}

function pointOf({ space }: Sweep, point: number, outcome: Outcome): SweepPoint {
  const settings = Object.fromEntries(space.at(point).map(({ path, value }) => [path, value]))
  if (hasFailed(outcome)) return { point, settings, error: outcome.error, variants: [] }
  const variants = outcome.variants.map(({ layers: _, ...variant }) => variant)
  return { point, settings, ...outcome, variants }
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
