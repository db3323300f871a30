// Floating-point arithmetic and comparison, scalar and vector.

import type { ConditionOperand, FloatImmediate, General, Immediate, Scalar, Vector } from '../instruction.ts'
import { type Emitter, zeroVector } from './emitter.ts'
import { condition, setFlags } from './flags.ts'
import { absolute, type FloatBits, floats, fused, ignoringQuiet, infinity, negate, withNans } from './float.ts'
import type { V } from './lanes.ts'
import { on, type Semantics } from './operation.ts'
import { type Register, type Shape, type Source, shapeOf, source, type Table, write } from './vector.ts'
import { pairs, reduce } from './vector-long.ts'
import { get, select } from './wasm/code.ts'
import { type Float, type FloatType, f32, f64, i32 } from './wasm/scalar.ts'
import { f32x4, f64x2, i64x2 } from './wasm/vector.ts'

/** What an operation makes of the lanes of two vectors. */
type Compute = (e: Emitter, bits: FloatBits, shape: Shape, a: V, b: V) => V

const bitsOfLane = (shape: Shape): FloatBits => shape.lane as FloatBits

const plain =
  (operation: 'add' | 'sub' | 'mul' | 'div' | 'min' | 'max'): Compute =>
  (e, bits, shape, a, b) =>
    withNans(e, bits, shape, floats[bits][operation](a, b), [a, b])

/** Of a number and a quiet NaN, the number. */
const ofNumbers =
  (operation: 'min' | 'max'): Compute =>
  (e, bits, shape, a, b) => {
    const neutral = operation === 'min' ? infinity(bits) : negate(bits, infinity(bits))
    return plain(operation)(e, bits, shape, ...ignoringQuiet(e, bits, a, b, neutral))
  }

const binary = (compute: Compute): Semantics =>
  on<[Register, Register, Source]>((e, [d, n, m]) => {
    const shape = shapeOf(d)
    write(e, d, compute(e, bitsOfLane(shape), shape, e.v(n.index), source(e, m, shape.lane)))
  })

const unary = (compute: (e: Emitter, bits: FloatBits, shape: Shape, a: V) => V): Semantics =>
  on<[Register, Register]>((e, [d, n]) => {
    const shape = shapeOf(d)
    write(e, d, compute(e, bitsOfLane(shape), shape, e.v(n.index)))
  })

const pairwise = (compute: Compute): Semantics =>
  on<[Register, Vector, Vector]>((e, [d, n, m]) => {
    const shape = shapeOf(d)
    write(e, d, compute(e, bitsOfLane(shape), shape, ...pairs(e, d, n, m)))
  })

const across = (compute: Compute): Semantics =>
  on<[Register, Vector]>((e, [d, n]) => {
    const bits = bitsOfLane(n)
    write(
      e,
      d,
      reduce(e, n, e.v(n.index), (a, b) => compute(e, bits, n, e.keep(a), e.keep(b))),
    )
  })

/** destination = +-addend +- first * second, of four registers. */
const multiplyAdd = (negateProduct: boolean, negateAddend: boolean): Semantics =>
  on<[Scalar, Scalar, Scalar, Scalar]>((e, [d, n, m, a]) => {
    const shape = shapeOf(d)
    const bits = bitsOfLane(shape)
    const addend = negateAddend ? e.keep(negate(bits, e.v(a.index))) : e.v(a.index)
    const first = negateProduct ? e.keep(negate(bits, e.v(n.index))) : e.v(n.index)
    write(e, d, fused(e, bits, shape, addend, first, e.v(m.index)))
  })

const accumulate = (negateProduct: boolean): Semantics =>
  on<[Register, Register, Source]>((e, [d, n, m]) => {
    const shape = shapeOf(d)
    const bits = bitsOfLane(shape)
    const first = negateProduct ? e.keep(negate(bits, e.v(n.index))) : e.v(n.index)
    write(e, d, fused(e, bits, shape, e.v(d.index), first, source(e, m, shape.lane)))
  })

const comparison = (compare: (bits: FloatBits, a: V, b: V) => V): Semantics =>
  binary((_, bits, __, a, b) => compare(bits, a, b))

