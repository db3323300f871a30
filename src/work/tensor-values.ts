// Tensors as plain numbers.

import { getBit } from './bits.ts'
import { elements, type Tensor, wordsOf } from './tensor.ts'

/** Values in storage order; bits as 1 and -1. */
export function valuesOf(tensor: Tensor): number[] {
  if (tensor.kind !== 'bits') return Array.from(tensor.data)
  const { channels } = tensor.shape
  const stride = wordsOf(channels)
  return Array.from(
    { length: elements(tensor.shape) },
    (_, i) => 2 * getBit(tensor.words, Math.floor(i / channels) * stride, i % channels) - 1,
  )
}
