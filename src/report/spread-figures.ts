// Figures of how images differ.

import type { Figure } from './figures.ts'

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
