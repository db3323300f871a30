// Integer operations on lanes of one width, those that WebAssembly lacks included.

import type { LaneBits } from '../instruction.ts'
import type { FunctionBuilder } from './wasm/builder.ts'
import type { Code } from './wasm/code.ts'
import { i32, i64 } from './wasm/scalar.ts'
import { i8x16, i16x8, i32x4, i64x2, v128 } from './wasm/vector.ts'

export type V = Code<'v128'>
type Binary = (a: V, b: V) => V
type Shift = (a: V, amount: number) => V

export interface Lanes {
  readonly bits: LaneBits
  /** The same in every lane, modulo the width. */
  splat(value: bigint | number): V
  /** One lane, sign- or zero-extended. */
  extractS(a: V, lane: number): Code<'i64'>
  extractU(a: V, lane: number): Code<'i64'>
  /** `value` modulo the width in one lane. */
  replace(a: V, lane: number, value: Code<'i64'>): V
  readonly add: Binary
  readonly sub: Binary
  readonly mul: Binary
  neg(a: V): V
  abs(a: V): V
  /** Shifts by a constant from 0 to the width. */
  readonly shl: Shift
  readonly shrS: Shift
  readonly shrU: Shift
  /** Comparisons give all ones or zero. */
  readonly eq: Binary
  readonly gtS: Binary
  readonly gtU: Binary
  readonly geS: Binary
  readonly geU: Binary
  readonly minS: Binary
  readonly minU: Binary
  readonly maxS: Binary
  readonly maxU: Binary
  readonly addSatS: Binary
  readonly addSatU: Binary
  readonly subSatS: Binary
  readonly subSatU: Binary
}

type Native = typeof i8x16 | typeof i16x8 | typeof i32x4 | typeof i64x2

/** A vector constant of the same value in every lane. */
export function splat(bits: LaneBits, value: bigint | number): V {
  const bytes: number[] = []
  const lane = BigInt.asUintN(bits, BigInt(value))
  for (let byte = 0; byte < 16; byte++) bytes.push(Number((lane >> BigInt((8 * byte) % bits)) & 0xffn))
  return v128.constant(bytes)
}

/** Shifts that hold for an amount of the whole width too, which WebAssembly takes for none. */
const shifts = (bits: LaneBits, native: Native) => ({
  shl: (a: V, amount: number) => (amount === bits ? splat(bits, 0) : native.shl(a, i32.constant(amount))),
  shrU: (a: V, amount: number) => (amount === bits ? splat(bits, 0) : native.shrU(a, i32.constant(amount))),
  shrS: (a: V, amount: number) => native.shrS(a, i32.constant(Math.min(amount, bits - 1))),
})

/** Saturated sums and differences, from plain ones. */
function saturated(f: FunctionBuilder, bits: LaneBits, native: Native, gtU: Binary) {
  const sign = (a: V) => native.shrS(a, i32.constant(bits - 1))
  const limit = (a: V) => v128.xor(sign(a), splat(bits, (1n << BigInt(bits - 1)) - 1n))
  return {
    addSatS: (x: V, y: V) => {
      const [a, b] = [f.keep(x), f.keep(y)]
      const sum = f.keep(native.add(a, b))
      return v128.bitselect(limit(a), sum, sign(v128.and(v128.xor(a, sum), v128.xor(b, sum))))
    },
    subSatS: (x: V, y: V) => {
      const [a, b] = [f.keep(x), f.keep(y)]
      const difference = f.keep(native.sub(a, b))
      return v128.bitselect(limit(a), difference, sign(v128.and(v128.xor(a, b), v128.xor(a, difference))))
    },
    addSatU: (x: V, y: V) => {
      const a = f.keep(x)
      const sum = f.keep(native.add(a, y))
      return v128.or(sum, gtU(a, sum))
    },
    subSatU: (x: V, y: V) => {
      const [a, b] = [f.keep(x), f.keep(y)]
      return v128.andnot(native.sub(a, b), gtU(b, a))
    },
  }
}

/** Products of bytes: those at even places, and those at odd ones. */
function multiplyBytes(f: FunctionBuilder, x: V, y: V): V {
  const [a, b] = [f.keep(x), f.keep(y)]
  const eight = i32.constant(8)
  const even = v128.and(i16x8.mul(a, b), splat(16, 0xff))
  const odd = i16x8.shl(i16x8.mul(i16x8.shrU(a, eight), i16x8.shrU(b, eight)), eight)
  return v128.or(even, odd)
}

const lanes64 = (f: FunctionBuilder): Lanes => {
  const flip = (a: V) => v128.xor(a, splat(64, 1n << 63n))
  const gtU: Binary = (a, b) => i64x2.gtS(flip(a), flip(b))
  const pick =
    (greater: Binary, larger: boolean): Binary =>
    (x, y) => {
      const [a, b] = [f.keep(x), f.keep(y)]
      return larger ? v128.bitselect(a, b, greater(a, b)) : v128.bitselect(b, a, greater(a, b))
    }
  return {
    ...i64x2,
    ...shifts(64, i64x2),
    ...saturated(f, 64, i64x2, gtU),
    bits: 64,
    splat: (value) => splat(64, value),
    extractS: i64x2.extract,
    extractU: i64x2.extract,
    gtU,
    geU: (a, b) => i64x2.geS(flip(a), flip(b)),
    minS: pick(i64x2.gtS, false),
    maxS: pick(i64x2.gtS, true),
    minU: pick(gtU, false),
    maxU: pick(gtU, true),
  }
}

/** Parts that lanes of 8, 16 and 32 bits share. */
const common = (bits: 8 | 16 | 32, native: typeof i8x16 | typeof i16x8 | typeof i32x4) => ({
  ...shifts(bits, native),
  bits,
  splat: (value: bigint | number) => splat(bits, value),
  replace: (a: V, lane: number, value: Code<'i64'>) => native.replace(a, lane, i32.wrap(value)),
})

const lanesBy: Readonly<Record<LaneBits, (f: FunctionBuilder) => Lanes>> = {
  8: (f) => ({
    ...i8x16,
    ...common(8, i8x16),
    extractS: (a, lane) => i64.extendI32S(i8x16.extractS(a, lane)),
    extractU: (a, lane) => i64.extendI32U(i8x16.extractU(a, lane)),
    mul: (a, b) => multiplyBytes(f, a, b),
  }),
  16: () => ({
    ...i16x8,
    ...common(16, i16x8),
    extractS: (a, lane) => i64.extendI32S(i16x8.extractS(a, lane)),
    extractU: (a, lane) => i64.extendI32U(i16x8.extractU(a, lane)),
  }),
  32: (f) => ({
    ...i32x4,
    ...common(32, i32x4),
    ...saturated(f, 32, i32x4, i32x4.gtU),
    extractS: (a, lane) => i64.extendI32S(i32x4.extract(a, lane)),
    extractU: (a, lane) => i64.extendI32U(i32x4.extract(a, lane)),
  }),
  64: lanes64,
}

/** Operations on lanes of `bits`, in the function that `f` builds. Operands may be evaluated often. */
export const lanesOf = (f: FunctionBuilder, bits: LaneBits): Lanes => lanesBy[bits](f)
