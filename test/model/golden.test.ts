// Trained networks against tensors and scores made by an independent implementation.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { evaluateImages } from '../../src/model/eval.ts'
import { shippedFile } from '../../src/model/files.ts'
import { readPictures } from '../../src/model/images.ts'
import { importNetwork, loadNetwork } from '../../src/model/load.ts'
import { bitTensorToChannels } from '../../src/work/bits.ts'
import { encode, golden } from '../../src/work/evaluate.ts'
import type { Network } from '../../src/work/network.ts'
import type { Tensor } from '../../src/work/tensor.ts'
import { absent, sharedData } from './shared-data.ts'

interface Item {
  readonly image: number
  readonly layer: number
  readonly kind: 'pre' | 'bits' | 'pooled'
  readonly name: string
  readonly shape: readonly number[]
  readonly offset: number
  readonly bytes: number
}

interface GoldenFile {
  readonly images_file: string
  readonly images: readonly number[]
  readonly argmax: readonly number[]
  readonly highest_bit: readonly number[] | null
  readonly scores: readonly (readonly number[])[]
  readonly items: readonly Item[]
}

const json = (name: string) => JSON.parse(readFileSync(sharedData(name), 'utf8')) as GoldenFile

/** Values in the order [channel][y][x]. */
function channelOrder(tensor: Tensor): number[] {
  if (tensor.kind === 'bits') throw new Error('expected numbers')
  const { channels, height, width } = tensor.shape
  return Array.from(
    { length: tensor.data.length },
    (_, i) => tensor.data[(i % (height * width)) * channels + Math.floor(i / (height * width))]!,
  )
}

function int16(bytes: Buffer, offset: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => bytes.readInt16LE(offset + 2 * i))
}

function kept(network: Network, file: string, images: readonly number[]) {
  const { pictures } = readPictures(sharedData(file))
  return images.map((i) => golden(network, encode(network, pictures[i]!.pixels), true))
}

const suffix = { pre: '', bits: '.bits', pooled: '.pool' } as const

describe.each(['cnv_w1a1_cifar10', 'cnv_w1a1_roadsigns', 'cnv_w1a1_streetview', 'lfc_w1a1_mnist', 'tfc_1w1a_mnist'])(
  '%s',
  (name) => {
    it.skipIf(absent(`weights/${name}.json`, `golden/${name}.json`))('gives every golden tensor bit for bit', () => {
      const network = importNetwork(sharedData(`weights/${name}.json`))
      const layers = network.nodes.filter(({ op }) => op.kind === 'mac')
      const file = json(`golden/${name}.json`)
      const bytes = readFileSync(sharedData(`golden/${name}.bin`))
      const results = kept(network, file.images_file, file.images)
      expect(results.map(({ scores }) => scores)).toEqual(file.scores)
      expect(results.map((result) => result.class)).toEqual(file.highest_bit ?? file.argmax)
      for (const { image, layer, kind, offset, bytes: length } of file.items) {
        const node = `${layers[layer]!.name}${suffix[kind]}`
        const tensor = results[file.images.indexOf(image)]!.tensors.get(node)!
        const context = `image ${image} node ${node}`
        if (tensor.kind === 'bits') {
          const expected = bytes.subarray(offset, offset + length)
          expect(expected.equals(bitTensorToChannels(tensor)), context).toBe(true)
        } else expect(channelOrder(tensor), context).toEqual(int16(bytes, offset, length / 2))
      }
      expect(file.items.length).toBeGreaterThanOrEqual(2 * layers.length - 1)
    })
  },
)

