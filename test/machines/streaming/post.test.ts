// Element-wise steps behind layers: values.

import { describe, expect, it } from 'vitest'
import { streaming } from '../../../src/machines/streaming/index.ts'
import { evaluate } from '../../../src/work/evaluate.ts'
import { workload } from '../../../src/work/lower.ts'
import type { Workload } from '../../../src/work/workload.ts'
import { orders } from '../../units/rig.ts'
import { RandomNetwork } from '../../work/random-network.ts'
import { networks, specOf, styles, total, verified } from './post-machine.ts'
import { foldingOf, passed, pictures, postNetwork } from './post-networks.ts'

/** Ends of chains: what leaves a layer, and the bits in front of a pool. */
const ends = ({ layers }: Workload): Set<string> =>
  new Set(
    layers.flatMap(({ name, post }) => {
      const bits = post.filter(({ op }) => op.kind === 'threshold' || op.kind === 'pool')
      return bits.length > 0 ? bits.map((node) => node.name) : [post.at(-1)?.name ?? name]
    }),
  )

const made = Object.entries(networks).map(([name, each]) => [name, postNetwork(name, each)] as const)

/** Only these have anything for the passes to rewrite. */
const floats = made.filter(([, network]) => network.nodes.some(({ op }) => op.kind === 'affine'))

describe.each(made)('%s', (_, network) => {
  const inputs = pictures(network, 3)

  it.each(styles)('computes every value, however folded, %s units', (style) => {
    const work = workload(network)
    for (let i = 0; i < 4; i++) {
      const { nodes, deviation } = verified(work, specOf(style, foldingOf(work, `${i}`)), inputs, 5)
      expect(nodes).toEqual(ends(work))
      expect(deviation).toBe(0)
    }
  })

  it('has bits of either kind between its layers, and pictures that score differently', () => {
    const [one, other] = inputs.map((input) => evaluate(workload(network), input, true))
    expect(one!.scores).not.toEqual(other!.scores)
    for (const { name, op } of network.nodes) {
      const tensor = one!.tensors.get(name)!
      if (op.kind !== 'threshold' || tensor.kind !== 'bits') continue
      const ones = tensor.words.reduce((sum, word) => sum + word.toString(2).replaceAll('0', '').length, 0)
      const { channels, width } = tensor.shape
      expect(ones / (channels * width ** 2), name).toBeGreaterThan(0.1)
      expect(ones / (channels * width ** 2), name).toBeLessThan(0.9)
    }
  })

  it('is computed alike whatever the order of events', () => {
    const work = workload(network)
    const lowered = streaming.lower(work, specOf('rtl', foldingOf(work, 'orders')))
    const [forward, ...others] = orders.map((order) => lowered.run({ inputs, images: 4, order }))
    for (const other of others) expect(other).toEqual(forward)
  })
})

describe.each(floats)('%s, after passes', (_, network) => {
  const inputs = pictures(network, 2)
  const before = workload(network)

  it.each(styles)('add-bit-only leaves nothing to multiply: every value, %s units', (style) => {
    expect(
      total(verified(before, specOf(style, foldingOf(before, 'x')), inputs).run, 'multiplications'),
    ).toBeGreaterThan(0)
    const after = passed(before, 'add-bit-only')
    for (let i = 0; i < 3; i++) {
      const { run, nodes } = verified(after, specOf(style, foldingOf(after, `${i}`)), inputs, 3)
      expect(nodes).toEqual(ends(after))
      expect(total(run, 'multiplications')).toBe(0)
      expect(total(run, 'shifts')).toBeGreaterThan(0)
      expect(run.resources!.used.dsp).toBe(0)
    }
  })

  it.each(styles)('clip8: every value, %s units', (style) => {
    const after = passed(before, 'clip8')
    for (let i = 0; i < 3; i++) {
      const { run, nodes } = verified(after, specOf(style, foldingOf(after, `${i}`)), inputs, 3)
      expect(nodes).toEqual(ends(after))
      expect(total(run, 'multiplications')).toBeGreaterThan(0)
    }
  })
})

describe('sums that saturate', () => {
  it('are clamped behind the matrix-vector unit, dot products and matches alike', () => {
    for (const [name, less] of [
      ['dot products', 3],
      ['two scales', 2],
    ] as const) {
      const network = postNetwork(name, networks[name]!)
      const whole = workload(network)
      const layers = whole.layers.map((layer) =>
        layer.activation === 'bit'
          ? { ...layer, accumulator: { ...layer.accumulator, bits: layer.accumulator.bits - less, saturate: true } }
          : layer,
      )
      const work: Workload = { ...whole, layers }
      const inputs = pictures(network, 2)
      const results = (of: Workload) => inputs.map((input) => evaluate(of, input).scores)
      expect(results(work)).not.toEqual(results(whole))
      verified(work, specOf('rtl', foldingOf(work, 'x')), inputs)
    }
  })

  it('are what clip8 makes of dot products of more than 8 bits', () => {
    const net = new RandomNetwork('wide', { channels: 16, height: 8, width: 8 }, { kind: 'thermometer', levels: 1 })
    const hidden = net.threshold(net.affine(net.mac('input', { channels: 32, kernel: 4 }), 256))
    const network = net.build(net.affine(net.mac(hidden, { channels: 10, kernel: 5 }), 800))
    const work = passed(workload(network), 'clip8')
    expect(work.layers.map(({ accumulator }) => accumulator)).toEqual([
      { sum: 'dot', bits: 8, saturate: true },
      { sum: 'dot', bits: 8, saturate: true },
    ])
    verified(work, specOf('hls', foldingOf(work, 'x')), pictures(network, 2))
  })

  it('may be compared and nothing else', () => {
    // Padded to whole words of the memory port.
    const net = new RandomNetwork('compared', { channels: 100, height: 1, width: 1 }, { kind: 'bit' })
    const hidden = net.threshold(net.mac('input', { channels: 16, sum: 'dot' }), 0, 8)
    const whole = workload(net.build(net.mac(hidden, { channels: 10, sum: 'dot' })))
    for (const saturate of [false, true]) {
      const layers = whole.layers.map((layer) => ({
        ...layer,
        accumulator: saturate ? { ...layer.accumulator, bits: 4, saturate } : layer.accumulator,
      }))
      verified({ ...whole, layers }, specOf('rtl', foldingOf(whole, 'x')), pictures(whole.network, 2))
    }
  })
})
