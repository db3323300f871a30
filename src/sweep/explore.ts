// Successive halving: many points at low fidelity, of which the best are run at a higher one, and so on up to the
// experiment as it is written. (Jamieson and Talwalkar, "Non-stochastic Best Arm Identification and Hyperparameter
// Optimization", AISTATS 2016; here with several objectives, by fronts.)

import seedrandom from 'seedrandom'
import type { Rung, SweepDocument } from '../report/sweep-document.ts'
import { InputError } from '../work/input-error.ts'
import type { Exploration, Sweep } from './definition.ts'
import { Trees } from './evaluate.ts'
import { ranked } from './pareto.ts'
import { hasFailed, type Setting } from './request.ts'
import { costs, documentOf, holds, mustResolve, type RunPoint, runPoints, type SweepOptions } from './sweep.ts'

export interface ExploreOptions extends SweepOptions {
  /** Called as each rung begins: which, of how many. */
  readonly rung?: (rung: number, rungs: number) => void
}

/** Explores the space as the sweep's `explore` says. Throws InputError where the sweep itself is wrong. */
export async function explore(sweep: Sweep, options: ExploreOptions): Promise<SweepDocument> {
  if (sweep.explore === undefined) throw new InputError('missing; expected points and fidelity', { key: 'explore' })
  const { fidelity, keep } = sweep.explore
  let points = draw(sweep, sweep.explore)
  const levels: (readonly Setting[])[] = [...fidelity, []]
  const rungs: Rung[] = []
  for (const [i, level] of levels.entries()) {
    options.rung?.(i, levels.length)
    const run = await runPoints(sweep, points, level, options)
    const none = run.every(({ outcome }) => hasFailed(outcome))
    const last = none || i === levels.length - 1
    const kept = last ? points : best(sweep, run, Math.ceil(points.length * keep))
    const settings = Object.fromEntries(level.map(({ path, value }) => [path, value]))
    rungs.push({ settings, points: points.length, kept: kept.length })
    if (last) return { ...documentOf(sweep, run), search: { seed: sweep.seed, space: sweep.space.size, rungs } }
    points = kept
  }
  throw new Error('no rung')
}

/** `explored` beside `grid`, the document of the whole space. */
export function comparedWith(explored: SweepDocument, grid: SweepDocument): SweepDocument {
  const run = new Set(explored.points.map(({ point }) => point))
  const found = grid.front.filter(({ point }) => run.has(point)).length
  const whole = { points: grid.points.length, front: grid.front.length, found }
  return { ...explored, search: { ...explored.search!, grid: whole } }
}

/** Tries for each point drawn. */
const TRIES = 50

/** Distinct points that fulfil the conditions, all of them where the space has no more, in their order in the space. */
function draw(sweep: Sweep, { points: count }: Exploration): number[] {
  const trees = new Trees()
  const { size } = sweep.space
  const drawn = new Set<number>()
  if (size <= count) {
    for (let point = 0; point < size; point++) if (holds(sweep, trees, point)) drawn.add(point)
  } else {
    const random = seedrandom(`${sweep.seed}/explore`)
    const refused = new Set<number>()
    for (let tries = 0; drawn.size < count && tries < count * TRIES; tries++) {
      const point = Math.floor(random() * size)
      if (drawn.has(point) || refused.has(point)) continue
      if (holds(sweep, trees, point)) drawn.add(point)
      else refused.add(point)
    }
  }
  const points = [...drawn].sort((a, b) => a - b)
  mustResolve(sweep, trees, points)
  return points
}

/** A point is as good as the best of its variants; those that failed go first. */
function best({ objectives }: Sweep, run: readonly RunPoint[], count: number): number[] {
  const candidates = run.flatMap(({ point, outcome }) =>
    hasFailed(outcome) ? [] : outcome.variants.map((variant) => ({ point, costs: costs(variant, objectives) })),
  )
  const order = ranked(candidates.map((each) => each.costs)).map((i) => candidates[i]!.point)
  return [...new Set(order)].slice(0, count).sort((a, b) => a - b)
}
