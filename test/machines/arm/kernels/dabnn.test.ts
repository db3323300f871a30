// Binary convolutions whose sums go to memory as floats, bconv-dabnn.s and bgemm-dabnn.s: bit for bit, as under qemu.

import seedrandom, { type PRNG } from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { bitPanels } from '../../../../src/machines/arm/weights.ts'
import { dabnnQuads, isDabnnDirect } from '../../../../src/machines/arm/weights-dabnn.ts'
import { popcount32 } from '../../../../src/work/bits.ts'
import type { BinaryWeights } from '../../../../src/work/network.ts'
import { qemuAbsent } from '../../../isa/oracle/tools.ts'
import { type Call, differencesFromQemu, problems, readsBehind } from './call.ts'

const noQemu = qemuAbsent()

/** Bits at random, but in a tenth of the words all the same. */
const someWords = (random: PRNG, count: number): Uint32Array =>
  Uint32Array.from({ length: count }, () => (random() < 0.1 ? 0xffffffff : 2 ** 32 * random()))
const whole = (random: PRNG, from: number, to: number): number => from + Math.floor((to - from + 1) * random())

/** Bases of `pixels` outputs, and what is to be written, where `count` tells the mismatches of a pixel and channel. */
function outputs(random: PRNG, pixels: number, rows: number, count: (pixel: number, channel: number) => number) {
  const channels = 8 * Math.ceil(rows / 8)
  const classCount = whole(random, 1, 9)
  const factor = whole(random, 1, 2)
  const baseBytes = 2 * channels + 16 * whole(random, 0, 2)
  const apart = channels + 4 * whole(random, 0, 2)
  const classes = Uint8Array.from({ length: pixels }, () => whole(random, 0, classCount - 1))
  const bases = Int16Array.from({ length: (classCount * baseBytes) / 2 }, () => whole(random, -5000, 5000))
  const before = new Float32Array(pixels * apart).fill(-7)
  const after = before.slice()
  for (let pixel = 0; pixel < pixels; pixel++)
    for (let c = 0; c < channels; c++) {
      const base = bases[(classes[pixel]! * baseBytes) / 2 + c]!
      after[pixel * apart + c] = base - factor * count(pixel, c)
    }
  return [channels / 8, classes, bases, baseBytes, factor, { before, after }, 4 * apart]
}

interface Direct {
  /** Of the input. */
  readonly channels: number
  /** Of the output. */
  readonly width: number
  readonly height: number
  readonly rows: number
}

/** Opposite to the first window, so that its counts are as large as they can be. */
function oppose(filters: Uint32Array, input: Uint32Array, words: number, rowWords: number): void {
  filters.forEach((_, i) => {
    const k = i % (9 * words)
    filters[i] = ~input[Math.floor(k / (3 * words)) * rowWords + (k % (3 * words))]!
  })
}

function directCall(random: PRNG, at: Direct, inverse: boolean): Call {
  const { channels, width, height, rows } = at
  const words = Math.ceil(channels / 32)
  const rowWords = (width + 2) * words + whole(random, 0, 3)
  const input = someWords(random, (height + 1) * rowWords + (width + 2) * words)
  const filters = someWords(random, rows * 9 * words)
  if (inverse) oppose(filters, input, words, rowWords)
  const count = (pixel: number, channel: number): number => {
    const first = Math.floor(pixel / width) * rowWords + (pixel % width) * words
    let mismatches = 0
    for (let k = 0; k < 9 * words; k++) {
      const bits = input[first + Math.floor(k / (3 * words)) * rowWords + (k % (3 * words))]!
      mismatches += popcount32(bits ^ (channel < rows ? filters[channel * 9 * words + k]! : 0))
    }
    return mismatches
  }
  const weights = dabnnQuads({ kind: 'binary', rows, taps: 9, channels, words: filters })
  const params = [input, 4 * rowWords, 4 * words, width, height, weights]
  return {
    name: `${JSON.stringify(at)} ${inverse}`,
    entry: 'bconv_dabnn_3x3_f32',
    words: [...params, ...outputs(random, width * height, rows, count)],
  }
}

const direct = (channels: number, width: number, height: number, rows: number): Direct => {
  return { channels, width, height, rows }
}

