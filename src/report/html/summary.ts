// What a result says in short: what was run, and the main figures of each variant beside the baseline.

import { variantFigures } from '../figures.ts'
import type { ResultDocument, VariantResult } from '../result.ts'
import { counted, fixed, number, percent } from '../table.ts'
import { checkLine, outsideLine, resourceLine, spreadLine } from '../variant-lines.ts'
import { html, type Markup } from './markup.ts'
import { type Cell, type ColumnName, sortable, type TableColumn } from './sortable.ts'

export function summaryOf(document: ResultDocument): Markup {
  const { variants } = document
  const first = variants[0]!
  return html`<p class="lead">${ranText(document)}</p>
${variants.length > 1 ? html`<p class="which">Of ${first.name}:</p>` : undefined}<dl class="tiles">${tiles(first)}</dl>
${variants.length > 1 ? html`${remarkList(comparison(variants))}\n${variantTable(variants)}` : undefined}
${remarkList(commonRemarks(variants))}`
}

function ranText({ network, weights, pictures, seed, energyTable, variants }: ResultDocument): string {
  const { machine, clockHz, images } = variants[0]!
  const several =
    variants.length > 1 ? ` in ${variants.length} variants, the first of which is ${variants[0]!.name}` : ''
  return (
    `The network ${network} with ${weights} weights classified ${counted(images, 'image')} (${pictures}) on ${machine} ` +
    `at ${number(clockHz / 1e6)} MHz${several}. Prices of energy are those of ${energyTable}; the seed is ${seed}.`
  )
}

const tile = (label: string, value: string, unit: string): Markup =>
  html`<div><dt>${label}</dt><dd>${value} <span class="unit">${unit}</span></dd></div>`

function tiles(variant: VariantResult): Markup[] {
  const { cyclesPerImage, latencySeconds, imagesPerSecond, energyPerImageJoules, accuracy } = variant
  return [
    tile('Time of an image', number(Math.round(cyclesPerImage)), 'cycles'),
    tile('To the first result', number(latencySeconds * 1e6), 'µs'),
    tile('Rate', number(imagesPerSecond), 'images/s'),
    tile('Energy of an image', number(energyPerImageJoules * 1e6), 'µJ'),
    ...(accuracy.correct === null
      ? []
      : [tile('Right class', `${number(accuracy.correct)} of ${number(accuracy.images)}`, 'images')]),
  ]
}

/** The fastest and the most economical variant, in words. */
function comparison(variants: readonly VariantResult[]): string[] {
  const [baseline, ...others] = variants as [VariantResult, ...VariantResult[]]
  const fastest = others.reduce((a, b) => (b.speedup > a.speedup ? b : a))
  const sparing = others.reduce((a, b) => (b.energyPerImageJoules < a.energyPerImageJoules ? b : a))
  const less = 1 - sparing.energyPerImageJoules / baseline.energyPerImageJoules
  return [
    fastest.speedup > 1
      ? `Fastest: ${fastest.name}, ${fixed(fastest.speedup, 2)} times as fast as ${baseline.name}.`
      : `No variant is faster than ${baseline.name}.`,
    less > 0
      ? `Least energy: ${sparing.name}, ${percent(less)} % less than ${baseline.name}.`
      : `No variant needs less energy than ${baseline.name}.`,
  ]
}

function variantTable(variants: readonly VariantResult[]): Markup {
  const baseline = variants[0]!
  const column = (
    label: string,
    unit: string,
    meaning: string,
    of: (variant: VariantResult) => Cell,
    ...names: ColumnName[]
  ): TableColumn => ({ label, unit, meaning, names, cells: variants.map(of) })
  const figure = variantFigures
  return sortable('variants', 'Variants', 'variants', [
    column('variant', '', figure.name.meaning, ({ name }) => name),
    column('speedup', 'x', figure.speedup.meaning, ({ speedup }) => speedup),
    column(
      'relative energy',
      'x',
      'Energy of an image as part of that of the first variant.',
      (each) => each.energyPerImageJoules / baseline.energyPerImageJoules,
    ),
    column('energy', 'µJ/image', figure.energyPerImageJoules.meaning, (each) => each.energyPerImageJoules * 1e6, {
      name: 'energyPerImageJoules',
      scale: 1e6,
    }),
    column('cycles', 'per image', figure.cyclesPerImage.meaning, ({ cyclesPerImage }) => cyclesPerImage, {
      name: 'cyclesPerImage',
    }),
    column('latency', 'µs', figure.latencySeconds.meaning, ({ latencySeconds }) => latencySeconds * 1e6, {
      name: 'latencySeconds',
      scale: 1e6,
    }),
    column('rate', 'images/s', figure.imagesPerSecond.meaning, ({ imagesPerSecond }) => imagesPerSecond, {
      name: 'imagesPerSecond',
    }),
    column(
      'correct',
      `of ${baseline.accuracy.images}`,
      figure['accuracy.correct'].meaning,
      ({ accuracy }) => accuracy.correct,
      { name: 'accuracy.correct' },
    ),
    column('lossy', '', figure.lossy.meaning, ({ lossy }) => lossy),
    ...['machine', 'energyTable'].flatMap((key) => {
      const of = (variant: VariantResult): string => variant[key as 'machine' | 'energyTable']
      return new Set(variants.map(of)).size > 1
        ? [column(figure[key as 'machine'].shown.label, '', figure[key as 'machine'].meaning, of)]
        : []
    }),
    ...[...new Set(variants.flatMap(({ design }) => Object.keys(design)))]
      .filter((choice) => new Set(variants.map(({ design }) => design[choice])).size > 1)
      .map((choice) => column(choice, '', figure['design.{choice}'].meaning, ({ design }) => design[choice] ?? null)),
    column('passes', '', figure.passes.meaning, ({ passes }) => passes || 'none'),
  ])
}

const remarksOf = (variant: VariantResult): string[] =>
  [resourceLine, spreadLine, outsideLine, checkLine]
    .map((line) => line(variant).replaceAll(/\s+/g, ' ').trim())
    .filter((text) => text !== '')

/** What the text report says of all variants alike. */
const commonRemarks = (variants: readonly VariantResult[]): string[] =>
  remarksOf(variants[0]!).filter((text) => variants.every((variant) => remarksOf(variant).includes(text)))

/** What it says of one variant, and not of all. */
export function ownRemarks(variants: readonly VariantResult[], variant: VariantResult): string[] {
  const common = commonRemarks(variants)
  return remarksOf(variant).filter((text) => !common.includes(text))
}

export const remarkList = (texts: readonly string[]): Markup | undefined =>
  texts.length === 0 ? undefined : html`<ul>${texts.map((text) => html`<li>${text}</li>`)}</ul>`
