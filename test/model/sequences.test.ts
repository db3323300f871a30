import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { network } from '../../src/model/load.ts'
import { entropy, sampler, sequenceShares, sliceValues } from '../../src/model/sequences.ts'
import { getBit } from '../../src/work/bits.ts'
import { InputError } from '../../src/work/input-error.ts'
import type { BinaryWeights } from '../../src/work/network.ts'
import { wordsOf } from '../../src/work/tensor.ts'

/** How often each slice value occurs: bit t of a value is the weight at tap t. */
function histogram({ rows, taps, channels, words }: BinaryWeights): Float64Array {
  const counts = new Float64Array(sliceValues)
  const stride = wordsOf(channels)
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < channels; c++) {
      let value = 0
      for (let tap = 0; tap < taps; tap++) value |= getBit(words, (row * taps + tap) * stride, c) << tap
      counts[value]!++
    }
  }
  return counts
}

const top = (shares: Float64Array, count: number) =>
  shares
    .toSorted((a, b) => b - a)
    .slice(0, count)
    .reduce((a, b) => a + b, 0)

describe('sequenceShares', () => {
  it('are those measured on trained networks', () => {
    expect(entropy(sequenceShares({ histogram: 'cnv-cifar10' }))).toBeCloseTo(8.5859, 4)
    expect(entropy(sequenceShares({ histogram: 'cnv-roadsigns' }))).toBeCloseTo(8.0378, 4)
    expect(entropy(sequenceShares({ histogram: 'cnv-streetview' }))).toBeCloseTo(8.5097, 4)
    expect(top(sequenceShares({ histogram: 'cnv-cifar10' }), 256)).toBeCloseTo(0.7533, 4)
    expect(entropy(sequenceShares())).toBeCloseTo(8.4024, 4)
  })

  it.each([3, 6.5, 8.9])('sharpen or flatten to %f bits and keep the order of frequency', (bits) => {
    const [measured, shares] = [sequenceShares(), sequenceShares({ entropy: bits })]
    expect(entropy(shares)).toBeCloseTo(bits, 6)
    const order = [...measured.keys()].sort((a, b) => measured[b]! - measured[a]!)
    for (let i = 1; i < order.length; i++) expect(shares[order[i]!]).toBeLessThanOrEqual(shares[order[i - 1]!]!)
  })

  it('refuse unknown histograms and impossible entropies', () => {
    expect(() => sequenceShares({ histogram: 'cvn' })).toThrow(/expected one of cnv, .*did you mean 'cnv'/)
    expect(() => sequenceShares({ entropy: 9.1 })).toThrow(InputError)
    expect(() => sequenceShares({ entropy: Number.NaN })).toThrow(InputError)
  })
})

it('sampler draws each value with its share', () => {
  const shares = Float64Array.from([0.5, 0, 0.25, 0.125, 0.125])
  const [draw, random] = [sampler(shares), seedrandom.alea('sampler')]
  const counts = new Float64Array(shares.length)
  const draws = 200_000
  for (let i = 0; i < draws; i++) counts[draw(random)]!++
  expect(counts[1]).toBe(0)
  shares.forEach((share, i) => {
    const deviation = Math.sqrt((share * (1 - share)) / draws)
    expect(Math.abs(counts[i]! / draws - share)).toBeLessThanOrEqual(5 * deviation)
  })
})

describe('seeded 3x3 weights', () => {
  const nodes = network('reactnet-a', 'sequences').nodes
  const layers = nodes.flatMap(({ op }) => (op.kind === 'mac' && op.weights.taps === 9 ? [op.weights] : []))
  const counts = layers.flatMap((weights) => (weights.kind === 'binary' ? [histogram(weights)] : []))
  const pooled = Float64Array.from({ length: sliceValues }, (_, i) => counts.reduce((sum, one) => sum + one[i]!, 0))
  const n = pooled.reduce((a, b) => a + b, 0)
  const shares = pooled.map((count) => count / n)
  const expected = sequenceShares()

  it('have the measured entropy and top-256 share within sampling error', () => {
    expect(n).toBe(2_790_400)
    // The plug-in entropy is biased by about (values - 1) / (2 n ln 2) and deviates by less than 2 / sqrt(n).
    const bias = (sliceValues - 1) / (2 * n * Math.LN2)
    expect(Math.abs(entropy(shares) + bias - entropy(expected))).toBeLessThan(8 / Math.sqrt(n))
    expect(Math.abs(top(shares, 256) - top(expected, 256))).toBeLessThan(5 * Math.sqrt(0.25 / n) + 1e-4)
  })

  it('have each slice value as often as measured', () => {
    const chi2 = shares.reduce(
      (sum, share, i) => (expected[i]! > 0 ? sum + (n * (share - expected[i]!) ** 2) / expected[i]! : sum),
      0,
    )
    expect(chi2).toBeLessThan(sliceValues + 5 * Math.sqrt(2 * sliceValues))
  })
})
