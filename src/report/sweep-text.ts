// Sweeps as text for people.

import { didYouMean } from '../work/input-error.ts'
import { leaves } from './csv.ts'
import { figureValue, headingOf } from './figure-value.ts'
import { cellOf, settingText, shortest } from './setting-text.ts'
import type { Objective, PointVariant, SweepDocument, WholeSpace } from './sweep-document.ts'
import { type Column, column, counted, number, numbers, percent, table, wrapped } from './table.ts'

/** Rows of the front that are shown. */
const SHOWN = 20

/** Lines are at most 100 characters wide. */
export function sweepText(document: SweepDocument): string {
  const parts = [header, bestPart, frontPart, missingPart, failedPart]
  return parts.map((part) => part(document)).join('')
}

function header({ sweep, title, version, points, search }: SweepDocument): string {
  const variants = points.reduce((sum, point) => sum + point.variants.length, 0)
  const chosen = search === undefined ? '' : ` of a space of ${number(search.space)}, found by successive halving`
  const rungs = (search?.rungs ?? []).map(({ settings, points: run, kept }, i) => {
    const set = Object.entries(settings).map(([path, value]) => `${path}=${cellOf(value)}`)
    return wrapped(
      set.length === 0
        ? `Rung ${i + 1}: ${counted(run, 'point')}, as the experiment is written.`
        : `Rung ${i + 1}: ${counted(run, 'point')} with ${set.join(', ')}, of which ${number(kept)} went on.`,
    )
  })
  return [
    ...(title === undefined ? [] : [wrapped(title)]),
    wrapped(
      `sweep ${sweep}: ${counted(points.length, 'point')}${chosen}, ${counted(variants, 'result')}, bnnsim ${version}`,
    ),
    ...rungs,
    ...(search?.grid === undefined ? [] : [wholeSpaceLine(search.grid)]),
    '\n',
  ].join('')
}

const wholeSpaceLine = ({ points, front, found }: WholeSpace): string =>
  wrapped(
    `The whole space, ${counted(points, 'point')}, has ${counted(front, 'result')} on its front: the search ran ${number(found)} of them${front === 0 ? '' : ` (${percent(found / front)} %)`}.`,
  )

function bestPart(document: SweepDocument): string {
  const { best, objectives } = document
  if (best.length === 0) return ''
  const rows = best.map(({ figure, value, ...place }) => ({ figure, value, place }))
  const columns: Column[] = [
    words(
      'best',
      rows.map(({ figure }) => `${goalOf(objectives, figure)} ${headingOf(figure).label}`),
    ),
    ...(best.some(({ network }) => network !== undefined)
      ? [
          words(
            'network',
            best.map(({ network }) => network ?? ''),
          ),
        ]
      : []),
    column(
      'value',
      '',
      rows.map(({ figure, value }) => `${number(value * headingOf(figure).scale)} ${headingOf(figure).unit}`),
    ),
    ...placeColumns(
      document,
      rows.map(({ place }) => place),
    ),
  ]
  return `${table(columns)}\n`
}

function frontPart(document: SweepDocument): string {
  const { front, objectives } = document
  if (front.length === 0) return ''
  const rows = front.slice(0, SHOWN)
  const figures = objectives.map(({ figure }) => {
    const { label, unit, scale } = headingOf(figure)
    const values = rows.map((place) => figureValue(variantAt(document, place), figure)! * scale)
    return column(label, unit, numbers(values))
  })
  const [first = column('', '', []), ...rest] = placeColumns(document, rows)
  const more = front.length > SHOWN ? ` The first ${SHOWN}; all: --format csv or json, or the files.` : ''
  const goals = objectives.map(({ figure, goal }) => `${goal} ${headingOf(figure).label}`).join(', ')
  const several = new Set(document.points.map(({ network }) => network ?? '')).size > 1
  return (
    table([first, ...figures, ...rest]) +
    wrapped(
      `Pareto front: the ${counted(front.length, 'result')} that no other${several ? ' of the same network' : ''} is better than in all of ${goals}.${more}`,
    )
  )
}

/** Objectives that no result has; with them there can be no front. */
function missingPart({ objectives, points }: SweepDocument): string {
  const variants = points.flatMap((point) => point.variants)
  const missing = objectives.filter(({ figure }) => variants.every((each) => figureValue(each, figure) === undefined))
  if (variants.length === 0) return ''
  const known = [...leaves(variants[0]!)].flatMap(([key, value]) => (typeof value === 'number' ? [key] : []))
  return missing
    .map(({ figure }) => wrapped(`No result has ${figure}, so there is no front${didYouMean(figure, known)}.`))
    .join('')
}

/** Point, variant where points have several, and settings. */
function placeColumns(document: SweepDocument, places: readonly PointVariant[]): Column[] {
  const points = places.map((place) => pointAt(document, place))
  const several = document.points.some(({ variants }) => variants.length > 1)
  return [
    column(
      'point',
      '',
      places.map(({ point }) => String(point)),
    ),
    ...(several
      ? [
          words(
            'variant',
            places.map(({ variant }) => variant),
          ),
        ]
      : []),
    ...document.settings.map((path) =>
      words(
        shortest(path, document.settings),
        points.map(({ settings }) => settingText(settings[path])),
      ),
    ),
  ]
}

/** Errors and points of each that are shown. */
const SHOWN_ERRORS = 5
const SHOWN_POINTS = 3

function failedPart({ points }: SweepDocument): string {
  const failed = points.flatMap(({ point, error, failures = [] }) => [
    ...(error === undefined ? [] : [{ point, error }]),
    ...failures.map((each) => ({ point, error: each.error })),
  ])
  if (failed.length === 0) return ''
  const errors = [...new Set(failed.map(({ error }) => error))]
  const lines = errors.slice(0, SHOWN_ERRORS).map((error) => {
    const group = [...new Set(failed.filter((each) => each.error === error).map(({ point }) => point))]
    const named = group.slice(0, SHOWN_POINTS)
    const rest = group.length > named.length ? ` and ${number(group.length - named.length)} more` : ''
    return wrapped(`  ${group.length === 1 ? 'point' : 'points'} ${named.join(', ')}${rest}: ${error}`)
  })
  const more = errors.length > lines.length ? `  and ${counted(errors.length - lines.length, 'other error')}\n` : ''
  return `\n${counted(new Set(failed.map(({ point }) => point)).size, 'point')} failed:\n${lines.join('')}${more}`
}

const words = (label: string, cells: readonly string[]): Column => ({ label, unit: '', cells, words: true })
const goalOf = (objectives: readonly Objective[], figure: string) =>
  objectives.find((objective) => objective.figure === figure)!.goal

const pointAt = (document: SweepDocument, { point }: PointVariant) =>
  document.points.find((each) => each.point === point)!
const variantAt = (document: SweepDocument, place: PointVariant) =>
  pointAt(document, place).variants.find(({ name }) => name === place.variant)!
