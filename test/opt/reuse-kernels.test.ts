// Kernels that follow from each other: the sums that come of it, and the orders that are asked for.

import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { type RelationOptions, relate } from '../../src/opt/kernels/relation.ts'
import { reuseKernels } from '../../src/opt/reuse-kernels.ts'
import type { BinaryWeights } from '../../src/work/network.ts'
import type { Layer, Relation } from '../../src/work/workload.ts'
import { randomBinary } from '../work/random-network.ts'
import { passContract } from './contract.ts'
import { kernelSigns, matches, oneLayer, randomSigns, similarKernels, stopping, taken } from './similar-kernels.ts'

passContract(reuseKernels, [
  { order: 'path', inverse: false, trees: 3 },
  { order: 'given', trees: 100 },
])

const signsOf = (weights: BinaryWeights): number[][] =>
  Array.from({ length: weights.rows }, (_, row) => kernelSigns(weights, row))

/** Weights in which each two kernels differ, up to complements where told. */
function distances(signs: readonly number[][], inverse: boolean): number[][] {
  return signs.map((a) =>
    signs.map((b) => {
      const same = matches(a, b)
      return inverse ? Math.min(same, a.length - same) : a.length - same
    }),
  )
}

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0)

const kernels = {
  'random, of 130 weights': randomBinary(seedrandom('r'), 20, 1, 130),
  'similar, of 9 x 40': similarKernels('s', 30, 9, 40),
  'equal and inverse ones among few': similarKernels('e', 25, 4, 1),
  'a single one': randomBinary(seedrandom('1'), 1, 9, 3),
}
const choices = (['given', 'path', 'tree'] as const).flatMap((order) =>
  [true, false].flatMap((inverse) => [1, 3, 64].map((trees): RelationOptions => ({ order, inverse, trees }))),
)

describe.each(Object.entries(kernels))('kernels, %s', (_, weights) => {
  const signs = signsOf(weights)
  const fanIn = signs[0]!.length

  it.each(choices)('have each a parent before them: $order, inverse $inverse, trees $trees', (options) => {
    const { order, parent, inverse, distance, tree } = relate(weights, options)
    const apart = distances(signs, options.inverse)
    expect([...order].sort((a, b) => a - b)).toEqual([...signs.keys()])
    const count = Math.min(options.trees, weights.rows)
    expect(parent.filter((each) => each === -1)).toHaveLength(count)
    expect(new Set(tree).size).toBe(count)
    const reached = new Set<number>()
    for (const kernel of order) {
      const from = parent[kernel]!
      if (from === -1) expect([distance[kernel], inverse[kernel]]).toEqual([fanIn, 0])
      else {
        expect(reached.has(from)).toBe(true)
        expect(tree[kernel]).toBe(tree[from])
        expect(distance[kernel]).toBe(apart[kernel]![from])
        const same = matches(signs[kernel]!, signs[from]!)
        expect(inverse[kernel]).toBe(options.inverse && 2 * same < fanIn ? 1 : 0)
      }
      reached.add(kernel)
    }
  })

  it.each(choices)('have the sums of whole ones: $order, inverse $inverse, trees $trees', (options) => {
    const relation = relate(weights, options)
    const input = randomSigns('input', fanIn)
    const sums: number[] = []
    for (const kernel of relation.order) sums[kernel] = followed(relation, signs, input, sums, kernel)
    expect(sums).toEqual(signs.map((kernel) => matches(kernel, input)))
  })

  it.each(choices)('go to the tree with least work: $order, inverse $inverse, trees $trees', (options) => {
    const { order, parent, distance, tree } = relate(weights, options)
    const load = Array<number>(Math.min(options.trees, weights.rows)).fill(0)
    for (const kernel of order) {
      if (parent[kernel] !== -1) expect(load[tree[kernel]!]).toBe(Math.min(...load))
      load[tree[kernel]!]! += distance[kernel]!
    }
  })

  it.each([true, false])('follow by orders that cost what they should, inverse %s', (inverse) => {
    const apart = distances(signs, inverse)
    const cost = (order: RelationOptions['order']) =>
      sum(relate(weights, { order, inverse, trees: 1 }).distance) - fanIn
    expect(cost('tree')).toBe(spanning(apart))
    expect([...relate(weights, { order: 'path', inverse, trees: 1 }).order]).toEqual(nearestNeighbours(apart))
    const given = relate(weights, { order: 'given', inverse, trees: 1 })
    expect([...given.parent]).toEqual([...signs.keys()].map((kernel) => kernel - 1))
  })
})

