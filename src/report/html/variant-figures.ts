// Charts that set the variants of a result beside each other.

import type { VariantResult } from '../result.ts'
import { barFigure, cycles, joules, type Quantity } from './bars.ts'
import type { Figure } from './figure.ts'
import type { PageColours } from './layer-figures.ts'
import { accent } from './palette.ts'

const seconds: Quantity = {
  of: ' per image',
  units: [
    [1e-9, 'ns'],
    [1e-6, 'µs'],
    [1e-3, 'ms'],
    [1, 's'],
  ],
}

/** Time and energy; where there is one variant only, its energy. */
export function variantFiguresOf(variants: readonly VariantResult[], colours: PageColours): Figure[] {
  const priced = variants.some(({ energyPerImageJoules }) => energyPerImageJoules > 0)
  return [...(variants.length > 1 ? [timeBars(variants)] : []), ...(priced ? [energyBars(variants, colours)] : [])]
}

/** Cycles where all have the same clock, else time. */
function timeBars(variants: readonly VariantResult[]): Figure {
  const alike = new Set(variants.map(({ clockHz }) => clockHz)).size === 1
  return barFigure({
    id: 'variants-time',
    title: alike ? 'Cycles by variant' : 'Time by variant',
    about: alike
      ? 'Cycles that an image of the run takes on average; all variants have the same clock. Shorter is faster.'
      : 'Time that an image of the run takes on average, since clocks differ. Shorter is faster.',
    rows: variants.map(({ name }) => name),
    series: [
      {
        name: alike ? 'cycles' : 'time',
        colour: accent,
        values: variants.map(({ cyclesPerImage, clockHz }) => (alike ? cyclesPerImage : cyclesPerImage / clockHz)),
      },
    ],
    quantity: alike ? cycles : seconds,
    of: 'variant',
  })
}

function energyBars(variants: readonly VariantResult[], { component }: PageColours): Figure {
  const components = [...new Set(variants.flatMap(({ energy }) => Object.keys(energy)))]
  return barFigure({
    id: 'variants-energy',
    title: variants.length > 1 ? 'Energy by variant' : 'Energy by component',
    about: 'Energy of one image by component, dynamic and static together.',
    rows: variants.map(({ name }) => name),
    series: components.map((name) => ({
      name,
      colour: component(name),
      values: variants.map(({ energy }) => energy[name] ?? 0),
    })),
    quantity: joules,
    of: 'variant',
  })
}
