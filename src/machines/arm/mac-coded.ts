// Layers of coded 3x3 kernels: their weights are decoded before the matrix product that reads them, or in it.

import { encode, type KernelCode } from '../../work/kernel-code.ts'
import type { BinaryWeights } from '../../work/network.ts'
import { SEQUENCES } from '../../work/sequences.ts'
import type { Layer } from '../../work/workload.ts'
import type { Lowering } from './lower.ts'
import type { Sums } from './mac-binary.ts'
import { PANEL } from './memory-map.ts'
import type { Call } from './plan.ts'
import { type Rows, rowsOf, tilesOf } from './rows.ts'
import { AHEAD_BYTES, lookupOf, slicedDepth, slicedSequences } from './weights-coded.ts'

/** What a decoder is given of a layer: addresses, and what lies there. */
interface Coded {
  readonly stream: number
  readonly symbols: number
  readonly ranges: number
  readonly rangeCount: number
  readonly channels: number
}

export function codedCalls(
  layer: Layer,
  weights: BinaryWeights,
  code: KernelCode,
  sums: Sums,
  lowering: Lowering,
): Call[] {
  const rows = rowsOf(layer, lowering, { sliced: true })
  const coded = placed(weights, code, lowering)
  const calls =
    lowering.decoding === 'unit' ? byUnit(coded, rows, sums, lowering) : inSoftware(coded, code, rows, sums, lowering)
  rows.free()
  return [...rows.before, ...calls]
}

function placed(weights: BinaryWeights, code: KernelCode, { memory, once }: Lowering): Coded {
  const { bytes } = encode(slicedSequences(weights, code.symbols[0]!), code)
  const stream = new Uint8Array(bytes.length + AHEAD_BYTES)
  stream.set(bytes)
  const table = new Uint16Array(SEQUENCES)
  table.set(code.symbols)
  return {
    stream: memory.place(stream),
    symbols: once(code, 'symbols', () => table),
    ranges: once(code, 'ranges', () => lookupOf(code).ranges),
    rangeCount: code.ranges.length,
    channels: weights.channels,
  }
}

/** All of the layer's weights first, to a place that the product then reads. */
function inSoftware(coded: Coded, code: KernelCode, rows: Rows, sums: Sums, { memory, once }: Lowering): Call[] {
  const { stream, symbols, ranges, rangeCount, channels } = coded
  const { panels } = sums
  const bytes = panels * PANEL * slicedDepth(channels)
  const table = memory.take(bytes)
  const lookup = once(code, 'lookup', () => lookupOf(code).lookup)
  const params = [stream, 0, symbols, ranges, rangeCount, channels, panels, lookup, table]
  memory.give(table, bytes)
  return [{ kernel: 'decode_kernels', params }, ...products('bgemm_lce', rows, sums, () => table)]
}

/** The unit decodes a panel anew for each tile of pixels. */
function byUnit(coded: Coded, rows: Rows, sums: Sums, { memory }: Lowering): Call[] {
  const { stream, symbols, ranges, rangeCount, channels } = coded
  const descriptors = new Map<number, number>()
  return products('bgemm_decode', rows, sums, (pixels) => {
    const repeats = tilesOf(pixels)
    const words = [stream, 0, symbols, ranges, rangeCount, channels, sums.panels, repeats]
    const known = descriptors.get(repeats) ?? memory.place(BigUint64Array.from(words, BigInt))
    descriptors.set(repeats, known)
    return known
  })
}

/** Products of blocks of rows and weights, of which `weightsOf` tells the address for so many pixels. */
export function products(kernel: string, rows: Rows, sums: Sums, weightsOf: (pixels: number) => number): Call[] {
  const { panels, classes, bases, baseBytes, factor, end } = sums
  const { pixelBytes, address: output } = end.output
  return rows.blocks.flatMap(({ first, pixels, address, gather }) => {
    const matrix = [address, rows.rowBytes, rows.depth, pixels, weightsOf(pixels), panels]
    const out = output + first * pixelBytes
    const params = [...matrix, classes + first, bases, baseBytes, factor, out, pixelBytes, ...end.params]
    return [...gather, { kernel: `${kernel}_${end.kernel}`, params }]
  })
}
