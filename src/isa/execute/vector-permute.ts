// Moves within and between vector registers: permutations, tables, single lanes.

import type { Element, General, Immediate, LaneBits, RegisterList, Vector } from '../instruction.ts'
import { zeroVector } from './emitter.ts'
import { type Lanes, lanesOf, splat, type V } from './lanes.ts'
import { on, type Semantics } from './operation.ts'
import { type Register, shapeOf, shuffleLanes, splatLane, type Table, write } from './vector.ts'
import type { FunctionBuilder } from './wasm/builder.ts'
import { i32, i64 } from './wasm/scalar.ts'
import { i8x16, i16x8, i32x4, i64x2, v128 } from './wasm/vector.ts'

/** Lane i of the result is lane from(i, lanes) of both sources one after another, each of `lanes` lanes. */
const permute = (from: (i: number, lanes: number) => number): Semantics =>
  on<[Vector, Vector, Vector]>((e, [d, n, m]) => write(e, d, permuted(d, e.v(n.index), e.v(m.index), from)))

export function permuted(
  { lane, lanes }: { readonly lane: LaneBits; readonly lanes: number },
  a: V,
  b: V,
  from: (i: number, lanes: number) => number,
): V {
  const picked = Array.from({ length: lanes }, (_, i) => from(i, lanes))
  const second = 128 / lane - lanes
  return shuffleLanes(
    lane,
    a,
    b,
    picked.map((at) => (at < lanes ? at : at + second)),
  )
}

/** Lanes reversed within groups of `bits`. */
const reverse = (bits: number): Semantics =>
  on<[Vector, Vector]>((e, [d, n]) => {
    const a = e.v(n.index)
    write(
      e,
      d,
      permuted(d, a, a, (i) => i ^ (bits / d.lane - 1)),
    )
  })

/** Bits reversed in every byte. */
export function reverseBits(f: FunctionBuilder, value: V): V {
  return f.call('rbit', 'v128', [value], (_, a) => {
    const nibbles = Array.from({ length: 16 }, (_, i) => ((i & 1) << 3) | ((i & 2) << 1) | ((i & 4) >> 1) | (i >> 3))
    const table = v128.constant(nibbles)
    const low = i8x16.swizzle(table, v128.and(a, splat(8, 15)))
    const high = i8x16.swizzle(table, i8x16.shrU(a, i32.constant(4)))
    return v128.or(i8x16.shl(low, i32.constant(4)), high)
  })
}

/** Bytes of up to 64 by index, zero for an index beyond. */
function lookUp(tables: readonly V[], indices: V): V {
  const parts = tables.map((table, i) => i8x16.swizzle(table, i8x16.sub(indices, splat(8, 16 * i))))
  return parts.reduce((sum, part) => v128.or(sum, part))
}

/** Counts of leading bits, lane by lane. */
const leading = (name: string, count: (l: Lanes, a: V, lane: number) => ReturnType<typeof i64.clz>): Semantics =>
  on<[Vector, Vector]>((e, [d, n]) => {
    const result = e.call(`${name}.${d.lane}`, 'v128', [e.v(n.index)], (f, a) => {
      const l = lanesOf(f, d.lane)
      let counts = zeroVector
      for (let lane = 0; lane < 128 / d.lane; lane++) counts = f.keep(l.replace(counts, lane, count(l, a, lane)))
      return counts
    })
    write(e, d, result)
  })

const splats = { 8: i8x16.splat, 16: i16x8.splat, 32: i32x4.splat }

export const vectorPermute = {
  uzp1: permute((i) => 2 * i),
  uzp2: permute((i) => 2 * i + 1),
  zip1: permute((i, lanes) => (i >> 1) + (i & 1) * lanes),
  zip2: permute((i, lanes) => ((lanes + i) >> 1) + (i & 1) * lanes),
  trn1: permute((i, lanes) => (i & ~1) + (i & 1) * lanes),
  trn2: permute((i, lanes) => (i | 1) + (i & 1) * lanes),
  ext: on<[Vector, Vector, Vector, Immediate]>((e, [d, n, m, { value }]) =>
    write(
      e,
      d,
      permuted(d, e.v(n.index), e.v(m.index), (i) => i + Number(value)),
    ),
  ),
  rev16v: reverse(16),
  rev32v: reverse(32),
  rev64v: reverse(64),
  vrbit: on<[Vector, Vector]>((e, [d, n]) => write(e, d, reverseBits(e, e.v(n.index)))),
  vclz: leading('clz', (l, a, lane) => i64.sub(i64.clz(l.extractU(a, lane)), i64.constant(64 - l.bits))),
  vcls: leading('cls', (l, a, lane) => {
    const value = l.extractS(a, lane)
    return i64.sub(i64.clz(i64.xor(value, i64.shrS(value, i64.constant(63)))), i64.constant(65 - l.bits))
  }),

  tbl: on<[Vector, RegisterList, Vector]>((e, [d, { indices }, m]) =>
    write(
      e,
      d,
      lookUp(
        indices.map((index) => e.v(index)),
        e.v(m.index),
      ),
    ),
  ),
  tbx: on<[Vector, RegisterList, Vector]>((e, [d, { indices }, m]) => {
    const found = lookUp(
      indices.map((index) => e.v(index)),
      e.v(m.index),
    )
    const inside = i8x16.gtU(splat(8, 16 * indices.length), e.v(m.index))
    write(e, d, v128.bitselect(found, e.v(d.index), inside))
  }),

  dup: on<[Register, Element | General]>((e, [d, n]) => {
    const { lane } = shapeOf(d)
    if (n.kind === 'element') write(e, d, splatLane(lane, e.v(n.index), n.at))
    else write(e, d, lane === 64 ? i64x2.splat(e.x(n)) : splats[lane](i32.wrap(e.x(n))))
  }),
  ins: on<[Element, Element | General]>((e, [d, n]) => {
    const target = e.v(d.index)
    if (n.kind === 'general') e.set(e.vector(d.index), lanesOf(e, d.lane).replace(target, d.at, e.x(n)))
    else {
      const count = 128 / d.lane
      const lanes = Array.from({ length: count }, (_, i) => (i === d.at ? count + n.at : i))
      e.set(e.vector(d.index), shuffleLanes(d.lane, target, e.v(n.index), lanes))
    }
  }),
  umov: on<[General, Element]>((e, [d, n]) => {
    e.write(d, lanesOf(e, n.lane).extractU(e.v(n.index), n.at))
  }),
  smov: on<[General, Element]>((e, [d, n]) => {
    const value = lanesOf(e, n.lane).extractS(e.v(n.index), n.at)
    e.write(d, d.bits === 64 ? value : i32.wrap(value))
  }),
} as const satisfies Table
