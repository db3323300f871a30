// The only place that packs, unpacks and counts bits. The layouts are those of
// tensor.ts (activations) and network.ts (weights): least significant bit first
// in 32-bit words, unused bits of a pixel's or tap's last word 0, bit 1 for +1.

import type { BinaryWeights, RealWeights } from './network.ts'
import { type BitTensor, bitTensor, elements, type IntTensor, type RealTensor, type Shape, wordsOf } from './tensor.ts'

/** Number of set bits of a 32-bit word (H. S. Warren, Hacker's Delight, section 5-1). */
export function popcount32(word: number): number {
  let v = word
  v -= (v >>> 1) & 0x55555555
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333)
  v = (v + (v >>> 4)) & 0x0f0f0f0f
  return Math.imul(v, 0x01010101) >>> 24
}

/** Bit `bit` (0 or 1) of the row that starts at word `at`. */
export const getBit = (words: Uint32Array, at: number, bit: number): number =>
  (words[at + (bit >>> 5)]! >>> (bit & 31)) & 1

/** Makes bit `bit` of the row that starts at word `at` 1 or 0. */
export function setBit(words: Uint32Array, at: number, bit: number, value: boolean): void {
  const mask = 1 << (bit & 31)
  const word = at + (bit >>> 5)
  words[word] = value ? words[word]! | mask : words[word]! & ~mask
}

/** Packs `signs` into the row that starts at word `at`: positive values become 1, all others 0. */
export function packRow(signs: ArrayLike<number>, words: Uint32Array, at: number): void {
  for (let bit = 0; bit < signs.length; bit++) setBit(words, at, bit, signs[bit]! > 0)
}

/** The first `count` bits of the row that starts at word `at`, as +1 and -1. */
export function unpackRow(words: Uint32Array, at: number, count: number): Int8Array {
  return Int8Array.from({ length: count }, (_, bit) => 2 * getBit(words, at, bit) - 1)
}

/** A row of `bits` set bits, the unused bits of its last word 0. */
export function onesRow(bits: number): Uint32Array {
  const words = new Uint32Array(wordsOf(bits)).fill(0xffffffff)
  if (bits & 31) words[words.length - 1] = (1 << (bits & 31)) - 1
  return words
}

/** Bit c of each pixel is x > level[c], or x >= level[c] when `inclusive`. */
export function packAbove(
  tensor: IntTensor | RealTensor,
  level: Int32Array | Float32Array,
  inclusive: boolean,
): BitTensor {
  const { shape, data } = tensor
  const out = bitTensor(shape)
  const { words } = out
  const { channels } = shape
  let word = 0
  for (let pixel = 0; pixel < data.length; pixel += channels) {
    for (let first = 0; first < channels; first += 32) {
      const last = Math.min(first + 32, channels)
      let packed = 0
      if (inclusive) for (let c = first; c < last; c++) packed |= Number(data[pixel + c]! >= level[c]!) << (c & 31)
      else for (let c = first; c < last; c++) packed |= Number(data[pixel + c]! > level[c]!) << (c & 31)
      words[word++] = packed
    }
  }
  return out
}

/**
 * Splits 2-bit activations a in {-3, -1, 1, 3} into two planes of +1/-1 such that a = 2 * high + low.
 * Both keep the shape of `tensor`.
 */
export function bitPlanes(tensor: IntTensor): { high: BitTensor; low: BitTensor } {
  const { shape, data } = tensor
  const high = bitTensor(shape)
  const low = bitTensor(shape)
  const { channels } = shape
  const stride = wordsOf(channels)
  for (let pixel = 0, at = 0; pixel < data.length; pixel += channels, at += stride) {
    for (let c = 0; c < channels; c++) {
      const a = data[pixel + c]!
      const word = at + (c >>> 5)
      if (a > 0) high.words[word]! |= 1 << (c & 31)
      if (a === 3 || a === -1) low.words[word]! |= 1 << (c & 31)
    }
  }
  return { high, low }
}

