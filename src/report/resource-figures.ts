// Figures of what a design takes of an FPGA.

import type { Figure } from './figures.ts'

export const resourceNames = ['lut', 'lutram', 'ff', 'bram36', 'dsp'] as const
export type ResourceName = (typeof resourceNames)[number]

const resourceUnits = {
  lut: 'look-up tables (LUT)',
  lutram: 'look-up tables that serve as memory (LUTRAM), also counted as LUT',
  ff: 'flip-flops (FF)',
  bram36: '36 Kib block RAMs (BRAM36)',
  dsp: 'DSP slices',
} as const satisfies Record<ResourceName, string>

type ResourceFigures<Part extends string> = { readonly [K in `resources.${ResourceName}.${Part}`]: Figure }

export const resources = <Part extends string>(part: Part, meaning: string, how: string): ResourceFigures<Part> =>
  Object.fromEntries(
    resourceNames.map((name) => [`resources.${name}.${part}`, { unit: resourceUnits[name], meaning, how }]),
  ) as ResourceFigures<Part>
