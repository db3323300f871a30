// What the machine has no unit for is an error that names layer, facet and remedy.

import { describe, expect, it } from 'vitest'
import { streaming } from '../../../src/machines/streaming/index.ts'
import type { Folding } from '../../../src/machines/streaming/spec.ts'
import { network } from '../../../src/model/load.ts'
import { InputError } from '../../../src/work/input-error.ts'
import { workload } from '../../../src/work/lower.ts'
import type { Network, Op } from '../../../src/work/network.ts'
import type { Layer, Workload } from '../../../src/work/workload.ts'
import { RandomNetwork } from '../../work/random-network.ts'
import { baseSpec, sampleNetwork, unfolded } from './specs.ts'

const lower = (work: Workload, folding: Folding[] = []): unknown => streaming.lower(work, { ...baseSpec, folding })

const bits = (): RandomNetwork =>
  new RandomNetwork('bits', { channels: 16, height: 8, width: 8 }, { kind: 'thermometer', levels: 1 })
const pixels = (): RandomNetwork => new RandomNetwork('pixels', { channels: 3, height: 8, width: 8 }, { kind: 'int8' })

/** The workload with one layer's facets changed, as a pass would. */
function withLayer(work: Workload, index: number, change: (layer: Layer) => Partial<Layer>): Workload {
  return { ...work, layers: work.layers.map((layer, i) => (i === index ? { ...layer, ...change(layer) } : layer)) }
}

const withOp = (net: Network, name: string, change: Record<string, unknown>): Network => ({
  ...net,
  nodes: net.nodes.map((node) => (node.name === name ? { ...node, op: { ...node.op, ...change } as Op } : node)),
})

const sample = (): Workload => workload(sampleNetwork())

