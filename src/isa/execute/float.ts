// Floating point, for lanes of 32 and 64 bits: operations with NaNs as AArch64 has them, and fused multiply-add.
//
// WebAssembly leaves open which NaN an operation gives. AArch64 says: the first operand that is a signalling NaN, else
// the first that is a quiet one, made quiet; without such an operand the positive quiet NaN without payload.

import type { Emitter } from './emitter.ts'
import { splat, type V } from './lanes.ts'
import type { Shape } from './vector.ts'
import type { FunctionBuilder } from './wasm/builder.ts'
import { type Code, choose } from './wasm/code.ts'
import { f32, f64, i32 } from './wasm/scalar.ts'
import { f32x4, f64x2, i8x16, i32x4, i64x2, v128 } from './wasm/vector.ts'

export type FloatBits = 32 | 64

const mantissa = { 32: 23, 64: 52 }

/** Where operations on lanes of either width are found. */
export const floats = { 32: f32x4, 64: f64x2 }
export const signBit = (bits: FloatBits): V => splat(bits, 1n << BigInt(bits - 1))
const quietBit = (bits: FloatBits): V => splat(bits, 1n << BigInt(mantissa[bits] - 1))
const defaultNan = (bits: FloatBits): V =>
  splat(bits, ((1n << BigInt(bits - mantissa[bits])) - 1n) << BigInt(mantissa[bits] - 1))
export const infinity = (bits: FloatBits): V =>
  splat(bits, ((1n << BigInt(bits - 1 - mantissa[bits])) - 1n) << BigInt(mantissa[bits]))

export const negate = (bits: FloatBits, a: V): V => v128.xor(a, signBit(bits))
export const absolute = (bits: FloatBits, a: V): V => v128.andnot(a, signBit(bits))

const isNan = (bits: FloatBits, a: V): V => floats[bits].ne(a, a)
const isQuiet = (bits: FloatBits, a: V): V => {
  const bit = quietBit(bits)
  const equal = bits === 32 ? i32x4.eq : i64x2.eq
  return v128.and(isNan(bits, a), equal(v128.and(a, bit), bit))
}

/** The NaN that an operation on `operands` gives, in order of precedence. */
function chosenNan(f: FunctionBuilder, bits: FloatBits, operands: readonly V[]): V {
  let nan = defaultNan(bits)
  const quieted = (a: V) => v128.or(a, quietBit(bits))
  const lastFirst = operands.toReversed()
  for (const a of lastFirst) nan = f.keep(v128.bitselect(quieted(a), nan, isNan(bits, a)))
  for (const a of lastFirst)
    nan = f.keep(v128.bitselect(quieted(a), nan, v128.andnot(isNan(bits, a), isQuiet(bits, a))))
  return nan
}

/** Not zero if one of the lanes that count is NaN. */
function anyNan(bits: FloatBits, { lane, lanes }: Shape, a: V): Code<'i32'> {
  if (lanes === 1)
    return lane === 32
      ? f32.ne(f32x4.extract(a, 0), f32x4.extract(a, 0))
      : f64.ne(f64x2.extract(a, 0), f64x2.extract(a, 0))
  const nans = isNan(bits, a)
  return v128.anyTrue(lane * lanes === 128 ? nans : v128.and(nans, splat64))
}

const splat64 = v128.constant([...Array(8).fill(255), ...Array(8).fill(0)])

/** `result` of an operation on `operands`, with its NaNs. */
export function withNans(e: Emitter, bits: FloatBits, shape: Shape, result: V, operands: readonly V[]): V {
  const value = e.keep(result)
  const fixed = e.call(`nan${operands.length}.${bits}`, 'v128', [value, ...operands], (f, r, ...inputs) =>
    v128.bitselect(chosenNan(f, bits, inputs), r, isNan(bits, r)),
  )
  return choose(anyNan(bits, shape, value), fixed, value)
}

