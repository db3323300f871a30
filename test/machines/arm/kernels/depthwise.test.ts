// depthwise.s: up to rounding, and as under qemu.

import seedrandom, { type PRNG } from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { qemuAbsent } from '../../../isa/oracle/tools.ts'
import { type Call, differencesFromQemu, problems, readsBehind } from './call.ts'

interface Case {
  readonly kernel: number
  readonly stride: number
  readonly groups: number
  readonly width: number
  readonly height: number
}

const cases: readonly Case[] = [
  { kernel: 1, stride: 1, groups: 1, width: 1, height: 1 },
  { kernel: 3, stride: 1, groups: 2, width: 4, height: 3 },
  { kernel: 3, stride: 2, groups: 3, width: 7, height: 2 },
  { kernel: 2, stride: 2, groups: 4, width: 3, height: 4 },
  { kernel: 5, stride: 1, groups: 1, width: 9, height: 1 },
]

const reals = (random: PRNG, count: number): Float32Array =>
  Float32Array.from({ length: count }, () => 4 * random() - 2)

function callOf(random: PRNG, shape: Case): Call {
  const { kernel, stride, groups, width, height } = shape
  const channels = 4 * groups
  const rowFloats = channels * (stride * (width - 1) + kernel) + 4 * Math.floor(3 * random())
  const source = reals(random, rowFloats * (stride * (height - 1) + kernel))
  const weights = reals(random, kernel * kernel * channels)
  const [scale, offset] = [reals(random, channels), reals(random, channels)]
  const lower = random() < 0.5 ? 0 : -Infinity
  const apart = channels * width + 4 * Math.floor(3 * random())
  const before = new Float32Array(apart * height).fill(-7)
  const after = before.slice()
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++) {
        let sum = 0
        for (let row = 0; row < kernel; row++)
          for (let column = 0; column < kernel; column++)
            sum +=
              source[(y * stride + row) * rowFloats + (x * stride + column) * channels + c]! *
              weights[(row * kernel + column) * channels + c]!
        after[y * apart + x * channels + c] = Math.max(sum * scale[c]! + offset[c]!, lower)
      }
  return {
    name: `${JSON.stringify(shape)} ${lower}`,
    entry: 'depthwise_f32',
    words: [
      source,
      4 * rowFloats,
      4 * stride * channels,
      4 * stride * rowFloats,
      kernel,
      groups,
      width,
      height,
      weights,
      scale,
      offset,
      new Uint32Array(Float32Array.of(lower).buffer)[0]!,
      { before, after, tolerance: 1e-5 },
      4 * apart,
    ],
  }
}

describe('depthwise', () => {
  const random = seedrandom.alea('depthwise')
  const calls = cases.map((shape) => callOf(random, shape))

  it('computes what the plain loops do, writes nothing else, and keeps registers', () => {
    expect(problems('depthwise', calls)).toEqual([])
  })

  it('reads nothing behind its inputs', () => {
    expect(readsBehind('depthwise', calls)).toEqual([])
  })

  it.skipIf(qemuAbsent())('leaves the same bytes under qemu', () => {
    expect(differencesFromQemu('depthwise', calls)).toEqual([])
  })
})
