// Slices and kernels of trained networks against statistics of the same files that were taken by other code
// (../shared/data/weight_stats.json): what sharing finds, what the cover of similar slices leaves, what orders of kernels cost.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { importNetwork } from '../../src/model/load.ts'
import { type RelationOptions, relate } from '../../src/opt/kernels/relation.ts'
import { sharedSlices, slicesOf } from '../../src/opt/kernels/slices.ts'
import { shareSimilar } from '../../src/opt/share-similar.ts'
import { popcount32 } from '../../src/work/bits.ts'
import { workload } from '../../src/work/lower.ts'
import type { BinaryWeights } from '../../src/work/network.ts'
import type { Layer, Workload } from '../../src/work/workload.ts'
import { absent, sharedData } from '../model/shared-data.ts'

interface Stats {
  readonly shape: readonly number[]
  readonly repeat?: Readonly<Record<string, number>>
  readonly pairs: Readonly<Record<string, number>>
}

const FILE = 'weight_stats.json'
const networks = [
  'cnv_w1a1_cifar10',
  'cnv_w1a1_roadsigns',
  'cnv_w1a1_streetview',
  'fracbnn_cifar10',
  'lfc_w1a1_chars',
  'lfc_w1a1_mnist',
  'tfc_1w1a_mnist',
]

/** Statistics of the network's layers of binary weights, in order. */
function statsOf(name: string): Stats[] {
  const all = JSON.parse(readFileSync(sharedData(FILE), 'utf8')) as Record<string, Record<string, Partial<Stats>>>
  return Object.values(all[name]!).filter((each): each is Stats => each.shape !== undefined)
}

const binaryOf = ({ layers }: Workload): BinaryWeights[] =>
  layers.flatMap(({ weights: { weights } }) => (weights.kind === 'binary' ? [weights] : []))

const results = (weights: BinaryWeights, inverse: boolean): number =>
  sharedSlices(weights, inverse ? 'inverse' : 'repeated').values.length

/** Slices that another kernel has at the same channel, up to one weight. */
function withNeighbour(weights: BinaryWeights): number {
  const { rows, channels } = weights
  const slices = slicesOf(weights)
  const near = (at: number): boolean => {
    for (let other = at % channels; other < rows * channels; other += channels)
      if (other !== at && popcount32(slices[other]! ^ slices[at]!) <= 1) return true
    return false
  }
  return slices.filter((_, at) => near(at)).length
}

function repeats(weights: BinaryWeights, covered: BinaryWeights) {
  const { rows, channels } = weights
  const all = rows * channels
  const [different, distinct, left] = [results(weights, false), results(weights, true), results(covered, false)]
  return {
    distinct_per_in: different / channels,
    distinct_up_to_inverse_per_in: distinct / channels,
    repeated_share: 1 - different / all,
    repeated_or_inverse_share: 1 - distinct / all,
    share_with_other_within_hd1: withNeighbour(weights) / all,
    greedy_hd1_representatives_per_in: left / channels,
    greedy_hd1_cover_share_saved: 1 - left / all,
  }
}

function orders(weights: BinaryWeights) {
  const { rows, taps, channels } = weights
  const fanIn = taps * channels
  /** Weights that kernels evaluate, the root's left out. */
  const cost = (order: RelationOptions['order'], inverse: boolean): number =>
    relate(weights, { order, inverse, trees: 1 }).distance.reduce((sum, each) => sum + each) - fanIn
  const tree = cost('tree', false)
  return {
    mst_sum: tree,
    mst_ratio: tree / (rows * fanIn),
    mst_ratio_with_root: (tree + fanIn) / (rows * fanIn),
    mst_inverse_ratio: cost('tree', true) / (rows * fanIn),
    chain_in_order_ratio: cost('given', false) / (rows * fanIn),
  }
}

function mustAgree(got: Readonly<Record<string, number>>, wanted: Readonly<Record<string, number>>, layer: string) {
  for (const [key, value] of Object.entries(got)) expect(value, `${layer} ${key}`).toBeCloseTo(wanted[key]!, 12)
}

/** The network, its similar slices covered at distance 1 without complements, and its statistics. */
function loaded(name: string) {
  const before = workload(importNetwork(sharedData(`weights/${name}.json`)))
  const cover = { distance: 1, inverse: false, changed: 1 }
  const after = shareSimilar.apply(before, shareSimilar.schema.parse(cover))
  const names = before.layers.filter((layer: Layer) => layer.weights.weights.kind === 'binary').map((each) => each.name)
  return { names, weights: binaryOf(before), covered: binaryOf(after), stats: statsOf(name) }
}

describe('weight statistics', () => {
  it.skipIf(absent(FILE))('are there for these networks', () => {
    const all = Object.keys(JSON.parse(readFileSync(sharedData(FILE), 'utf8')))
    expect(all.filter((name) => !name.startsWith('_'))).toEqual(networks)
  })

  for (const name of networks)
    it.skipIf(absent(FILE, `weights/${name}.json`))(`of ${name} are as measured`, () => {
      const { names, weights, covered, stats } = loaded(name)
      expect(weights.map(({ rows, taps, channels }) => rows * taps * channels)).toEqual(
        stats.map(({ shape }) => shape.reduce((a, b) => a * b)),
      )
      for (const [i, { repeat, pairs }] of stats.entries()) {
        if (repeat !== undefined) mustAgree(repeats(weights[i]!, covered[i]!), repeat, names[i]!)
        mustAgree(orders(weights[i]!), pairs, names[i]!)
      }
    })
})
