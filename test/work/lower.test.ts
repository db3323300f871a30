import { describe, expect, it } from 'vitest'
import { layerCounts, workload } from '../../src/work/lower.ts'
import type { Network, Op } from '../../src/work/network.ts'
import { RandomNetwork } from './random-network.ts'
import { cnvShaped, reactNetShaped } from './shaped-networks.ts'

const total = (network: Network, count: 'binaryMacs' | 'integerMacs' | 'realMacs' | 'weightBits'): number =>
  workload(network).layers.reduce((sum, layer) => sum + layerCounts(layer)[count], 0)

describe('workload', () => {
  it('cuts at multiply-accumulate nodes and loses none', () => {
    const { network } = reactNetShaped()
    const { preamble, layers } = workload(network)
    const names = [
      ...preamble.map(({ name }) => name),
      ...layers.flatMap((l) => [l.name, ...l.post.map((n) => n.name)]),
    ]
    expect(names).toEqual(network.nodes.map(({ name }) => name))
    for (const { post } of layers) expect(post.every(({ op }) => op.kind !== 'mac')).toBe(true)
    expect(layers[0]).toMatchObject({ input: 'input', activation: 'real', accumulator: { sum: 'dot', bits: 32 } })
    expect(layers[1]).toMatchObject({ activation: 'bit', terms: { kind: 'dense' }, weights: { encoding: 'plain' } })
  })

  it('puts steps before the first layer into the preamble', () => {
    const net = new RandomNetwork('preamble', { channels: 2, height: 4, width: 4 }, { kind: 'int8' })
    const network = net.build(net.mac(net.pool('input', 'max', 2), { channels: 3 }))
    const { preamble, layers } = workload(network)
    expect(preamble.map(({ op }) => op.kind)).toEqual(['pool'])
    expect(layers[0]).toMatchObject({ activation: 'int8', post: [] })
  })

  it.each([
    [1, 'matches', 1],
    [3, 'matches', 2],
    [4, 'matches', 3],
    [576, 'matches', 10],
    [1, 'dot', 2],
    [127, 'dot', 8],
    [128, 'dot', 9],
  ] as const)('%i binary terms as %s need %i bits', (channels, sum, bits) => {
    const shape = { channels, height: 1, width: 1 }
    const net = new RandomNetwork('bits', shape, { kind: 'bit' })
    expect(workload(net.build(net.mac('input', { channels: 1, sum }))).layers[0]!.accumulator.bits).toBe(bits)
  })

  it('27 terms of -128 need 13 bits, 32 need 14, and 9 of 3 need 6', () => {
    for (const [channels, bits] of [
      [27, 13],
      [32, 14],
    ] as const) {
      const net = new RandomNetwork('int8', { channels, height: 1, width: 1 }, { kind: 'int8' })
      expect(workload(net.build(net.mac('input', { channels: 1 }))).layers[0]!.accumulator.bits).toBe(bits)
    }
    const net = new RandomNetwork('gated', { channels: 1, height: 3, width: 3 }, { kind: 'int8' })
    const layer = workload(net.build(net.gatedMac(net.quantise2('input'), { channels: 2, kernel: 3 }))).layers[0]!
    expect(layer).toMatchObject({ activation: 'two-bit', accumulator: { sum: 'gated', bits: 6 } })
    expect(layerCounts(layer)).toMatchObject({ binaryMacs: 36, integerMacs: 0, realMacs: 0, fanIn: 9 })
    expect(layerCounts(layer)).toMatchObject({ weightBits: 18, outputs: 2 })
  })
})

describe('layerCounts', () => {
  it('gives the known totals of CNV and ReActNet-A', () => {
    const cnv = cnvShaped().network
    expect(total(cnv, 'binaryMacs')).toBe(57_906_176)
    expect(total(cnv, 'integerMacs')).toBe(1_555_200)
    expect(total(cnv, 'realMacs')).toBe(0)
    expect(total(cnv, 'weightBits')).toBe(1_542_848)
    const reactNet = reactNetShaped().network
    expect(total(reactNet, 'binaryMacs') / 1e9).toBeCloseTo(4.817, 3)
    expect(total(reactNet, 'integerMacs')).toBe(0)
    expect(total(reactNet, 'realMacs') / 1e6).toBeCloseTo(11.9, 1)
  })
})

describe('checkNetwork, through workload', () => {
  const net = new RandomNetwork('fits', { channels: 3, height: 8, width: 8 }, { kind: 'int8' })
  const first = net.mac('input', { channels: 4, kernel: 3 })
  const second = net.mac(net.pool(net.threshold(first), 'max', 2), { channels: 5, kernel: 3 })
  const network = net.build(second)
  const names = network.nodes.map(({ name }) => name)

  /** The network with one node changed. */
  const changed = (at: number, change: object, op: object = {}): Network => ({
    ...network,
    nodes: network.nodes.map((node, i) => (i === at ? { ...node, ...change, op: { ...node.op, ...op } as Op } : node)),
  })

  it('accepts what fits', () => {
    expect(workload(network).layers.map(({ name }) => name)).toEqual([first, second])
  })

  it.each([
    [
      'another output',
      changed(1, { output: { channels: 4, height: 5, width: 6 } }),
      1,
      'expected an input of 4 x 5 x 6',
    ],
    [
      'a missing input',
      changed(2, { inputs: ['treshold1'] }),
      2,
      "no node 'treshold1' before it; did you mean 'threshold1'",
    ],
    ['no input', changed(2, { inputs: [] }), 2, 'the node reads nothing'],
    ['a name twice', changed(1, { name: names[0] }), 0, 'another node of this name'],
    ['too few levels', changed(1, {}, { level: new Int32Array(3) }), 1, 'expected 4 values of level, got 3'],
    ['sums as an activation', changed(3, { inputs: [names[0]] }), 3, 'expected an input of 4 x 3 x 3, got 4 x 6 x 6'],
    ['matches of integers', changed(0, {}, { sum: 'matches' }), 0, 'matches can be counted on bits only'],
    ['an affine of bits', changed(2, {}, { kind: 'affine', scale: [], offset: [] }), 2, 'expected integers or reals'],
    [
      'a pool that does not slide so',
      changed(2, {}, { stride: 1 }),
      2,
      'expected an output of 4 x 5 x 5, got 4 x 3 x 3',
    ],
  ])('refuses %s and names the node', (_what, broken, at, problem) => {
    expect(() => workload(broken)).toThrow(`fits.${names[at]}: `)
    expect(() => workload(broken)).toThrow(problem)
  })

  it('refuses a decision that reads no node, and an input of another shape', () => {
    const decision = { rule: 'argmax', scores: 'mac9' } as const
    expect(() => workload({ ...network, decision })).toThrow("fits.decision: no node 'mac9'")
    const input = { channels: 3, height: 8, width: 7 }
    expect(() => workload({ ...network, input })).toThrow('fits.input: expected an encoded picture of 3 x 8 x 8')
  })
})