const directShapes: readonly Direct[] = [
  direct(64, 1, 1, 8),
  direct(64, 2, 1, 16),
  direct(64, 5, 3, 13),
  direct(64, 4, 2, 64),
  direct(128, 1, 3, 8),
  direct(128, 2, 2, 8),
  direct(128, 7, 2, 24),
  direct(100, 3, 1, 5),
  direct(256, 5, 2, 16),
  direct(256, 4, 1, 9),
  direct(384, 1, 2, 8),
  direct(512, 3, 3, 24),
]

interface Product {
  readonly pixels: number
  /** Bytes of a row, and those between rows. */
  readonly depth: number
  readonly gap: number
  readonly rows: number
}

function productCall(random: PRNG, at: Product, inverse: boolean): Call {
  const { pixels, depth, gap, rows } = at
  const [words, rowWords] = [depth / 4, (depth + gap) / 4]
  const input = someWords(random, pixels * rowWords)
  const filters = someWords(random, rows * words)
  if (inverse) filters.set(filters.map((_, i) => ~input[i % words]!))
  const count = (pixel: number, channel: number): number => {
    let mismatches = 0
    for (let k = 0; k < words; k++)
      mismatches += popcount32(input[pixel * rowWords + k]! ^ (channel < rows ? filters[channel * words + k]! : 0))
    return mismatches
  }
  const weights: BinaryWeights = { kind: 'binary', rows, taps: 1, channels: 8 * depth, words: filters }
  return {
    name: `${JSON.stringify(at)} ${inverse}`,
    entry: 'bgemm_dabnn_f32',
    words: [...[input, depth + gap, depth, pixels, bitPanels(weights, depth)], ...outputs(random, pixels, rows, count)],
  }
}

const product = (pixels: number, depth: number, gap: number, rows: number): Product => ({ pixels, depth, gap, rows })

const productShapes: readonly Product[] = [
  product(1, 16, 0, 8),
  product(3, 32, 16, 13),
  product(5, 16, 0, 24),
  product(6, 16, 16, 8),
  product(7, 48, 32, 16),
  product(12, 32, 0, 8),
  product(17, 144, 0, 40),
  product(8, 1152, 48, 8),
]

const callsOf = <T>(shapes: readonly T[], call: (random: PRNG, shape: T, inverse: boolean) => Call): Call[] => {
  const random = seedrandom.alea('dabnn')
  return shapes.flatMap((shape) => [false, true].map((inverse) => call(random, shape, inverse)))
}

describe.each([
  ['bconv-dabnn', callsOf(directShapes, directCall)],
  ['bgemm-dabnn', callsOf(productShapes, productCall)],
])('%s', (file, calls) => {
  it('computes what the plain loops do, writes nothing else, and keeps registers', () => {
    expect(problems(file, calls)).toEqual([])
  })

  it('reads nothing behind its inputs', () => {
    const some = calls.filter((call) => /"(width|pixels)":5/.test(call.name))
    expect(some.length).toBeGreaterThan(1)
    expect(readsBehind(file, some)).toEqual([])
  })

  it.skipIf(noQemu)('leaves the same bytes under qemu', () => {
    expect(differencesFromQemu(file, calls)).toEqual([])
  })
})

describe('weights of the direct convolution', () => {
  const shape = { kernel: 3, stride: 1 } as never
  const filters = (taps: number, channels: number): BinaryWeights => {
    return { kind: 'binary', rows: 8, taps, channels, words: new Uint32Array((8 * taps * channels) / 32) }
  }

  it.each([64, 128, 256, 512])('may have %d channels', (channels) => {
    expect(isDabnnDirect(shape, channels / 8)).toBe(true)
    expect(dabnnQuads(filters(9, channels))).toHaveLength(9 * channels)
  })

  it.each([32, 96, 192])('may not have %d channels', (channels) => {
    expect(isDabnnDirect(shape, channels / 8)).toBe(false)
  })

  it('are of 3x3 windows of stride 1', () => {
    expect(isDabnnDirect({ kernel: 3, stride: 2 } as never, 16)).toBe(false)
    expect(isDabnnDirect({ kernel: 1, stride: 1 } as never, 16)).toBe(false)
  })
})
