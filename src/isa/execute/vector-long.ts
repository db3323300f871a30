// Vectors of integers whose lanes widen, narrow, or are summed in pairs or across.

import type { Immediate, LaneBits, Vector } from '../instruction.ts'
import type { Emitter } from './emitter.ts'
import { type Lanes, lanesOf, splat, type V } from './lanes.ts'
import { on, type Semantics } from './operation.ts'
import { bitsOf, type Register, shapeOf, shuffleLanes, splatLane, type Table, write } from './vector.ts'
import { difference } from './vector-add.ts'
import { permuted } from './vector-permute.ts'
import { i32 } from './wasm/scalar.ts'
import { i8x16, i16x8, i32x4, i64x2 } from './wasm/vector.ts'

export type WideBits = 16 | 32 | 64
export const wideOf = (lane: LaneBits): WideBits => (2 * lane) as WideBits
const narrowOf = (lane: LaneBits): 8 | 16 | 32 => (lane / 2) as 8

const wides = { 16: i16x8, 32: i32x4, 64: i64x2 }

/** Lanes of the lower or upper half, as wide as `wide`. */
export function extend(wide: WideBits, a: V, isSigned: boolean, high: boolean): V {
  const w = wides[wide]
  return (high ? (isSigned ? w.extendHighS : w.extendHighU) : isSigned ? w.extendLowS : w.extendLowU)(a)
}

/** Products of lanes of the lower or upper halves. */
export function multiplyLong(wide: WideBits, a: V, b: V, isSigned: boolean, high: boolean): V {
  const w = wides[wide]
  return (high ? (isSigned ? w.extmulHighS : w.extmulHighU) : isSigned ? w.extmulLowS : w.extmulLowU)(a, b)
}

/** Whether a narrow source is the upper half of its register: the instruction is named with a 2. */
export const isHigh = (operand: Register): boolean => operand.kind === 'vector' && bitsOf(operand) === 128

/** An operation from narrow sources to a destination of twice the width; `compute` extends them. */
const long = (
  compute: (l: Lanes, a: V, b: V, d: V, e: Emitter) => V,
  isSigned: boolean,
  wideFirst: boolean,
): Semantics =>
  on<[Vector, Vector, Vector]>((e, [d, n, m]) => {
    const widen = (operand: Vector) => extend(d.lane as WideBits, e.v(operand.index), isSigned, isHigh(operand))
    const first = wideFirst ? e.v(n.index) : widen(n)
    write(e, d, compute(lanesOf(e, d.lane), first, widen(m), e.v(d.index), e))
  })

const add = (l: Lanes, a: V, b: V) => l.add(a, b)
const subtract = (l: Lanes, a: V, b: V) => l.sub(a, b)
/** Extended lanes differ by a number that the wide lane holds. */
const absolute = (l: Lanes, a: V, b: V, _: V, e: Emitter) => difference(l, e.keep(a), e.keep(b), true)
const accumulateAbsolute = (l: Lanes, a: V, b: V, d: V, e: Emitter) => l.add(d, absolute(l, a, b, d, e))

/** The low halves of lanes, in the lower half of the result. */
export const truncate = (wide: WideBits, a: V): V => {
  const lane = narrowOf(wide)
  return shuffleLanes(
    lane,
    a,
    a,
    Array.from({ length: 128 / lane }, (_, i) => (2 * i) % (128 / lane)),
  )
}

/** Writes the lower half of `value`: to the upper half of a destination of 128 bits, whose lower half stays. */
export function writeNarrow(e: Emitter, d: Register, value: V): void {
  if (isHigh(d)) e.set(e.vector(d.index), shuffleLanes(64, e.v(d.index), value, [0, 2]))
  else write(e, d, value)
}

/** How lanes are made half as wide: cut, or saturated from signed or unsigned to signed or unsigned. */
export type Narrowing = 'cut' | 'signed' | 'unsigned' | 'signed to unsigned'

export function narrow(e: Emitter, wide: WideBits, value: V, narrowing: Narrowing): V {
  const a = e.keep(value)
  const l = lanesOf(e, wide)
  const bits = BigInt(narrowOf(wide))
  const greatest = (1n << bits) - 1n
  switch (narrowing) {
    case 'cut':
      return truncate(wide, a)
    case 'unsigned':
      return truncate(wide, e.keep(l.minU(a, splat(wide, greatest))))
    case 'signed':
      if (wide < 64) return wide === 16 ? i8x16.narrowS(a, a) : i16x8.narrowS(a, a)
      return truncate(64, clamped(e, l, a, -(1n << (bits - 1n)), greatest >> 1n))
    case 'signed to unsigned':
      if (wide < 64) return wide === 16 ? i8x16.narrowU(a, a) : i16x8.narrowU(a, a)
      return truncate(64, clamped(e, l, a, 0n, greatest))
  }
}

const clamped = (e: Emitter, l: Lanes, a: V, least: bigint, greatest: bigint): V =>
  e.keep(l.minS(l.maxS(a, l.splat(least)), l.splat(greatest)))

const narrowing = (kind: Narrowing): Semantics =>
  on<[Register, Register]>((e, [d, n]) => writeNarrow(e, d, narrow(e, shapeOf(n).lane as WideBits, e.v(n.index), kind)))

