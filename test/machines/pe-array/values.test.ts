// Every value that the array computed, against evaluation; and that the order of events within a cycle shows nowhere.

import { describe, expect, it } from 'vitest'
import { type PassChoice, passesText } from '../../../src/opt/index.ts'
import type { Network } from '../../../src/work/network.ts'
import { samples } from '../../opt/samples.ts'
import { orders } from '../../units/rig.ts'
import { RandomNetwork } from '../../work/random-network.ts'
import { baseSpec, type Choices, pass, pictures, randomNetwork, randomSpec, runChecked } from './small-array.ts'

const lists: readonly (readonly PassChoice[])[] = [
  [],
  [pass('share-results')],
  [pass('share-results', { share: 'repeated' })],
  [pass('share-similar', { distance: 2, changed: 0.2 }), pass('share-results')],
  [pass('reuse-kernels')],
  [pass('reuse-kernels', { order: 'path', trees: 3 })],
  [pass('reuse-kernels', { order: 'given', inverse: false, trees: 2 })],
  [pass('prune-inclusion')],
  [pass('prune-inclusion', { decision: false })],
  [pass('reuse-kernels', { trees: 4 }), pass('prune-inclusion')],
  [pass('reuse-kernels', { trees: 2 }), pass('prune-inclusion', { decision: false })],
  [pass('reuse-kernels', { trees: 8, order: 'path' }), pass('prune-inclusion', { bound: false, pool: false })],
]
const named = lists.map((chosen) => [passesText(chosen), chosen] as const)

/** What the machine computes of a chain: of each layer what comes last, its pool, bits or sums. */
function ends({ nodes }: Network): string[] {
  return nodes.filter((_, i) => i === nodes.length - 1 || nodes[i + 1]!.op.kind === 'mac').map(({ name }) => name)
}

describe.each(named)('passes [%s]', (text, chosen) => {
  const kinds: readonly Choices[] = [
    { first: 'bits', thresholds: 'int' },
    { first: 'bits', thresholds: 'any' },
    { first: 'int8', thresholds: 'int' },
    { first: 'int8', thresholds: 'any' },
  ]
  it.each(kinds)('compute every tensor of random chains, $first first, thresholds $thresholds', (choices) => {
    for (let i = 0; i < 4; i++) {
      const seed = `${text} ${JSON.stringify(choices)} ${i}`
      const network = randomNetwork(seed, choices)
      const { seen } = runChecked(network, randomSpec(seed, chosen), chosen)
      expect(seen, seed).toEqual(ends(network))
    }
  })

  it('do not show the order of events within a cycle', () => {
    for (let i = 0; i < 3; i++) {
      const seed = `order ${text} ${i}`
      const network = randomNetwork(seed, { first: i === 0 ? 'int8' : 'bits', thresholds: 'int' })
      const [forward, ...others] = orders.map(
        (order) => runChecked(network, randomSpec(seed, chosen), chosen, { order }).run,
      )
      for (const other of others) expect(other, seed).toEqual(forward)
    }
  })
})

describe('scores', () => {
  it('are those of evaluation where the network ends with sums, and bits as signs where it ends with them', () => {
    for (let i = 0; i < 6; i++) {
      const network = randomNetwork(`scores ${i}`, { first: 'bits', thresholds: 'int' })
      const { run } = runChecked(network, baseSpec)
      const { scores } = run.outputs[0]!
      if (network.decision.bits !== undefined) expect(scores.every((score) => Math.abs(score) === 1)).toBe(true)
      expect(run.outputs.map(({ image }) => image)).toEqual([0, 1, 2])
    }
  })
})

