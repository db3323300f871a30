// Values in another storage than that in which they lie in memory, for those who read no other.

import { type Border, type Buffer, type MemoryMap, type Storage, sizeOf } from './memory-map.ts'
import type { Call } from './plan.ts'

/** A value as its reader wants it, the calls that bring it there, and what gives its place back. */
export interface Brought {
  readonly buffer: Buffer
  readonly calls: readonly Call[]
  readonly free: () => void
}

export type NumberStorage = Exclude<Storage, 'bits'>

/** Elements of a pixel, with those that fill it up. */
export const pixelElements = ({ storage, pixelBytes }: Buffer): number => pixelBytes / sizeOf[storage as NumberStorage]

/** A copy of numbers as `storage`, within `border`: f32, or i32 of what is whole. */
export function converted(buffer: Buffer, storage: 'f32' | 'i32', border: Border, memory: MemoryMap): Brought {
  const copy = memory.allocate(storage, buffer.shape, pixelElements(buffer) * sizeOf[storage], border)
  return { buffer: copy, calls: [conversion(buffer, copy)], free: () => memory.release(copy) }
}

function conversion(from: Buffer, to: Buffer): Call {
  if (from.storage === 'f32') return quantised(from, to, 0)
  if (from.storage !== 'i32') return inRuns(`convert_${from.storage}_${to.storage}`, [from], to)
  const { shape, address, rowBytes, pixelBytes } = from
  const params = [shape.height, shape.width, pixelBytes / 16, address, rowBytes, to.address, to.rowBytes]
  return { kernel: 'convert_i32_f32', params }
}

const floatBits = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0]!

/** Multiples of 2^-fraction nearest to reals. */
export function quantised(from: Buffer, to: Buffer, fraction: number): Call {
  const bits = 8 * sizeOf[to.storage as NumberStorage]
  const params = [fraction * 2 ** 23, floatBits(2 ** (bits - fraction)), floatBits(2 ** (-fraction - 1))]
  return inRuns(`quantise_f32_${to.storage}`, [from], to, params)
}

/** A kernel of fixed-rows.s: all elements of a row one behind the other, of an image where its rows are. */
export function inRuns(
  kernel: string,
  [first, second]: readonly [Buffer, Buffer?],
  output: Buffer,
  more: readonly number[] = [],
): Call {
  const { height, width } = output.shape
  const buffers = [first, output, ...(second === undefined ? [] : [second])]
  const whole = buffers.every(({ rowBytes, pixelBytes }) => rowBytes === width * pixelBytes)
  const elements = width * pixelElements(output)
  const size = whole ? [1, height * elements] : [height, elements]
  const places = buffers.flatMap(({ address, rowBytes }) => [address, rowBytes])
  return { kernel, params: [...size, ...places, ...more] }
}
