// Integer and floating-point instructions on single values.

import { type Code, code, place, signed, type Type } from './code.ts'

export type IntegerType = 'i32' | 'i64'
export type FloatType = 'f32' | 'f64'

const nullary = <R extends Type>(result: R, instruction: readonly number[]): Code<R> => code(result, [], instruction)
const unary =
  <A extends Type, R extends Type>(_: A, result: R, ...instruction: number[]) =>
  (a: Code<A>): Code<R> =>
    code(result, [a], instruction)
const binary =
  <A extends Type, R extends Type>(_: A, result: R, ...instruction: number[]) =>
  (a: Code<A>, b: Code<A>): Code<R> =>
    code(result, [a, b], instruction)
const load =
  <R extends Type>(result: R, instruction: number) =>
  (address: Code<'i32'>, offset = 0): Code<R> =>
    code(result, [address], [instruction, ...place(offset)])

/** Methods rather than properties, so that code may be written for either width. */
export interface Integer<T extends IntegerType> {
  readonly bits: 32 | 64
  /** Of a bigint, the low bits. */
  constant(value: bigint | number): Code<T>
  eqz(a: Code<T>): Code<'i32'>
  eq(a: Code<T>, b: Code<T>): Code<'i32'>
  ne(a: Code<T>, b: Code<T>): Code<'i32'>
  ltS(a: Code<T>, b: Code<T>): Code<'i32'>
  ltU(a: Code<T>, b: Code<T>): Code<'i32'>
  gtS(a: Code<T>, b: Code<T>): Code<'i32'>
  gtU(a: Code<T>, b: Code<T>): Code<'i32'>
  leS(a: Code<T>, b: Code<T>): Code<'i32'>
  leU(a: Code<T>, b: Code<T>): Code<'i32'>
  geS(a: Code<T>, b: Code<T>): Code<'i32'>
  geU(a: Code<T>, b: Code<T>): Code<'i32'>
  clz(a: Code<T>): Code<T>
  add(a: Code<T>, b: Code<T>): Code<T>
  sub(a: Code<T>, b: Code<T>): Code<T>
  mul(a: Code<T>, b: Code<T>): Code<T>
  /** Traps on zero, and on the least value by -1. */
  divS(a: Code<T>, b: Code<T>): Code<T>
  divU(a: Code<T>, b: Code<T>): Code<T>
  and(a: Code<T>, b: Code<T>): Code<T>
  or(a: Code<T>, b: Code<T>): Code<T>
  xor(a: Code<T>, b: Code<T>): Code<T>
  /** Shifts and rotations are by the amount modulo the width. */
  shl(a: Code<T>, b: Code<T>): Code<T>
  shrS(a: Code<T>, b: Code<T>): Code<T>
  shrU(a: Code<T>, b: Code<T>): Code<T>
  rotr(a: Code<T>, b: Code<T>): Code<T>
  extend8S(a: Code<T>): Code<T>
  extend16S(a: Code<T>): Code<T>
}

function integer<T extends IntegerType>(
  type: T,
  constant: number,
  compare: number,
  arithmetic: number,
  extend: number,
) {
  const bits = type === 'i32' ? 32 : 64
  const at = (n: number) => binary(type, type, arithmetic + n)
  const comparison = (n: number) => binary(type, 'i32', compare + n)
  return {
    bits,
    constant: (value) => nullary(type, [constant, ...signed(BigInt.asIntN(bits, BigInt(value)))]),
    eqz: unary(type, 'i32', compare),
    eq: comparison(1),
    ne: comparison(2),
    ltS: comparison(3),
    ltU: comparison(4),
    gtS: comparison(5),
    gtU: comparison(6),
    leS: comparison(7),
    leU: comparison(8),
    geS: comparison(9),
    geU: comparison(10),
    clz: unary(type, type, arithmetic),
    add: at(3),
    sub: at(4),
    mul: at(5),
    divS: at(6),
    divU: at(7),
    and: at(10),
    or: at(11),
    xor: at(12),
    shl: at(13),
    shrS: at(14),
    shrU: at(15),
    rotr: at(17),
    extend8S: unary(type, type, extend),
    extend16S: unary(type, type, extend + 1),
  } satisfies Integer<T>
}

export const i32 = {
  ...integer('i32', 0x41, 0x45, 0x67, 0xc0),
  wrap: unary('i64', 'i32', 0xa7),
  /** Conversions to integers round to zero, saturate, and make NaN zero. */
  truncF32S: unary('f32', 'i32', 0xfc, 0),
  truncF32U: unary('f32', 'i32', 0xfc, 1),
  truncF64S: unary('f64', 'i32', 0xfc, 2),
  truncF64U: unary('f64', 'i32', 0xfc, 3),
  load: load('i32', 0x28),
  load8S: load('i32', 0x2c),
  load8U: load('i32', 0x2d),
  load16S: load('i32', 0x2e),
  load16U: load('i32', 0x2f),
}

export const i64 = {
  ...integer('i64', 0x42, 0x50, 0x79, 0xc2),
  extendI32S: unary('i32', 'i64', 0xac),
  extendI32U: unary('i32', 'i64', 0xad),
  extend32S: unary('i64', 'i64', 0xc4),
  truncF32S: unary('f32', 'i64', 0xfc, 4),
  truncF32U: unary('f32', 'i64', 0xfc, 5),
  truncF64S: unary('f64', 'i64', 0xfc, 6),
  truncF64U: unary('f64', 'i64', 0xfc, 7),
  load: load('i64', 0x29),
  load8S: load('i64', 0x30),
  load8U: load('i64', 0x31),
  load16S: load('i64', 0x32),
  load16U: load('i64', 0x33),
  load32S: load('i64', 0x34),
  load32U: load('i64', 0x35),
}

export interface Float<T extends FloatType> {
  eq(a: Code<T>, b: Code<T>): Code<'i32'>
  ne(a: Code<T>, b: Code<T>): Code<'i32'>
  lt(a: Code<T>, b: Code<T>): Code<'i32'>
  gt(a: Code<T>, b: Code<T>): Code<'i32'>
}

function float<T extends FloatType>(type: T, compare: number) {
  const comparison = (n: number) => binary(type, 'i32', compare + n)
  return { eq: comparison(0), ne: comparison(1), lt: comparison(2), gt: comparison(3) } satisfies Float<T>
}

const floatConstant = <T extends FloatType>(type: T, instruction: number, bytes: Uint8Array): Code<T> =>
  nullary(type, [instruction, ...bytes])

export const f32 = {
  ...float('f32', 0x5b),
  constant: (value: number) => floatConstant('f32', 0x43, new Uint8Array(new Float32Array([value]).buffer)),
  convertI32S: unary('i32', 'f32', 0xb2),
  convertI32U: unary('i32', 'f32', 0xb3),
  convertI64S: unary('i64', 'f32', 0xb4),
  convertI64U: unary('i64', 'f32', 0xb5),
  demote: unary('f64', 'f32', 0xb6),
}

export const f64 = {
  ...float('f64', 0x61),
  constant: (value: number) => floatConstant('f64', 0x44, new Uint8Array(new Float64Array([value]).buffer)),
  convertI32S: unary('i32', 'f64', 0xb7),
  convertI32U: unary('i32', 'f64', 0xb8),
  convertI64S: unary('i64', 'f64', 0xb9),
  convertI64U: unary('i64', 'f64', 0xba),
  promote: unary('f32', 'f64', 0xbb),
}
