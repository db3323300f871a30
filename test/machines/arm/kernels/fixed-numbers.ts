// Integers of storages for calls of fixed-point kernels, with the ends of their ranges.

import { type IntTensor, intTensor, type Shape } from '../../../../src/work/tensor.ts'
import type { Calls } from './rows.ts'

export const storages = { i8: Int8Array, i16: Int16Array, i32: Int32Array } as const
export type Stored = keyof typeof storages

export const bitsOf = (storage: Stored): 8 | 16 | 32 => (8 * storages[storage].BYTES_PER_ELEMENT) as 8 | 16 | 32

/** Of all magnitudes up to 2^(bits - 1), now and then one of the ends. */
export function integer({ random }: Calls, bits: number): number {
  const high = 2 ** (bits - 1) - 1
  if (random() < 0.1) return random() < 0.5 ? high : -high - 1
  return Math.round((random() * 2 - 1) * high * 2 ** -Math.floor(random() * bits))
}

export const integers = (calls: Calls, count: number, bits: number): Int32Array =>
  Int32Array.from({ length: count }, () => integer(calls, bits))

export function tensorOf(calls: Calls, shape: Shape, storage: Stored): IntTensor {
  const tensor = intTensor(shape)
  tensor.data.forEach((_, i) => {
    tensor.data[i] = integer(calls, bitsOf(storage))
  })
  return tensor
}

/** `values` as they are stored, pixels of `channels` followed by `gap` others. */
export function spread(values: Int32Array, storage: Stored, channels: number, gap: number) {
  const pixels = values.length / channels
  const out = new storages[storage](pixels * (channels + gap))
  for (let pixel = 0; pixel < pixels; pixel++)
    out.set(values.subarray(pixel * channels, (pixel + 1) * channels), pixel * (channels + gap))
  return out
}
