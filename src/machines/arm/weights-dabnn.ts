// Weights as bconv-dabnn.s reads them.

import type { BinaryWeights, MacShape } from '../../work/network.ts'
import { wordsOf } from '../../work/tensor.ts'
import { PANEL, roundUp } from './memory-map.ts'

const TAPS = 9
/** Bytes of a register. */
const REGISTER = 16
/** Output channels whose weights of a group of input channels lie together. */
const QUAD = 4

/** Whether the direct convolution computes it; the matrix product computes everything. */
export function isDabnnDirect({ kernel, stride }: MacShape, pixelBytes: number): boolean {
  return kernel === 3 && stride === 1 && fitsRegisters(pixelBytes)
}

const fitsRegisters = (pixelBytes: number): boolean => pixelBytes === REGISTER / 2 || pixelBytes % REGISTER === 0

/** [4 channels][16 bytes of a pixel][channel][tap][byte], or of 8 bytes [4 channels][2 channels][tap][channel][byte]. */
export function dabnnQuads({ rows, channels, words }: BinaryWeights): Uint8Array {
  const pixelBytes = 4 * wordsOf(channels)
  const depth = TAPS * pixelBytes
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
  const size = Math.min(pixelBytes, REGISTER)
  const [groups, together] = [pixelBytes / size, REGISTER / size]
  const packed = new Uint8Array(roundUp(rows, PANEL) * depth)
  for (let row = 0; row < rows; row++)
    for (let tap = 0; tap < TAPS; tap++)
      for (let group = 0; group < groups; group++) {
        const from = (row * TAPS + tap) * pixelBytes + group * size
        const filters = (Math.floor(row / QUAD) * groups + group) * (QUAD / together)
        const filter = filters + Math.floor((row % QUAD) / together)
        const to = (filter * TAPS + tap) * REGISTER + (row % together) * size
        packed.set(bytes.subarray(from, from + size), to)
      }
  return packed
}
