// Sums, differences, comparisons, extremes and logic of vectors of integers, lane by lane.

import type { Immediate } from '../instruction.ts'
import type { Emitter } from './emitter.ts'
import { type Lanes, splat, type V } from './lanes.ts'
import { on } from './operation.ts'
import { accumulating, binary, type Register, shapeOf, type Table, unary, write } from './vector.ts'
import { i8x16, v128 } from './wasm/vector.ts'

/** |a - b|, as an unsigned number. */
export const difference = (l: Lanes, a: V, b: V, isSigned: boolean): V =>
  isSigned ? l.sub(l.maxS(a, b), l.minS(a, b)) : l.sub(l.maxU(a, b), l.minU(a, b))

/** `value` is an opposite: the least number, which has none, stayed itself and becomes the greatest. */
const saturatedOpposite = (l: Lanes, value: V, e: Emitter): V => {
  const kept = e.keep(value)
  return l.add(kept, l.eq(kept, l.splat(1n << BigInt(l.bits - 1))))
}

/** Half of a sum or difference, from bits of equal weight: a + b = (a ^ b) + 2 (a & b), a - b = (a ^ b) - 2 (~a & b). */
const half = (l: Lanes, a: V, b: V, isSigned: boolean): V => (isSigned ? l.shrS : l.shrU)(v128.xor(a, b), 1)

/** destination = compute(destination, immediate of one lane). */
const withImmediate = (compute: (d: V, value: V) => V) =>
  on<[Register, Immediate]>((e, [d, { value }]) => write(e, d, compute(e.v(d.index), splat(shapeOf(d).lane, value))))

const absoluteDifference = (isSigned: boolean) => binary((l, a, b) => difference(l, a, b, isSigned))
const accumulateDifference = (isSigned: boolean) =>
  accumulating((l, d, a, b) => l.add(d, difference(l, a, b, isSigned)))

export const vectorAdd = {
  movi: withImmediate((_, value) => value),
  'orr.imm': withImmediate(v128.or),
  'bic.imm': withImmediate(v128.andnot),
  not: unary((_, a) => v128.not(a)),
  vand: binary((_, a, b) => v128.and(a, b)),
  vorr: binary((_, a, b) => v128.or(a, b)),
  vorn: binary((_, a, b) => v128.or(a, v128.not(b))),
  veor: binary((_, a, b) => v128.xor(a, b)),
  vbic: binary((_, a, b) => v128.andnot(a, b)),
  bsl: accumulating((_, d, a, b) => v128.bitselect(a, b, d)),
  bit: accumulating((_, d, a, b) => v128.bitselect(a, d, b)),
  bif: accumulating((_, d, a, b) => v128.bitselect(d, a, b)),
  cnt: unary((_, a) => i8x16.popcnt(a)),

  vadd: binary((l, a, b) => l.add(a, b)),
  vsub: binary((l, a, b) => l.sub(a, b)),
  neg: unary((l, a) => l.neg(a)),
  abs: unary((l, a) => l.abs(a)),
  sqneg: unary((l, a, e) => saturatedOpposite(l, l.neg(a), e)),
  sqabs: unary((l, a, e) => saturatedOpposite(l, l.abs(a), e)),
  shadd: binary((l, a, b) => l.add(v128.and(a, b), half(l, a, b, true))),
  uhadd: binary((l, a, b) => l.add(v128.and(a, b), half(l, a, b, false))),
  srhadd: binary((l, a, b) => l.sub(v128.or(a, b), half(l, a, b, true))),
  urhadd: binary((l, a, b) => l.sub(v128.or(a, b), half(l, a, b, false))),
  shsub: binary((l, a, b) => l.sub(half(l, a, b, true), v128.andnot(b, a))),
  uhsub: binary((l, a, b) => l.sub(half(l, a, b, false), v128.andnot(b, a))),
  sqadd: binary((l, a, b) => l.addSatS(a, b)),
  uqadd: binary((l, a, b) => l.addSatU(a, b)),
  sqsub: binary((l, a, b) => l.subSatS(a, b)),
  uqsub: binary((l, a, b) => l.subSatU(a, b)),

  smax: binary((l, a, b) => l.maxS(a, b)),
  smin: binary((l, a, b) => l.minS(a, b)),
  umax: binary((l, a, b) => l.maxU(a, b)),
  umin: binary((l, a, b) => l.minU(a, b)),
  cmeq: binary((l, a, b) => l.eq(a, b)),
  cmge: binary((l, a, b) => l.geS(a, b)),
  cmgt: binary((l, a, b) => l.gtS(a, b)),
  cmhi: binary((l, a, b) => l.gtU(a, b)),
  cmhs: binary((l, a, b) => l.geU(a, b)),
  cmle: binary((l, a, b) => l.geS(b, a)),
  cmlt: binary((l, a, b) => l.gtS(b, a)),
  cmtst: binary((l, a, b) => v128.not(l.eq(v128.and(a, b), l.splat(0)))),

  sabd: absoluteDifference(true),
  uabd: absoluteDifference(false),
  saba: accumulateDifference(true),
  uaba: accumulateDifference(false),
} as const satisfies Table
