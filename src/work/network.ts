// A network is a list of nodes in evaluation order. Each node names the nodes
// it reads; `input` is the encoded picture. Nodes that multiply and accumulate
// carry weights; all others are element-wise, pooling or joining steps, and are
// what a layer's `post` facet is made of (see workload.ts).

import type { Shape } from './tensor.ts'

/** +1/-1 weights, packed as activations are: row `o`, tap `t` starts at word (o * taps + t) * wordsOf(channels). */
export interface BinaryWeights {
  readonly kind: 'binary'
  readonly rows: number
  readonly taps: number
  readonly channels: number
  readonly words: Uint32Array
}

/** data[(o * taps + t) * channels + c]; depthwise convolutions have channels 1. */
export interface RealWeights {
  readonly kind: 'real'
  readonly rows: number
  readonly taps: number
  readonly channels: number
  readonly data: Float32Array
}

/** Whole numbers below 2^15 in magnitude; laid out as RealWeights are. */
export interface IntegerWeights {
  readonly kind: 'integer'
  readonly rows: number
  readonly taps: number
  readonly channels: number
  readonly data: Int32Array
}

export type Weights = BinaryWeights | RealWeights | IntegerWeights

/**
 * Geometry of a convolution or dense layer. A dense layer is a convolution whose
 * kernel covers its whole input. `padding` is the same on all sides unless
 * the network needs more after than before ('same' padding at stride 2).
 */
export interface MacShape {
  readonly input: Shape
  readonly output: Shape
  readonly kernel: number // square; taps = kernel * kernel, row by row
  readonly stride: number
  readonly padding: { readonly before: number; readonly after: number }
  /** What a padded tap counts: nothing (0), or as an activation of +1 or -1. */
  readonly padValue: -1 | 0 | 1
  /** Each input channel has its own kernels and output channels only read theirs. */
  readonly depthwise: boolean
}

/**
 * What a multiply-accumulate node yields: `matches` is the popcount of XNOR
 * (needs binary activations and no zero padding), `dot` the signed sum.
 */
export type Sum = 'matches' | 'dot'

/** Bits of fixed-point numbers. 8 bits hold -127 to 127, 16 bits -32768 to 32767, 32 bits whatever comes. */
export type FixedBits = 8 | 16 | 32

export type Op =
  | {
      readonly kind: 'mac'
      readonly shape: MacShape
      readonly weights: Weights
      readonly sum: Sum
      readonly bias?: Float32Array
    }
  /**
   * FracBNN's gated convolution over 2-bit activations a3 in {-3, -1, 1, 3}: msb = sum w*sign(a3),
   * full = sum w*a3; output full/3 where msb*2/3 > gate[c], else msb*2/3. With `thirds`, integers: 3 times that.
   */
  | {
      readonly kind: 'gated-mac'
      readonly shape: MacShape
      readonly weights: BinaryWeights
      readonly gate: Float32Array
      readonly thirds?: boolean
    }
  /** bit = x > level[c] (integers: exact), or x >= level[c] when `inclusive`. */
  | { readonly kind: 'threshold'; readonly level: Int32Array | Float32Array; readonly inclusive: boolean }
  /** y = x * scale[c] + offset[c]: a folded batch normalisation. */
  | { readonly kind: 'affine'; readonly scale: Float32Array; readonly offset: Float32Array }
  /** y = (t > 0 ? t : slope[c] * t) + shiftY[c] with t = x + shiftX[c]; ReLU, PReLU and RPReLU alike. */
  | {
      readonly kind: 'rprelu'
      readonly shiftX: Float32Array
      readonly slope: Float32Array
      readonly shiftY: Float32Array
    }
  /** FracBNN's 2-bit quantiser: > level -> 3, >= 0 -> 1, >= -level -> -1, else -3; the level is 2/3 unless given. */
  | { readonly kind: 'quantise2'; readonly level?: number }
  // Fixed point: integers that stand for multiples of a unit, which only the passes that make them know. Where `bits` are
  // given, results saturate. rshift(x, s) is floor(x / 2^s + 1/2), and x * 2^-s for s < 0.
  /** Of reals, the nearest multiple of 2^-fraction, in these units; ties away from 0. */
  | { readonly kind: 'quantise'; readonly fraction: number; readonly bits: FixedBits }
  /**
   * y = rshift(x * multiplier[c], shift[c]) + offset[c], the first term saturated to at least 16 bits. Without a
   * multiplier, of at most 127 in magnitude, nothing is multiplied; where `negative` is 1, the shifted value is negated.
   */
  | {
      readonly kind: 'fixed-affine'
      readonly multiplier?: Int32Array
      readonly shift: Int32Array
      readonly negative?: Uint8Array
      readonly offset: Int32Array
      readonly bits: FixedBits
    }
  /**
   * y = (t > 0 ? t : rshift(t * slope[c], shift[c])) + shiftY[c] with t = x + shiftX[c], t and the product saturated to at least
   * 16 bits. Without a slope, of at most 127 in magnitude, nothing is multiplied; a shift of 16 makes 0 of a negative t, and
   * where `negative` is 1, the shifted t is negated.
   */
  | {
      readonly kind: 'fixed-rprelu'
      readonly shiftX: Int32Array
      readonly slope?: Int32Array
      readonly shift: Int32Array
      readonly negative?: Uint8Array
      readonly shiftY: Int32Array
      readonly bits: FixedBits
    }
  /** On bits, max is OR. `average` divides by the window's area; with `bits`, integers by a shift. `sum` takes integers. */
  | {
      readonly kind: 'pool'
      readonly pool: 'max' | 'average' | 'sum'
      readonly bits?: FixedBits
      readonly window: number
      readonly stride: number
      readonly padding: { readonly before: number; readonly after: number }
    }
  /** With `bits`, of integers, saturating. */
  | { readonly kind: 'add'; readonly bits?: FixedBits }
  | { readonly kind: 'concat' }

export type OpKind = Op['kind']

export interface Node {
  readonly name: string
  readonly inputs: readonly string[]
  readonly op: Op
  readonly output: Shape
}

/**
 * How a picture (uint8 planes R, G, B or one grey plane) becomes the tensor `input`.
 * `int8`: q = min(127, floor((512p + 255)/510) - 128). `bit`: p >= 128, flattened.
 * `thermometer`: channel c*levels+b is +1 where b < p / 8 rounded half to even. `real`: (p/255 - mean[c]) / deviation[c].
 */
export type Encoding =
  | { readonly kind: 'int8' }
  | { readonly kind: 'bit' }
  | { readonly kind: 'thermometer'; readonly levels: number }
  | { readonly kind: 'real'; readonly mean: readonly number[]; readonly deviation: readonly number[] }

/** `highest-bit`: the last set bit of the node `bits`, 0 if none (LFC's own rule); `argmax`: lowest index on ties. */
export interface Decision {
  readonly rule: 'argmax' | 'highest-bit'
  /** Node whose values are the class scores. */
  readonly scores: string
  /** Node whose bits decide, for `highest-bit`. */
  readonly bits?: string
}

export interface Network {
  readonly name: string
  /** Where topology and weights come from, for reports. */
  readonly source: string
  readonly weights: 'trained' | 'seeded'
  /** Picture that it takes. */
  readonly picture: Shape
  readonly encoding: Encoding
  /** Shape of the encoded tensor `input`. */
  readonly input: Shape
  readonly nodes: readonly Node[]
  readonly decision: Decision
  readonly classes: readonly string[]
}
