// What the points of a sweep can be compared by: settings, and every number of a variant in which they differ.

import { leaves } from '../csv.ts'
import { figureOf, headingOf } from '../figure-value.ts'
import { costsOf, frontOf } from '../pareto.ts'
import { settingText, shortest } from '../setting-text.ts'
import type { Objective, PointResult, SweepDocument, SweepPoint } from '../sweep-document.ts'
import { exact } from './bars.ts'
import type { ColumnName } from './sortable.ts'

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
  /** What else filters may call it. */
  readonly names: readonly ColumnName[]
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
  const numbers = rows.map(({ variant }) => numbersIn(variant))
  const goals = new Map(objectives.map(({ figure, goal }) => [figure, goal]))
  const varying = [...new Set(numbers.flatMap((each) => [...each.keys()]))].filter(
    (key) => !goals.has(key) && new Set(numbers.map((each) => each.get(key))).size > 1,
  )
  const figures = [...goals.keys(), ...varying]
  const taken = ['point', 'variant', 'front', ...figures.map((key) => headingOf(key).label)]
  return [
    ...settings.map((path) => settingColumn(path, settingName(path, settings, taken), rows)),
    ...(new Set(rows.map(({ variant }) => variant.name)).size > 1 ? [variantColumn(rows)] : []),
    ...figures.map((key): SweepColumn => {
      const figure = figureOf(key)
      const { scale } = headingOf(key)
      const goal = goals.get(key)
      return {
        key,
        kind: 'figure',
        ...figureHeaded(key),
        words: false,
        names: [{ name: key, scale }],
        ...(figure === undefined ? {} : { meaning: figure.meaning }),
        ...(goal === undefined ? {} : { goal }),
        values: numbers.map((each) => (each.has(key) ? exact(each.get(key)! * scale) : null)),
      }
    }),
  ]
}

/** How columns of a figure are headed. */
export function figureHeaded(key: string): Pick<SweepColumn, 'name' | 'unit' | 'label'> {
  const { label, unit } = headingOf(key)
  return headed(label, unit)
}

const headed = (name: string, unit: string) => ({
  name,
  unit,
  label: `${name}${unit === '' ? '' : unit.startsWith('per ') ? ` ${unit}` : `, ${unit}`}`,
})

const numbersIn = (variant: PointResult): Map<string, number> =>
  new Map([...leaves(variant)].flatMap(([key, value]) => (typeof value === 'number' ? [[key, value]] : [])))

function variantColumn(rows: readonly SweepRow[]): SweepColumn {
  return {
    key: 'variant',
    ...headed('variant', ''),
    kind: 'setting',
    words: true,
    names: [],
    values: rows.map(({ variant }) => variant.name),
  }
}

/** As short as tells it from other settings, and from figures of the same name. */
function settingName(path: string, settings: readonly string[], taken: readonly string[]): string {
  const name = shortest(path, settings)
  return taken.includes(name) ? `set ${name}` : name
}

/** What to call the settings of points, by path: those that no axis sets by their paths. */
export const settingNames = (columns: readonly SweepColumn[]): ((path: string) => string) => {
  const names = new Map(columns.flatMap(({ kind, key, name }) => (kind === 'setting' ? [[key, name] as const] : [])))
  return (path) => names.get(path) ?? path
}

/** Numbers stay numbers, also those that all have the same unit. */
function settingColumn(path: string, name: string, rows: readonly SweepRow[]): SweepColumn {
  const written = rows.map(({ point }) => point.settings[path])
  const parts = written.map((value) =>
    /^(-?[\d.]+(?:e-?\d+)?) *([^\d\s].*)?$/i.exec(typeof value === 'string' ? value : String(value)),
  )
  const units = new Set(parts.map((part) => part?.[2] ?? ''))
  const numeric = parts.every((part) => part !== null && Number.isFinite(Number(part[1]))) && units.size === 1
  const unit = [...units][0] ?? ''
  return {
    key: path,
    ...headed(name, numeric ? unit : ''),
    kind: 'setting',
    words: !numeric,
    meaning: `Setting ${path}`,
    names: [path, path.replace(/\.value$/, ''), name.replace(/^set /, '')].map((each) => ({ name: each })),
    values: written.map((value, i) => (numeric ? Number(parts[i]![1]) : settingText(value))),
  }
}

/**
 * Rows that no other beats in both columns, from left to right; none unless both have a goal. Of equal ones all are
 * there.
 */
export function frontOfPair(x: SweepColumn, y: SweepColumn): number[] {
  if (x.goal === undefined || y.goal === undefined) return []
  const objectives = [x, y].map(({ key, goal }) => ({ figure: key, goal: goal! }))
  const value = (column: SweepColumn, row: number) => (column.values[row] as number | null) ?? undefined
  const front = frontOf(x.values.map((_, row) => costsOf([value(x, row), value(y, row)], objectives)))
  return front.sort((a, b) => (x.values[a] as number) - (x.values[b] as number) || a - b)
}
