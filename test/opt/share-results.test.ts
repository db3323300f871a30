// Shared slices: what they rebuild, and sums formed of their results.

import { describe, expect, it } from 'vitest'
import { type Sharing, sharings } from '../../src/opt/kernels/slices.ts'
import { shareResults } from '../../src/opt/share-results.ts'
import type { BinaryWeights } from '../../src/work/network.ts'
import type { Layer, SharedSlices } from '../../src/work/workload.ts'
import { passContract } from './contract.ts'
import { kernelSigns, matches, oneLayer, randomSigns, similarKernels, stopping, taken } from './similar-kernels.ts'

passContract(shareResults, [{ share: 'none' }, { share: 'repeated' }])

const shared = (layer: Layer, share: Sharing): Layer =>
  shareResults.apply({ ...oneLayer(similarKernels('any', 4, 4, 4)), layers: [layer] }, { share }).layers[0]!

function slicesOf(weights: BinaryWeights, share: Sharing): SharedSlices {
  const { terms } = shared(oneLayer(weights).layers[0]!, share)
  if (terms.kind !== 'slices') throw new Error('expected shared slices')
  return terms.slices
}

/** Of a list of signs, tap by tap, those of channel `c`. */
const at = (signs: readonly number[], channels: number, c: number): number[] =>
  signs.filter((_, i) => i % channels === c)

/** Signs of the slice that a kernel has at channel `c` by the table; `use` is the place of both there. */
function tabled({ first, values, use, inverse }: SharedSlices, c: number, place: number, taps: number) {
  const value = values[first[c]! + use[place]!]!
  const signs = Array.from({ length: taps }, (_, tap) => (Math.floor(value / 2 ** tap) % 2) * 2 - 1)
  return { signs, complement: inverse[place] === 1 }
}

describe.each([4, 9, 16, 25])('kernels of %i weights', (taps) => {
  const [rows, channels] = [24, 35]
  const weights = similarKernels(`taps ${taps}`, rows, taps, channels)
  const kernels = Array.from({ length: rows }, (_, row) => kernelSigns(weights, row))

  it.each(sharings)('are rebuilt from the slices, share %s', (share) => {
    const slices = slicesOf(weights, share)
    kernels.forEach((kernel, row) => {
      for (let c = 0; c < channels; c++) {
        const { signs, complement } = tabled(slices, c, row * channels + c, taps)
        expect(signs.map((sign) => (complement ? -sign : sign))).toEqual(at(kernel, channels, c))
      }
    })
    expect(slices.inverse.includes(1)).toBe(share === 'inverse')
  })

  it.each(sharings)('share the slices that they may, share %s', (share) => {
    const { first, values } = slicesOf(weights, share)
    expect([first[0], first.length, first.at(-1)]).toEqual([0, channels + 1, values.length])
    for (let c = 0; c < channels; c++) {
      const names = kernels.map((kernel, row) => {
        const signs = at(kernel, channels, c)
        if (share === 'none') return String(row)
        return String(share === 'inverse' ? signs.map((sign) => sign * signs[0]!) : signs)
      })
      expect(first[c + 1]! - first[c]!).toBe(new Set(names).size)
    }
  })

  it('sum to what whole kernels do', () => {
    const slices = slicesOf(weights, 'inverse')
    const input = randomSigns('input', taps * channels)
    kernels.forEach((kernel, row) => {
      let sum = 0
      for (let c = 0; c < channels; c++) {
        const { signs, complement } = tabled(slices, c, row * channels + c, taps)
        const result = matches(signs, at(input, channels, c))
        sum += complement ? taps - result : result
      }
      expect(sum).toBe(matches(kernel, input))
    })
  })
})

describe('share-results', () => {
  it('leaves alone kernels of other sizes, and layers that are taken', () => {
    const [layer] = oneLayer(similarKernels('taken', 8, 9, 8)).layers
    const others = [1, 36].map((taps) => oneLayer(similarKernels('size', 8, taps, 8)).layers[0]!)
    for (const one of [...taken(layer!), ...others]) expect(shared(one, 'inverse')).toBe(one)
    expect(shared(layer!, 'inverse').terms.kind).toBe('slices')
    expect(() => shared(stopping(layer!), 'inverse')).toThrow(/^mac\d: its sums stop early: name prune-inclusion after/)
  })

  it('names slices by the first kernel that uses them', () => {
    const { values, use } = slicesOf(similarKernels('first', 6, 4, 1), 'repeated')
    const seen = [...use].filter((position, row) => use.indexOf(position) === row)
    expect(seen).toEqual([...values.keys()])
  })
})
