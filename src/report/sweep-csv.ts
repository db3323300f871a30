// Sweeps as CSV and as JSON lines.

import { csv, figureColumns, leaves, type Row } from './csv.ts'
import { cellOf } from './setting-text.ts'
import type { SweepDocument } from './sweep-document.ts'

/** A row for each point and variant, or for a point that failed as a whole; cells of what it has not are empty. */
export function sweepCsv({ settings, points }: SweepDocument): string {
  const rows = points.flatMap(
    ({ point, settings: set, error, variants, failures = [], network, weights, pictures }) => {
      const known = settings.filter((path) => set[path] !== undefined)
      const values = known.map((path): Cell => [columnOf(path), cellOf(set[path])])
      const start: Cell[] = [['point', point], ...values]
      if (error !== undefined) return [new Map<string, Cell[1]>([...start, ['error', error]])]
      const origin = Object.entries({ network, weights, pictures }).map(([key, name]): Cell => [key, name ?? null])
      return [
        ...variants.map(
          ({ name, ...figures }): Row => new Map([...start, ...origin, ['variant', name], ...leaves(figures)]),
        ),
        ...failures.map((each): Row => new Map<string, Cell[1]>([...start, ...origin, ...Object.entries(each)])),
      ]
    },
  )
  const columns = ['point', ...settings.map(columnOf), 'variant', 'error', 'network', 'weights', 'pictures']
  return csv([...columns, ...figureColumns(rows, 'variant')], rows)
}

type Cell = [column: string, value: string | number | null]

/** A line for each point. */
export const sweepLines = ({ points }: SweepDocument): string =>
  points.map((point) => `${JSON.stringify(point)}\n`).join('')

export const sweepJson = (document: SweepDocument): string => `${JSON.stringify(document, null, 2)}\n`

/** Apart from figures, of which some are called as entries are: `machine`. */
const columnOf = (path: string): string => `set.${path}`
