import seedrandom from 'seedrandom'
import { expect, it } from 'vitest'
import {
  binaryWeightsFromRows,
  bitPlanes,
  bitTensorFromChannels,
  bitTensorToChannels,
  concatBits,
  getBit,
  onesRow,
  packAbove,
  packRow,
  popcount32,
  setBit,
  tapSums,
  unpackRow,
  weightSigns,
} from '../../src/work/bits.ts'
import type { IntTensor } from '../../src/work/tensor.ts'
import { valueAt } from './naive.ts'
import { randomBinary, randomBits } from './random-network.ts'

it('popcount32 counts the ones of a word', () => {
  const random = seedrandom('popcount')
  const words = [0, 1, 0x80000000, 0xffffffff, -1, ...Array.from({ length: 200 }, () => Math.floor(random() * 2 ** 32))]
  for (const word of words) expect(popcount32(word)).toBe((word >>> 0).toString(2).replaceAll('0', '').length)
})

it('bits are least significant first, 32 to a word', () => {
  const words = new Uint32Array(4)
  setBit(words, 1, 33, true)
  expect([...words]).toEqual([0, 0, 2, 0])
  setBit(words, 1, 31, true)
  expect([...words]).toEqual([0, 0x80000000, 2, 0])
  expect([getBit(words, 1, 31), getBit(words, 1, 32), getBit(words, 1, 33)]).toEqual([1, 0, 1])
  setBit(words, 1, 33, false)
  expect([...words]).toEqual([0, 0x80000000, 0, 0])
})

it('rows unpack to the signs that were packed', () => {
  const signs = Array.from({ length: 70 }, (_, i) => (i % 3 === 0 ? 1 : -1))
  const words = new Uint32Array(5).fill(0)
  packRow(signs, words, 1)
  expect([...unpackRow(words, 1, 70)]).toEqual(signs)
  expect([words[0], words[4]]).toEqual([0, 0])
})

it.each([
  [1, [1]],
  [31, [0x7fffffff]],
  [32, [0xffffffff]],
  [33, [0xffffffff, 1]],
])('a row of %i ones leaves unused bits 0', (bits, words) => {
  expect([...onesRow(bits)]).toEqual(words)
})

it('bits in the order [channel][y][x] go to their channels and back', () => {
  // 3 channels of 1 x 3: channel 0 = 1 0 0, channel 1 = 1 1 0, channel 2 = 0 0 1.
  const bytes = Uint8Array.of(0xff, 0b00011001, 0b1)
  const tensor = bitTensorFromChannels(bytes, 1, { channels: 3, height: 1, width: 3 })
  expect([...tensor.words]).toEqual([0b011, 0b010, 0b100])
  expect([...bitTensorToChannels(tensor)]).toEqual([0b00011001, 0b1])
  const large = randomBits(seedrandom('channels'), { channels: 67, height: 5, width: 3 })
  expect(bitTensorFromChannels(bitTensorToChannels(large), 0, large.shape)).toEqual(large)
})

it('weight rows in the order [channel][tap] become tap-major', () => {
  // Two rows of 3 channels x 4 taps in 2 bytes each, after one byte of something else.
  const bytes = Uint8Array.of(0xff, 0b0100_0001, 0b1000, 0b0000_0010, 0b0001)
  const weights = binaryWeightsFromRows(bytes, 1, 2, 2, 3, 4)
  expect(weights).toMatchObject({ kind: 'binary', rows: 2, taps: 4, channels: 3 })
  // Row 0: channel 0 tap 0, channel 1 tap 2, channel 2 tap 3. Row 1: channel 0 tap 1, channel 2 tap 0.
  expect([...weights.words]).toEqual([0b001, 0, 0b010, 0b100, 0b100, 0b001, 0, 0])
})

it('packAbove compares each channel with its own level', () => {
  const tensor: IntTensor = {
    kind: 'int',
    shape: { channels: 3, height: 1, width: 2 },
    data: Int32Array.of(5, 5, 5, 4, 6, -1),
  }
  const level = Int32Array.of(4, 5, -2)
  expect([...packAbove(tensor, level, false).words]).toEqual([0b101, 0b110])
  expect([...packAbove(tensor, level, true).words]).toEqual([0b111, 0b111])
  const wide: IntTensor = {
    kind: 'int',
    shape: { channels: 40, height: 1, width: 1 },
    data: Int32Array.from({ length: 40 }, (_, c) => c),
  }
  expect([...packAbove(wide, new Int32Array(40).fill(30), false).words]).toEqual([0x80000000, 0xff])
})

it('bit planes make up the 2-bit activation', () => {
  const data = Int32Array.of(-3, -1, 1, 3)
  const shape = { channels: 4, height: 1, width: 1 }
  const { high, low } = bitPlanes({ kind: 'int', shape, data })
  expect([0, 1, 2, 3].map((c) => 2 * valueAt(high, c, 0, 0) + valueAt(low, c, 0, 0))).toEqual([...data])
})

it('tap sums and signs are those of the weights', () => {
  const weights = randomBinary(seedrandom('weights'), 3, 4, 45)
  const { data } = weightSigns(weights)
  expect([...data.subarray(45, 90)]).toEqual([...unpackRow(weights.words, 2, 45)])
  const sums = Array.from({ length: 12 }, (_, tap) => data.subarray(tap * 45, (tap + 1) * 45).reduce((a, b) => a + b))
  expect([...tapSums(weights)]).toEqual(sums)
})

it('bits are joined along channels', () => {
  const random = seedrandom('concat')
  const a = randomBits(random, { channels: 20, height: 2, width: 2 })
  const b = randomBits(random, { channels: 33, height: 2, width: 2 })
  const joined = concatBits([a, b, a], { channels: 73, height: 2, width: 2 })
  for (const [first, part] of [
    [0, a],
    [20, b],
    [53, a],
  ] as const)
    for (let c = 0; c < part.shape.channels; c++)
      for (const [y, x] of [
        [0, 1],
        [1, 0],
      ] as const)
        expect(valueAt(joined, first + c, y, x)).toBe(valueAt(part, c, y, x))
})
