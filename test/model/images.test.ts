import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readPictures } from '../../src/model/images.ts'
import { absent, sharedData } from './shared-data.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'bnnsim-images-'))
afterAll(() => rmSync(folder, { recursive: true }))

function written(name: string, ...parts: readonly (string | readonly number[] | Uint8Array)[]): string {
  const file = path.join(folder, name)
  writeFileSync(file, Buffer.concat(parts.map((part) => Buffer.from(part as string))))
  return file
}

const ramp = (count: number, from = 0) => Array.from({ length: count }, (_, i) => (from + i) % 256)

describe('CIFAR-10 binary', () => {
  it('gives labels and planes', () => {
    const set = readPictures(written('two.bin', [3], ramp(3072), [9], ramp(3072, 7)))
    expect(set.shape).toEqual({ channels: 3, height: 32, width: 32 })
    expect(set.pictures.map(({ label }) => label)).toEqual([3, 9])
    expect([...set.pictures[1]!.pixels]).toEqual(ramp(3072, 7))
  })

  it('is recognised even where it begins like IDX', () => {
    const set = readPictures(written('like-idx.bin', [0, 0, 8, 3], new Uint8Array(3069)))
    expect(set.pictures[0]).toMatchObject({ label: 0 })
    expect([...set.pictures[0]!.pixels.subarray(0, 3)]).toEqual([0, 8, 3])
  })

  it.skipIf(absent('images/cifar10_test_0000_0999.bin'))('reads the official test images', () => {
    const { pictures } = readPictures(sharedData('images/cifar10_test_0000_0999.bin'))
    expect(pictures).toHaveLength(1000)
    expect(pictures.slice(0, 4).map(({ label }) => label)).toEqual([3, 8, 8, 0])
  })
})

const idx3 = (count: number, height: number, width: number) => [
  ...[0, 0, 8, 3, 0, 0, 0, count],
  ...[0, 0, 0, height, 0, 0, 0, width],
]

describe('IDX', () => {
  it('gives pictures without labels', () => {
    const set = readPictures(written('digits.idx', idx3(2, 2, 3), ramp(12)))
    expect(set.shape).toEqual({ channels: 1, height: 2, width: 3 })
    expect(set.pictures.map(({ pixels, label }) => [[...pixels], label])).toEqual([
      [ramp(6), null],
      [ramp(6, 6), null],
    ])
  })

  it('finds labels beside the pictures by their name', () => {
    const file = written('a-images.idx3-ubyte', idx3(2, 1, 1), [5, 6])
    written('a-labels.idx1-ubyte', [0, 0, 8, 1, 0, 0, 0, 2, 7, 1])
    expect(readPictures(file).pictures.map(({ label }) => label)).toEqual([7, 1])
    written('a-labels.idx1-ubyte', [0, 0, 8, 1, 0, 0, 0, 1, 7])
    expect(() => readPictures(file)).toThrow(/a-labels\.idx1-ubyte: expected 2 labels, one for each picture, got 1/)
  })

  it.each([
    ['short', [...idx3(2, 2, 3), ...ramp(11)], /expected 28 bytes for 2 x 2 x 3 values, got 27/],
    ['labels', [0, 0, 8, 1, 0, 0, 0, 1, 7], /expected 3 dimensions for pictures, the IDX header has 1/],
    ['cut', [0, 0, 8, 3, 0, 0], /the IDX header is cut off/],
    ['empty', idx3(3, 0, 2), /expected pictures of at least 1x1 pixels, got 0x2/],
    ['huge', [0, 0, 8, 3, ...new Array(12).fill(255), 1], /got 17/],
  ])('refuses %s files', (name, bytes, expected) => {
    expect(() => readPictures(written(`${name}.idx`, bytes))).toThrow(expected)
  })

  it.skipIf(absent('images/mnist_t10k_0000_0999-images.idx3-ubyte'))('reads the official test images', () => {
    const { shape, pictures } = readPictures(sharedData('images/mnist_t10k_0000_0999-images.idx3-ubyte'))
    expect(shape).toEqual({ channels: 1, height: 28, width: 28 })
    expect(pictures.slice(0, 4).map(({ label }) => label)).toEqual([7, 2, 1, 0])
  })
})

describe('PPM and PGM', () => {
  it('become planes', () => {
    const set = readPictures(written('a.ppm', 'P6 # made\n# by hand\n2 1\n255\n', [1, 2, 3, 4, 5, 6]))
    expect(set.shape).toEqual({ channels: 3, height: 1, width: 2 })
    expect([...set.pictures[0]!.pixels]).toEqual([1, 4, 2, 5, 3, 6])
    expect(readPictures(written('a.pgm', 'P5\n1 2\n255\n', [10, 32])).pictures).toEqual([
      { pixels: Uint8Array.from([10, 32]), label: null },
    ])
  })

  it.each([
    ['P6\n2 1\n', 'expected a PPM or PGM header'],
    ['P6\n2 1\n65535\n', 'maxval: expected samples of 0 to 255, the header says 65535'],
    ['P6\n2 1\n255\nabc', 'expected 2 x 1 x 3 = 6 samples after the header, got 3'],
    ['P5\n0 0\n255\n', 'expected 0 x 0 x 1 = 0 samples'],
    ['P6\n999999 999999\n255\n1', 'samples after the header, got 1'],
  ])('refuses %j', (text, expected) => {
    expect(() => readPictures(written('bad.ppm', text))).toThrow(expected)
  })
})

it('refuses what is no picture, with what was expected', () => {
  expect(() => readPictures(written('note.txt', 'hello'))).toThrow(
    /note\.txt: expected pictures: CIFAR-10 binary .*got 5 bytes of something else$/,
  )
  expect(() => readPictures(written('none.bin'))).toThrow(/got 0 bytes/)
  expect(() => readPictures(path.join(folder, 'absent.bin'))).toThrow(/absent\.bin: no such file/)
  expect(() => readPictures(folder)).toThrow(/is a folder; expected a file/)
})
