// Figures of a variant by their keys, e.g. `resources.lut.used`.

import { type Figure, pathPattern, type Shown, variantFigures } from './figures.ts'
import type { PointResult } from './sweep-document.ts'

/** Keys whose values are numbers, names in braces not filled in. */
export const figureKeys: readonly string[] = Object.entries(variantFigures)
  .filter(([, { unit }]) => unit !== '')
  .map(([key]) => key)

/** What the keys of numbers look like. */
export const numberKeys: readonly RegExp[] = figureKeys.map(pathPattern)

/** The number that `key` names; undefined where the variant has none. */
export function figureValue(variant: PointResult, key: string): number | undefined {
  let value: unknown = variant
  let rest = key
  while (rest !== '' && typeof value === 'object' && value !== null) {
    // Names in braces may hold dots: the longest entry that fits is meant.
    const entries = Object.keys(value).filter((name) => rest === name || rest.startsWith(`${name}.`))
    const name = entries.sort((a, b) => b.length - a.length)[0]
    if (name === undefined) return undefined
    value = (value as Record<string, unknown>)[name]
    rest = rest.slice(name.length + 1)
  }
  return rest === '' && typeof value === 'number' ? value : undefined
}

/** The figure of a variant that `key` names, names in braces filled in. */
export const figureOf = (key: string): Figure | undefined =>
  Object.entries<Figure>(variantFigures).find(([each]) => pathPattern(each).test(key))?.[1]

/** How tables head it: by its key and unit where it has no heading of its own. */
export function headingOf(key: string): Shown {
  const figure = figureOf(key)
  return Object.hasOwn(variantFigures, key) && figure?.shown !== undefined
    ? figure.shown
    : { label: key, unit: figure?.unit ?? '', scale: 1 }
}
