// The values that flow between layers. Every tensor is stored pixel by pixel,
// channels fastest: element (c, y, x) of a real or integer tensor is at
// (y * width + x) * channels + c. Bits are packed least significant first into
// 32-bit words, each pixel starting a new word; unused bits of its last word are 0.
// Bit 1 stands for +1, bit 0 for -1.

export interface Shape {
  readonly channels: number
  readonly height: number
  readonly width: number
}

/** `words[(y * width + x) * wordsOf(channels) + (c >> 5)]` holds channel c in bit `c & 31`. */
export interface BitTensor {
  readonly kind: 'bits'
  readonly shape: Shape
  readonly words: Uint32Array
}

/** Popcounts, dot products, or quantised inputs. */
export interface IntTensor {
  readonly kind: 'int'
  readonly shape: Shape
  readonly data: Int32Array
}

export interface RealTensor {
  readonly kind: 'real'
  readonly shape: Shape
  readonly data: Float32Array
}

export type Tensor = BitTensor | IntTensor | RealTensor

/** 32-bit words that `bits` bits take. */
export const wordsOf = (bits: number): number => (bits + 31) >>> 5

export const elements = (shape: Shape): number => shape.channels * shape.height * shape.width

export const bitTensor = (shape: Shape): BitTensor => ({
  kind: 'bits',
  shape,
  words: new Uint32Array(shape.height * shape.width * wordsOf(shape.channels)),
})

export const intTensor = (shape: Shape): IntTensor => ({ kind: 'int', shape, data: new Int32Array(elements(shape)) })

export const realTensor = (shape: Shape): RealTensor => ({
  kind: 'real',
  shape,
  data: new Float32Array(elements(shape)),
})
