// The lossy half of convolutional result sharing (Chang et al., DATE 2020): similar slices of an input channel become a
// common one, which share-results then finds.

import { z } from 'zod'
import { InputError } from '../work/input-error.ts'
import type { BinaryWeights } from '../work/network.ts'
import type { Layer } from '../work/workload.ts'
import { dissolve, type Step } from './kernels/dissolve.ts'
import { apart, become, cover, type Likeness, shareable } from './kernels/similar.ts'
import { isSliced, SLICED, slicedKernels, slicesOf, withSlices } from './kernels/slices.ts'
import { openKernels } from './kernels/terms.ts'
import { changeLayers, layersOption } from './layers.ts'
import type { Pass } from './pass.ts'

// The default of `changed` loses little, as nothing is trained again. Of 1,000 pictures of CIFAR-10, BNN-PYNQ's CNV has 810
// right in place of 805, and share-results then saves 41 % of its 2-D results in place of 32 %; 789 and 50 % with
// `changed: 0.02`, 755 and 58 % with 0.03, 610 and 76 % with 1. cnv-cifar10 has 600 in place of 625, and 28 % in place of 19 %.
// A larger `distance` saves more only where more changes: 86 % in place of 76 % with `changed: 0.1`. Reverse greedy from the
// start, without the cover, would save 71.9 % in place of 70.2 % with 0.05, but has 681 right in place of 704.
// `inverse: false` with `changed: 1` leaves CNV 516: of ties the lower slice stands for the others, and more +1 become -1 than back.
const options = z.strictObject({
  distance: z.int().min(1).max(25).default(1).describe('weights of a slice that may change sign at most'),
  inverse: z.boolean().default(true).describe('slices may also be similar to the complement of the common one'),
  changed: z
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe('share of the weights of a layer that may change sign at most, slices whose change takes fewest first'),
  layers: layersOption,
})

type Options = z.infer<typeof options>

export const shareSimilar: Pass<Options> = {
  name: 'share-similar',
  summary: 'similar slices of binary kernels become equal ones, for share-results behind it',
  schema: options,
  lossy: true,
  apply: (workload, options) =>
    changeLayers(workload, options.layers, SLICED, isSliced, (layer) => common(layer, options)),
}

function common(layer: Layer, options: Options): Layer {
  const weights = slicedKernels(layer)
  if (weights === undefined) return layer
  if (openKernels(layer) === undefined)
    throw new InputError('share-similar takes plain weights and dense terms; name it before passes that change these', {
      key: layer.name,
    })
  return { ...layer, weights: { encoding: 'plain', weights: withCommon(weights, options) } }
}

/** A step of an input channel. */
interface Merge extends Step {
  readonly channel: number
  /** No step of the channel up to this one costs more. */
  readonly highest: number
}

/** Every merge saves one 2-D result, so those that change the fewest weights come first. */
function withCommon(weights: BinaryWeights, { distance, inverse, changed }: Options): BinaryWeights {
  const { rows, taps, channels } = weights
  const likeness = { taps, distance, inverse }
  const slices = slicesOf(weights)
  const merges = Array.from({ length: channels }, (_, c) => mergesOf(c, slices, channels, likeness)).flat()
  merges.sort((a, b) => a.highest - b.highest)
  const targets = Array.from({ length: channels }, () => new Map<number, number>())
  let left = changed * rows * taps * channels
  for (const { channel, cost, moves } of merges) {
    left -= cost
    if (left < 0) break
    for (const [slice, target] of moves) targets[channel]!.set(slice, target)
  }
  const merged = slices.map((slice, at) => {
    const target = targets[at % channels]!.get(shareable(slice, likeness))
    return target === undefined ? slice : become(slice, target, likeness)
  })
  return withSlices(weights, merged)
}

/**
 * Nearest slices first, as far ones cost more weights for the same result: slices become those that cover them at distance 1,
 * and these become others only after that.
 */
function mergesOf(channel: number, slices: Uint32Array, channels: number, likeness: Likeness): Merge[] {
  const counts = new Map<number, number>()
  for (let at = channel; at < slices.length; at += channels) {
    const slice = shareable(slices[at]!, likeness)
    counts.set(slice, (counts.get(slice) ?? 0) + 1)
  }
  const different = [...counts.keys()].sort((a, b) => a - b)
  const uses = different.map((slice) => counts.get(slice)!)
  const standing = cover(different, { ...likeness, distance: 1 })
  const near = different.flatMap((slice, i): Step[] => {
    const target = standing[i]!
    return target === slice ? [] : [{ cost: uses[i]! * apart(slice, target, likeness), moves: [[slice, target]] }]
  })
  near.sort((a, b) => a.cost - b.cost)
  const far = likeness.distance === 1 ? [] : dissolve(different, uses, standing, likeness)
  let highest = 0
  return [...near, ...far].map((step) => {
    highest = Math.max(highest, step.cost)
    return { ...step, channel, highest }
  })
}