/** Unordered operands set c and v. */
function compare(e: Emitter, a: Scalar, b: Scalar | FloatImmediate): void {
  const value = (operand: Scalar | FloatImmediate): V => (operand.kind === 'float' ? zeroVector : e.v(operand.index))
  const lane = (operand: Scalar | FloatImmediate) =>
    e.keep(a.bits === 32 ? f32x4.extract(value(operand), 0) : f64x2.extract(value(operand), 0))
  const type: Float<FloatType> = a.bits === 32 ? f32 : f64
  const [x, y] = [lane(a), lane(b)]
  e.set(e.flags.n, type.lt(x, y))
  e.set(e.flags.z, type.eq(x, y))
  e.set(e.flags.c, i32.eqz(get(e.flags.n)))
  e.set(e.flags.v, i32.or(type.ne(x, x), type.ne(y, y)))
  e.comparison = null
}

export const floatArithmetic = {
  fadd: binary(plain('add')),
  fsub: binary(plain('sub')),
  fmul: binary(plain('mul')),
  fnmul: binary((e, bits, shape, a, b) => negate(bits, plain('mul')(e, bits, shape, a, b))),
  fdiv: binary(plain('div')),
  fmax: binary(plain('max')),
  fmin: binary(plain('min')),
  fmaxnm: binary(ofNumbers('max')),
  fminnm: binary(ofNumbers('min')),
  fabd: binary((e, bits, shape, a, b) => absolute(bits, plain('sub')(e, bits, shape, a, b))),
  fabs: unary((_, bits, __, a) => absolute(bits, a)),
  fneg: unary((_, bits, __, a) => negate(bits, a)),
  fsqrt: unary((e, bits, shape, a) => withNans(e, bits, shape, floats[bits].sqrt(a), [a])),
  fmadd: multiplyAdd(false, false),
  fmsub: multiplyAdd(true, false),
  fnmadd: multiplyAdd(true, true),
  fnmsub: multiplyAdd(false, true),
  fmla: accumulate(false),
  fmls: accumulate(true),
  faddp: pairwise(plain('add')),
  fmaxp: pairwise(plain('max')),
  fminp: pairwise(plain('min')),
  fmaxnmp: pairwise(ofNumbers('max')),
  fminnmp: pairwise(ofNumbers('min')),
  fmaxv: across(plain('max')),
  fminv: across(plain('min')),
  fmaxnmv: across(ofNumbers('max')),
  fminnmv: across(ofNumbers('min')),

  fcmp: on<[Scalar, Scalar | FloatImmediate]>((e, [a, b]) => compare(e, a, b)),
  fccmp: on<[Scalar, Scalar, Immediate, ConditionOperand]>((e, [a, b, nzcv, { code }]) => {
    const holds = e.keep(condition(e, code))
    setFlags(e, nzcv.value)
    e.if(holds, () => compare(e, a, b))
  }),
  fcsel: on<[Scalar, Scalar, Scalar, ConditionOperand]>((e, [d, n, m, { code }]) =>
    write(e, d, select(condition(e, code), e.v(n.index), e.v(m.index))),
  ),
  fcmeq: comparison((bits, a, b) => floats[bits].eq(a, b)),
  fcmge: comparison((bits, a, b) => floats[bits].ge(a, b)),
  fcmgt: comparison((bits, a, b) => floats[bits].gt(a, b)),
  fcmle: comparison((bits, a, b) => floats[bits].ge(b, a)),
  fcmlt: comparison((bits, a, b) => floats[bits].gt(b, a)),
  facge: comparison((bits, a, b) => floats[bits].ge(absolute(bits, a), absolute(bits, b))),
  facgt: comparison((bits, a, b) => floats[bits].gt(absolute(bits, a), absolute(bits, b))),

  fmov: on<[General | Register, General | Register | FloatImmediate]>((e, [d, n]) => {
    if (d.kind === 'general') {
      const value = i64x2.extract(e.v((n as Scalar).index), 0)
      e.write(d, d.bits === 64 ? value : i32.wrap(value))
    } else if (n.kind === 'general') write(e, d, i64x2.splat(e.x(n)))
    else if (n.kind === 'float')
      write(e, d, shapeOf(d).lane === 32 ? f32x4.splat(f32.constant(n.value)) : f64x2.splat(f64.constant(n.value)))
    else write(e, d, e.v(n.index))
  }),
} as const satisfies Table
