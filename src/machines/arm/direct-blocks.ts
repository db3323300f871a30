// Windows of binary convolutions that are read where they lie, some rows of the output at a time.

import type { Layer } from '../../work/workload.ts'
import { borderWanted } from './border.ts'
import type { Lowering } from './lower.ts'
import { type Call, pixelAt } from './plan.ts'

interface Blocks {
  readonly before: readonly Call[]
  /** Rows of the output from `y` on, pixels from `first` on: the first eight words of the kernels' parameters. */
  readonly blocks: readonly { readonly y: number; readonly first: number; readonly windows: readonly number[] }[]
  /** Bytes of a row of the window. */
  readonly rowBytes: number
  /** To be called when all places have been taken that are needed at the same time. */
  readonly free: () => void
}

/** Pixels that a kernel computes at once. */
const TILE = 4

export function directBlocks({ input, shape }: Layer, lowering: Lowering): Blocks {
  const { kernel, stride, padding, output } = shape
  const { storage, shape: given } = lowering.buffer(input)
  const border = borderWanted({ kind: 'mac', shape }, storage, given.channels)
  const { buffer, calls: before, free } = lowering.padded(input, border)
  const { pixelBytes, rowBytes } = buffer
  const most = rowsAtOnce(lowering.block / (kernel * kernel * pixelBytes * output.width), output.width)
  const blocks = Array.from({ length: Math.ceil(output.height / most) }, (_, i) => {
    const y = i * most
    const source = pixelAt(buffer, y * stride - padding.before, -padding.before)
    const window = [source, rowBytes, pixelBytes, kernel, stride * pixelBytes, stride * rowBytes]
    return { y, first: y * output.width, windows: [...window, output.width, Math.min(most, output.height - y)] }
  })
  return { before, blocks, rowBytes: kernel * pixelBytes, free }
}

/** At most so many rows, at least one; whole tiles where these are some of them. */
function rowsAtOnce(most: number, width: number): number {
  const whole = [1, 2, TILE].find((rows) => (rows * width) % TILE === 0)!
  return Math.max(1, most < whole ? Math.floor(most) : Math.floor(most / whole) * whole)
}
