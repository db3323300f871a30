// Conversions between floating-point formats and integers, and rounding to integers.
//
// Of a NaN, AArch64 keeps the sign and the leading bits of the payload and makes it quiet. WebAssembly does not promise
// this of its conversions, but hosts with x86-64 and AArch64 processors do it.

import type { General, Immediate, Scalar, Vector } from '../instruction.ts'
import type { Emitter } from './emitter.ts'
import { type FloatBits, floats, signBit, withNans } from './float.ts'
import { splat, type V } from './lanes.ts'
import { on, type Semantics } from './operation.ts'
import { type Register, type Shape, shapeOf, shuffleLanes, type Table, write } from './vector.ts'
import { isHigh, truncate, writeNarrow } from './vector-long.ts'
import type { Code } from './wasm/code.ts'
import { f32, f64, type IntegerType, i32, i64 } from './wasm/scalar.ts'
import { f32x4, f64x2, i32x4, i64x2, v128 } from './wasm/vector.ts'

type Rounding = 'nearest' | 'floor' | 'ceil' | 'trunc' | 'away'

const constant = (bits: FloatBits, value: number): V =>
  bits === 32 ? f32x4.splat(f32.constant(value)) : f64x2.splat(f64.constant(value))

/** To integers as numbers; `away`: to nearest, ties away from zero. */
function round(e: Emitter, bits: FloatBits, a: V, rounding: Rounding): V {
  const f = floats[bits]
  if (rounding !== 'away') return f[rounding](a)
  const cut = e.keep(f.trunc(a))
  const sign = signBit(bits)
  const [half, one] = [constant(bits, 0.5), constant(bits, 1)]
  const farther = f.ge(v128.andnot(f.sub(a, cut), sign), half)
  const step = v128.and(farther, one)
  // The sign of a zero stays.
  return v128.or(f.add(cut, v128.or(step, v128.and(a, sign))), v128.and(a, sign))
}

const roundToIntegral = (rounding: Rounding): Semantics =>
  on<[Register, Register]>((e, [d, n]) => {
    const shape = shapeOf(d)
    const a = e.v(n.index)
    write(e, d, withNans(e, shape.lane as FloatBits, shape, round(e, shape.lane as FloatBits, a, rounding), [a]))
  })

/** Times 2 ** exponent. */
const scaled = (bits: FloatBits, a: V, exponent: number): V =>
  exponent === 0 ? a : floats[bits].mul(a, constant(bits, 2 ** exponent))

const truncations = {
  i32: { 32: [i32.truncF32U, i32.truncF32S], 64: [i32.truncF64U, i32.truncF64S] },
  i64: { 32: [i64.truncF32U, i64.truncF32S], 64: [i64.truncF64U, i64.truncF64S] },
} as const

/** Lane `at` as an integer, saturated; NaN is 0. */
function integerLane(type: IntegerType, bits: FloatBits, a: V, at: number, isSigned: boolean): Code<IntegerType> {
  if (bits === 32) return truncations[type][32][isSigned ? 1 : 0](f32x4.extract(a, at))
  return truncations[type][64][isSigned ? 1 : 0](f64x2.extract(a, at))
}

/** With a last operand: to fixed point, of so many fraction bits. */
const toInteger = (rounding: Rounding, isSigned: boolean): Semantics =>
  on<[General | Register, Register, Immediate]>((e, operands) => {
    const [d, n] = operands
    const { lane, lanes } = shapeOf(n)
    const bits = lane as FloatBits
    const fraction = operands.length === 3 ? Number(operands[2].value) : 0
    const value = e.keep(round(e, bits, scaled(bits, e.v(n.index), fraction), rounding))
    if (d.kind === 'general') e.write(d, integerLane(d.bits === 64 ? 'i64' : 'i32', bits, value, 0, isSigned))
    else if (bits === 32) write(e, d, isSigned ? i32x4.truncF32S(value) : i32x4.truncF32U(value))
    else {
      const low = i64x2.splat(integerLane('i64', 64, value, 0, isSigned) as Code<'i64'>)
      const both = () => i64x2.replace(low, 1, integerLane('i64', 64, value, 1, isSigned) as Code<'i64'>)
      write(e, d, lanes === 1 ? low : both())
    }
  })

const fromGeneral = (e: Emitter, n: General, bits: FloatBits, isSigned: boolean): V => {
  const value = e.read(n)
  if (value.type === 'i64') {
    const wide = value as Code<'i64'>
    if (bits === 32) return f32x4.splat(isSigned ? f32.convertI64S(wide) : f32.convertI64U(wide))
    return f64x2.splat(isSigned ? f64.convertI64S(wide) : f64.convertI64U(wide))
  }
  const word = value as Code<'i32'>
  if (bits === 32) return f32x4.splat(isSigned ? f32.convertI32S(word) : f32.convertI32U(word))
  return f64x2.splat(isSigned ? f64.convertI32S(word) : f64.convertI32U(word))
}

function fromLanes({ lane, lanes }: Shape, a: V, isSigned: boolean): V {
  if (lane === 32) return isSigned ? f32x4.convertS(a) : f32x4.convertU(a)
  const convert = isSigned ? f64.convertI64S : f64.convertI64U
  const low = f64x2.splat(convert(i64x2.extract(a, 0)))
  return lanes === 1 ? low : f64x2.replace(low, 1, convert(i64x2.extract(a, 1)))
}

