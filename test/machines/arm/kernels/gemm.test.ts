// Matrix products: bgemm-lce.s bit for bit, sgemm.s up to rounding, both as under qemu.

import seedrandom, { type PRNG } from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { qemuAbsent } from '../../../isa/oracle/tools.ts'
import { type Call, differencesFromQemu, type Numbers, problems, readsBehind } from './call.ts'

const noQemu = qemuAbsent()

interface Shape {
  readonly pixels: number
  /** Bytes of a row, and those between rows. */
  readonly depth: number
  readonly gap: number
  readonly panels: number
}

const shapes: readonly Shape[] = [
  { pixels: 1, depth: 16, gap: 0, panels: 1 },
  { pixels: 3, depth: 32, gap: 16, panels: 2 },
  { pixels: 4, depth: 16, gap: 0, panels: 3 },
  { pixels: 5, depth: 48, gap: 32, panels: 2 },
  { pixels: 8, depth: 16, gap: 16, panels: 1 },
  { pixels: 11, depth: 144, gap: 0, panels: 5 },
  { pixels: 6, depth: 1152, gap: 48, panels: 1 },
]

const whole = (random: PRNG, from: number, to: number): number => from + Math.floor((to - from + 1) * random())
const bytes = (random: PRNG, count: number): Uint8Array => Uint8Array.from({ length: count }, () => 256 * random())
const reals = (random: PRNG, count: number): Float32Array =>
  Float32Array.from({ length: count }, () => 4 * random() - 2)
const bitsOf = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0]!

const popcounts = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length)

/** Element (row, panel, c) of weights that are packed in panels of 8 channels, `wide` elements of a channel at a time. */
const packedAt = (length: number, wide: number, channel: number, k: number): number =>
  (channel >> 3) * 8 * length + Math.floor(k / wide) * 8 * wide + (channel & 7) * wide + (k % wide)

/** Operands of a binary product, and its sums by pixel and channel. */
function binary(random: PRNG, { pixels, depth, gap, panels }: Shape) {
  const channels = 8 * panels
  const classCount = whole(random, 1, 9)
  const factor = whole(random, 1, 2)
  const rowBytes = depth + gap
  const baseBytes = 2 * channels + 16 * whole(random, 0, 2)
  const rows = bytes(random, pixels * rowBytes)
  const weights = bytes(random, channels * depth)
  const classes = Uint8Array.from({ length: pixels }, () => whole(random, 0, classCount - 1))
  const bases = Int16Array.from(
    { length: (classCount * baseBytes) / 2 },
    () => 4 * depth * factor + whole(random, -99, 99),
  )
  const sum = (pixel: number, channel: number): number => {
    let mismatches = 0
    for (let k = 0; k < depth; k++)
      mismatches += popcounts[rows[pixel * rowBytes + k]! ^ weights[packedAt(depth, 16, channel, k)]!]!
    return bases[(classes[pixel]! * baseBytes) / 2 + channel]! - factor * mismatches
  }
  const sums = Array.from({ length: pixels }, (_, pixel) => Array.from({ length: channels }, (_, c) => sum(pixel, c)))
  const words = [rows, rowBytes, depth, pixels, weights, panels, classes, bases, baseBytes, factor]
  return { sums, channels, words }
}

/** `before` with the `count` values of each pixel, `apart` values from one pixel to the next. */
function written<T extends Numbers>(
  before: T,
  pixels: number,
  apart: number,
  values: (pixel: number) => ArrayLike<number>,
) {
  const after = before.slice() as T
  for (let pixel = 0; pixel < pixels; pixel++) after.set(values(pixel), pixel * apart)
  return { before, after }
}

function i32Call(random: PRNG, shape: Shape): Call {
  const { sums, channels, words } = binary(random, shape)
  const apart = channels + 4 * whole(random, 0, 2)
  const out = written(new Int32Array(shape.pixels * apart).fill(-7), shape.pixels, apart, (pixel) => sums[pixel]!)
  return { name: `i32 ${JSON.stringify(shape)}`, entry: 'bgemm_lce_i32', words: [...words, out, 4 * apart] }
}

