// What the points of a sweep can be compared by: settings, and every number of a variant in which they differ.

import { type Figure, pathPattern, type Shown, variantFigures } from '../figures.ts'
import type { Objective, PointResult, SweepDocument, SweepPoint } from '../sweep-document.ts'
import { digits } from './bars.ts'

/** A point's variant: what one dot, one line or one row of the table stands for. */
export interface SweepRow {
  readonly point: SweepPoint
  readonly variant: PointResult
  /** Not dominated in the objectives by any other. */
  readonly front: boolean
}

export interface SweepColumn {
  /** Path of a setting, or key of a figure. */
  readonly key: string
  readonly name: string
  readonly unit: string
  /** Both. */
  readonly label: string
  readonly kind: 'setting' | 'figure'
  readonly meaning?: string
  /** One for each row, in the unit of the label. */
  readonly values: readonly (string | number | null)[]
  /** Whether values are words rather than numbers. */
  readonly words: boolean
  readonly goal?: Objective['goal']
}

/** Points that failed have no row. */
export function rowsOf({ points, front }: SweepDocument): SweepRow[] {
  const best = new Set(front.map(({ point, variant }) => `${point} ${variant}`))
  return points.flatMap((point) =>
    point.variants.map((variant) => ({ point, variant, front: best.has(`${point.point} ${variant.name}`) })),
  )
}

/** Settings first, then objectives, then the other figures. */
export function columnsOf({ settings, objectives }: SweepDocument, rows: readonly SweepRow[]): SweepColumn[] {
  const numbers = rows.map(({ variant }) => numbersIn(variant, ''))
  const goals = new Map(objectives.map(({ figure, goal }) => [figure, goal]))
  const varying = [...new Set(numbers.flatMap((each) => [...each.keys()]))].filter(
    (key) => !goals.has(key) && new Set(numbers.map((each) => each.get(key))).size > 1,
  )
  return [
    ...settings.map((path) => settingColumn(path, rows)),
    ...(new Set(rows.map(({ variant }) => variant.name)).size > 1 ? [variantColumn(rows)] : []),
    ...[...goals.keys(), ...varying].map((key): SweepColumn => {
      const figure = figureOf(key)
      const scale = figure?.shown?.scale ?? 1
      const goal = goals.get(key)
      return {
        key,
        kind: 'figure',
        ...headingOf(key),
        words: false,
        ...(figure === undefined ? {} : { meaning: figure.meaning }),
        ...(goal === undefined ? {} : { goal }),
        values: numbers.map((each) => (each.has(key) ? digits(each.get(key)! * scale) : null)),
      }
    }),
  ]
}

/** How columns of a figure are headed. */
export function headingOf(key: string): Pick<SweepColumn, 'name' | 'unit' | 'label'> {
  const figure = figureOf(key)
  const name = figure?.shown === undefined || key.includes('.') ? key : figure.shown.label
  return headed(name, figure?.shown?.unit ?? figure?.unit ?? '')
}

const headed = (name: string, unit: string) => ({
  name,
  unit,
  label: `${name}${unit === '' ? '' : unit.startsWith('per ') ? ` ${unit}` : `, ${unit}`}`,
})

type Known = Figure & { readonly shown?: Shown }

/** The figure whose key, with a name in its braces, is `path`. */
export function figureOf(path: string): Known | undefined {
  return Object.entries<Known>(variantFigures).find(([key]) => pathPattern(key).test(path))?.[1]
}

function numbersIn(value: object, before: string): Map<string, number> {
  return new Map(
    Object.entries(value).flatMap(([key, inner]: [string, unknown]): [string, number][] =>
      typeof inner === 'number'
        ? [[before + key, inner]]
        : typeof inner === 'object' && inner !== null
          ? [...numbersIn(inner, `${before}${key}.`)]
          : [],
    ),
  )
}

function variantColumn(rows: readonly SweepRow[]): SweepColumn {
  return {
    key: 'variant',
    ...headed('variant', ''),
    kind: 'setting',
    words: true,
    values: rows.map(({ variant }) => variant.name),
  }
}

/** Numbers stay numbers, also those that all have the same unit. */
function settingColumn(path: string, rows: readonly SweepRow[]): SweepColumn {
  const written = rows.map(({ point }) => point.settings[path])
  const parts = written.map((value) =>
    /^(-?[\d.]+(?:e-?\d+)?) *([^\d\s].*)?$/i.exec(typeof value === 'string' ? value : String(value)),
  )
  const units = new Set(parts.map((part) => part?.[2] ?? ''))
  const numeric = parts.every((part) => part !== null && Number.isFinite(Number(part[1]))) && units.size === 1
  const unit = [...units][0] ?? ''
  return {
    key: path,
    ...headed(path, numeric ? unit : ''),
    kind: 'setting',
    words: !numeric,
    values: written.map((value, i) => (numeric ? Number(parts[i]![1]) : settingText(value))),
  }
}

/** A setting's value in words. */
export const settingText = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? '-' : JSON.stringify(value)

/**
 * Rows that no other beats in both columns, from left to right; none unless both have a goal. Of equal ones all are
 * there.
 */
export function frontOf(x: SweepColumn, y: SweepColumn): number[] {
  if (x.goal === undefined || y.goal === undefined) return []
  const least = ({ goal, values }: SweepColumn, row: number): number =>
    (goal === 'min' ? 1 : -1) * (values[row] as number)
  const known = x.values.flatMap((value, row) => (value === null || y.values[row] === null ? [] : [row]))
  const sorted = known.sort((a, b) => least(x, a) - least(x, b) || least(y, a) - least(y, b) || a - b)
  const front: number[] = []
  for (const row of sorted) {
    const last = front.at(-1)
    const better = last === undefined || least(y, row) < least(y, last)
    const same = last !== undefined && least(x, row) === least(x, last) && least(y, row) === least(y, last)
    if (better || same) front.push(row)
  }
  return front.sort((a, b) => (x.values[a] as number) - (x.values[b] as number) || a - b)
}
