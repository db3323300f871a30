// What vector operations have in common: shapes, sources and results.

import type { Element, FloatImmediate, Immediate, LaneBits, Scalar, Vector } from '../instruction.ts'
import { type Emitter, zeroVector } from './emitter.ts'
import { type Lanes, lanesOf, type V } from './lanes.ts'
import { on, type Semantics } from './operation.ts'
import { i8x16 } from './wasm/vector.ts'

/** A vector, or a scalar as a vector of one lane. */
export interface Shape {
  readonly lane: LaneBits
  readonly lanes: number
}
export type Register = Vector | Scalar
export type Source = Register | Element | Immediate | FloatImmediate

export const shapeOf = (operand: Register): Shape =>
  operand.kind === 'vector' ? operand : { lane: operand.bits as LaneBits, lanes: 1 }
export const bitsOf = ({ lane, lanes }: Shape): number => lane * lanes

/** Bytes of one lane, for a shuffle. */
const bytesOf = (lane: LaneBits, at: number): number[] =>
  Array.from({ length: lane / 8 }, (_, byte) => (at * lane) / 8 + byte)

/** Bytes of the given lanes of two vectors one after another (lanes from 128 / lane are the second's), then zeros of no meaning. */
export const shuffleLanes = (lane: LaneBits, a: V, b: V, lanes: readonly number[]): V => {
  const bytes = lanes.flatMap((at) => bytesOf(lane, at))
  return i8x16.shuffle(a, b, [...bytes, ...Array(16 - bytes.length).fill(0)])
}

/** One lane in every lane. */
export const splatLane = (lane: LaneBits, a: V, at: number): V => shuffleLanes(lane, a, a, Array(128 / lane).fill(at))

/** The value of an operand: an element in every lane, an immediate likewise (a float is zero). */
export function source(e: Emitter, operand: Source, lane: LaneBits): V {
  switch (operand.kind) {
    case 'element':
      return e.keep(splatLane(operand.lane, e.v(operand.index), operand.at))
    case 'immediate':
      return lanesOf(e, lane).splat(operand.value)
    case 'float':
      return zeroVector
    default:
      return e.v(operand.index)
  }
}

export const write = (e: Emitter, d: Register, value: V): void => e.writeV(d.index, value, bitsOf(shapeOf(d)))

/** Registers that follow the destination are as wide in its lanes. */
export const unary = (compute: (l: Lanes, a: V, e: Emitter, shape: Shape) => V): Semantics =>
  on<[Register, Register]>((e, [d, n]) => {
    const shape = shapeOf(d)
    write(e, d, compute(lanesOf(e, shape.lane), e.v(n.index), e, shape))
  })

export const binary = (compute: (l: Lanes, a: V, b: V, e: Emitter, shape: Shape) => V): Semantics =>
  on<[Register, Register, Source]>((e, [d, n, m]) => {
    const shape = shapeOf(d)
    write(e, d, compute(lanesOf(e, shape.lane), e.v(n.index), source(e, m, shape.lane), e, shape))
  })

/** The destination is also the first source. */
export const accumulating = (compute: (l: Lanes, d: V, a: V, b: V, e: Emitter, shape: Shape) => V): Semantics =>
  on<[Register, Register, Source]>((e, [d, n, m]) => {
    const shape = shapeOf(d)
    const value = compute(lanesOf(e, shape.lane), e.v(d.index), e.v(n.index), source(e, m, shape.lane), e, shape)
    write(e, d, value)
  })

export type Table = Readonly<Record<string, Semantics>>