describe('fracbnn_cifar10', () => {
  const files = ['weights/fracbnn_cifar10.json', 'golden/fracbnn_cifar10.json']
  it.skipIf(absent(...files))('gives every golden quantised input, gated sum and logit', () => {
    const network = importNetwork(sharedData(files[0]!))
    const file = json(files[1]!)
    const bytes = readFileSync(sharedData('golden/fracbnn_cifar10.bin'))
    const results = kept(network, `images/${file.images_file}`, file.images)
    const items = new Map(file.items.map((item) => [item.name, item]))
    /** Values of one image of an item of `width` bytes each. */
    const values = (name: string, image: number, read: (at: number) => number, width: number) => {
      const { offset, shape } = items.get(name)!
      const count = shape.slice(1).reduce((a, b) => a * b, 1)
      return Array.from({ length: count }, (_, i) => read(offset + (image * count + i) * width))
    }
    results.forEach(({ tensors, class: best, scores }, image) => {
      expect(best).toBe(file.argmax[image])
      const logits = values('logits', image, (at) => bytes.readFloatLE(at), 4)
      logits.forEach((logit, i) => {
        expect(scores[i]).toBeCloseTo(logit, 4)
      })
      const convs = network.nodes.filter(({ op }) => op.kind === 'gated-mac')
      for (const { name, inputs } of convs) {
        const item = name.replace('.', '_')
        const quantised = values(`${item}__in`, image, (at) => bytes.readInt8(at), 1)
        expect(channelOrder(tensors.get(inputs[0]!)!), `image ${image} ${name}`).toEqual(quantised)
        const msb = values(`${item}__msb`, image, (at) => bytes.readInt16LE(at), 2)
        const full = values(`${item}__full`, image, (at) => bytes.readInt16LE(at), 2)
        const { offset } = items.get(`${item}__gate`)!
        const from = offset + image * Math.ceil(full.length / 8)
        const gate = (i: number) => (bytes[from + (i >> 3)]! >> (i & 7)) & 1
        const expected = full.map((sum, i) => Math.fround(gate(i) ? sum / 3 : (msb[i]! * 2) / 3))
        expect(channelOrder(tensors.get(name)!), `image ${image} ${name}`).toEqual(expected)
      }
    })
  })
})

interface Row {
  readonly class: number
  readonly scores: readonly number[]
}

function predictions(name: string, scoresFrom: number, classAt: number): Row[] {
  const lines = readFileSync(sharedData(name), 'utf8').trim().split('\n').slice(1)
  return lines.map((line) => {
    const cells = line.split(',').map(Number)
    return { class: cells[classAt]!, scores: cells.slice(scoresFrom) }
  })
}

const cifar = 'images/cifar10_test_0000_0999.bin'
const mnist = 'images/mnist_t10k_0000_0999-images.idx3-ubyte'
const runs = [
  ['weights/cnv_w1a1_cifar10.json', cifar, 'predictions/cnv_w1a1_cifar10__test_0000_0199.csv', 3, 2, 200, 0],
  ['own/cnv_bnnsim_cifar10.json', cifar, 'own/cnv_bnnsim_cifar10__test_0000_0199.csv', 3, 2, 200, 0],
  ['weights/lfc_w1a1_mnist.json', mnist, 'predictions/lfc_w1a1_mnist__t10k_0000_0199.csv', 4, 3, 200, 0],
  ['weights/tfc_1w1a_mnist.json', mnist, 'predictions/tfc_1w1a_mnist__t10k_0000_0199.csv', 3, 2, 200, 0],
  ['weights/fracbnn_cifar10.json', cifar, 'predictions/fracbnn_cifar10__test_0000_0199.csv', 3, 2, 200, 1e-4],
] as const

describe('predictions', () => {
  for (const [weights, images, csv, scoresFrom, classAt, limit, tolerance] of runs) {
    it.skipIf(absent(weights, images, csv))(`of ${weights} agree on ${limit} images`, async () => {
      const network = importNetwork(sharedData(weights))
      const result = await evaluateImages(network, readPictures(sharedData(images)), { limit })
      const expected = predictions(csv, scoresFrom, classAt)
      expect(result.predictions).toHaveLength(limit)
      for (const { index, class: best, scores } of result.predictions) {
        expect(best, `image ${index}`).toBe(expected[index]!.class)
        const worst = Math.max(...scores.map((score, i) => Math.abs(score - expected[index]!.scores[i]!)))
        expect(worst, `image ${index}`).toBeLessThanOrEqual(tolerance)
      }
    })
  }

  it.skipIf(absent('own/cnv_bnnsim_cifar10.json', cifar))(
    'of the shipped cnv-cifar10 are those of its origin',
    async (test) => {
      const md5 = (file: string) => /"bin_md5": "(.*)"/.exec(readFileSync(file, 'utf8'))?.[1]
      const origin = sharedData('own/cnv_bnnsim_cifar10.json')
      if (md5(origin) !== md5(shippedFile('cnv-cifar10.json'))) {
        test.skip('../shared/data/own holds another version of the network than models/')
      }
      const set = readPictures(sharedData(cifar))
      const scores = async (network: Network) => (await evaluateImages(network, set, { limit: 10 })).predictions
      expect(await scores(loadNetwork('cnv-cifar10'))).toEqual(await scores(importNetwork(origin)))
    },
  )
})
