// Shifts of vectors of integers.

import type { Immediate, LaneBits } from '../instruction.ts'
import { zeroVector } from './emitter.ts'
import { type Lanes, lanesOf, splat, type V } from './lanes.ts'
import { on, type Semantics } from './operation.ts'
import { type Register, type Source, shapeOf, type Table, write } from './vector.ts'
import { type Narrowing, narrow, type WideBits, writeNarrow } from './vector-long.ts'
import type { FunctionBuilder } from './wasm/builder.ts'
import { type Code, select } from './wasm/code.ts'
import { i32, i64 } from './wasm/scalar.ts'
import { v128 } from './wasm/vector.ts'

type Compute = (l: Lanes, a: V, amount: number, d: V, f: FunctionBuilder) => V

const byImmediate = (compute: Compute): Semantics =>
  on<[Register, Register, Immediate]>((e, [d, n, { value }]) => {
    write(e, d, compute(lanesOf(e, shapeOf(d).lane), e.v(n.index), Number(value), e.v(d.index), e))
  })

/** To the right, rounded: the last bit that is lost is added. */
function rounded(f: FunctionBuilder, l: Lanes, a: V, amount: number, isSigned: boolean): V {
  const shift = isSigned ? l.shrS : l.shrU
  const doubled = f.keep(shift(a, amount - 1))
  return l.add(shift(doubled, 1), v128.and(doubled, l.splat(1)))
}

const right =
  (isSigned: boolean): Compute =>
  (l, a, amount) =>
    (isSigned ? l.shrS : l.shrU)(a, amount)
const rightRounded =
  (isSigned: boolean): Compute =>
  (l, a, amount, _, f) =>
    rounded(f, l, a, amount, isSigned)
const accumulating =
  (shift: Compute): Compute =>
  (l, a, amount, d, f) =>
    l.add(d, shift(l, a, amount, d, f))

const narrowing = (kind: Narrowing, isSigned: boolean, rounding: boolean): Semantics =>
  on<[Register, Register, Immediate]>((e, [d, n, { value }]) => {
    const wide = shapeOf(n).lane as WideBits
    const l = lanesOf(e, wide)
    const amount = Number(value)
    const shifted = rounding ? rightRounded(isSigned) : right(isSigned)
    writeNarrow(e, d, narrow(e, wide, shifted(l, e.v(n.index), amount, e.v(n.index), e), kind))
  })

interface Kind {
  readonly isSigned: boolean
  readonly rounding: boolean
  readonly saturating: boolean
}

/** One lane to the left by `amount`, or to the right by its opposite. */
function shiftLane(f: FunctionBuilder, kind: Kind, bits: LaneBits, lane: Code<'i64'>, by: Code<'i64'>): Code<'i64'> {
  const { isSigned, rounding, saturating } = kind
  const shiftRight = isSigned ? i64.shrS : i64.shrU
  const [value, amount] = [f.keep(lane), f.keep(by)]
  const [zero, one] = [i64.constant(0), i64.constant(1)]
  const isLeft = i64.geS(amount, zero)
  /** Right by any amount that is not negative. */
  const far = (distance: Code<'i64'>) => {
    const kept = f.keep(distance)
    const beyond = isSigned ? i64.shrS(value, i64.constant(63)) : zero
    return select(i64.ltU(kept, i64.constant(64)), shiftRight(value, kept), beyond)
  }
  const opposite = i64.sub(zero, amount)
  let right: Code<'i64'>
  if (rounding) {
    const doubled = f.keep(far(i64.sub(opposite, one)))
    right = i64.add(shiftRight(doubled, one), i64.and(doubled, one))
  } else right = far(opposite)
  const fits = i64.ltU(amount, i64.constant(64))
  if (!saturating) return select(isLeft, select(fits, i64.shl(value, amount), zero), right)

  // With the lane at the top, what is shifted out is what does not come back.
  const gap = i64.constant(64 - bits)
  const top = f.keep(i64.shl(value, gap))
  const moved = f.keep(i64.shl(top, amount))
  const exact = i32.or(i32.and(fits, i64.eq(shiftRight(moved, amount), top)), i64.eqz(value))
  const greatest = i64.constant((1n << BigInt(bits - (isSigned ? 1 : 0))) - 1n)
  const limit = isSigned ? i64.xor(i64.shrS(value, i64.constant(63)), greatest) : greatest
  return select(isLeft, select(exact, shiftRight(moved, gap), limit), right)
}