const byteBit = (bytes: Uint8Array, at: number, bit: number): number => (bytes[at + (bit >>> 3)]! >>> (bit & 7)) & 1

/** Reads bits in the order [channel][y][x], least significant bit first, from byte `offset` on. */
export function bitTensorFromChannels(bytes: Uint8Array, offset: number, shape: Shape): BitTensor {
  const tensor = bitTensor(shape)
  const pixels = shape.height * shape.width
  const stride = wordsOf(shape.channels)
  for (let c = 0, bit = 0; c < shape.channels; c++)
    for (let pixel = 0; pixel < pixels; pixel++, bit++)
      if (byteBit(bytes, offset, bit)) setBit(tensor.words, pixel * stride, c, true)
  return tensor
}

/** The inverse of `bitTensorFromChannels`: unused bits of the last byte are 0. */
export function bitTensorToChannels(tensor: BitTensor): Uint8Array {
  const { shape, words } = tensor
  const bytes = new Uint8Array(Math.ceil(elements(shape) / 8))
  const pixels = shape.height * shape.width
  const stride = wordsOf(shape.channels)
  for (let c = 0, bit = 0; c < shape.channels; c++)
    for (let pixel = 0; pixel < pixels; pixel++, bit++)
      bytes[bit >>> 3]! |= getBit(words, pixel * stride, c) << (bit & 7)
  return bytes
}

/**
 * Packs the weight rows of a model file: row `o` takes `bytesPerRow` bytes from `offset + o * bytesPerRow` on,
 * its bits in the order [channel][tap], least significant bit first ("bnnref-1", see models/README.md).
 */
export function binaryWeightsFromRows(
  bytes: Uint8Array,
  offset: number,
  rows: number,
  bytesPerRow: number,
  channels: number,
  taps: number,
): BinaryWeights {
  const stride = wordsOf(channels)
  const words = new Uint32Array(rows * taps * stride)
  for (let o = 0; o < rows; o++)
    for (let c = 0, bit = 0; c < channels; c++)
      for (let t = 0; t < taps; t++, bit++)
        if (byteBit(bytes, offset + o * bytesPerRow, bit)) setBit(words, (o * taps + t) * stride, c, true)
  return { kind: 'binary', rows, taps, channels, words }
}

/** Sum of the +1/-1 weights of each row and tap, at [row * taps + tap]. */
export function tapSums({ rows, taps, channels, words }: BinaryWeights): Int32Array {
  const stride = wordsOf(channels)
  const sums = new Int32Array(rows * taps).fill(-channels)
  for (let tap = 0, at = 0; tap < sums.length; tap++)
    for (let i = 0; i < stride; i++) sums[tap]! += 2 * popcount32(words[at++]!)
  return sums
}

/** Binary weights as reals of +1 and -1. */
export function weightSigns({ rows, taps, channels, words }: BinaryWeights): RealWeights {
  const stride = wordsOf(channels)
  const data = new Float32Array(rows * taps * channels)
  for (let tap = 0, to = 0; tap < rows * taps; tap++)
    for (let c = 0; c < channels; c++) data[to++] = 2 * getBit(words, tap * stride, c) - 1
  return { kind: 'real', rows, taps, channels, data }
}

/** Joins tensors of equal height and width along channels. */
export function concatBits(tensors: readonly BitTensor[], shape: Shape): BitTensor {
  const out = bitTensor(shape)
  const to = wordsOf(shape.channels)
  const pixels = shape.height * shape.width
  let first = 0
  for (const { words, shape: part } of tensors) {
    const from = wordsOf(part.channels)
    for (let pixel = 0; pixel < pixels; pixel++)
      for (let c = 0; c < part.channels; c++)
        if (getBit(words, pixel * from, c)) setBit(out.words, pixel * to, first + c, true)
    first += part.channels
  }
  return out
}