/** Of two operands of which one is a quiet NaN and the other a number, the NaN becomes `neutral`. */
export function ignoringQuiet(e: Emitter, bits: FloatBits, a: V, b: V, neutral: V): readonly [V, V] {
  const [quietA, quietB] = [e.keep(isQuiet(bits, a)), e.keep(isQuiet(bits, b))]
  return [
    e.keep(v128.bitselect(neutral, a, v128.andnot(quietA, quietB))),
    e.keep(v128.bitselect(neutral, b, v128.andnot(quietB, quietA))),
  ]
}

/** addend + a * b, rounded once. */
export function fused(e: Emitter, bits: FloatBits, shape: Shape, addend: V, a: V, b: V): V {
  const sum = bits === 32 ? fused32(e, addend, a, b) : fused64(e, shape, addend, a, b)
  const value = e.keep(sum)
  const fixed = e.call(`nanFused.${bits}`, 'v128', [value, addend, a, b], (f, r, c, x, y) => {
    // A product of zero and infinity is invalid, even where the addend is a quiet NaN.
    const [zero, inf] = [splat(bits, 0), infinity(bits)]
    const { eq } = floats[bits]
    const invalid = v128.or(
      v128.and(eq(x, zero), eq(absolute(bits, y), inf)),
      v128.and(eq(absolute(bits, x), inf), eq(y, zero)),
    )
    const nan = chosenNan(f, bits, [c, x, y])
    const chosen = v128.bitselect(defaultNan(bits), nan, v128.and(invalid, isQuiet(bits, c)))
    return v128.bitselect(chosen, r, isNan(bits, r))
  })
  return choose(anyNan(bits, shape, value), fixed, value)
}

const fused64 = (e: Emitter, { lanes }: Shape, addend: V, a: V, b: V): V => {
  const lane = (at: number) =>
    e.callImported(
      'fma',
      'f64',
      [a, b, addend].map((value) => f64x2.extract(value, at)),
    )
  const low = f64x2.splat(lane(0))
  return lanes === 1 ? low : f64x2.replace(low, 1, lane(1))
}

/** Products of f32 are exact in f64; sums are rounded to odd there, so that rounding them again is as rounding once. */
const fused32 = (e: Emitter, addend: V, a: V, b: V): V =>
  e.call('fused32', 'v128', [addend, a, b], (f, c, x, y) => {
    const upper = (value: V) => i8x16.shuffle(value, value, [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7])
    const half = (part: (value: V) => V) =>
      f32x4.demote(addToOdd(f, f64x2.promote(part(c)), f64x2.mul(f64x2.promote(part(x)), f64x2.promote(part(y)))))
    const [low, high] = [half((value) => value), half(upper)]
    return i8x16.shuffle(low, high, [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23])
  })

/** f64 sums, rounded to the neighbour whose last bit is odd unless exact. */
function addToOdd(f: FunctionBuilder, first: V, second: V): V {
  const [a, b] = [f.keep(first), f.keep(second)]
  const sum = f.keep(f64x2.add(a, b))
  const virtual = f.keep(f64x2.sub(sum, a))
  const error = f.keep(f64x2.add(f64x2.sub(a, f64x2.sub(sum, virtual)), f64x2.sub(b, virtual)))
  return towards(f, sum, error)
}

/** `value`, whose last bit is made odd by a step in the direction of `error` if that is a number other than zero. */
function towards(f: FunctionBuilder, value: V, error: V): V {
  const zero = splat(64, 0)
  const [up, down] = [f.keep(f64x2.gt(error, zero)), f.keep(f64x2.gt(zero, error))]
  const inexact = v128.or(up, down)
  const even = i64x2.eq(v128.and(value, splat(64, 1)), zero)
  // A step away from zero adds one to the bits, a step to zero takes one away.
  const grows = v128.xor(up, i64x2.shrS(value, i32.constant(63)))
  const step = v128.or(grows, splat(64, 1))
  const signed = i64x2.sub(zero, step)
  return i64x2.add(value, v128.and(v128.and(inexact, even), signed))
}
