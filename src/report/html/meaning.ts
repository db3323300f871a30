// What the figures of a page are: unit, meaning and how each is computed.

import { type Figure, type Figures, pathPattern } from '../figures.ts'
import { type Named, names } from '../names.ts'
import type { LayerResult, VariantResult } from '../result.ts'
import { html, prose } from './markup.ts'
import type { Section } from './page.ts'
import { plainTable } from './sortable.ts'

export interface Meaning {
  readonly key: string
  readonly figure: Pick<Figure, 'unit' | 'meaning' | 'how'>
}

/** Unit, meaning and computation of each figure, and what names in it stand for. */
export const meaningSection = (
  figures: readonly Meaning[],
  glossary: readonly (readonly [string, Named])[],
): Section => ({
  id: 'figures',
  heading: 'What the figures are',
  body: html`<p>Every figure of this page is one of these, or a sum or quotient of them that the page names.</p>
<details class="print"><summary>${figures.length} figures: unit, meaning, how each is computed</summary>
${plainTable(
  'Figures',
  ['Figure', 'Unit', 'Meaning', 'How'],
  figures.map(({ key, figure: { unit, meaning, how } }) => [
    html`<code>${key}</code>`,
    unit,
    prose(meaning),
    prose(how),
  ]),
)}</details>${
    glossary.length === 0
      ? undefined
      : html`<details class="print"><summary>${glossary.length} names of operations, memories and reasons</summary>
${plainTable(
  'Names',
  ['Name', 'Meaning'],
  glossary.map(([name, { meaning }]) => [html`<code>${name}</code>`, prose(meaning)]),
)}</details>`
  }`,
})

/** Those of `figures` that some of `values` have. */
export function present(figures: Figures, values: readonly object[]): Meaning[] {
  const paths = [...new Set(values.flatMap((value) => pathsIn(value, '')))]
  return Object.entries(figures)
    .filter(([key]) => paths.some((path) => pathPattern(key).test(path)))
    .map(([key, figure]) => ({ key, figure }))
}

const pathsIn = (value: object, before: string): string[] =>
  Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    typeof inner === 'object' && inner !== null ? pathsIn(inner, `${before}${key}.`) : [before + key],
  )

/** Names that stand in the places in braces of figures, of those that occur. */
export function glossaryOf(
  variants: readonly Pick<VariantResult, 'operations' | 'memory'>[],
  layers: readonly LayerResult[],
): [string, Named][] {
  const used = {
    operation: variants.flatMap(({ operations }) => Object.keys(operations)),
    level: variants.flatMap(({ memory }) => Object.keys(memory)),
    reason: layers.flatMap(({ stalls }) => Object.keys(stalls)),
  }
  return (['operation', 'level', 'reason'] as const).flatMap((kind) =>
    [...new Set(used[kind])].flatMap((name): [string, Named][] => {
      const named = names[kind][name]
      return named === undefined ? [] : [[name, named]]
    }),
  )
}
