// Windows of a convolution as rows of a matrix product, gathered a block at a time, or taken as they lie in memory.

import type { MacShape } from '../../work/network.ts'
import type { Layer } from '../../work/workload.ts'
import { borderWanted } from './border.ts'
import type { Lowering } from './lower.ts'
import { type Buffer, roundUp } from './memory-map.ts'
import { type Call, pixelAt } from './plan.ts'
import { STEP } from './weights.ts'

/** Rows of a matrix product that stay in L1 together, in bytes. */
export const BLOCK_BYTES = 16384
/** Pixels that a kernel computes at once. */
const TILE = 4

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

/** `step`: bytes of depth that the kernel takes at once. */
export function rowsOf({ input, shape }: Layer, lowering: Lowering, step = STEP): Rows {
  const { memory } = lowering
  const { kernel, output } = shape
  const { storage, shape: given } = lowering.buffer(input)
  const border = borderWanted({ kind: 'mac', shape }, storage, given.channels)
  const { buffer, calls, free } = lowering.padded(input, border)
  const windowBytes = kernel * buffer.pixelBytes
  const pixels = output.height * output.width
  const direct = directRows(shape, buffer, step)
  const depth = roundUp(kernel * windowBytes, step)
  const most = Math.min(pixels, Math.max(TILE, Math.floor(BLOCK_BYTES / depth / TILE) * TILE))
  const scratch = direct === undefined ? memory.take(most * depth) : 0
  const blocks = Array.from({ length: Math.ceil(pixels / most) }, (_, i) => {
    const first = i * most
    const count = Math.min(most, pixels - first)
    if (direct !== undefined) return { first, pixels: count, address: direct + first * depth, gather: [] }
    const gather = gatherCall(shape, buffer, first, count, scratch, depth)
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
  const { kernel, stride, padding, output } = shape
  const { rowBytes, pixelBytes } = buffer
  const y = Math.floor(first / output.width)
  const windowBytes = kernel * pixelBytes
  const source = pixelAt(buffer, y * stride - padding.before, -padding.before)
  const steps = [stride * pixelBytes, stride * rowBytes, output.width, first % output.width, pixels]
  const tail = depth - kernel * windowBytes
  return { kernel: 'im2col', params: [source, rowBytes, windowBytes, kernel, ...steps, out, depth, tail] }
}
