// Weights and tables as the kernels read them.

import { tapSums } from '../../work/bits.ts'
import { InputError } from '../../work/input-error.ts'
import type { BinaryWeights, MacShape, Op, RealWeights } from '../../work/network.ts'
import { wordsOf } from '../../work/tensor.ts'
import { paddedTaps } from '../../work/windows.ts'
import { PANEL, roundUp } from './memory-map.ts'

/** Bytes of depth that it takes a step. */
export const STEP = 16

/** Per-channel numbers, and `rest` until the last panel is full. */
export function perChannel<T extends Float32Array | Int32Array | Int16Array>(values: T, rest = 0): T {
  const full = new (values.constructor as new (length: number) => T)(roundUp(values.length, PANEL))
  full.set(values)
  full.fill(rest, values.length)
  return full
}

/** Levels of `x > level` for integers of `lowest` to `highest`, which is above nothing. */
export const levelsAbove = (
  { level, inclusive }: Extract<Op, { kind: 'threshold' }>,
  lowest: number,
  highest: number,
): number[] =>
  Array.from(level, (value) => {
    const above = inclusive ? Math.ceil(value) - 1 : Math.floor(value)
    return Number.isNaN(above) ? highest : Math.min(highest, Math.max(lowest, above))
  })

/** [panel][step][channel][16 bytes], zero where there is no weight. */
export function bitPanels({ rows, taps, channels, words }: BinaryWeights, depth: number): Uint8Array {
  const rowBytes = 4 * taps * wordsOf(channels)
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
  const steps = depth / STEP
  const panels = new Uint8Array(roundUp(rows, PANEL) * depth)
  for (let row = 0; row < rows; row++) {
    const panel = Math.floor(row / PANEL) * PANEL * depth + (row % PANEL) * STEP
    for (let step = 0; step < steps; step++) {
      const from = step * STEP
      const part = bytes.subarray(row * rowBytes + from, row * rowBytes + Math.min(rowBytes, from + STEP))
      panels.set(part, panel + step * PANEL * STEP)
    }
  }
  return panels
}

/** [panel][term][channel], where an input pixel has `pixelChannels` elements; zero where there is no weight. */
export function realPanels(
  { rows, taps, channels, data }: RealWeights,
  pixelChannels: number,
  depth: number,
): Float32Array {
  const terms = depth / 4
  const panels = new Float32Array(roundUp(rows, PANEL) * terms)
  for (let row = 0; row < rows; row++) {
    const panel = Math.floor(row / PANEL) * PANEL * terms + (row % PANEL)
    for (let tap = 0; tap < taps; tap++)
      for (let c = 0; c < channels; c++)
        panels[panel + (tap * pixelChannels + c) * PANEL] = data[(row * taps + tap) * channels + c]!
  }
  return panels
}

/** What a sum is when nothing mismatches, by class of output pixel and channel; and the class of each pixel. */
export interface Bases {
  readonly classes: Uint8Array
  readonly bases: Int16Array
  /** Channels of a row of `bases`. */
  readonly width: number
}

/** Sums are 16-bit integers, classes bytes. */
const LARGEST_SUM = 32767
const MOST_CLASSES = 256

/**
 * Bases of sums of bits. Where padding counts nothing, its bits are 0, as if it were -1: pixels whose windows reach into it
 * get back the weights that they met there.
 */
export function basesOf(shape: MacShape, weights: BinaryWeights): Bases {
  const { output, padValue, padding } = shape
  const { rows, taps, channels } = weights
  const width = roundUp(rows, PANEL)
  const fanIn = taps * channels
  if (fanIn > LARGEST_SUM)
    throw new InputError(`the arm machine has no kernel for sums of ${fanIn} bits: expected at most ${LARGEST_SUM}`)
  const discounts = padValue === 0 && padding.before + padding.after > 0
  const classes = new Uint8Array(output.height * output.width)
  if (!discounts) return { classes, bases: new Int16Array(width).fill(fanIn), width }
  const sums = tapSums(weights)
  const known = new Map<string, number>()
  const table: number[] = []
  for (let y = 0, pixel = 0; y < output.height; y++)
    for (let x = 0; x < output.width; x++, pixel++) {
      const padded = paddedTaps(shape, y, x)
      const key = padded.join()
      if (!known.has(key)) {
        known.set(key, known.size)
        for (let o = 0; o < width; o++)
          table.push(fanIn + (o < rows ? padded.reduce((sum, tap) => sum + sums[o * taps + tap]!, 0) : 0))
      }
      classes[pixel] = known.get(key)!
    }
  if (known.size > MOST_CLASSES)
    throw new InputError(`expected padding that windows reach in at most ${MOST_CLASSES} ways, got ${known.size}`)
  return { classes, bases: Int16Array.from(table), width }
}