/** Amounts are the low bytes of the lanes of `b`, signed. */
function shiftLanes(f: FunctionBuilder, kind: Kind, bits: LaneBits, a: V, b: V): V {
  const name = `shl.${bits}${kind.isSigned ? 's' : 'u'}${kind.rounding ? 'r' : ''}${kind.saturating ? 'q' : ''}`
  return f.call(name, 'v128', [a, b], (g, values, amounts) => {
    const l = lanesOf(g, bits)
    let result = zeroVector
    for (let lane = 0; lane < 128 / bits; lane++) {
      const value = kind.isSigned ? l.extractS(values, lane) : l.extractU(values, lane)
      const shifted = shiftLane(g, kind, bits, value, i64.extend8S(l.extractU(amounts, lane)))
      result = g.keep(l.replace(result, lane, shifted))
    }
    return result
  })
}

const byRegister = (isSigned: boolean, rounding: boolean, saturating: boolean): Semantics =>
  on<[Register, Register, Source]>((e, [d, n, m]) => {
    const { lane } = shapeOf(d)
    const amounts = m.kind === 'immediate' ? splat(lane, m.value) : e.v((m as Register).index)
    write(e, d, shiftLanes(e, { isSigned, rounding, saturating }, lane, e.v(n.index), amounts))
  })

/** `shifted` where `mask` has ones, the destination elsewhere. */
const insert = (shifted: V, mask: bigint, d: V, l: Lanes): V => v128.bitselect(shifted, d, l.splat(mask))

export const vectorShift = {
  shl: byImmediate((l, a, amount) => l.shl(a, amount)),
  sshr: byImmediate(right(true)),
  ushr: byImmediate(right(false)),
  srshr: byImmediate(rightRounded(true)),
  urshr: byImmediate(rightRounded(false)),
  ssra: byImmediate(accumulating(right(true))),
  usra: byImmediate(accumulating(right(false))),
  srsra: byImmediate(accumulating(rightRounded(true))),
  ursra: byImmediate(accumulating(rightRounded(false))),
  sli: byImmediate((l, a, amount, d) => insert(l.shl(a, amount), -1n << BigInt(amount), d, l)),
  sri: byImmediate((l, a, amount, d) => insert(l.shrU(a, amount), (1n << BigInt(l.bits - amount)) - 1n, d, l)),
  sqshlu: byImmediate((l, a, amount, _, f) => {
    const kind = { isSigned: false, rounding: false, saturating: true }
    return shiftLanes(f, kind, l.bits, l.maxS(a, zeroVector), splat(l.bits, amount))
  }),
  sshl: byRegister(true, false, false),
  ushl: byRegister(false, false, false),
  srshl: byRegister(true, true, false),
  urshl: byRegister(false, true, false),
  sqshl: byRegister(true, false, true),
  uqshl: byRegister(false, false, true),
  sqrshl: byRegister(true, true, true),
  uqrshl: byRegister(false, true, true),
  shrn: narrowing('cut', false, false),
  rshrn: narrowing('cut', false, true),
  sqshrn: narrowing('signed', true, false),
  sqrshrn: narrowing('signed', true, true),
  uqshrn: narrowing('unsigned', false, false),
  uqrshrn: narrowing('unsigned', false, true),
  sqshrun: narrowing('signed to unsigned', true, false),
  sqrshrun: narrowing('signed to unsigned', true, true),
} as const satisfies Table
