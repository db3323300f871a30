// Every shipped experiment fits its device: all its variants lower.

import { expect, it } from 'vitest'
import { Common } from '../../../src/common.ts'
import { resolveExperiment, type Variant } from '../../../src/config/experiment.ts'
import { listConfigs } from '../../../src/config/load.ts'
import { machines } from '../../../src/machines/index.ts'
import { loadNetwork } from '../../../src/model/load.ts'
import { passes } from '../../../src/opt/index.ts'
import { prepare } from '../../../src/prepare.ts'
import type { Network } from '../../../src/work/network.ts'

const shipped = listConfigs('experiments')
  .map(({ name }) => resolveExperiment(name, { machineSchemas: machines, passSchemas: passes }))
  .filter(({ variants }) => variants.some(({ machine }) => machine.kind === 'pe-array'))

const networks = new Map<string, Network>()

/** Lossy passes take long, and what follows takes no more than without: fewer slices, kernels as many. */
const exact = (variant: Variant): Variant => ({
  ...variant,
  passes: variant.passes.filter(({ name }) => !passes[name]!.lossy),
})

it.each(shipped.map((experiment) => [experiment.name, experiment] as const))('%s', (_, experiment) => {
  const { network: name, weights, seed, sequences, variants } = experiment
  const key = JSON.stringify([name, weights, seed, sequences])
  const options = { seed, ...(sequences && { sequences }), ...(weights && { weightsFile: weights }) }
  const network = networks.get(key) ?? loadNetwork(name, options)
  networks.set(key, network)
  const ready = { ...experiment, variants: variants.map(exact) }
  for (const variant of ready.variants)
    expect.soft(() => prepare(ready, network, variant, new Common()), variant.name).not.toThrow()
})
