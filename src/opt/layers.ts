// Passes that can be told to which layers they apply.

import { z } from 'zod'
import { didYouMean, InputError } from '../work/input-error.ts'
import type { Layer, Workload } from '../work/workload.ts'

/** Entry of a pass's options. */
export const layersOption = z
  .array(z.string())
  .min(1)
  .exactOptional()
  .describe('names of layers that it applies to; all that it can change without it')

/**
 * `workload` with those of its layers changed that are named, or with all of them. Layers that do not qualify stay as they
 * are; one that is named is an InputError, `kind` saying what would do.
 */
export function changeLayers(
  { network, layers, ...rest }: Workload,
  named: readonly string[] | undefined,
  kind: string,
  qualifies: (layer: Layer) => boolean,
  change: (layer: Layer) => Layer,
): Workload {
  const names = layers.filter(qualifies).map(({ name }) => name)
  for (const name of named ?? []) {
    if (names.includes(name)) continue
    const hint = didYouMean(name, names) || (names.length === 0 ? '' : `; expected ${names.join(', ')}`)
    throw new InputError(`${network.name} has no layer '${name}' of ${kind}${hint}`, { key: 'layers' })
  }
  const chosen = new Set(named ?? names)
  return { ...rest, network, layers: layers.map((layer) => (chosen.has(layer.name) ? change(layer) : layer)) }
}
