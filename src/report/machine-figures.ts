// Figures that only some machines have: of how images differ, and of what they leave to others.

import type { Figure, Figures } from './figures.ts'

type SpreadFigures<Of extends string> = {
  readonly [K in `spread.${Of}.${'deviation' | 'least' | 'most'}`]: Figure
}

/** How a figure differs from image to image, where it can. */
export function spread<Of extends string>(of: Of, unit: string, meaning: string): SpreadFigures<Of> {
  const part = (name: string, what: string, how: string): [string, Figure] => [
    `spread.${of}.${name}`,
    { unit, meaning: `${meaning}, of one image: ${what}.`, how },
  ]
  return Object.fromEntries([
    part(
      'deviation',
      'standard deviation over the images',
      'Root of the mean square of the differences from the mean.',
    ),
    part('least', 'the least', 'Over all images.'),
    part('most', 'the most', 'Over all images.'),
  ]) as SpreadFigures<Of>
}

export const outside = {
  'outside.layers': {
    unit: 'layers',
    meaning:
      'Layers that the machine left to a host; absent where there are none. Their time and energy are not counted.',
    how: 'Counts layers that multiply and accumulate.',
  },
  'outside.steps': {
    unit: 'steps',
    meaning: 'Other steps that it left to a host, such as scales, sums, activations and pools. Not counted either.',
    how: 'Counts nodes of the network, as its passes leave it.',
  },
  'outside.macs': {
    unit: 'ratio',
    meaning: "Their part of the network's multiply-accumulates.",
    how: 'Binary, integer and real ones alike.',
  },
} as const satisfies Figures