/** The upper halves of sums or differences. */
const highHalf = (compute: (l: Lanes, a: V, b: V) => V, rounding: boolean): Semantics =>
  on<[Vector, Vector, Vector]>((e, [d, n, m]) => {
    const l = lanesOf(e, n.lane)
    const half = n.lane / 2
    const exact = compute(l, e.v(n.index), e.v(m.index))
    const value = rounding ? l.add(exact, l.splat(1n << BigInt(half - 1))) : exact
    writeNarrow(e, d, truncate(n.lane as WideBits, e.keep(l.shrU(value, half))))
  })

/** Adjacent lanes of both sources, or of one vector to a scalar. */
export function pairs(e: Emitter, d: Register, n: Register, m: Register): readonly [V, V] {
  const a = e.v(n.index)
  if (d.kind === 'scalar') return [a, splatLane(shapeOf(d).lane, a, 1)]
  const b = e.v(m.index)
  return [e.keep(permuted(d, a, b, (i) => 2 * i)), e.keep(permuted(d, a, b, (i) => 2 * i + 1))]
}

const pairwise = (compute: (l: Lanes, a: V, b: V) => V): Semantics =>
  on<[Register, Vector, Vector]>((e, [d, n, m]) =>
    write(e, d, compute(lanesOf(e, shapeOf(d).lane), ...pairs(e, d, n, m))),
  )

/** Lane 0 of the result combines all `lanes` lanes, adjacent ones first. */
export function reduce(
  e: Emitter,
  { lane, lanes }: { readonly lane: LaneBits; readonly lanes: number },
  value: V,
  combine: (a: V, b: V) => V,
): V {
  let rest = e.keep(value)
  for (let count = lanes; count > 1; count /= 2) {
    const shape = { lane, lanes: count }
    rest = e.keep(
      combine(
        permuted(shape, rest, rest, (i) => (2 * i) % count),
        permuted(shape, rest, rest, (i) => (2 * i + 1) % count),
      ),
    )
  }
  return rest
}

const across = (compute: (l: Lanes, a: V, b: V) => V): Semantics =>
  on<[Register, Vector]>((e, [d, n]) => {
    const l = lanesOf(e, n.lane)
    write(
      e,
      d,
      reduce(e, n, e.v(n.index), (a, b) => compute(l, e.keep(a), e.keep(b))),
    )
  })

/** Sums of adjacent lanes, twice as wide. */
function addPairs(lane: LaneBits, a: V, isSigned: boolean): V {
  if (lane === 8) return isSigned ? i16x8.extaddS(a) : i16x8.extaddU(a)
  if (lane === 16) return isSigned ? i32x4.extaddS(a) : i32x4.extaddU(a)
  const [shift, half] = [isSigned ? i64x2.shrS : i64x2.shrU, i32.constant(32)]
  return i64x2.add(shift(i64x2.shl(a, half), half), shift(a, half))
}

const pairLong = (isSigned: boolean, accumulate: boolean): Semantics =>
  on<[Vector, Vector]>((e, [d, n]) => {
    const sums = addPairs(n.lane, e.v(n.index), isSigned)
    write(e, d, accumulate ? lanesOf(e, d.lane).add(e.v(d.index), sums) : sums)
  })

const sumLong = (isSigned: boolean): Semantics =>
  on<[Register, Vector]>((e, [d, n]) => {
    const lane = wideOf(n.lane)
    const sums = addPairs(n.lane, e.v(n.index), isSigned)
    write(e, d, reduce(e, { lane, lanes: n.lanes / 2 }, sums, lanesOf(e, lane).add))
  })

const shiftLong = (isSigned: boolean): Semantics =>
  on<[Vector, Vector, Immediate]>((e, [d, n, { value }]) => {
    const wide = extend(d.lane as WideBits, e.v(n.index), isSigned, isHigh(n))
    write(e, d, lanesOf(e, d.lane).shl(wide, Number(value)))
  })

export const vectorLong = {
  saddl: long(add, true, false),
  uaddl: long(add, false, false),
  ssubl: long(subtract, true, false),
  usubl: long(subtract, false, false),
  saddw: long(add, true, true),
  uaddw: long(add, false, true),
  ssubw: long(subtract, true, true),
  usubw: long(subtract, false, true),
  sabdl: long(absolute, true, false),
  uabdl: long(absolute, false, false),
  sabal: long(accumulateAbsolute, true, false),
  uabal: long(accumulateAbsolute, false, false),
  addhn: highHalf(add, false),
  raddhn: highHalf(add, true),
  subhn: highHalf(subtract, false),
  rsubhn: highHalf(subtract, true),
  xtn: narrowing('cut'),
  sqxtn: narrowing('signed'),
  uqxtn: narrowing('unsigned'),
  sqxtun: narrowing('signed to unsigned'),
  sshll: shiftLong(true),
  ushll: shiftLong(false),
  shll: shiftLong(false),

  addp: pairwise(add),
  smaxp: pairwise((l, a, b) => l.maxS(a, b)),
  sminp: pairwise((l, a, b) => l.minS(a, b)),
  umaxp: pairwise((l, a, b) => l.maxU(a, b)),
  uminp: pairwise((l, a, b) => l.minU(a, b)),
  saddlp: pairLong(true, false),
  uaddlp: pairLong(false, false),
  sadalp: pairLong(true, true),
  uadalp: pairLong(false, true),
  addv: across(add),
  smaxv: across((l, a, b) => l.maxS(a, b)),
  sminv: across((l, a, b) => l.minS(a, b)),
  umaxv: across((l, a, b) => l.maxU(a, b)),
  uminv: across((l, a, b) => l.minU(a, b)),
  saddlv: sumLong(true),
  uaddlv: sumLong(false),
} as const satisfies Table
