// Similar slices: what they become, how many are left, and the price.

import { describe, expect, it } from 'vitest'
import { dissolve } from '../../src/opt/kernels/dissolve.ts'
import { cover } from '../../src/opt/kernels/similar.ts'
import { sharedSlices, slicesOf, withSlices } from '../../src/opt/kernels/slices.ts'
import { shareSimilar } from '../../src/opt/share-similar.ts'
import { popcount32 } from '../../src/work/bits.ts'
import { InputError } from '../../src/work/input-error.ts'
import type { BinaryWeights } from '../../src/work/network.ts'
import type { Layer } from '../../src/work/workload.ts'
import { passContract } from './contract.ts'
import { oneLayer, similarKernels, taken } from './similar-kernels.ts'

passContract(shareSimilar, [
  { inverse: false, changed: 1 },
  { distance: 3, changed: 0.1 },
])

const [rows, channels] = [48, 20]

const applied = (layer: Layer, options: object): Layer => {
  const workload = { ...oneLayer(similarKernels('any', 4, 4, 4)), layers: [layer] }
  return shareSimilar.apply(workload, shareSimilar.schema.parse(options)).layers[0]!
}
const merged = (weights: BinaryWeights, options: object): BinaryWeights =>
  applied(oneLayer(weights).layers[0]!, options).weights.weights as BinaryWeights

const differing = (a: BinaryWeights, b: BinaryWeights): number =>
  a.words.reduce((sum, word, i) => sum + popcount32(word ^ b.words[i]!), 0)

/** Results that share-results would leave to be computed. */
const results = (weights: BinaryWeights, inverse: boolean): number =>
  sharedSlices(weights, inverse ? 'inverse' : 'repeated').values.length

describe('slices', () => {
  it.each([4, 9, 25])('of %i weights make the weights that they come from', (taps) => {
    const weights = similarKernels('slices', rows, taps, channels)
    expect(withSlices(weights, slicesOf(weights))).toEqual(weights)
  })
})

describe('cover', () => {
  const plain = { taps: 9, distance: 1, inverse: false }

  it('takes what stands for most first, of equals the lowest, and gives the nearest', () => {
    expect(cover([0b000, 0b001, 0b011, 0b101, 0b110], plain)).toEqual([1, 1, 1, 1, 6])
    expect(cover([0b000, 0b001], plain)).toEqual([0, 0])
    // 0b11 stands for all but the last; 0b111 for that, and is the nearest to 0b1111 as well.
    const far = { ...plain, distance: 2 }
    expect(cover([0b0, 0b1, 0b11, 0b111, 0b1111, 0b11111], far)).toEqual([3, 3, 3, 7, 7, 7])
  })

  it('counts complements where told to', () => {
    expect(cover([0b0, 0b11111111], plain)).toEqual([0, 255])
    expect(cover([0b0, 0b11111111], { ...plain, inverse: true })).toEqual([0, 0])
  })
})

describe('dissolve', () => {
  const [slices, standing] = [
    [0b001, 0b011, 0b111],
    [0b011, 0b011, 0b111],
  ]
  const plain = { taps: 9, inverse: false }

  it('takes the slice whose members go for the fewest weights, to the nearest other', () => {
    const steps = (uses: number[], distance: number) => dissolve(slices, uses, standing, { ...plain, distance })
    const toUpper = [
      [0b001, 0b111],
      [0b011, 0b111],
    ]
    expect(steps([1, 1, 4], 2)).toEqual([{ cost: 2, moves: toUpper }])
    expect(steps([2, 2, 3], 2)).toEqual([{ cost: 3, moves: [[0b111, 0b011]] }])
    // 0b001 would have no other near.
    expect(steps([1, 1, 4], 1)).toEqual([{ cost: 4, moves: [[0b111, 0b011]] }])
  })

  it('goes on with what moved before', () => {
    // 0b11 to 0b0, then both to 0b11100.
    const far = dissolve([0b0, 0b11, 0b11100], [2, 1, 9], [0b0, 0b11, 0b11100], { ...plain, distance: 5 })
    expect(far).toEqual([
      { cost: 2, moves: [[0b11, 0b0]] },
      {
        cost: 2 * 3 + (5 - 2),
        moves: [
          [0b0, 0b11100],
          [0b11, 0b11100],
        ],
      },
    ])
  })
})

