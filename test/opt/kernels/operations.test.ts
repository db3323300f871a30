// Operations of a layer counted by hand, before and after its slices share results.

import { describe, expect, it } from 'vitest'
import { type Operations, operationsOf, removed, rules } from '../../../src/opt/kernels/operations.ts'
import { type Sharing, withSlices } from '../../../src/opt/kernels/slices.ts'
import { shareResults } from '../../../src/opt/share-results.ts'
import type { Layer, Workload } from '../../../src/work/workload.ts'
import { oneLayer, similarKernels } from '../similar-kernels.ts'

const three = (name: string, taps: number, slices: readonly number[]): Layer => ({
  ...oneLayer(withSlices(similarKernels(name, 3, taps, 2), Uint32Array.from(slices))).layers[0]!,
  name,
})

/** Three kernels of two channels; there are 2x2 output pixels. At each channel there are two equal slices and a complement. */
const small = three('small', 4, [0b0000, 0b0001, 0b0000, 0b1110, 0b1111, 0b0001])
/** The same for 3x3 kernels, but no two slices are alike. */
const large = three('large', 9, [1, 2, 3, 4, 5, 6])

const counted = (layers: readonly Layer[], share?: Sharing) => {
  const workload: Workload = { ...oneLayer(similarKernels('any', 4, 4, 4)), layers }
  return operationsOf(share === undefined ? workload : shareResults.apply(workload, { share }))
}

const operations = (results: number, terms: number, additions: number): Operations => ({ results, terms, additions })

describe('operations', () => {
  it.each([
    { share: undefined, shared: operations(4 * 6, 4 * 24, 4 * 3) },
    { share: 'none' as const, shared: operations(4 * 6, 4 * 24, 4 * 3) },
    { share: 'repeated' as const, shared: operations(4 * 4, 4 * 16, 4 * 3) },
    { share: 'inverse' as const, shared: operations(4 * 2, 4 * 8, 4 * 3) },
  ])('are those of each pixel, share $share', ({ share, shared }) => {
    const baseline = operations(4 * 6, 4 * 24, 4 * 3)
    expect(counted([small], share).layers).toEqual([{ layer: 'small', baseline, shared }])
  })

  it('of all layers are the sums, each of its own kernel size', () => {
    const { layers, all } = counted([small, large], 'inverse')
    expect(layers.map(({ layer }) => layer)).toEqual(['small', 'large'])
    expect(all).toEqual({
      layer: 'all',
      baseline: operations(4 * 12, 4 * (6 * 4 + 6 * 9), 4 * 6),
      shared: operations(4 * 8, 4 * (2 * 4 + 6 * 9), 4 * 6),
    })
  })

  it('are not counted of layers whose slices cannot be compared', () => {
    const others = [1, 36].map((taps) => oneLayer(similarKernels('size', 8, taps, 8)).layers[0]!)
    const { layers, all } = counted(others)
    expect(layers).toEqual([])
    expect(removed('bits', all)).toBe(0)
  })
})

describe('rules', () => {
  it('count a 2-D result as one, or as its XNORs and the additions of these', () => {
    const { baseline, shared } = counted([small], 'inverse').all
    expect(rules.results.count(baseline)).toBe(24)
    expect(rules.bits.count(baseline)).toBe(24 * (4 + 3) + 12)
    expect(rules.bits.count(shared)).toBe(8 * (4 + 3) + 12)
  })

  it('say which share is removed', () => {
    const { all } = counted([small], 'inverse')
    expect(removed('results', all)).toBeCloseTo(16 / 24, 12)
    expect(removed('bits', all)).toBeCloseTo(112 / 180, 12)
  })
})
