// Successive halving: many points at low fidelity, of which the best are run at a higher one, and so on up to the
// experiment as it is written. (Jamieson and Talwalkar, "Non-stochastic Best Arm Identification and Hyperparameter
// Optimization", AISTATS 2016; here with several objectives, by fronts.)

import seedrandom from 'seedrandom'
import { errorIn, placeAt } from '../config/written.ts'
import { ranked } from '../report/pareto.ts'
import type { Rung, SweepDocument } from '../report/sweep-document.ts'
import { InputError } from '../work/input-error.ts'
import type { Exploration, Sweep } from './definition.ts'
import { Trees } from './evaluate.ts'
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
  const trees = new Trees()
  let points = draw(sweep, trees, sweep.explore)
  const levels: (readonly Setting[])[] = [...fidelity, []]
  for (const level of levels) mustResolve(sweep, trees, points, level)
  options.ready?.()
  const rungs: Rung[] = []
  for (const [i, level] of levels.entries()) {
    options.rung?.(i, levels.length)
    const run = await runPoints(sweep, points, level, options)
    const none = run.every(({ outcome }) => hasFailed(outcome))
    const last = none || i === levels.length - 1
    const kept = last ? points : best(sweep, run, i, Math.ceil(points.length * keep))
    const settings = Object.fromEntries(level.map(({ path, value }) => [path, value]))
    rungs.push({ settings, points: points.length, kept: kept.length })
    if (last) return { ...documentOf(sweep, trees, run), search: { seed: sweep.seed, space: sweep.space.size, rungs } }
    points = kept
  }
  throw new Error('no rung')
}

/** `explored` beside `grid`, the document of the whole space. */
export function besideGrid(explored: SweepDocument, grid: SweepDocument): SweepDocument {
  const run = new Set(explored.points.map(({ point }) => point))
  const found = grid.front.filter(({ point }) => run.has(point)).length
  const whole = { points: grid.points.length, front: grid.front.length, found }
  return { ...explored, search: { ...explored.search!, grid: whole } }
}

/** Of a space up to this size all points are tried; of a larger one so many for each point drawn. */
const SMALL = 20_000
const TRIES = 50

/** Distinct points that fulfil the conditions, in their order in the space; fewer where no more are found. */
function draw(sweep: Sweep, trees: Trees, { points: count }: Exploration): number[] {
  const { size } = sweep.space
  const random = seedrandom(`${sweep.seed}/explore`)
  const drawn = new Set<number>()
  if (size <= SMALL) {
    const all = Array.from({ length: size }, (_, point) => point).filter((point) => holds(sweep, trees, point))
    for (const point of shuffled(all, random).slice(0, count)) drawn.add(point)
  } else {
    for (let tries = 0; drawn.size < count && tries < count * TRIES; tries++) {
      const point = Math.floor(random() * size)
      if (!drawn.has(point) && holds(sweep, trees, point)) drawn.add(point)
    }
  }
  return [...drawn].sort((a, b) => a - b)
}

/**
 * A point is as good as the best of its variants, not counting results that all points have, such as a baseline that no
 * axis changes; those that failed go first. Which of equals are kept is drawn.
 */
function best(sweep: Sweep, run: readonly RunPoint[], rung: number, count: number): number[] {
  const { objectives, seed } = sweep
  const results = shuffled(run, seedrandom(`${seed}/rung ${rung}`)).flatMap(({ point, outcome }) =>
    hasFailed(outcome) ? [] : [{ point, costs: outcome.variants.map((variant) => costs(variant, objectives)) }],
  )
  const common = new Set(
    results[0]?.costs.map(String).filter((each) => results.every((other) => other.costs.map(String).includes(each))),
  )
  const all = results.flatMap(({ point, costs: list }) => list.map((each) => ({ point, costs: each })))
  const differing = all.filter((each) => !common.has(String(each.costs)))
  const candidates = differing.length === 0 ? all : differing
  const order = ranked(candidates.map((each) => each.costs)).map((i) => candidates[i]!.point)
  if (order.length === 0 && results.length > 0) throw withoutFigures(sweep, rung)
  return [...new Set(order)].slice(0, count).sort((a, b) => a - b)
}

function withoutFigures({ objectives, tree }: Sweep, rung: number): InputError {
  const figures = objectives.map(({ figure }) => figure).join(', ')
  return errorIn(placeAt(tree, ['explore', 'fidelity', rung]), `no result has all of ${figures} at this fidelity`)
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const mixed = [...items]
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const [a, b] = [mixed[i]!, mixed[j]!]
    mixed[i] = b
    mixed[j] = a
  }
  return mixed
}
