// Instructions on 128-bit vectors. The numbers are those of the SIMD proposal, behind the prefix 0xfd.

import { type Code, code, place, type Type, unsigned } from './code.ts'

type Vector = Code<'v128'>

const simd = (number: number): number[] => [0xfd, ...unsigned(number)]
const unary =
  (number: number) =>
  (a: Vector): Vector =>
    code('v128', [a], simd(number))
const binary =
  (number: number) =>
  (a: Vector, b: Vector): Vector =>
    code('v128', [a, b], simd(number))
const shift =
  (number: number) =>
  (a: Vector, amount: Code<'i32'>): Vector =>
    code('v128', [a, amount], simd(number))
const splat =
  <T extends Type>(_: T, number: number) =>
  (a: Code<T>): Vector =>
    code('v128', [a], simd(number))
const extract =
  <T extends Type>(type: T, number: number) =>
  (a: Vector, lane: number): Code<T> =>
    code(type, [a], [...simd(number), lane])
const replace =
  <T extends Type>(_: T, number: number) =>
  (a: Vector, lane: number, value: Code<T>): Vector =>
    code('v128', [a, value], [...simd(number), lane])
const load =
  (number: number) =>
  (address: Code<'i32'>, offset = 0): Vector =>
    code('v128', [address], [...simd(number), ...place(offset)])

/** `a` with the lane of so many bits read from memory. */
export const loadLane = (
  bits: 8 | 16 | 32 | 64,
  address: Code<'i32'>,
  a: Vector,
  lane: number,
  offset: number,
): Vector => {
  const instruction = { 8: 84, 16: 85, 32: 86, 64: 87 }[bits]
  return code('v128', [address, a], [...simd(instruction), ...place(offset), lane])
}

export const v128 = {
  constant: (bytes: readonly number[]): Vector => code('v128', [], [...simd(12), ...bytes]),
  load: load(0),
  load8Splat: load(7),
  load16Splat: load(8),
  load32Splat: load(9),
  load64Splat: load(10),
  load32Zero: load(92),
  load64Zero: load(93),
  not: unary(77),
  and: binary(78),
  /** a and not b. */
  andnot: binary(79),
  or: binary(80),
  xor: binary(81),
  /** Bits of `a` where `mask` is set, else of `b`. */
  bitselect: (a: Vector, b: Vector, mask: Vector): Vector => code('v128', [a, b, mask], simd(82)),
  anyTrue: (a: Vector): Code<'i32'> => code('i32', [a], simd(83)),
}

export const i8x16 = {
  /** Bytes of `a` (0-15) and `b` (16-31). */
  shuffle: (a: Vector, b: Vector, bytes: readonly number[]): Vector => code('v128', [a, b], [...simd(13), ...bytes]),
  /** Bytes of `a` by the indices in `b`; zero for an index over 15. */
  swizzle: binary(14),
  splat: splat('i32', 15),
  extractS: extract('i32', 21),
  extractU: extract('i32', 22),
  replace: replace('i32', 23),
  eq: binary(35),
  gtS: binary(39),
  gtU: binary(40),
  geS: binary(43),
  geU: binary(44),
  abs: unary(96),
  neg: unary(97),
  popcnt: unary(98),
  /** 16-bit lanes, signed, saturated. */
  narrowS: binary(101),
  narrowU: binary(102),
  shl: shift(107),
  shrS: shift(108),
  shrU: shift(109),
  add: binary(110),
  addSatS: binary(111),
  addSatU: binary(112),
  sub: binary(113),
  subSatS: binary(114),
  subSatU: binary(115),
  minS: binary(118),
  minU: binary(119),
  maxS: binary(120),
  maxU: binary(121),
}

