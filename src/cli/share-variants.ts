// Variants of a network in which similar slices became equal ones, the same way in all layers or each layer its own.

import { applyPasses } from '../opt/index.ts'
import { operationsOf } from '../opt/kernels/operations.ts'
import { type Sharing, slicedKernels } from '../opt/kernels/slices.ts'
import { shareResults } from '../opt/share-results.ts'
import { shareSimilar } from '../opt/share-similar.ts'
import { popcount32 } from '../work/bits.ts'
import { InputError } from '../work/input-error.ts'
import { workload } from '../work/lower.ts'
import type { BinaryWeights, Network } from '../work/network.ts'
import type { Layer, Workload } from '../work/workload.ts'

/** Options of share-similar. */
export interface Change {
  readonly distance: number
  readonly changed: number
}

/** A pass as a variant writes it. */
export interface WrittenPass {
  readonly name: string
  readonly [option: string]: unknown
}

/** Passes that change layers of these names so, each change once; share-results is still to come. */
export function passesOf(changes: Readonly<Record<string, Change>>): WrittenPass[] {
  const byChange = new Map<string, { change: Change; layers: string[] }>()
  for (const [layer, { distance, changed }] of Object.entries(changes)) {
    const key = `${distance} ${changed}`
    const same = byChange.get(key) ?? { change: { distance, changed }, layers: [] }
    same.layers.push(layer)
    byChange.set(key, same)
  }
  return [...byChange.values()].map(({ change, layers }) => ({ name: shareSimilar.name, layers, ...change }))
}

/** By layer that has slices; undefined leaves it as it is. */
export type Changes = readonly (Change | undefined)[]

export class Variants {
  readonly base: Workload
  /** Of the layers that have slices. */
  readonly names: readonly string[]
  readonly #changed = new Map<string, Workload>()

  /** Throws InputError where no layer has slices. */
  constructor(network: Network) {
    this.base = workload(network)
    this.names = this.base.layers.filter((layer) => slicedKernels(layer) !== undefined).map(({ name }) => name)
    if (this.names.length === 0)
      throw new InputError(`${network.name} has no layer of binary weights with kernels of 2x2 to 5x5`)
  }

  /** The change in every layer. */
  uniform(change: Change): Workload {
    const key = `${change.distance} ${change.changed}`
    const known = this.#changed.get(key)
    if (known !== undefined) return known
    const options = shareSimilar.schema.parse(change)
    const changed = applyPasses(this.base, [{ name: shareSimilar.name, options }])
    this.#changed.set(key, changed)
    return changed
  }

  mixed(changes: Changes): Workload {
    const layers = this.base.layers.map((layer, at): Layer => {
      const change = changes[this.names.indexOf(layer.name)]
      return change === undefined ? layer : this.uniform(change).layers[at]!
    })
    return { ...this.base, layers }
  }

  /** The change in layer `names[index]` alone. */
  alone(index: number, change: Change): Workload {
    return this.mixed(this.names.map((_, i) => (i === index ? change : undefined)))
  }

  /** Share of the weights that have another sign than in the network, of layers with slices or of the one named. */
  signs(variant: Workload, name?: string): number {
    let [differing, all] = [0, 0]
    for (const [at, layer] of variant.layers.entries()) {
      if (name === undefined ? !this.names.includes(layer.name) : layer.name !== name) continue
      const { rows, taps, channels, words } = layer.weights.weights as BinaryWeights
      const before = wordsOf(this.base.layers[at]!)
      differing += words.reduce((sum, word, i) => sum + popcount32(word ^ before[i]!), 0)
      all += rows * taps * channels
    }
    return differing / all
  }
}

/** Of variants of the same network. */
export const sameWeights = (a: Workload, b: Workload): boolean =>
  a.layers.every(
    (layer, i) => layer === b.layers[i] || wordsOf(layer).every((word, at) => word === wordsOf(b.layers[i]!)[at]),
  )

/** Of a layer that has slices. */
const wordsOf = ({ weights }: Layer): Uint32Array => (weights.weights as BinaryWeights).words

/** Operations of the variant once share-results has been applied. */
export const sharedOperations = (variant: Workload, share: Sharing = 'inverse') =>
  operationsOf(applyPasses(variant, [{ name: shareResults.name, options: { share } }]))
