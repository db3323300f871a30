// How the machine says that it has no unit for something.

import { InputError } from '../../work/input-error.ts'
import type { Layer } from '../../work/workload.ts'

/** Names layer, facet and remedy. */
export const refuse = (layer: Layer, facet: string, problem: string, remedy: string): InputError =>
  new InputError(`machine streaming has no unit for ${problem}; ${remedy}`, { key: `layer ${layer.name}: ${facet}` })

/** Remedy for what machines with shortcuts, padding, or post-processing of any kind have. */
export const OTHER_MACHINES = 'use machine pe-array or arm'
