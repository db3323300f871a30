// Weights of 3x3 kernels in a prefix code, and what decodes them reads and makes. Input channels are cut into slices of up to
// 128, as many as a vector has bits: a slice of an output channel has its taps one behind the other, `tapBytes` each, then
// zeros up to whole steps.

import { type KernelCode, LONGEST } from '../../work/kernel-code.ts'
import type { BinaryWeights } from '../../work/network.ts'
import { sequencesOf, TAPS } from '../../work/sequences.ts'
import { wordsOf } from '../../work/tensor.ts'
import { PANEL, roundUp } from './memory-map.ts'
import { STEP } from './weights.ts'

/** Bytes behind a stream that software may read. */
export const AHEAD_BYTES = 16

/** Input channels of a slice; the last may have fewer. */
export const SLICE = 8 * STEP

interface Slice {
  /** The first input channel, and how many. */
  readonly first: number
  readonly channels: number
  /** Bytes of a tap. */
  readonly tapBytes: number
  /** Bytes of an output channel in the slices before this one, and in this one. */
  readonly before: number
  readonly depth: number
}

export function slicesOf(channels: number): readonly Slice[] {
  return Array.from({ length: Math.ceil(channels / SLICE) }, (_, i) => {
    const first = i * SLICE
    const here = Math.min(SLICE, channels - first)
    const tapBytes = 4 * wordsOf(here)
    return { first, channels: here, tapBytes, before: i * TAPS * STEP, depth: roundUp(TAPS * tapBytes, STEP) }
  })
}

/** Bytes of a row of weights or inputs. */
export const slicedDepth = (channels: number): number =>
  slicesOf(channels).reduce((depth, slice) => depth + slice.depth, 0)

/** Sequences in the order of the stream, [panel][slice][output channel][channel]: `filler` until the last panel is full. */
export function slicedSequences(weights: BinaryWeights, filler: number): Uint16Array {
  const { rows, channels } = weights
  const sequences = sequencesOf(weights)
  const ordered = new Uint16Array(roundUp(rows, PANEL) * channels).fill(filler)
  let to = 0
  for (let panel = 0; panel < rows; panel += PANEL)
    for (const { first, channels: size } of slicesOf(channels))
      for (let row = panel; row < panel + PANEL; row++, to += size)
        if (row < rows) ordered.set(sequences.subarray(row * channels + first, row * channels + first + size), to)
  return ordered
}

/** [panel][slice][step][output channel][16 bytes], zero where there is no weight: what decoding gives. */
export function slicedPanels({ rows, channels, words }: BinaryWeights): Uint8Array {
  const depth = slicedDepth(channels)
  const rowTapBytes = 4 * wordsOf(channels)
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
  const panels = new Uint8Array(roundUp(rows, PANEL) * depth)
  for (const { first, tapBytes, before, depth: sliceDepth } of slicesOf(channels))
    for (let row = 0; row < rows; row++) {
      const slice = new Uint8Array(sliceDepth)
      for (let tap = 0; tap < TAPS; tap++) {
        const from = (row * TAPS + tap) * rowTapBytes + first / 8
        slice.set(bytes.subarray(from, from + tapBytes), tap * tapBytes)
      }
      const to = Math.floor(row / PANEL) * PANEL * depth + PANEL * before + (row % PANEL) * STEP
      for (let at = 0; at < sliceDepth; at += STEP) panels.set(slice.subarray(at, at + STEP), to + PANEL * at)
    }
  return panels
}

/** Bits of a codeword that are looked up at once. */
const LOOKUP_BITS = 11

/** A code as decoders have it in memory. */
export interface CodeTables {
  /** By place. */
  readonly symbols: Uint16Array
  /** Of each range the first codeword at the upper end of a word, the bits of a codeword, the place of its symbol, and 0. */
  readonly ranges: Uint32Array
  /** By the next 11 bits, see kernels/decode.s: the length of the codeword, its symbol's last bit and its first eight. */
  readonly lookup: Uint16Array
}

export function lookupOf({ symbols, ranges }: KernelCode): CodeTables {
  const lookup = new Uint16Array(2 ** LOOKUP_BITS)
  for (const { bits, word, first, size } of ranges) {
    if (bits > LOOKUP_BITS) continue
    const repeats = 2 ** (LOOKUP_BITS - bits)
    for (let i = 0; i < size; i++) {
      const symbol = symbols[first + i]!
      const entry = bits | ((symbol >> 8) << 7) | ((symbol & 0xff) << 8)
      lookup.fill(entry, (word + i) * repeats, (word + i + 1) * repeats)
    }
  }
  const rows = ranges.flatMap(({ bits, word, first }) => [word * 2 ** (LONGEST - bits), bits, first, 0])
  return { symbols, ranges: Uint32Array.from(rows), lookup }
}
