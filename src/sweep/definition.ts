// A sweep as its file describes it: an experiment, axes over its entries, conditions and objectives.

import { z } from 'zod'
import { findConfig, header, isPath, loadWritten, placesIn } from '../config/load.ts'
import {
  entryAt,
  errorIn,
  type Mapping,
  type Place,
  parseWritten,
  placeAt,
  type Written,
  written,
} from '../config/written.ts'
import { figureKeys, numberKeys } from '../report/figure-value.ts'
import type { Objective } from '../report/sweep-document.ts'
import { didYouMean } from '../work/input-error.ts'
import { count } from '../work/quantity.ts'
import { type Condition, conditionOf } from './condition.ts'
import type { Setting } from './request.ts'
import { refuseCovering, refuseUndoing, type Space, settingsOf, spaceOf } from './space.ts'

export interface Sweep {
  readonly name: string
  readonly title?: string
  /** Name, absolute path, or what such a file says as a plain value. */
  readonly experiment: string | object
  readonly seed: number
  /** Set in all points. */
  readonly set: readonly Setting[]
  readonly space: Space
  readonly when: readonly Condition[]
  readonly objectives: readonly Objective[]
  readonly explore?: Exploration
  /** What its file says, inheritance resolved. */
  readonly tree: Mapping
}

/** Successive halving. */
export interface Exploration {
  /** Points drawn for the first rung. */
  readonly points: number
  /** Part of a rung's points that the next one keeps. */
  readonly keep: number
  /** What each rung before the last sets. */
  readonly fidelity: readonly (readonly Setting[])[]
}

const settings = z.record(z.string(), z.unknown())
const lists = z.record(z.string(), z.array(z.unknown()).min(1))
const number = z.union([z.number(), z.string()])
const range = z.strictObject({
  from: number,
  to: number,
  /** Values are `from` and whole steps above it: 1, in the unit of `from`, where nothing is said. */
  step: number.exactOptional(),
  scale: z.enum(['linear', 'log']).default('linear'),
})

/** What a sweep file may say. */
export const sweepSchema = z.strictObject({
  ...header,
  /** Name or path, or what such a file says. */
  experiment: z.union([z.string(), settings]),
  /** Of random axes, and of what an exploration draws. */
  seed: count().default(1),
  /** Entries of the experiment that all points have otherwise than its file. */
  set: settings.default({}),
  /** An axis for each entry. */
  grid: lists.default({}),
  /** Lists of one length, which turn together; or several such groups. */
  zip: z.union([lists, z.array(lists)]).default([]),
  /** Points written out, one axis. */
  list: z.array(settings).min(1).exactOptional(),
  /** Draws, one axis. */
  random: z
    .strictObject({ count: count(1), axes: z.record(z.string(), z.union([z.array(z.unknown()).min(1), range])) })
    .exactOptional(),
  /** Points are those for which all hold. */
  when: z.union([z.string(), z.array(z.string())]).default([]),
  objectives: z
    .record(z.string(), z.enum(['min', 'max']))
    .default({ latencySeconds: 'min', energyPerImageJoules: 'min' }),
  explore: z
    .strictObject({
      points: count(2),
      keep: z
        .number()
        .gt(0)
        .lt(1)
        .default(1 / 3),
      fidelity: z.array(settings).min(1),
    })
    .exactOptional(),
})

/** A sweep by the name of a shipped one, the path of a YAML file, or as the plain value of one. */
export function loadSweep(source: string | object): Sweep {
  const tree =
    typeof source === 'string'
      ? loadWritten('sweeps', source, { expand: false })
      : (written({ name: 'sweep', ...source }, placesIn('sweep')) as Mapping)
  const { experiment, name, title, seed, objectives, when, explore } = parseWritten(sweepSchema, tree)
  const set = settingsOf(entryAt(tree, ['set']))
  const space = spaceOf(tree, seed)
  const levels = fidelities(tree, explore?.fidelity.length ?? 0)
  refuseUndoing(space.settings, set)
  for (const level of levels) {
    refuseUndoing(level, set)
    refuseCovering(level, space.settings)
  }
  return {
    name,
    ...(title === undefined ? {} : { title }),
    experiment: typeof experiment === 'string' ? foundAt(experiment, placeAt(tree, ['experiment'])) : experiment,
    seed,
    set,
    space,
    when: [when]
      .flat()
      .map((text, i) => conditionOf(text, placeAt(tree, Array.isArray(when) ? ['when', i] : ['when']))),
    objectives: objectivesOf(objectives, tree),
    ...(explore === undefined ? {} : { explore: { ...explore, fidelity: levels } }),
    tree,
  }
}

/** Name, or absolute path. Throws InputError where there is no such experiment. */
function foundAt(experiment: string, place: Place): string {
  const file = findConfig('experiments', experiment, place)
  return isPath(experiment) ? file : experiment
}

const fidelities = (tree: Written, rungs: number): (readonly Setting[])[] =>
  Array.from({ length: rungs }, (_, i) => settingsOf(entryAt(tree, ['explore', 'fidelity', i])))

function objectivesOf(wanted: Readonly<Record<string, 'min' | 'max'>>, tree: Written): Objective[] {
  return Object.entries(wanted).map(([figure, goal]) => {
    const place = placeAt(tree, ['objectives', figure])
    if (numberKeys.some((pattern) => pattern.test(figure))) return { figure, goal }
    throw errorIn(place, `no such number of a variant${didYouMean(figure, figureKeys)}; docs/results.md lists them`)
  })
}
