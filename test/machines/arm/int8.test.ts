// First layers that read the picture as int8 on the ARM machine: which kernel sums them, and that every value equals
// evaluation bit for bit.

import { describe, expect, it } from 'vitest'
import { planOf } from '../../../src/machines/arm/lower.ts'
import { MemoryMap } from '../../../src/machines/arm/memory-map.ts'
import { NetworkBuilder } from '../../../src/model/builder.ts'
import { loadNetwork } from '../../../src/model/load.ts'
import { sign } from '../../../src/model/networks/imagenet.ts'
import { seededParameters } from '../../../src/model/seeded.ts'
import { workload } from '../../../src/work/lower.ts'
import type { Network } from '../../../src/work/network.ts'
import { drawn, plain, runOn } from './run-on.ts'

/** Products of numbers that the network is lowered to. */
function products(network: Network): string[] {
  const { steps } = planOf(workload(network), plain, new MemoryMap(0))
  const kernels = steps.flatMap(({ calls }) => calls.map(({ kernel }) => kernel))
  return [...new Set(kernels.filter((kernel) => /gemm/.test(kernel) && !kernel.startsWith('bgemm')))]
}

/** A picture, the layers that `first` adds, whose last value is bits, and a binary classifier. */
function network(channels: 1 | 3, size: number, first: (builder: NetworkBuilder) => string): Network {
  const picture = { channels, height: size, width: size }
  const builder = new NetworkBuilder(picture, seededParameters('int8'))
  const bits = first(builder)
  const scores = builder.binaryConv('fc', bits, 10, { kernel: builder.shape(bits).height })
  return builder.finish({
    name: 'int8',
    source: 'this test',
    picture,
    encoding: { kind: 'int8' },
    classes: Array.from({ length: 10 }, (_, i) => `${i}`),
    decision: { rule: 'argmax', scores },
  })
}

const levels = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => ((37 * i) % 101) - 50)

function thresholds(builder: NetworkBuilder, from: string): string {
  return builder.threshold(`${from}.bits`, from, levels(builder.shape(from).channels), false)
}

/** A convolution of weights `weight(i)`. */
function weighted(builder: NetworkBuilder, name: string, out: number, kernel: number, weight: (i: number) => number) {
  const shape = builder.macShape('input', out, { kernel })
  const { channels } = shape.input
  const taps = kernel ** 2
  const data = Float32Array.from({ length: out * taps * channels }, (_, i) => weight(i))
  const bias = Float32Array.from({ length: out }, (_, i) => i / 7 - 1)
  return builder.mac(name, 'input', shape, { kind: 'real', rows: out, taps, channels, data }, 'dot', bias)
}

const cases: readonly { name: string; kernels: string[]; network: Network }[] = [
  {
    name: 'sums that go to thresholds',
    kernels: ['igemm_narrow_i32'],
    network: network(3, 7, (b) => thresholds(b, b.binaryConv('conv', 'input', 13, { kernel: 3, padding: 1 }))),
  },
  {
    name: 'one channel, one tap, a stride',
    kernels: ['igemm_narrow_i32'],
    network: network(1, 6, (b) => thresholds(b, b.binaryConv('conv', 'input', 8, { kernel: 1, stride: 2 }))),
  },
  {
    name: 'a dense layer of more terms than int16 holds',
    kernels: ['igemm_i32'],
    network: network(3, 12, (b) => thresholds(b, b.binaryConv('conv', 'input', 20, { kernel: 12 }))),
  },
  {
    name: 'batch norm and ReLU',
    kernels: ['igemm_narrow_f32'],
    network: network(3, 6, (b) => {
      const conv = b.binaryConv('conv', 'input', 24, { kernel: 3, stride: 2, padding: { before: 0, after: 1 } })
      return sign(b, 'sign', b.relu('relu', b.batchNorm('bn', conv, 300)))
    }),
  },
  {
    name: 'integer weights and a bias',
    kernels: ['igemm_f32'],
    network: network(3, 5, (b) =>
      sign(
        b,
        'sign',
        weighted(b, 'conv', 11, 3, (i) => ((89 * i) % 255) - 127),
      ),
    ),
  },
  {
    name: 'sums that are added',
    kernels: ['igemm_narrow_f32'],
    network: network(3, 5, (b) => {
      const both = ['one', 'two'].map((name) => b.binaryConv(name, 'input', 16, { kernel: 3 }))
      return thresholds(b, b.sum('sum', [both[0]!, both[1]!]))
    }),
  },
  {
    name: 'a weight that is not int8',
    kernels: ['sgemm'],
    network: network(3, 5, (b) =>
      sign(
        b,
        'sign',
        weighted(b, 'conv', 11, 3, (i) => (i === 5 ? 128 : i % 5)),
      ),
    ),
  },
  {
    name: 'one reader of two that needs reals',
    kernels: ['sgemm'],
    network: network(3, 5, (b) => {
      const whole = thresholds(b, b.binaryConv('whole', 'input', 32, { kernel: 3 }))
      const real = sign(
        b,
        'real.sign',
        weighted(b, 'real', 32, 3, (i) => (i % 9) / 4 - 1),
      )
      return b.concat('both', [whole, real])
    }),
  },
]

describe.each(cases)('a first layer with $name', ({ kernels, network }) => {
  it(`uses ${kernels}`, () => {
    expect(products(network)).toEqual(kernels)
  })

  it('computes what evaluation does', () => {
    expect(runOn('cortex-a53', network, drawn(network, 2)).checked.deviation).toBe(0)
  })
})

it.each(['cnv-w1a1', 'cnv-cifar10', 'binarynet-cifar10', 'vgg-small'])('has sums of int8 in %s', (name) => {
  expect(products(loadNetwork(name))).toEqual(['igemm_narrow_i32'])
})
