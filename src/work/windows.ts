// Gathers the window that each output pixel of a convolution sees into one
// contiguous row, tap by tap, so that a convolution becomes a matrix product with
// the weight rows. Works on 32-bit words whatever they hold (packed bits,
// integers, floats); an input pixel is `unit` words.

import type { MacShape } from './network.ts'

/** Words that a strip of gathered rows may take: 64 KiB, so that it stays in the second-level cache. */
const STRIP_WORDS = 16384

/** Output rows that are gathered together when each of their pixels takes `rowWords` words. */
export const stripHeight = (shape: MacShape, rowWords: number): number =>
  Math.min(shape.output.height, Math.max(1, Math.floor(STRIP_WORDS / (rowWords * shape.output.width))))

/**
 * Gathers output rows [from, to): window p of the strip starts at target[p * rowWords]. Padded taps read
 * `pad`, of `unit` words. Words of a row past taps * unit are left as they are.
 */
export function gatherRows(
  source: Uint32Array,
  shape: MacShape,
  unit: number,
  pad: Uint32Array,
  from: number,
  to: number,
  target: Uint32Array,
  rowWords: number,
): void {
  const { input, output, kernel, stride, padding } = shape
  let row = 0
  for (let y = from; y < to; y++) {
    for (let x = 0; x < output.width; x++, row += rowWords) {
      const left = x * stride - padding.before
      const inside = left >= 0 && left + kernel <= input.width
      for (let ky = 0; ky < kernel; ky++) {
        const line = y * stride - padding.before + ky
        const at = row + ky * kernel * unit
        if (line < 0 || line >= input.height) fillTaps(pad, unit, target, at, kernel)
        else if (inside) copyWords(source, (line * input.width + left) * unit, target, at, kernel * unit)
        else gatherEdge(source, line * input.width, left, input.width, kernel, unit, pad, target, at)
      }
    }
  }
}

function gatherEdge(
  source: Uint32Array,
  line: number,
  left: number,
  width: number,
  kernel: number,
  unit: number,
  pad: Uint32Array,
  target: Uint32Array,
  at: number,
): void {
  for (let kx = 0; kx < kernel; kx++) {
    const x = left + kx
    if (x < 0 || x >= width) fillTaps(pad, unit, target, at + kx * unit, 1)
    else copyWords(source, (line + x) * unit, target, at + kx * unit, unit)
  }
}

function fillTaps(pad: Uint32Array, unit: number, target: Uint32Array, at: number, taps: number): void {
  for (let tap = 0, to = at; tap < taps; tap++) for (let i = 0; i < unit; i++) target[to++] = pad[i]!
}

function copyWords(source: Uint32Array, from: number, target: Uint32Array, at: number, words: number): void {
  for (let i = 0; i < words; i++) target[at + i] = source[from + i]!
}

/** Indices of the taps of output pixel (y, x) that fall outside the input. */
export function paddedTaps(shape: MacShape, y: number, x: number): number[] {
  const { input, kernel, stride, padding } = shape
  const taps: number[] = []
  for (let ky = 0; ky < kernel; ky++)
    for (let kx = 0; kx < kernel; kx++) {
      const line = y * stride - padding.before + ky
      const column = x * stride - padding.before + kx
      if (line < 0 || line >= input.height || column < 0 || column >= input.width) taps.push(ky * kernel + kx)
    }
  return taps
}
