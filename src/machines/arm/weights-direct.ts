// Weights as bconv-direct.s and bconv-fixed-*.s read them.

import type { BinaryWeights } from '../../work/network.ts'
import { wordsOf } from '../../work/tensor.ts'
import { PANEL, roundUp } from './memory-map.ts'

/** Bytes of a row of the window that the kernel takes at a time: the first as often as it can, the others at most once. */
const CHUNKS = [16, 8, 4]
/** Behind the last weights; kernels load them ahead. */
const AHEAD_BYTES = 64

/**
 * [`together` channels][row of the window][chunk][channel], in whole panels, zero where there is no channel; of square
 * windows.
 */
export function directPanels({ rows, taps, channels, words }: BinaryWeights, together = PANEL): Uint8Array {
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
  const kernel = Math.sqrt(taps)
  const windowRowBytes = 4 * wordsOf(channels) * kernel
  const filterBytes = kernel * windowRowBytes
  const panels = new Uint8Array(roundUp(rows, PANEL) * filterBytes + AHEAD_BYTES)
  const chunks = chunksOf(windowRowBytes)
  for (let row = 0; row < rows; row++) {
    const first = Math.floor(row / together) * together * filterBytes
    for (let y = 0; y < kernel; y++)
      for (const { from, size } of chunks) {
        const at = y * windowRowBytes + from
        const chunk = bytes.subarray(row * filterBytes + at, row * filterBytes + at + size)
        panels.set(chunk, first + together * at + (row % together) * size)
      }
  }
  return panels
}

/** Steps of a row of the window: chunks of it. */
export const stepsOf = (windowRowBytes: number): number => chunksOf(windowRowBytes).length

function chunksOf(bytes: number): { from: number; size: number }[] {
  const chunks: { from: number; size: number }[] = []
  for (let from = 0; from < bytes; from += chunks.at(-1)!.size)
    chunks.push({ from, size: CHUNKS.find((size) => size <= bytes - from)! })
  return chunks
}