const cases: readonly (readonly [string, () => Workload, RegExp])[] = [
  [
    'padding',
    () => {
      const net = bits()
      const at = net.mac('input', { channels: 8, kernel: 3, pad: 1, padValue: -1, sum: 'matches' })
      return workload(net.build(at))
    },
    /^layer mac0: shape: .*padding; use .*'valid'/,
  ],
  [
    'real weights',
    () => {
      const net = pixels()
      return workload(net.build(net.mac('input', { channels: 8, kernel: 8, real: true })))
    },
    /^layer mac0: weights: .*real weights; use a network with binary weights/,
  ],
  [
    'values between layers',
    () => {
      const net = bits()
      const sums = net.mac('input', { channels: 8, kernel: 3 })
      const parameters = { shift: new Int32Array(8), offset: new Int32Array(8), bits: 8 } as const
      const values = net.node({ kind: 'fixed-affine', ...parameters }, [sums], net.shape(sums))
      return workload(net.build(net.mac(values, { channels: 4, kernel: 6 })))
    },
    /^layer mac0: post: .*passing values on; end the steps with a threshold, or use machine pe-array or arm$/,
  ],
  [
    'a shortcut',
    () => {
      const net = bits()
      const first = net.threshold(net.mac('input', { channels: 16, kernel: 1, sum: 'matches' }), 8, 2)
      const second = net.mac('input', { channels: 16, kernel: 1, sum: 'matches' })
      const joined = net.threshold(net.add(net.mac(first, { channels: 16, sum: 'matches' }), second), 16, 2)
      return workload(net.build(net.mac(joined, { channels: 4, kernel: 8, sum: 'matches' })))
    },
    /^layer \w+: post: .*shortcut.*; use machine pe-array or arm$/,
  ],
  [
    'a sum with what steps made of it',
    () => {
      const net = bits()
      const sums = net.mac('input', { channels: 16, sum: 'matches' })
      const joined = net.threshold(net.add(net.affine(sums, 16), sums))
      return workload(net.build(net.mac(joined, { channels: 4, kernel: 8, sum: 'matches' })))
    },
    /^layer mac0: post: .*'add' of several values: a shortcut; use machine pe-array or arm$/,
  ],
  [
    'steps that pass over one another',
    () => {
      const net = bits()
      const sums = net.mac('input', { channels: 16, sum: 'matches' })
      net.affine(sums, 16)
      return workload(net.build(net.mac(net.threshold(net.rprelu(sums)), { channels: 4, kernel: 8, sum: 'matches' })))
    },
    /^layer mac0: post: .*'rprelu' that reads 'mac0': a shortcut; use machine pe-array or arm$/,
  ],
  [
    'an average behind steps',
    () => {
      const net = bits()
      const values = net.affine(net.mac('input', { channels: 8, kernel: 3, sum: 'matches' }), 144)
      const at = net.threshold(net.pool(values, 'average', 2))
      return workload(net.build(net.mac(at, { channels: 4, kernel: 3, sum: 'matches' })))
    },
    /^layer mac0: post: .*'pool' after element-wise steps; use machine pe-array or arm$/,
  ],
  [
    'a real threshold',
    () => {
      const net = bits()
      const at = net.threshold(net.mac('input', { channels: 8, kernel: 3, sum: 'matches' }))
      return workload(net.build(net.mac(at, { channels: 4, kernel: 6, sum: 'matches' })))
    },
    /^layer mac0: post: .*'threshold' in place of an integer threshold; fold it into thresholds/,
  ],
  [
    'an average pool',
    () => {
      const net = bits()
      const at = net.pool(net.mac('input', { channels: 8, kernel: 3, sum: 'matches' }), 'average', 2)
      return workload(net.build(net.mac(net.threshold(at), { channels: 4, kernel: 3, sum: 'matches' })))
    },
    /^layer mac0: post: .*'pool'/,
  ],
  [
    'a pool that cuts off pixels',
    () => {
      const net = bits()
      const at = net.threshold(net.mac('input', { channels: 8, kernel: 2, sum: 'matches' }), 32, 4)
      return workload(net.build(net.mac(net.pool(at, 'max', 2), { channels: 4, kernel: 3, sum: 'matches' })))
    },
    /^layer mac0: post: .*cut off; use whole windows/,
  ],
  [
    'two pools',
    () => {
      const net = bits()
      const at = net.threshold(net.mac('input', { channels: 8, sum: 'matches' }), 8, 2)
      const pooled = net.pool(net.pool(at, 'max', 2), 'max', 2)
      return workload(net.build(net.mac(pooled, { channels: 4, kernel: 2, sum: 'matches' })))
    },
    /^layer mac0: post: .*'pool' after the pool/,
  ],
  [
    'steps before the first layer',
    () => {
      const net = bits()
      return workload(net.build(net.mac(net.pool('input', 'max', 2), { channels: 4, kernel: 4, sum: 'matches' })))
    },
    /^node pool0: .*before the first layer; encode/,
  ],
  [
    'pictures that are not square',
    () => {
      const net = new RandomNetwork('wide', { channels: 8, height: 8, width: 16 }, { kind: 'thermometer', levels: 1 })
      const at = net.threshold(net.mac('input', { channels: 8, kernel: 8, sum: 'matches' }), 256, 8)
      return workload(net.build(at))
    },
    /^layer mac0: shape: .*16x8; make it square/,
  ],
  [
    'scores where bits decide',
    () => {
      const net = bits()
      const at = net.mac('input', { channels: 8, kernel: 8, sum: 'matches' })
      const built = net.build(at)
      return { ...workload(built), network: { ...built, decision: { rule: 'highest-bit', scores: at } } }
    },
    /^layer mac0: post: .*decides by bits; end it with a threshold/,
  ],
  [
    'a decision on sums that do not leave',
    () => {
      const net = bits()
      const sums = net.mac('input', { channels: 8, kernel: 8, sum: 'matches' })
      const built = net.build(net.threshold(sums, 512, 8))
      return workload({ ...built, decision: { rule: 'argmax', scores: sums } })
    },
    /^layer mac0: post: .*'mac0'/,
  ],
  [
    'a bias',
    () => {
      const net = sampleNetwork()
      return workload(withOp(net, 'mac3', { bias: new Float32Array(24) }))
    },
    /^layer mac3: accumulator: .*bias/,
  ],
  [
    'sums wider than a score',
    () => {
      const net = new RandomNetwork('many', { channels: 64, height: 32, width: 32 }, { kind: 'thermometer', levels: 1 })
      return workload(net.build(net.mac('input', { channels: 2, kernel: 32, sum: 'matches' })))
    },
    /^layer mac0: accumulator: .*17 bits/,
  ],
  [
    'coded weights',
    () => withLayer(sample(), 1, ({ weights }) => ({ weights: { ...weights, encoding: 'coded' as 'plain' } })),
    /^layer mac3: weights: .*coded weights; leave out that pass/,
  ],
  [
    'shared terms',
    () => withLayer(sample(), 1, () => ({ terms: { kind: 'shared' as 'dense' } })),
    /^layer mac3: terms: .*shared terms; leave out that pass/,
  ],
]

