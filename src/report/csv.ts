// Results as CSV: columns are named by the keys of figures.ts.

import { stringify } from 'csv-stringify/sync'
import type { EvaluationResult } from './eval-text.ts'
import { layerFigures, pathPattern, variantFigures } from './figures.ts'
import type { ResultDocument } from './result.ts'

export type Row = ReadonlyMap<string, string | number | null>

/** Layer of the row that stands for the whole variant. */
const whole = 'all'

/**
 * A row for each variant, its layer `all`, and one for each of its layers. Cells of figures that only the other of
 * the two has are empty. Figures with names in braces take a column for each name that occurs.
 */
export function resultCsv(...documents: readonly ResultDocument[]): string {
  const rows = documents.flatMap(({ experiment, variants }) =>
    variants.flatMap(({ layers, ...variant }) => [
      labelled({ experiment, variant: variant.name, layer: whole }, variant),
      ...layers.map((layer) => labelled({ experiment, variant: variant.name, layer: layer.name }, layer)),
    ]),
  )
  return csv(['experiment', 'variant', 'layer', ...figureColumns(rows)], rows)
}

/** A row for each image: position, label (empty without), class, and the score of each class. */
export function predictionsCsv({ predictions }: EvaluationResult): string {
  const rows = predictions.map(({ scores, ...rest }): Row => leaves({ ...rest, scores: { ...scores } }))
  const classes = predictions[0]?.scores.length ?? 0
  return csv(['index', 'label', 'class', ...Array.from({ length: classes }, (_, i) => `scores.${i}`)], rows)
}

const labelled = (place: Readonly<Record<string, string>>, { name: _, ...figures }: { readonly name: string }): Row =>
  new Map([...Object.entries(place), ...leaves(figures)])

/** Columns in the order of the figures, names within one as they first occur; with `of`, those of variants alone. */
export function figureColumns(rows: readonly Row[], of?: 'variant'): string[] {
  const occurring = [...new Set(rows.flatMap((row) => [...row.keys()]))]
  const { name: _, ...figures } = of === undefined ? { ...variantFigures, ...layerFigures } : variantFigures
  return Object.keys(figures).flatMap((key) => {
    const pattern = pathPattern(key)
    return key.includes('{') ? occurring.filter((path) => pattern.test(path)) : [key]
  })
}

/** The values inside `value` by path. */
export function leaves(value: object, path = ''): Map<string, string | number | null> {
  return new Map(
    Object.entries(value).flatMap(([key, inner]): [string, string | number | null][] =>
      typeof inner === 'object' && inner !== null
        ? [...leaves(inner, `${path}${key}.`)]
        : [[path + key, typeof inner === 'boolean' ? `${inner}` : inner]],
    ),
  )
}

export const csv = (columns: readonly string[], rows: readonly Row[]): string =>
  stringify(
    rows.map((row) => columns.map((column) => row.get(column) ?? '')),
    { header: true, columns: [...columns] },
  )
