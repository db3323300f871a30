import { describe, expect, it } from 'vitest'
import { drawnPictures } from '../../src/model/drawn.ts'
import { network, networkNames } from '../../src/model/load.ts'
import { topologies } from '../../src/model/networks/index.ts'
import { popcount32 } from '../../src/work/bits.ts'
import { encode, golden } from '../../src/work/evaluate.ts'
import { layerCounts, workload } from '../../src/work/lower.ts'
import type { Network } from '../../src/work/network.ts'
import { elements } from '../../src/work/tensor.ts'

const total = (one: Network, key: 'binaryMacs' | 'integerMacs' | 'realMacs' | 'weightBits') =>
  workload(one).layers.reduce((sum, layer) => sum + layerCounts(layer)[key], 0)

/** Multiply-accumulates per image, as published or derived from the published layer tables: binary, and all others. */
const published = [
  ['reactnet-a', '4.817e+9', '1.19e+7'],
  ['reactnet-a-nf', '4.817e+9', '1.19e+7'],
  ['bireal-18', '1.676e+9', '1.378e+8'],
  ['reactnet-18', '1.676e+9', '1.378e+8'],
  ['reactnet-18-binary-shortcut', '1.696e+9', '1.185e+8'],
  ['reactnet-18-nf', '1.696e+9', '1.185e+8'],
  ['quicknet-small', '1.156e+9', '1.59e+7'],
  ['quicknet', '1.850e+9', '2.97e+7'],
  ['quicknet-large', '3.699e+9', '2.97e+7'],
  ['binarynet-cifar10', '6.134e+8', '3.54e+6'],
  ['vgg-small', '6.041e+8', '3.54e+6'],
  ['cnv-w1a1', '5.79e+7', '1.56e+6'],
  ['lfc-w1a1', '2.91e+6', '0'],
  ['tfc-w1a1', '5.9e+4', '0'],
] as const

const digits = (text: string) => text.split('e')[0]!.replace('.', '').length - 1

describe('multiply-accumulates', () => {
  it.each(published)('of %s are %s binary and %s others', (name, binary, others) => {
    const one = network(name)
    expect(total(one, 'binaryMacs').toExponential(digits(binary))).toBe(binary)
    const rest = total(one, 'integerMacs') + total(one, 'realMacs')
    expect(rest === 0 ? '0' : rest.toExponential(digits(others))).toBe(others)
  })

  it('of fracbnn-resnet20 count its 281,088 weights', () => {
    expect(total(network('fracbnn-resnet20'), 'weightBits') - 64 * 10 * 32).toBe(281_088)
  })
})

it("reactnet-a has the layer table's 3x3 and 1x1 kernel bits", () => {
  const bits = (kernel: number) =>
    workload(network('reactnet-a'))
      .layers.filter(({ weights, shape }) => weights.weights.kind === 'binary' && shape.kernel === kernel)
      .reduce((sum, layer) => sum + layerCounts(layer).weightBits, 0)
  expect(bits(3)).toBe(25_113_600)
  expect(bits(1)).toBe(3_139_584)
})

it('lists every topology and the trained network', () => {
  expect(networkNames).toEqual(['cnv-cifar10', ...topologies.keys()])
})

/** Every number of a network's nodes, in order. */
const numbers = (one: Network) =>
  one.nodes.flatMap(({ op }) =>
    Object.values(op).flatMap((value: unknown) => {
      const held = typeof value === 'object' && value !== null && 'kind' in value ? Object.values(value) : [value]
      return held.filter((array) => ArrayBuffer.isView(array)).map((array) => Array.from(array as Uint32Array))
    }),
  )

it.each(['cnv-w1a1', 'fracbnn-resnet20', 'lfc-w1a1'])('%s depends on the seed and on nothing else', (name) => {
  expect(numbers(network(name, 7))).toEqual(numbers(network(name, 7)))
  expect(numbers(network(name, 7))).not.toEqual(numbers(network(name, 8)))
})