describe('the streaming machine refuses', () => {
  it.each(cases)('%s', (_, build, message) => {
    const work = build()
    expect(() => lower(work)).toThrow(InputError)
    expect(() => lower(work)).toThrow(message)
  })

  it.each(['fracbnn-resnet20', 'reactnet-a', 'vgg-small', 'binarynet-cifar10'])('%s, whole', (name) => {
    expect(() => lower(workload(network(name)))).toThrow(/^(layer|node) [\w.]+: .*; /)
  })
})

describe('the streaming machine refuses folding', () => {
  const folding: Folding[] = [
    { pe: 4, simd: 8 },
    { pe: 6, simd: 12 },
    { pe: 1, simd: 1 },
  ]
  const change = (index: number, part: Partial<Folding>): Folding[] =>
    folding.map((each, i) => (i === index ? { ...each, ...part } : each))
  const refused = (given: Folding[], message: string): void => {
    expect(() => lower(sample(), given)).toThrow(InputError)
    expect(() => lower(sample(), given)).toThrow(message)
  }

  it('but not the one that the others differ from', () => {
    expect(() => lower(sample(), folding)).not.toThrow()
  })

  it('for another number of layers, naming them', () => {
    refused(folding.slice(1), 'machine.folding: 2 entries for the 3 layers of the network (mac0, mac3, mac5)')
  })

  it('whose PEs or SIMD do not divide the layer, naming the nearest that do', () => {
    refused(change(0, { pe: 5 }), 'machine.folding.0.pe: 5 does not divide the 12 of layer mac0; nearest: 4 or 6')
    refused(change(1, { simd: 7 }), 'machine.folding.1.simd: 7 does not divide the 12 of layer mac3; nearest: 6 or 12')
    refused(change(1, { pe: 100 }), 'machine.folding.1.pe: 100 does not divide the 24 of layer mac3; nearest: 24')
    refused(change(0, { simd: 48 }), 'machine.folding.0.simd: 48 does not divide the 16 of layer mac0; nearest: 16')
  })

  it('whose words do not fill frames', () => {
    const dense = new RandomNetwork('dense', { channels: 64, height: 1, width: 1 }, { kind: 'bit' })
    const hidden = dense.threshold(dense.mac('input', { channels: 8, sum: 'matches' }), 32, 4)
    const work = workload(dense.build(dense.mac(hidden, { channels: 4, sum: 'matches' })))
    const given = [
      { pe: 2, simd: 8, width: 6 },
      { pe: 1, simd: 8 },
    ]
    expect(() => lower(work, given)).toThrow(InputError)
    expect(() => lower(work, given)).toThrow(/layer mac0.* 8 bits .* words of 6/)
  })

  it('and pictures that do not fill words of the memory port', () => {
    const net = new RandomNetwork('odd', { channels: 3, height: 5, width: 5 }, { kind: 'int8' })
    const work = workload(net.build(net.mac('input', { channels: 4, kernel: 5 })))
    const spec = unfolded(1)
    expect(() => streaming.lower(work, spec)).toThrow(InputError)
    expect(() => streaming.lower(work, spec)).toThrow(/input.* 600 bits .* words of 64/)
  })
})

describe('the streaming machine does not fit', () => {
  it('a device that lacks resources: it names them and by how much', () => {
    const folding = [
      { pe: 64, simd: 3 },
      { pe: 64, simd: 64 },
      { pe: 128, simd: 64 },
      { pe: 128, simd: 128 },
      { pe: 128, simd: 128 },
      { pe: 128, simd: 256 },
      { pe: 1, simd: 1 },
      { pe: 1, simd: 1 },
      { pe: 1, simd: 1 },
    ]
    const attempt = () => lower(workload(network('cnv-w1a1')), folding)
    expect(attempt).toThrow(InputError)
    expect(attempt).toThrow(/^machine.folding: the design does not fit xc7z020: lut (\d+) of 53200 \(\d+ too many\)/)
    expect(attempt).toThrow(/bram36 \d+ of 140 \(\d+ too many\); fold it more or take a larger device$/)
    const [, used, over] = /lut (\d+) of 53200 \((\d+) too many\)/.exec(messageOf(attempt))!
    expect(Number(used) - 53200).toBe(Number(over))
  })
})

function messageOf(attempt: () => unknown): string {
  try {
    attempt()
  } catch (error) {
    return String(error)
  }
  throw new Error('expected an error')
}
