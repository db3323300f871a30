// im2col.s: windows of images of every pixel size and stride, bit for bit, and as under qemu.

import seedrandom, { type PRNG } from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { qemuAbsent } from '../../../isa/oracle/tools.ts'
import { type Call, differencesFromQemu, problems, readsBehind } from './call.ts'

interface Case {
  readonly pixelBytes: number
  readonly kernel: number
  readonly stride: number
  /** Output pixels of a row, and which of them the call is for. */
  readonly width: number
  readonly first: number
  readonly pixels: number
  readonly tailBytes: number
}

const one: Case = { pixelBytes: 4, kernel: 1, stride: 1, width: 1, first: 0, pixels: 1, tailBytes: 12 }
const cases: readonly Case[] = [
  one,
  { ...one, width: 5, first: 3, pixels: 9, tailBytes: 0 },
  { ...one, pixelBytes: 8, kernel: 3, width: 4, first: 4, pixels: 8, tailBytes: 8 },
  { ...one, pixelBytes: 12, kernel: 3, stride: 2, width: 3, first: 2, pixels: 5, tailBytes: 4 },
  { ...one, pixelBytes: 16, kernel: 3, width: 7, first: 5, pixels: 16, tailBytes: 0 },
  { ...one, pixelBytes: 28, kernel: 2, stride: 2, width: 6, first: 1, pixels: 4, tailBytes: 16 },
  { ...one, pixelBytes: 64, kernel: 3, width: 4, first: 0, pixels: 8, tailBytes: 0 },
  { ...one, pixelBytes: 36, kernel: 5, stride: 3, width: 2, first: 1, pixels: 3, tailBytes: 60 },
  ...[20, 24, 32, 40, 44, 48, 52, 56, 60].map((pixelBytes) => ({ ...one, pixelBytes, width: 2, pixels: 4 })),
]

function callOf(random: PRNG, shape: Case): Call {
  const { pixelBytes, kernel, stride, width, first, pixels, tailBytes } = shape
  const [y0, x0] = [Math.floor(first / width), first % width]
  const height = Math.ceil((first + pixels) / width)
  const rowBytes = pixelBytes * (stride * (width - 1) + kernel) + 4 * Math.floor(5 * random())
  const source = Uint8Array.from({ length: rowBytes * (stride * (height - 1) + kernel) }, () => 256 * random())
  const windowRowBytes = pixelBytes * kernel
  const apart = 16 * Math.ceil((windowRowBytes * kernel + tailBytes) / 16) + 16 * Math.floor(2 * random())
  const before = new Uint8Array(apart * pixels).fill(0xa5)
  const after = before.slice()
  for (let pixel = 0; pixel < pixels; pixel++) {
    const [y, x] = [Math.floor((first + pixel) / width), (first + pixel) % width]
    for (let row = 0; row < kernel; row++) {
      const from = (y * stride + row) * rowBytes + x * stride * pixelBytes
      after.set(source.subarray(from, from + windowRowBytes), apart * pixel + windowRowBytes * row)
    }
    const end = apart * pixel + windowRowBytes * kernel
    after.fill(0, end, end + tailBytes)
  }
  return {
    name: JSON.stringify(shape),
    entry: 'im2col',
    words: [
      { of: source, byte: y0 * stride * rowBytes },
      rowBytes,
      windowRowBytes,
      kernel,
      stride * pixelBytes,
      stride * rowBytes,
      width,
      x0,
      pixels,
      { before, after },
      apart,
      tailBytes,
    ],
  }
}

describe('im2col', () => {
  const random = seedrandom.alea('windows')
  const calls = cases.map((shape) => callOf(random, shape))

  it('copies the windows, writes nothing else, and keeps registers', () => {
    expect(problems('im2col', calls)).toEqual([])
  })

  it('reads nothing behind its inputs', () => {
    expect(readsBehind('im2col', calls)).toEqual([])
  })

  it.skipIf(qemuAbsent())('leaves the same bytes under qemu', () => {
    expect(differencesFromQemu('im2col', calls)).toEqual([])
  })
})
