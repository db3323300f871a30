// What experiments have in common, kept from one to the next: networks, pictures, workloads, golden values.

import { type Batch, batchOf } from './batch.ts'
import { type Experiment, located } from './config/experiment.ts'
import { loadNetwork } from './model/load.ts'
import { workload } from './work/lower.ts'
import type { Network } from './work/network.ts'
import type { Tensor } from './work/tensor.ts'
import { Golden } from './work/verify.ts'
import type { Workload } from './work/workload.ts'

/** Networks, and batches, that are kept at once: an experiment has one of each. */
const KEPT = 4

export interface Inputs {
  readonly network: Network
  readonly batch: Batch
}

/** Model and image files are read once: whoever shares this takes them for unchanged. */
export class Common {
  private readonly networks = new Map<string, Network>()
  private readonly batches = new Map<string, Inputs>()
  private readonly workloads = new WeakMap<Network, Workload>()
  private last: Golden | undefined

  /** The experiment's network and pictures. Throws InputError where they were written. */
  inputsOf(experiment: Experiment): Inputs {
    const { network: name, weights, seed, sequences, images } = experiment
    const network = kept(this.networks, JSON.stringify([name, weights, seed, sequences]), () =>
      located(experiment, undefined, weights === undefined ? 'network' : 'weights', () =>
        loadNetwork(name, { seed, ...(sequences && { sequences }), ...(weights && { weightsFile: weights }) }),
      ),
    )
    return kept(this.batches, JSON.stringify([name, weights, seed, sequences, images]), () => ({
      network,
      batch: located(experiment, undefined, 'images.file', () => batchOf(experiment, network)),
    }))
  }

  /** The network's workload, before any pass. */
  workload(network: Network): Workload {
    const known = this.workloads.get(network)
    if (known !== undefined) return known
    const made = workload(network)
    this.workloads.set(network, made)
    return made
  }

  /** Golden values of the last workload are kept. */
  golden(expected: Workload, inputs: readonly Tensor[]): Golden {
    if (this.last?.workload !== expected || this.last.inputs !== inputs) this.last = new Golden(expected, inputs)
    return this.last
  }
}

/** What `made` gave for `key` first; the oldest goes when there are too many. */
function kept<T>(known: Map<string, T>, key: string, made: () => T): T {
  const value = known.get(key) ?? made()
  known.delete(key)
  if (known.size === KEPT) known.delete(known.keys().next().value!)
  known.set(key, value)
  return value
}
