// Windows of a convolution as rows of a matrix product, gathered a block at a time, or taken as they lie in memory.

import type { MacShape } from '../../work/network.ts'
import type { Layer } from '../../work/workload.ts'
import { borderWanted } from './border.ts'
import type { Lowering } from './lower.ts'
import { type Buffer, roundUp, type Storage } from './memory-map.ts'
import { type Call, pixelAt } from './plan.ts'
import { STEP } from './weights.ts'
import { SLICE, slicedDepth } from './weights-coded.ts'

/** Pixels that a kernel computes at once. */
const TILE = 4

/** Tiles that a kernel goes through: of 4 pixels, then of 1. */
export const tilesOf = (pixels: number): number => Math.floor(pixels / TILE) + (pixels % TILE)

/** Rows of a matrix product, one for each output pixel. */
export interface Rows {
  readonly rowBytes: number
  /** Bytes of a row that count, in whole steps. */
  readonly depth: number
  readonly before: readonly Call[]
  /** `gather` brings the rows of so many pixels from `first` on to `address`. */
  readonly blocks: readonly { first: number; pixels: number; address: number; gather: readonly Call[] }[]
  /** To be called when all places have been taken that are needed at the same time. */
  readonly free: () => void
}

interface RowOptions {
  /** Bytes of depth that the kernel takes at once. */
  readonly step?: number
  /** In which the kernel reads the layer's input; by default the one that it has. */
  readonly storage?: Storage
  /** In the order of slices, as coded weights have it. */
  readonly sliced?: boolean
}

export function rowsOf({ input, shape }: Layer, lowering: Lowering, options: RowOptions = {}): Rows {
  const { step = STEP, sliced = false } = options
  const { memory } = lowering
  const { kernel, output } = shape
  const { shape: given } = lowering.buffer(input)
  const { storage = lowering.buffer(input).storage } = options
  const border = borderWanted({ kind: 'mac', shape }, storage, given.channels)
  const { buffer, calls, free } = lowering.padded(input, border, storage)
  const windowBytes = kernel * buffer.pixelBytes
  const pixels = output.height * output.width
  const slices = sliced && given.channels > SLICE
  const direct = slices ? undefined : directRows(shape, buffer, step)
  const depth = slices ? slicedDepth(given.channels) : roundUp(kernel * windowBytes, step)
  const gathered = slices ? gatherSlices : gatherCall
  const most = Math.min(pixels, Math.max(TILE, Math.floor(lowering.block / depth / TILE) * TILE))
  const scratch = direct === undefined ? memory.take(most * depth) : 0
  const blocks = Array.from({ length: Math.ceil(pixels / most) }, (_, i) => {
    const first = i * most
    const count = Math.min(most, pixels - first)
    if (direct !== undefined) return { first, pixels: count, address: direct + first * depth, gather: [] }
    const gather = gathered(shape, buffer, first, count, scratch, depth)
    return { first, pixels: count, address: scratch, gather: [gather] }
  })
  const release = (): void => {
    free()
    if (direct === undefined) memory.give(scratch, most * depth)
  }
  return { rowBytes: depth, depth, before: calls, blocks, free: release }
}

/** Address of the first row, where the windows lie in memory as rows already. */
function directRows(shape: MacShape, buffer: Buffer, step: number): number | undefined {
  const { kernel, stride, padding, output } = shape
  const { before, after } = buffer.border
  if (before + after + padding.before + padding.after > 0) return
  const single = output.height * output.width === 1 && kernel === buffer.shape.height && kernel === buffer.shape.width
  const pointwise = kernel === 1 && stride === 1
  if (!pointwise && !single) return
  return (kernel * kernel * buffer.pixelBytes) % step === 0 ? buffer.address : undefined
}

function gatherCall(shape: MacShape, buffer: Buffer, first: number, pixels: number, out: number, depth: number): Call {
  const windowBytes = shape.kernel * buffer.pixelBytes
  const { source, steps } = windowsFrom(shape, buffer, first)
  const window = [source, buffer.rowBytes, windowBytes, shape.kernel]
  return { kernel: 'im2col', params: [...window, ...steps, pixels, out, depth, depth - shape.kernel * windowBytes] }
}

/** The same for 3x3 windows in the order of slices. */
function gatherSlices(
  shape: MacShape,
  buffer: Buffer,
  first: number,
  pixels: number,
  out: number,
  depth: number,
): Call {
  const { source, steps } = windowsFrom(shape, buffer, first)
  const params = [source, buffer.rowBytes, buffer.pixelBytes, ...steps, pixels, out, depth]
  return { kernel: 'im2col_slices', params }
}

/** Where the windows of an image row begin, that of pixel `first`, and the ways from one to others. */
function windowsFrom({ stride, padding, output }: MacShape, buffer: Buffer, first: number) {
  const { rowBytes, pixelBytes } = buffer
  const y = Math.floor(first / output.width)
  const source = pixelAt(buffer, y * stride - padding.before, -padding.before)
  return { source, steps: [stride * pixelBytes, stride * rowBytes, output.width, first % output.width] }
}