it('names nodes after their layers', () => {
  expect(network('cnv-w1a1').nodes.map(({ name }) => name)).toEqual([
    ...['conv0', 'conv0.bits', 'conv1', 'conv1.bits', 'conv1.pool', 'conv2', 'conv2.bits'],
    ...['conv3', 'conv3.bits', 'conv3.pool', 'conv4', 'conv4.bits', 'conv5', 'conv5.bits'],
    ...['fc6', 'fc6.bits', 'fc7', 'fc7.bits', 'fc8'],
  ])
})

describe.each([...topologies.keys()])('%s with seeded weights', (name) => {
  const one = network(name)
  const { pixels } = drawnPictures(one.picture, 1).pictures[0]!
  const result = golden(one, encode(one, pixels), true)

  it('has one finite score for each class, and they differ', () => {
    expect(result.scores).toHaveLength(one.classes.length)
    expect(result.scores.every(Number.isFinite)).toBe(true)
    expect(new Set(result.scores).size).toBeGreaterThan(1)
    expect(result.class).toBeLessThan(one.classes.length)
  })

  it('keeps its bits balanced and its reals in range', () => {
    for (const [node, tensor] of result.tensors) {
      if (tensor.kind === 'bits' && node !== 'input' && elements(tensor.shape) >= 64) {
        const ones = tensor.words.reduce((sum, word) => sum + popcount32(word), 0) / elements(tensor.shape)
        expect(ones, node).toBeGreaterThan(0.2)
        expect(ones, node).toBeLessThan(0.8)
      }
      if (node.endsWith('add') && tensor.kind === 'real') {
        const power = tensor.data.reduce((sum, x) => sum + x * x, 0) / tensor.data.length
        expect(Math.sqrt(power), node).toBeGreaterThan(0.1)
        expect(Math.sqrt(power), node).toBeLessThan(10)
      }
    }
  })
})

describe('normaliser-free networks', () => {
  /** Residual sums in the values before each mask, from its factor: 1 / sqrt(1 + sums / 16). */
  const sums = (name: string, stages: RegExp) =>
    network(name).nodes.flatMap(({ name, op }) => {
      if (op.kind !== 'affine' || !stages.test(name)) return []
      expect(new Set(op.scale).size, name).toBe(1)
      return Number((16 * (op.scale[0]! ** -2 - 1)).toFixed(3))
    })

  it('mask by the variance expected after the residual sums since the last down-sampling', () => {
    expect(sums('reactnet-18-nf', /^stage[12].*mask/)).toEqual([0, 1, 2, 3, 4, 1, 2, 3])
    expect(sums('reactnet-a-nf', /mask/)).toEqual([
      ...[0, 1, 2, 3], // block 1 down-samples
      ...[0, 1, 2, 3],
      ...[0, 1, 2, 3],
      ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
      ...[0, 1],
    ])
  })

  it.each(['reactnet-18-nf', 'reactnet-a-nf'])('%s scales by positive factors and adds nothing', (name) => {
    const factors = network(name).nodes.flatMap(({ op }) => (op.kind === 'affine' ? [op] : []))
    expect(factors.every(({ scale, offset }) => scale.every((s) => s > 0) && offset.every((o) => o === 0))).toBe(true)
  })

  it.each([
    ['reactnet-18-nf', 'reactnet-18-binary-shortcut'],
    ['reactnet-a-nf', 'reactnet-a'],
  ])('%s has the layers of %s', (name, normalised) => {
    const layers = (one: Network) => workload(one).layers.map(({ name, input, shape }) => ({ name, input, shape }))
    const unread = (one: Network) =>
      layers(one).map(({ input, ...rest }) => ({ ...rest, input: input.split('.').at(-1) }))
    expect(unread(network(name))).toEqual(unread(network(normalised)))
  })
})
