// im2col-slices.s: 3x3 windows of images of every width of the last slice, byte by byte, and as under qemu.

import seedrandom, { type PRNG } from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { qemuAbsent } from '../../../isa/oracle/tools.ts'
import { type Call, differencesFromQemu, problems, readsBehind } from './call.ts'

interface Case {
  readonly pixelBytes: number
  readonly stride: number
  /** Output pixels of a row, and which of them the call is for. */
  readonly width: number
  readonly first: number
  readonly pixels: number
}

const cases: readonly Case[] = [
  { pixelBytes: 4, stride: 1, width: 1, first: 0, pixels: 1 },
  { pixelBytes: 20, stride: 1, width: 5, first: 3, pixels: 9 },
  { pixelBytes: 24, stride: 2, width: 3, first: 2, pixels: 5 },
  { pixelBytes: 28, stride: 1, width: 4, first: 4, pixels: 8 },
  { pixelBytes: 32, stride: 2, width: 4, first: 1, pixels: 6 },
  { pixelBytes: 64, stride: 1, width: 7, first: 5, pixels: 16 },
  ...[8, 12, 16, 36, 40, 44, 48].map((pixelBytes) => ({ pixelBytes, stride: 1, width: 2, first: 0, pixels: 4 })),
]

/** The bytes of a row in order, by definition. */
function rowOf(pixelBytes: number, pixelAt: (row: number, column: number) => Uint8Array): number[] {
  const bytes: number[] = []
  for (let from = 0; from < pixelBytes; from += 16) {
    for (let tap = 0; tap < 9; tap++) bytes.push(...pixelAt(Math.floor(tap / 3), tap % 3).subarray(from, from + 16))
    while (bytes.length % 16 !== 0) bytes.push(0)
  }
  return bytes
}

function callOf(random: PRNG, shape: Case): Call {
  const { pixelBytes, stride, width, first, pixels } = shape
  const [y0, x0] = [Math.floor(first / width), first % width]
  const height = Math.ceil((first + pixels) / width)
  const rowBytes = pixelBytes * (stride * (width - 1) + 3) + 4 * Math.floor(5 * random())
  const source = Uint8Array.from({ length: rowBytes * (stride * (height - 1) + 3) }, () => 256 * random())
  const rows = Array.from({ length: pixels }, (_, pixel) => {
    const [y, x] = [Math.floor((first + pixel) / width), (first + pixel) % width]
    return rowOf(pixelBytes, (row, column) => {
      const from = (y * stride + row) * rowBytes + (x * stride + column) * pixelBytes
      return source.subarray(from, from + pixelBytes)
    })
  })
  const apart = rows[0]!.length + 16 * Math.floor(2 * random())
  const before = new Uint8Array(apart * pixels).fill(0xa5)
  const after = before.slice()
  for (const [pixel, row] of rows.entries()) after.set(row, apart * pixel)
  const image = [{ of: source, byte: y0 * stride * rowBytes }, rowBytes, pixelBytes]
  const steps = [stride * pixelBytes, stride * rowBytes, width, x0, pixels]
  const words = [...image, ...steps, { before, after }, apart]
  return { name: JSON.stringify(shape), entry: 'im2col_slices', words }
}

describe('im2col_slices', () => {
  const random = seedrandom.alea('slices')
  const calls = cases.map((shape) => callOf(random, shape))

  it('copies the windows by slices, writes nothing else, and keeps registers', () => {
    expect(problems('im2col-slices', calls)).toEqual([])
  })

  it('reads nothing behind its inputs', () => {
    expect(readsBehind('im2col-slices', calls)).toEqual([])
  })

  it.skipIf(qemuAbsent())('leaves the same bytes under qemu', () => {
    expect(differencesFromQemu('im2col-slices', calls)).toEqual([])
  })
})
