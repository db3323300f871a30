import { describe, expect, it } from 'vitest'
import { drawnPictures } from '../../src/model/drawn.ts'
import { evaluateImages } from '../../src/model/eval.ts'
import { importNetwork, loadNetwork } from '../../src/model/load.ts'
import { loadPictures } from '../../src/model/pictures.ts'
import { elements } from '../../src/work/tensor.ts'
import { absent, sharedData } from './shared-data.ts'

const cifar = { channels: 3, height: 32, width: 32 }
const mnist = { channels: 1, height: 28, width: 28 }

describe.each([cifar, mnist, { channels: 3, height: 224, width: 224 }])('pictures drawn at %o', (shape) => {
  const set = drawnPictures(shape, 3, 'test')
  it('fill their shape and depend on seed and position only', () => {
    expect(set.shape).toEqual(shape)
    const first = (seed: string) => Buffer.from(drawnPictures(shape, 1, seed).pictures[0]!.pixels)
    expect(first('test').equals(set.pictures[0]!.pixels)).toBe(true)
    expect(first('other').equals(set.pictures[0]!.pixels)).toBe(false)
    for (const { pixels } of set.pictures) {
      expect(pixels).toHaveLength(elements(shape))
      const [least, most] = [pixels.reduce((a, b) => Math.min(a, b)), pixels.reduce((a, b) => Math.max(a, b))]
      expect(most - least).toBeGreaterThan(150)
    }
  })
})

it('labels digits always and scenes at the size of CIFAR-10', () => {
  expect(drawnPictures(mnist, 12).pictures.map(({ label }) => label)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1])
  expect(drawnPictures(cifar, 4).pictures.map(({ label }) => label)).toEqual([8, 6, 1, 8])
  expect(drawnPictures({ ...cifar, width: 40 }, 1).pictures[0]!.label).toBeNull()
  expect(() => drawnPictures({ ...cifar, channels: 2 }, 1)).toThrow(/drawn with 1 or 3 channels, not 2/)
})

it('the shipped network recognises drawn ships and cars', async () => {
  const { predictions } = await evaluateImages(loadNetwork('cnv-cifar10'), drawnPictures(cifar, 12))
  const known = predictions.filter(({ label }) => label === 8 || label === 1)
  expect(known.filter((one) => one.class === one.label).length).toBeGreaterThanOrEqual(6)
})

it.skipIf(absent('weights/cnv_w1a1_cifar10.json'))('a well trained network recognises every drawn scene', async () => {
  const network = importNetwork(sharedData('weights/cnv_w1a1_cifar10.json'))
  expect((await evaluateImages(network, drawnPictures(cifar, 12))).accuracy).toBe(1)
})

it.skipIf(absent('weights/lfc_w1a1_mnist.json'))('a well trained network reads every drawn digit', async () => {
  const network = importNetwork(sharedData('weights/lfc_w1a1_mnist.json'))
  expect((await evaluateImages(network, drawnPictures(mnist, 20))).accuracy).toBe(1)
})

it('loadPictures draws or reads', () => {
  expect(loadPictures('drawn', mnist, { count: 2, seed: 5 })).toEqual(drawnPictures(mnist, 2, 5))
  expect(loadPictures('drawn', cifar).pictures).toHaveLength(12)
  expect(() => loadPictures('absent.bin', cifar)).toThrow('absent.bin: no such file')
})

describe('evaluateImages', () => {
  const network = loadNetwork('cnv-cifar10')
  const set = drawnPictures(cifar, 4)

  it('stops at the limit, reports progress and counts correct classes', async () => {
    const seen: [number, number][] = []
    const result = await evaluateImages(network, set, {
      limit: 2,
      onProgress: (done, total) => seen.push([done, total]),
    })
    const labels = result.predictions.map(({ label }) => label)
    expect(seen).toEqual([
      [1, 2],
      [2, 2],
    ])
    expect(labels).toEqual([8, 6])
    const correct = result.predictions.filter((one) => one.class === one.label).length
    expect(result).toMatchObject({ images: 2, correct, accuracy: correct / 2 })
    expect(result.imagesPerSecond).toBeGreaterThan(0)
  })

  it('has no accuracy without labels', async () => {
    const pictures = set.pictures.map(({ pixels }) => ({ pixels, label: null }))
    expect(await evaluateImages(network, { ...set, pictures })).toMatchObject({
      correct: null,
      accuracy: null,
      images: 4,
    })
  })

  it('keeps what is finished when it is stopped', async () => {
    let asked = 0
    const result = await evaluateImages(network, set, { stopped: () => ++asked > 3 })
    expect(result.images).toBe(3)
    expect(result.predictions.map(({ index }) => index)).toEqual([0, 1, 2])
  })

  it('refuses other shapes and labels without a class', async () => {
    await expect(evaluateImages(network, drawnPictures(mnist, 1))).rejects.toThrow(
      'images: cnv-cifar10 takes pictures of 3 x 32 x 32, got 1 x 28 x 28',
    )
    const pictures = set.pictures.map(({ pixels }) => ({ pixels, label: 10 }))
    await expect(evaluateImages(network, { ...set, pictures })).rejects.toThrow(
      'expected labels below 10, picture 0 has 10',
    )
  })
})