/** The sum of `kernel` from its parent's, by the terms in which they differ. */
function followed(
  { parent, inverse, distance }: Relation,
  signs: number[][],
  input: number[],
  sums: number[],
  kernel: number,
) {
  const own = signs[kernel]!
  const from = parent[kernel]!
  if (from === -1) return matches(own, input)
  const complement = inverse[kernel] === 1
  const terms = [...own.keys()].filter((i) => (own[i] === signs[from]![i]) === complement)
  expect(terms).toHaveLength(distance[kernel]!)
  const before = complement ? own.length - sums[from]! : sums[from]!
  return before - terms.length + 2 * terms.filter((i) => own[i] === input[i]).length
}

/** Weight of a minimum spanning tree, by Kruskal's algorithm. */
function spanning(apart: readonly number[][]): number {
  const edges = apart.flatMap((row, a) => row.slice(0, a).map((weight, b) => ({ a, b, weight })))
  const part = [...apart.keys()]
  let total = 0
  for (const { a, b, weight } of edges.sort((x, y) => x.weight - y.weight)) {
    const [into, gone] = [part[a]!, part[b]!]
    if (into === gone) continue
    total += weight
    part.forEach((each, i) => {
      if (each === gone) part[i] = into
    })
  }
  return total
}

/** From kernel 0 on, always the nearest kernel left, the first of equals. */
function nearestNeighbours(apart: readonly number[][]): number[] {
  const path = [0]
  while (path.length < apart.length) {
    const left = [...apart.keys()].filter((kernel) => !path.includes(kernel))
    path.push(left.sort((a, b) => apart[path.at(-1)!]![a]! - apart[path.at(-1)!]![b]! || a - b)[0]!)
  }
  return path
}

describe('reuse-kernels', () => {
  const related = (layer: Layer): Layer => {
    const workload = { ...oneLayer(similarKernels('any', 4, 4, 4)), layers: [layer] }
    return reuseKernels.apply(workload, reuseKernels.schema.parse({})).layers[0]!
  }
  const [layer] = oneLayer(similarKernels('layer', 8, 9, 8)).layers

  it('leaves alone layers that are taken, and takes sums that saturate, as these do so in the end', () => {
    const saturated = { ...layer!, accumulator: { ...layer!.accumulator, saturate: true } }
    for (const one of taken(layer!)) expect(related(one)).toBe(one)
    for (const one of [layer!, saturated]) expect(related(one).terms.kind).toBe('deltas')
    expect(() => related(stopping(layer!))).toThrow(/^mac\d: its sums stop early: name prune-inclusion after/)
  })

  it('takes roots that are far from each other', () => {
    const weights = similarKernels('roots', 16, 9, 8)
    const apart = distances(signsOf(weights), true)
    const [first, second, third] = relate(weights, { order: 'tree', inverse: true, trees: 3 }).order
    expect(first).toBe(0)
    const most = Math.max(...apart[0]!)
    expect(second).toBe(apart[0]!.indexOf(most))
    const both = apart[0]!.map((distance, i) => (i === 0 ? -1 : Math.min(distance, apart[second!]![i]!)))
    expect(third).toBe(both.indexOf(Math.max(...both)))
  })

  it.each([{ order: 'none' }, { inverse: 1 }, { trees: 0 }, { trees: 1.5 }])('refuses %j', (written) =>
    expect(reuseKernels.schema.safeParse(written).success).toBe(false),
  )
})