export const i16x8 = {
  splat: splat('i32', 16),
  extractS: extract('i32', 24),
  extractU: extract('i32', 25),
  replace: replace('i32', 26),
  eq: binary(45),
  gtS: binary(49),
  gtU: binary(50),
  geS: binary(53),
  geU: binary(54),
  /** Sums of adjacent bytes. */
  extaddS: unary(124),
  extaddU: unary(125),
  abs: unary(128),
  neg: unary(129),
  /** Rounded, saturated product of fixed-point numbers with 15 fraction bits. */
  q15mulrSatS: binary(130),
  narrowS: binary(133),
  narrowU: binary(134),
  extendLowS: unary(135),
  extendHighS: unary(136),
  extendLowU: unary(137),
  extendHighU: unary(138),
  shl: shift(139),
  shrS: shift(140),
  shrU: shift(141),
  add: binary(142),
  addSatS: binary(143),
  addSatU: binary(144),
  sub: binary(145),
  subSatS: binary(146),
  subSatU: binary(147),
  mul: binary(149),
  minS: binary(150),
  minU: binary(151),
  maxS: binary(152),
  maxU: binary(153),
  extmulLowS: binary(156),
  extmulHighS: binary(157),
  extmulLowU: binary(158),
  extmulHighU: binary(159),
}

export const i32x4 = {
  splat: splat('i32', 17),
  extract: extract('i32', 27),
  replace: replace('i32', 28),
  eq: binary(55),
  gtS: binary(59),
  gtU: binary(60),
  geS: binary(63),
  geU: binary(64),
  extaddS: unary(126),
  extaddU: unary(127),
  abs: unary(160),
  neg: unary(161),
  extendLowS: unary(167),
  extendHighS: unary(168),
  extendLowU: unary(169),
  extendHighU: unary(170),
  shl: shift(171),
  shrS: shift(172),
  shrU: shift(173),
  add: binary(174),
  sub: binary(177),
  mul: binary(181),
  minS: binary(182),
  minU: binary(183),
  maxS: binary(184),
  maxU: binary(185),
  extmulLowS: binary(188),
  extmulHighS: binary(189),
  extmulLowU: binary(190),
  extmulHighU: binary(191),
  /** Of f32 lanes: rounded to zero, saturated, NaN is zero. */
  truncF32S: unary(248),
  truncF32U: unary(249),
}

export const i64x2 = {
  splat: splat('i64', 18),
  extract: extract('i64', 29),
  replace: replace('i64', 30),
  abs: unary(192),
  neg: unary(193),
  extendLowS: unary(199),
  extendHighS: unary(200),
  extendLowU: unary(201),
  extendHighU: unary(202),
  shl: shift(203),
  shrS: shift(204),
  shrU: shift(205),
  add: binary(206),
  sub: binary(209),
  mul: binary(213),
  eq: binary(214),
  gtS: binary(217),
  geS: binary(219),
  extmulLowS: binary(220),
  extmulHighS: binary(221),
  extmulLowU: binary(222),
  extmulHighU: binary(223),
}

export const f32x4 = {
  splat: splat('f32', 19),
  extract: extract('f32', 31),
  replace: replace('f32', 32),
  eq: binary(65),
  ne: binary(66),
  gt: binary(68),
  ge: binary(70),
  /** Of two f64 lanes; the upper two become zero. */
  demote: unary(94),
  ceil: unary(103),
  floor: unary(104),
  trunc: unary(105),
  nearest: unary(106),
  sqrt: unary(227),
  add: binary(228),
  sub: binary(229),
  mul: binary(230),
  div: binary(231),
  min: binary(232),
  max: binary(233),
  convertS: unary(250),
  convertU: unary(251),
}

export const f64x2 = {
  splat: splat('f64', 20),
  extract: extract('f64', 33),
  replace: replace('f64', 34),
  eq: binary(71),
  ne: binary(72),
  gt: binary(74),
  ge: binary(76),
  /** Of the two low f32 lanes. */
  promote: unary(95),
  ceil: unary(116),
  floor: unary(117),
  trunc: unary(122),
  nearest: unary(148),
  sqrt: unary(239),
  add: binary(240),
  sub: binary(241),
  mul: binary(242),
  div: binary(243),
  min: binary(244),
  max: binary(245),
}