describe('what a host does between layers', () => {
  const residuals = [2, 3].map((i) => samples[i]!.network)

  it.each([0, 1, 4, 9].map((i) => named[i]!))('leaves all values as they are, passes [%s]', (_, chosen) => {
    for (const network of residuals) {
      const { seen } = runChecked(
        network,
        { ...baseSpec, array: { ...baseSpec.array, bits: 32 }, others: 'host' },
        chosen,
      )
      const binary = network.nodes.filter(({ op }) => op.kind === 'mac' && op.weights.kind === 'binary')
      expect(seen).toEqual(binary.map(({ name }) => name))
    }
  })

  it.each(['on-chip', 'streamed'] as const)('shows no order of events within a cycle, weights %s', (weights) => {
    const spec = { ...baseSpec, weights, others: 'host' } as const
    const [forward, ...others] = orders.map((order) => runChecked(residuals[0]!, spec, [], { order }).run)
    for (const other of others) expect(other).toEqual(forward)
  })

  it('may stand behind bits, between layers, and read what the array wrote more than once', () => {
    const net = new RandomNetwork('host', { channels: 3, height: 6, width: 6 }, { kind: 'int8' })
    const bits = net.threshold(net.mac('input', { channels: 20, kernel: 3 }), 0, 90)
    const joined = net.concat(bits, bits)
    const sums = net.mac(joined, { channels: 12, kernel: 3, pad: 1 })
    const other = net.mac(bits, { channels: 12, sum: 'matches' })
    const added = net.threshold(net.add(sums, other), 10, 12)
    const network = net.build(net.mac(net.pool(added, 'max', 3), { channels: 5, sum: 'matches' }))
    const { seen, run } = runChecked(network, { ...baseSpec, others: 'host' })
    expect(seen).toEqual(['threshold1', 'mac3', 'mac4', 'mac8'])
    const moved = run.layers.map(({ memory }) => [memory.dram!.bytesRead > 0, memory.dram!.bytesWritten > 0])
    expect(moved.slice(1, -1)).toEqual([
      [false, true],
      [true, true],
      [true, true],
      [true, false],
    ])
  })

  it('may be a pool over windows that are cut off', () => {
    const net = new RandomNetwork('cut off', { channels: 2, height: 5, width: 5 }, { kind: 'thermometer', levels: 1 })
    const pooled = net.pool(net.threshold(net.mac('input', { channels: 6, sum: 'matches' }), 1, 1), 'max', 2)
    const network = net.build(net.mac(pooled, { channels: 3, kernel: 2, sum: 'matches' }))
    for (const chosen of lists)
      expect(
        runChecked(network, { ...baseSpec, array: { ...baseSpec.array, bits: 32 }, others: 'host' }, chosen).seen,
      ).toHaveLength(2)
  })
})

describe('levels that no integer is', () => {
  const decide = (kind: 'matches' | 'dot', edges: readonly number[]): void => {
    for (const inclusive of [false, true]) {
      const input = { channels: 3, height: 4, width: 4 }
      const net = new RandomNetwork(`edges ${kind}`, input, { kind: 'thermometer', levels: 1 })
      const sums = net.mac('input', { channels: edges.length, kernel: 2, sum: kind })
      const level = Float32Array.from(edges)
      const bits = net.node({ kind: 'threshold', level, inclusive }, [sums], net.shape(sums))
      const network = net.build(net.mac(bits, { channels: 3, kernel: 3, sum: 'matches' }))
      runChecked(network, baseSpec, [], { inputs: pictures(network, 4), images: 4 })
    }
  }
  const kinds = ['matches', 'dot'] as const

  it.each(kinds)('decide as evaluation does: %s', (kind) => {
    decide(kind, [0, -0, 0.5, -0.5, 6.5, 6, 1e-5, -1e-5, Infinity, -Infinity, 2 ** 31, -(2 ** 31), 3e9])
  })

  it.each(kinds)('and are as good as 0 but for what equals 0: %s', (kind) => {
    decide(kind, [1e-30, -1e-30, 1e-20, -1e-20])
  })

  it.each(kinds)('and are no numbers, which nothing exceeds or reaches: %s', (kind) => {
    decide(kind, [Number.NaN, Number.NaN])
  })
})