describe.each([
  { taps: 4, distance: 1, inverse: true },
  { taps: 9, distance: 1, inverse: true },
  { taps: 9, distance: 1, inverse: false },
  { taps: 9, distance: 2, inverse: true },
  { taps: 25, distance: 3, inverse: true },
])('of $taps weights, distance $distance, inverse $inverse', ({ taps, distance, inverse }) => {
  const weights = similarKernels(`taps ${taps}`, rows, taps, channels)
  const options = { distance, inverse }

  it('become one that is near, and that was there', () => {
    const before = slicesOf(weights)
    const after = slicesOf(merged(weights, { ...options, changed: 1 }))
    const all = 2 ** taps - 1
    for (const [at, slice] of after.entries()) {
      expect(popcount32(slice ^ before[at]!)).toBeLessThanOrEqual(distance)
      const there = before.filter((_, i) => i % channels === at % channels)
      expect(there.includes(slice) || (inverse && there.includes((slice ^ all) >>> 0))).toBe(true)
    }
  })

  it('leave fewer results to compute the more weights may change, none for none', () => {
    const shares = [0, 0.002, 0.005, 0.01, 0.02, 1]
    const all = shares.map((changed) => merged(weights, { ...options, changed }))
    expect(all[0]).toEqual(weights)
    all.forEach((one, i) => {
      expect(differing(one, weights)).toBeLessThanOrEqual(shares[i]! * rows * taps * channels)
      if (i > 0) expect(results(one, inverse)).toBeLessThanOrEqual(results(all[i - 1]!, inverse))
    })
    expect(results(all.at(-1)!, inverse)).toBeLessThan(results(weights, inverse))
  })
})

describe('share-similar', () => {
  it('leaves no more results the farther slices may change, for as many weights', () => {
    for (const seed of ['a', 'b', 'c']) {
      const weights = similarKernels(seed, rows, 9, channels)
      for (const changed of [0.01, 0.02, 0.05, 0.1, 1]) {
        const left = [1, 2, 3].map((distance) => results(merged(weights, { distance, changed }), true))
        expect(left).toEqual(left.toSorted((a, b) => b - a))
        if (changed === 1) expect(left[2]).toBeLessThan(left[0]!)
      }
    }
  })

  it('changes the layers named, and knows their names', () => {
    const one = oneLayer(similarKernels('named', 24, 9, 8))
    const size = oneLayer(similarKernels('size', 8, 1, 8)).layers[0]!
    const layers = ['conv0', 'conv1', 'conv2'].map((name) => ({ ...one.layers[0]!, name }))
    const before = { ...one, layers: [...layers, { ...size, name: 'point' }] }
    const changed = (...names: string[]) =>
      shareSimilar.apply(before, shareSimilar.schema.parse({ layers: names })).layers
    expect(changed('conv1', 'conv2').map((layer, i) => layer !== before.layers[i])).toEqual([false, true, true, false])
    expect(() => changed('conv1', 'cov2')).toThrow(/^layers: one layer has no layer 'cov2' of .*; did you mean 'conv/)
    expect(() => changed('point')).toThrow(/no layer 'point' of .*; expected conv0, conv1, conv2$/)
    expect(() => changed('point')).toThrow(InputError)
  })

  it('begins with the slices that the fewest kernels use', () => {
    // At distance 1 of 0: 1 comes once, 2 twice, 4 three times. A share for two weights changes 1 alone.
    const slices = Uint32Array.from([0, 0, 0, 0, 4, 4, 4, 2, 2, 1])
    const weights = withSlices(similarKernels('few', 10, 9, 1), slices)
    const allowing = (signs: number) => [...slicesOf(merged(weights, { changed: signs / 90 }))]
    expect(allowing(2)).toEqual([0, 0, 0, 0, 4, 4, 4, 2, 2, 0])
    expect(allowing(3)).toEqual([0, 0, 0, 0, 4, 4, 4, 0, 0, 0])
    expect(allowing(6)).toEqual(Array(10).fill(0))
  })

  it('leaves kernels of other sizes alone, and takes no layer whose terms or code others have made', () => {
    for (const taps of [1, 36]) {
      const [layer] = oneLayer(similarKernels('size', 8, taps, 8)).layers
      expect(applied(layer!, {})).toBe(layer)
    }
    for (const layer of taken(oneLayer(similarKernels('taken', 8, 9, 8)).layers[0]!)) {
      expect(() => applied(layer, {})).toThrow(InputError)
      expect(() => applied(layer, {})).toThrow(/^mac\d: share-similar takes plain weights and dense terms; name it/)
    }
  })

  it.each([{ distance: 0 }, { distance: 1.5 }, { inverse: 1 }, { changed: -0.1 }, { changed: 1.1 }, { layers: [] }])(
    'refuses %j',
    (written) => expect(shareSimilar.schema.safeParse(written).success).toBe(false),
  )
})
