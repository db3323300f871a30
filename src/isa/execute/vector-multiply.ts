// Products of vectors of integers.

import type { Element, Vector } from '../instruction.ts'
import type { Emitter } from './emitter.ts'
import { type Lanes, lanesOf, splat, type V } from './lanes.ts'
import { on, type Semantics } from './operation.ts'
import {
  accumulating,
  binary,
  type Register,
  shapeOf,
  shuffleLanes,
  source,
  splatLane,
  type Table,
  write,
} from './vector.ts'
import { isHigh, multiplyLong, type WideBits, wideOf } from './vector-long.ts'
import { i16x8, i32x4, v128 } from './wasm/vector.ts'

/** destination = compute(product of narrow lanes, destination). */
const long = (isSigned: boolean, compute: (l: Lanes, product: V, d: V, e: Emitter) => V): Semantics =>
  on<[Register, Register, Register | Element]>((e, [d, n, m]) => {
    const wide = shapeOf(d).lane as WideBits
    const second = source(e, m, shapeOf(n).lane)
    const product = multiplyLong(wide, e.v(n.index), second, isSigned, isHigh(n))
    write(e, d, compute(lanesOf(e, wide), product, e.v(d.index), e))
  })

/** Twice the product, saturated. */
const doubled = (l: Lanes, product: V, e: Emitter): V => {
  const kept = e.keep(product)
  return l.addSatS(kept, kept)
}

/** The upper half of twice the product: saturated, since the square of the least number does not fit. */
const doubledHigh = (rounding: boolean): Semantics =>
  binary((_, a, b, e, { lane }) => {
    if (lane === 16 && rounding) return i16x8.q15mulrSatS(a, b)
    const wide = wideOf(lane)
    const l = lanesOf(e, wide)
    const half = (high: boolean) => {
      const product = multiplyLong(wide, a, b, true, high)
      return l.shrS(rounding ? l.add(product, l.splat(1n << BigInt(lane - 2))) : product, lane - 1)
    }
    if (lane === 16) return i16x8.narrowS(half(false), half(true))
    const high = e.keep(shuffleLanes(lane, half(false), half(true), [0, 2, 4, 6]))
    const least = splat(lane, 1n << 31n)
    return lanesOf(e, lane).add(high, i32x4.eq(high, least))
  })

/** Products of polynomials over GF(2), of degree 7, cut to 8 bits. */
const polynomial = binary((_, a, b, e) =>
  e.call('pmul', 'v128', [a, b], (f, x, y) => {
    const l = lanesOf(f, 8)
    let sum = splat(8, 0)
    for (let bit = 0; bit < 8; bit++) {
      const present = l.shrS(l.shl(y, 7 - bit), 7)
      sum = f.keep(v128.xor(sum, v128.and(l.shl(x, bit), present)))
    }
    return sum
  }),
)

/** Sums of four adjacent products of bytes, added to lanes of 32 bits. */
const dot = (isSigned: boolean): Semantics =>
  on<[Vector, Vector, Vector | Element]>((e, [d, n, m]) => {
    const second = m.kind === 'element' ? e.keep(splatLane(32, e.v(m.index), m.at)) : e.v(m.index)
    const pairs = (high: boolean) => {
      const products = multiplyLong(16, e.v(n.index), second, isSigned, high)
      return isSigned ? i32x4.extaddS(products) : i32x4.extaddU(products)
    }
    const [low, high] = [e.keep(pairs(false)), e.keep(pairs(true))]
    const sums = i32x4.add(shuffleLanes(32, low, high, [0, 2, 4, 6]), shuffleLanes(32, low, high, [1, 3, 5, 7]))
    write(e, d, i32x4.add(e.v(d.index), sums))
  })

const accumulate = (l: Lanes, product: V, d: V) => l.add(d, product)
const deduct = (l: Lanes, product: V, d: V) => l.sub(d, product)

export const vectorMultiply = {
  mul: binary((l, a, b) => l.mul(a, b)),
  mla: accumulating((l, d, a, b) => l.add(d, l.mul(a, b))),
  mls: accumulating((l, d, a, b) => l.sub(d, l.mul(a, b))),
  pmul: polynomial,
  smull: long(true, (_, product) => product),
  umull: long(false, (_, product) => product),
  smlal: long(true, accumulate),
  umlal: long(false, accumulate),
  smlsl: long(true, deduct),
  umlsl: long(false, deduct),
  sqdmull: long(true, (l, product, _, e) => doubled(l, product, e)),
  sqdmlal: long(true, (l, product, d, e) => l.addSatS(d, doubled(l, product, e))),
  sqdmulh: doubledHigh(false),
  sqrdmulh: doubledHigh(true),
  sdot: dot(true),
  udot: dot(false),
} as const satisfies Table
