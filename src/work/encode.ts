// How a picture becomes the tensor `input` (see Encoding in network.ts).

import { setBit } from './bits.ts'
import { InputError } from './input-error.ts'
import type { Encoding, Network } from './network.ts'
import { bitTensor, elements, intTensor, realTensor, type Shape, type Tensor, wordsOf } from './tensor.ts'

type Encode<K extends Encoding['kind']> = (
  encoding: Extract<Encoding, { kind: K }>,
  pixels: Uint8Array,
  picture: Shape,
  input: Shape,
) => Tensor

/** Calls `visit` with each pixel value, its place in channel-fastest order, and its channel. */
function eachPixel(
  pixels: Uint8Array,
  picture: Shape,
  visit: (value: number, at: number, plane: number) => void,
): void {
  const area = picture.height * picture.width
  for (let plane = 0, i = 0; plane < picture.channels; plane++)
    for (let at = plane; at < area * picture.channels; at += picture.channels) visit(pixels[i++]!, at, plane)
}

const int8: Encode<'int8'> = (_encoding, pixels, picture, input) => {
  const tensor = intTensor(input)
  eachPixel(pixels, picture, (value, at) => {
    tensor.data[at] = Math.min(127, Math.floor((512 * value + 255) / 510) - 128)
  })
  return tensor
}

const bit: Encode<'bit'> = (_encoding, pixels, _picture, input) => {
  const tensor = bitTensor(input)
  for (let i = 0; i < pixels.length; i++) setBit(tensor.words, 0, i, pixels[i]! >= 128)
  return tensor
}

const thermometer: Encode<'thermometer'> = ({ levels }, pixels, picture, input) => {
  const tensor = bitTensor(input)
  const stride = wordsOf(input.channels)
  eachPixel(pixels, picture, (value, at, plane) => {
    const pixel = Math.floor(at / picture.channels) * stride
    const set = Math.min(levels, eighth(value))
    for (let level = 0; level < set; level++) setBit(tensor.words, pixel, plane * levels + level, true)
  })
  return tensor
}

/** value / 8, halves to the even neighbour: what torch.round makes of them. */
function eighth(value: number): number {
  const below = value >> 3
  const rest = value & 7
  return rest > 4 || (rest === 4 && (below & 1) === 1) ? below + 1 : below
}

const real: Encode<'real'> = ({ mean, deviation }, pixels, picture, input) => {
  const tensor = realTensor(input)
  const means = Float32Array.from(mean)
  const deviations = Float32Array.from(deviation)
  eachPixel(pixels, picture, (value, at, plane) => {
    tensor.data[at] = Math.fround(Math.fround(value / 255) - means[plane]!) / deviations[plane]!
  })
  return tensor
}

const encodings: { [K in Encoding['kind']]: Encode<K> } = { int8, bit, thermometer, real }

/**
 * Encodes a picture, given as planes of `network.picture`, rows top to bottom, as the network's tensor `input`.
 * Throws InputError when the number of pixels is not the picture's.
 */
export function encode(network: Network, pixels: Uint8Array): Tensor {
  const { picture, encoding, input } = network
  if (pixels.length !== elements(picture)) {
    const { channels, height, width } = picture
    const wanted = `${channels} x ${height} x ${width} = ${elements(picture)}`
    throw new InputError(`expected a picture of ${wanted} bytes, got ${pixels.length}`, { key: network.name })
  }
  return dispatch(encoding, pixels, picture, input)
}

const dispatch = <K extends Encoding['kind']>(
  encoding: Extract<Encoding, { kind: K }>,
  pixels: Uint8Array,
  picture: Shape,
  input: Shape,
): Tensor => encodings[encoding.kind as K](encoding, pixels, picture, input)
