import { expect, it } from 'vitest'
import { loadNetwork } from '../../src/model/load.ts'
import { saturatedRange, wholeBits } from '../../src/work/accumulator.ts'
import { workload } from '../../src/work/lower.ts'

it('matches saturate from 0 on, signed sums symmetrically', () => {
  expect(saturatedRange({ sum: 'matches', bits: 3, saturate: true })).toEqual({ low: 0, high: 7 })
  for (const sum of ['dot', 'gated'] as const)
    expect(saturatedRange({ sum, bits: 4, saturate: true })).toEqual({ low: -7, high: 7 })
})

it.each(['cnv-w1a1', 'reactnet-18'])(
  'layers of %s that saturate are as wide as a whole as those that do not',
  (name) => {
    const layers = workload(loadNetwork(name)).layers.filter(({ weights }) => weights.weights.kind === 'binary')
    const saturating = layers.map((layer) => ({
      ...layer,
      accumulator: { ...layer.accumulator, bits: 4, saturate: true },
    }))
    const bits = layers.map(({ accumulator }) => accumulator.bits)
    expect(bits.length).toBeGreaterThan(0)
    expect(saturating.map(wholeBits)).toEqual(bits)
    expect(layers.map(wholeBits)).toEqual(bits)
  },
)
