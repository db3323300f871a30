// Binary convolutions without rows of a matrix, bconv-direct.s: bit for bit, as under qemu.

import seedrandom, { type PRNG } from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { directPanels } from '../../../../src/machines/arm/weights-direct.ts'
import { popcount32 } from '../../../../src/work/bits.ts'
import type { BinaryWeights } from '../../../../src/work/network.ts'
import { qemuAbsent } from '../../../isa/oracle/tools.ts'
import { type Call, differencesFromQemu, type Numbers, problems, readsBehind, type Word } from './call.ts'
import { type Shape, shape } from './convolution.ts'

const shapes: readonly Shape[] = [
  shape(1, 1, 1, 5, 1, 8), // 4 bytes
  shape(2, 1, 1, 3, 3, 16), // 8
  shape(3, 1, 2, 5, 1, 5), // 8 and 4
  shape(4, 1, 1, 4, 1, 24), // 16
  shape(8, 1, 1, 7, 1, 8), // 2 steps
  shape(16, 1, 1, 3, 3, 8), // 3 steps and 1
  shape(31, 1, 1, 2, 4, 8), // 6 steps and 1, 8 and 4 bytes
  shape(1, 3, 1, 5, 2, 16), // 8 and 4
  shape(2, 3, 1, 5, 4, 13), // 16 and 8
  shape(2, 3, 2, 3, 3, 8),
  shape(3, 3, 1, 5, 1, 8), // 2 steps and 4 bytes
  shape(4, 3, 1, 7, 7, 8), // 3 steps
  shape(8, 3, 1, 5, 1, 8),
  shape(8, 3, 2, 3, 1, 16),
  shape(10, 3, 1, 2, 3, 8), // 6 steps, 1 and 8 bytes
  shape(16, 3, 1, 3, 2, 8),
  shape(3, 5, 2, 1, 6, 8), // 3 steps, 8 and 4 bytes
  shape(1, 7, 1, 4, 2, 8), // 1 step, 8 and 4 bytes
  shape(1, 13, 3, 5, 1, 8),
  shape(128, 1, 1, 2, 3, 8),
]

const whole = (random: PRNG, from: number, to: number): number => from + Math.floor((to - from + 1) * random())
const reals = (random: PRNG, count: number): Float32Array =>
  Float32Array.from({ length: count }, () => 4 * random() - 2)
const bitsOf = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0]!

/** Bits at random, but in a tenth of the words all the same. */
const someWords = (random: PRNG, count: number): Uint32Array =>
  Uint32Array.from({ length: count }, () => (random() < 0.1 ? 0xffffffff : 2 ** 32 * random()))

function mismatches(input: Uint32Array, rowWords: number, weights: BinaryWeights, at: Shape) {
  const { words, kernel, stride } = at
  return (y: number, x: number, channel: number): number => {
    let count = 0
    for (let dy = 0; dy < kernel; dy++)
      for (let dx = 0; dx < kernel; dx++)
        for (let i = 0; i < words; i++) {
          const bits = input[(y * stride + dy) * rowWords + (x * stride + dx) * words + i]!
          const tap = (channel * kernel + dy) * kernel + dx
          count += popcount32(bits ^ (channel < weights.rows ? weights.words[tap * words + i]! : 0))
        }
    return count
  }
}

/** `inverse`: the weights are opposite to the first window, so that every count is as large as it can be there. */
function convolution(random: PRNG, at: Shape, inverse: boolean) {
  const { words, kernel, stride, width, height } = at
  const [taps, panels] = [kernel * kernel, Math.ceil(at.channels / 8)]
  const channels = 8 * panels
  const [rows, columns] = [(height - 1) * stride + kernel, (width - 1) * stride + kernel]
  const rowWords = columns * words + whole(random, 0, 3)
  const input = someWords(random, (rows - 1) * rowWords + columns * words)
  const filters = someWords(random, at.channels * taps * words)
  if (inverse)
    filters.forEach((_, i) => {
      const k = i % (taps * words)
      filters[i] = ~input[Math.floor(k / (kernel * words)) * rowWords + (k % (kernel * words))]!
    })
  const weights: BinaryWeights = { kind: 'binary', rows: at.channels, taps, channels: 32 * words, words: filters }
  const count = mismatches(input, rowWords, weights, at)
  const classCount = whole(random, 1, 9)
  const factor = whole(random, 1, 2)
  const baseBytes = 2 * channels + 16 * whole(random, 0, 2)
  const classes = Uint8Array.from({ length: width * height }, () => whole(random, 0, classCount - 1))
  const bases = Int16Array.from(
    { length: (classCount * baseBytes) / 2 },
    () => 16 * taps * words + whole(random, -9, 9),
  )
  const sums = Array.from(classes, (one, pixel) =>
    Array.from({ length: channels }, (_, c) => {
      return bases[(one * baseBytes) / 2 + c]! - factor * count(Math.floor(pixel / width), pixel % width, c)
    }),
  )
  const steps = [4 * rowWords, 4 * words, kernel, 4 * stride * words, 4 * stride * rowWords, width, height]
  const params: Word[] = [input, ...steps, directPanels(weights), panels, classes, bases, baseBytes, factor]
  return { sums, channels, panels, params }
}

