// Tensors in the memory of the ARM machine, read and written pixel by pixel.

import { bitTensor, type IntTensor, intTensor, realTensor, type Tensor, wordsOf } from '../../work/tensor.ts'
import type { Buffer } from './memory-map.ts'
import { pixelAt } from './plan.ts'

type Kind = Tensor['kind']

/** The tensor that lies in `buffer`; as integers where reals hold such. */
export function readTensor(memory: Uint8Array, buffer: Buffer, kind: Kind): Tensor {
  const { shape, storage } = buffer
  if (storage === 'bits') {
    const tensor = bitTensor(shape)
    copyPixels(buffer, memory.buffer, wordsOf(shape.channels), (words, at) => tensor.words.set(words, at))
    return tensor
  }
  if (storage === 'i8' || storage === 'i16') {
    const tensor = intTensor(shape)
    eachPixel(memory, buffer, storage, (values, at) => tensor.data.set(values, at))
    return tensor
  }
  const tensor = kind === 'int' ? intTensor(shape) : realTensor(shape)
  copyPixels(buffer, memory.buffer, shape.channels, (words, at) =>
    tensor.data.set(storage === 'f32' ? asReals(words) : words, at),
  )
  return tensor
}

/** Puts a tensor into `buffer`. */
export function writeTensor(memory: Uint8Array, buffer: Buffer, tensor: Tensor): void {
  const { channels } = tensor.shape
  const { storage } = buffer
  if (storage === 'i8' || storage === 'i16') {
    const { data } = tensor as IntTensor
    eachPixel(memory, buffer, storage, (values, at) => values.set(data.subarray(at, at + channels)))
  } else if (tensor.kind === 'bits')
    copyPixels(buffer, memory.buffer, wordsOf(channels), (words, at) =>
      words.set(tensor.words.subarray(at, at + words.length)),
    )
  else
    copyPixels(buffer, memory.buffer, channels, (words, at) => {
      asReals(words).set(tensor.data.subarray(at, at + words.length))
    })
}

/** Visits the elements of each pixel, with their place in a tensor. */
function eachPixel(
  memory: Uint8Array,
  buffer: Buffer,
  storage: 'i8' | 'i16',
  visit: (values: Int8Array | Int16Array, at: number) => void,
): void {
  const { channels, height, width } = buffer.shape
  const at = (y: number, x: number) => [memory.buffer, pixelAt(buffer, y, x), channels] as const
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++, to += channels)
      visit(storage === 'i8' ? new Int8Array(...at(y, x)) : new Int16Array(...at(y, x)), to)
}

const asReals = (words: Int32Array): Float32Array => new Float32Array(words.buffer, words.byteOffset, words.length)

/** Visits the words of each pixel, or of each row where pixels follow one another, with their place in a tensor. */
function copyPixels(
  { shape: { height, width }, address, pixelBytes, rowBytes }: Buffer,
  memory: ArrayBufferLike,
  words: number,
  visit: (words: Int32Array, at: number) => void,
): void {
  const runs = pixelBytes === 4 * words ? 1 : width
  const length = (words * width) / runs
  for (let y = 0, at = 0; y < height; y++)
    for (let run = 0; run < runs; run++, at += length)
      visit(new Int32Array(memory, address + y * rowBytes + run * pixelBytes, length), at)
}