function f32Call(random: PRNG, shape: Shape): Call {
  const { sums, channels, words } = binary(random, shape)
  const [scale, offset] = [reals(random, channels), reals(random, channels)]
  const lower = random() < 0.5 ? 0 : -Infinity
  const apart = channels + 4 * whole(random, 0, 2)
  const out = written(new Float32Array(shape.pixels * apart).fill(-7), shape.pixels, apart, (pixel) =>
    sums[pixel]!.map((sum, c) => Math.fround(Math.max(sum, lower) * scale[c]!) + offset[c]!),
  )
  return {
    name: `f32 ${JSON.stringify(shape)} ${lower}`,
    entry: 'bgemm_lce_f32',
    words: [...words, out, 4 * apart, scale, offset, bitsOf(lower)],
  }
}

function bitsCall(random: PRNG, shape: Shape): Call {
  const { sums, channels, words } = binary(random, shape)
  const [some] = sums
  const levels = Int16Array.from({ length: channels }, (_, c) => some![c]! + whole(random, -1, 1))
  const apart = shape.panels + whole(random, 0, 3)
  const out = written(new Uint8Array(shape.pixels * apart).fill(0xa5), shape.pixels, apart, (pixel) =>
    Uint8Array.from({ length: shape.panels }, (_, panel) =>
      sums[pixel]!.slice(8 * panel, 8 * panel + 8).reduce(
        (byte, sum, c) => byte | (Number(sum > levels[8 * panel + c]!) << c),
        0,
      ),
    ),
  )
  return { name: `bits ${JSON.stringify(shape)}`, entry: 'bgemm_lce_bits', words: [...words, out, apart, levels, 0, 0] }
}

function realCall(random: PRNG, shape: Shape): Call {
  const { pixels, depth, gap, panels } = shape
  const [channels, terms, apart] = [8 * panels, depth / 4, 8 * panels + 4 * whole(random, 0, 2)]
  const rowTerms = (depth + gap) / 4
  const rows = reals(random, pixels * rowTerms)
  const weights = reals(random, channels * terms)
  const [scale, offset] = [reals(random, channels), reals(random, channels)]
  const lower = random() < 0.5 ? 0 : -Infinity
  const value = (pixel: number, c: number): number => {
    let sum = 0
    for (let k = 0; k < terms; k++) sum += rows[pixel * rowTerms + k]! * weights[packedAt(terms, 1, c, k)]!
    return Math.max(sum * scale[c]! + offset[c]!, lower)
  }
  const out = written(new Float32Array(pixels * apart).fill(-7), pixels, apart, (pixel) =>
    Array.from({ length: channels }, (_, c) => value(pixel, c)),
  )
  return {
    name: `real ${JSON.stringify(shape)} ${lower}`,
    entry: 'sgemm',
    words: [
      rows,
      depth + gap,
      depth,
      pixels,
      weights,
      panels,
      scale,
      offset,
      bitsOf(lower),
      { ...out, tolerance: 1e-5 },
      4 * apart,
    ],
  }
}

const callsOf = (kinds: readonly ((random: PRNG, shape: Shape) => Call)[], seed: string): Call[] => {
  const random = seedrandom.alea(seed)
  return shapes.flatMap((shape) => kinds.map((kind) => kind(random, shape)))
}

describe.each([
  ['bgemm-lce', callsOf([i32Call, f32Call, bitsCall], 'binary')],
  ['sgemm', callsOf([realCall], 'real')],
] as const)('%s', (name, calls) => {
  it('computes what the plain loops do, writes nothing else, and keeps registers', () => {
    expect(problems(name, calls)).toEqual([])
  })

  it('reads nothing behind its inputs', () => {
    const some = calls.filter((call) => call.name.includes('"pixels":5'))
    expect(some).not.toEqual([])
    expect(readsBehind(name, some)).toEqual([])
  })

  it.skipIf(noQemu)('leaves the same bytes under qemu', () => {
    expect(differencesFromQemu(name, calls)).toEqual([])
  })
})