/** `before` with the values of each pixel, `apart` values from one pixel to the next. */
function written<T extends Numbers>(before: T, apart: number, values: readonly ArrayLike<number>[]) {
  const after = before.slice() as T
  for (const [pixel, some] of values.entries()) after.set(some, pixel * apart)
  return { before, after }
}

function callsOf(random: PRNG, at: Shape): Call[] {
  const name = JSON.stringify(at)
  const make = (inverse: boolean) => convolution(random, at, inverse)
  const pixels = at.width * at.height
  return [
    ...[false, true].map((inverse) => i32Call(random, make(inverse), pixels, `i32 ${name} ${inverse}`)),
    ...[0, -Infinity].map((lower) => f32Call(random, make(false), pixels, lower, `f32 ${name} ${lower}`)),
    bitsCall(random, make(false), pixels, `bits ${name}`),
  ]
}

type Convolution = ReturnType<typeof convolution>

function i32Call(random: PRNG, { sums, channels, params }: Convolution, pixels: number, name: string): Call {
  const apart = channels + 4 * whole(random, 0, 2)
  const out = written(new Int32Array(pixels * apart).fill(-7), apart, sums)
  return { name, entry: 'bconv_direct_i32', words: [...params, out, 4 * apart, 0, 0, 0] }
}

function f32Call(random: PRNG, made: Convolution, pixels: number, lower: number, name: string): Call {
  const { sums, channels, params } = made
  const [scale, offset] = [reals(random, channels), reals(random, channels)]
  const apart = channels + 4 * whole(random, 0, 2)
  const values = sums.map((some) => some.map((sum, c) => Math.fround(Math.max(sum, lower) * scale[c]!) + offset[c]!))
  const out = written(new Float32Array(pixels * apart).fill(-7), apart, values)
  return { name, entry: 'bconv_direct_f32', words: [...params, out, 4 * apart, scale, offset, bitsOf(lower)] }
}

function bitsCall(random: PRNG, { sums, channels, panels, params }: Convolution, pixels: number, name: string): Call {
  const levels = Int16Array.from({ length: channels }, (_, c) => sums[0]![c]! + whole(random, -1, 1))
  const apart = panels + whole(random, 0, 3)
  const byte = (some: readonly number[], panel: number): number =>
    levels.subarray(8 * panel, 8 * panel + 8).reduce((bits, level, c) => {
      return bits | (Number(some[8 * panel + c]! > level) << c)
    }, 0)
  const values = sums.map((some) => Array.from({ length: panels }, (_, panel) => byte(some, panel)))
  const out = written(new Uint8Array(pixels * apart).fill(0xa5), apart, values)
  return { name, entry: 'bconv_direct_bits', words: [...params, out, apart, levels, 0, 0] }
}

describe('bconv-direct', () => {
  const random = seedrandom.alea('direct')
  const calls = shapes.flatMap((at) => callsOf(random, at))

  it('computes what the plain loops do, writes nothing else, and keeps registers', () => {
    expect(problems('bconv-direct', calls)).toEqual([])
  })

  it('reads nothing behind its inputs', () => {
    const some = calls.filter((call) => call.name.includes('"width":5')).filter((_, i) => i % 6 === 0)
    expect(some.length).toBeGreaterThan(0)
    expect(readsBehind('bconv-direct', some)).toEqual([])
  })

  it.skipIf(qemuAbsent())('leaves the same bytes under qemu', () => {
    expect(differencesFromQemu('bconv-direct', calls)).toEqual([])
  })
})
