// What the ARM machine does for an image: steps in order, each a sequence of calls of kernels that makes a value, or two.

import type { Network } from '../../work/network.ts'
import type { Tensor } from '../../work/tensor.ts'
import { type Buffer, type MemoryMap, sizeOf } from './memory-map.ts'

/** A kernel and its parameter block: 64-bit words, as the kernel's file describes them. */
export interface Call {
  readonly kernel: string
  readonly params: readonly number[]
}

/** The value of a network node, in memory. */
export interface Made {
  readonly node: string
  readonly kind: Tensor['kind']
  readonly output: Buffer
}

export interface Step {
  /** Layer of the workload that it belongs to. */
  readonly layer: string
  readonly made: readonly Made[]
  readonly calls: readonly Call[]
}

export interface Plan {
  readonly network: Network
  readonly memory: MemoryMap
  readonly input: Buffer
  readonly steps: readonly Step[]
}

/** Kernels write bits byte by byte: what clears the bytes of each pixel that no channel has. */
export function clearing({ shape, address, pixelBytes, rowBytes }: Buffer): Call[] {
  if (Math.ceil(shape.channels / 8) === pixelBytes) return []
  return [{ kernel: 'fill_rows', params: [shape.height, shape.width * pixelBytes, 0, address, rowBytes] }]
}

/** Bytes of a pixel's elements, without the channels that fill up a panel. */
export const elementBytes = ({ storage, shape }: Buffer): number =>
  storage === 'bits' ? 4 * Math.ceil(shape.channels / 32) : sizeOf[storage] * shape.channels

/** Address of the channels from byte `offset` of each pixel on, and the bytes from one pixel and row to the next. */
export const placeOf = ({ address, pixelBytes, rowBytes }: Buffer, offset = 0): number[] => [
  address + offset,
  pixelBytes,
  rowBytes,
]

/** Address of a pixel, which may lie in the border. */
export const pixelAt = ({ address, rowBytes, pixelBytes }: Buffer, y: number, x: number): number =>
  address + y * rowBytes + x * pixelBytes