/** With a last operand: from fixed point. Scaling is exact, so that the conversion is what rounds. */
const fromInteger = (isSigned: boolean): Semantics =>
  on<[Register, General | Register, Immediate]>((e, operands) => {
    const [d, n] = operands
    const shape = shapeOf(d)
    const bits = shape.lane as FloatBits
    const fraction = operands.length === 3 ? Number(operands[2].value) : 0
    const value = n.kind === 'general' ? fromGeneral(e, n, bits, isSigned) : fromLanes(shape, e.v(n.index), isSigned)
    write(e, d, scaled(bits, value, -fraction))
  })

/** Halves in the low 16 bits of lanes of 32, as f32: exact. */
const halfToSingle = (e: Emitter, halves: V): V =>
  e.call('half', 'v128', [halves], (f, a) => {
    const size = f.keep(v128.and(a, splat(32, 0x7fff)))
    const sign = i32x4.shl(v128.and(a, splat(32, 0x8000)), i32.constant(16))
    const bits = f.keep(i32x4.shl(size, i32.constant(13)))
    // The exponent is moved by multiplying, which makes subnormal numbers normal.
    const number = f32x4.mul(bits, f32x4.splat(f32.constant(2 ** 112)))
    const special = v128.or(bits, splat(32, 0x7f80_0000))
    const nan = i32x4.gtS(size, splat(32, 0x7c00))
    const quieted = v128.or(special, v128.and(nan, splat(32, 0x0040_0000)))
    return v128.or(sign, v128.bitselect(quieted, number, i32x4.gtS(size, splat(32, 0x7bff))))
  })

/** f32 to halves in the low 16 bits of lanes of 32. */
const singleToHalf = (e: Emitter, singles: V): V =>
  e.call('toHalf', 'v128', [singles], (f, a) => {
    const size = f.keep(v128.and(a, splat(32, 0x7fff_ffff)))
    const sign = v128.and(i32x4.shrU(a, i32.constant(16)), splat(32, 0x8000))
    const lastKept = v128.and(i32x4.shrU(size, i32.constant(13)), splat(32, 1))
    const normal = i32x4.shrU(
      i32x4.sub(i32x4.add(i32x4.add(size, splat(32, 0xfff)), lastKept), splat(32, 112 << 23)),
      i32.constant(13),
    )
    // Adding 1/2 rounds to multiples of 2 ** -24, the unit of subnormal halves.
    const half = f32x4.splat(f32.constant(0.5))
    const subnormal = i32x4.sub(f32x4.add(size, half), half)
    const isSubnormal = i32x4.gtS(splat(32, 113 << 23), size)
    const number = i32x4.minU(v128.bitselect(subnormal, normal, isSubnormal), splat(32, 0x7c00))
    const nan = v128.or(v128.and(i32x4.shrU(size, i32.constant(13)), splat(32, 0x3ff)), splat(32, 0x7e00))
    return v128.or(sign, v128.bitselect(nan, number, f32x4.ne(a, a)))
  })

/** f64 to f32 such that rounding on to half precision is as rounding once: what is dropped makes the last bit odd. */
const demoteToOdd = (e: Emitter, doubles: V): V =>
  e.call('demoteToOdd', 'v128', [doubles], (_, a) => {
    const dropped = splat(64, (1n << 29n) - 1n)
    const exact = i64x2.eq(v128.and(a, dropped), splat(64, 0))
    return f32x4.demote(v128.or(v128.andnot(a, dropped), v128.andnot(splat(64, 1n << 29n), exact)))
  })

/** Of scalars, in the low lane. */
const convert: Semantics = on<[Scalar, Scalar]>((e, [d, n]) => {
  const a = e.v(n.index)
  const single = () => {
    if (n.bits === 32) return a
    return n.bits === 64 ? f32x4.demote(a) : halfToSingle(e, i32x4.extendLowU(a))
  }
  const half = () => singleToHalf(e, n.bits === 64 ? demoteToOdd(e, a) : a)
  write(e, d, d.bits === 32 ? single() : d.bits === 64 ? f64x2.promote(single()) : half())
})

/** From the lower or upper half of a vector. */
const widen: Semantics = on<[Vector, Vector]>((e, [d, n]) => {
  const a = e.v(n.index)
  const low = isHigh(n) ? e.keep(shuffleLanes(64, a, a, [1, 0])) : a
  write(e, d, d.lane === 64 ? f64x2.promote(low) : halfToSingle(e, i32x4.extendLowU(low)))
})

const narrow: Semantics = on<[Vector, Vector]>((e, [d, n]) => {
  const a = e.v(n.index)
  writeNarrow(e, d, n.lane === 64 ? f32x4.demote(a) : truncate(32, e.keep(singleToHalf(e, a))))
})

export const floatConvert = {
  frintn: roundToIntegral('nearest'),
  frintm: roundToIntegral('floor'),
  frintp: roundToIntegral('ceil'),
  frintz: roundToIntegral('trunc'),
  frinta: roundToIntegral('away'),
  frintx: roundToIntegral('nearest'),
  frinti: roundToIntegral('nearest'),
  fcvtzs: toInteger('trunc', true),
  fcvtzu: toInteger('trunc', false),
  fcvtns: toInteger('nearest', true),
  fcvtnu: toInteger('nearest', false),
  fcvtms: toInteger('floor', true),
  fcvtmu: toInteger('floor', false),
  fcvtps: toInteger('ceil', true),
  fcvtpu: toInteger('ceil', false),
  fcvtas: toInteger('away', true),
  fcvtau: toInteger('away', false),
  fcvt: convert,
  fcvtl: widen,
  fcvtn: narrow,
  scvtf: fromInteger(true),
  ucvtf: fromInteger(false),
} as const satisfies Table
