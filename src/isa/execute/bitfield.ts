// Bit fields, bit order, products and quotients of general registers.

import type { General, Immediate } from '../instruction.ts'
import { type Emitter, integerOf } from './emitter.ts'
import { on, type Semantics } from './operation.ts'
import { reverseBits } from './vector-permute.ts'
import { type Code, select } from './wasm/code.ts'
import { type Integer, type IntegerType, i32, i64 } from './wasm/scalar.ts'
import { i8x16, i64x2 } from './wasm/vector.ts'

type Width = Integer<IntegerType>
type Value = Code<IntegerType>

/** Bits imms..immr of the source to the bottom, or if imms < immr, its low bits to bit (width - immr). */
const bitField = (extend: 'shrS' | 'shrU'): Semantics =>
  on<[General, General, Immediate, Immediate]>((e, [d, n, { value: immr }, { value: imms }]) => {
    const w = integerOf(d.bits)
    // The field's top bit to the top, then down to where its lowest bit belongs.
    const up = w.shl(e.read(n), w.constant(BigInt(d.bits) - 1n - imms))
    const down = BigInt(d.bits) - 1n - imms + (imms >= immr ? immr : immr - BigInt(d.bits))
    e.write(d, w[extend](up, w.constant(down)))
  })

const insertField: Semantics = on<[General, General, Immediate, Immediate]>(
  (e, [d, n, { value: immr }, { value: imms }]) => {
    const w = integerOf(d.bits)
    const bits = BigInt(d.bits)
    const [count, at] = imms >= immr ? [imms - immr + 1n, 0n] : [imms + 1n, bits - immr]
    const mask = ((1n << count) - 1n) << at
    const source = imms >= immr ? w.shrU(e.read(n), w.constant(immr)) : w.shl(e.read(n), w.constant(at))
    e.write(d, w.or(w.and(e.read(d), w.constant(~mask)), w.and(source, w.constant(mask))))
  },
)

const unary = (compute: (e: Emitter, w: Width, a: Value) => Value): Semantics =>
  on<[General, General]>((e, [d, n]) => e.write(d, compute(e, integerOf(d.bits), e.read(n))))

/** Bytes in another order: byte `from(i)` becomes byte i. */
const bytes = (from: (byte: number, count: number) => number): Semantics =>
  unary((_, w, a) => {
    const order = Array.from({ length: 16 }, (_, byte) => from(byte % (w.bits / 8), w.bits / 8))
    return shuffled(w, a, order)
  })

function shuffled(w: Width, a: Value, order: readonly number[]): Value {
  const wide = i64x2.splat(a.type === 'i64' ? (a as Code<'i64'>) : i64.extendI32U(a as Code<'i32'>))
  const result = i64x2.extract(i8x16.shuffle(wide, wide, order), 0)
  return w.bits === 64 ? result : i32.wrap(result)
}

const reversed: Semantics = unary((e, w, a) => {
  const wide = i64x2.splat(a.type === 'i64' ? (a as Code<'i64'>) : i64.extendI32U(a as Code<'i32'>))
  const inBytes = i64x2.extract(reverseBits(e, wide), 0)
  const order = Array.from({ length: 16 }, (_, byte) => (w.bits / 8 - 1 - byte) & 15)
  return shuffled(w, w.bits === 64 ? inBytes : i32.wrap(inBytes), order)
})

/** destination = addend +- first * second. */
const multiplyAdd = (subtract: boolean): Semantics =>
  on<[General, General, General, General]>((e, [d, n, m, a]) => {
    const w = integerOf(d.bits)
    e.write(d, (subtract ? w.sub : w.add)(e.read(a), w.mul(e.read(n), e.read(m))))
  })

const multiplyAddLong = (subtract: boolean, extend: (a: Code<'i32'>) => Code<'i64'>): Semantics =>
  on<[General, General, General, General]>((e, [d, n, m, a]) => {
    const factor = (register: General) => extend(e.read(register) as Code<'i32'>)
    e.write(d, (subtract ? i64.sub : i64.add)(e.x(a), i64.mul(factor(n), factor(m))))
  })

/** Upper half of a product of 128 bits, from products of halves. */
const multiplyHigh = (isSigned: boolean): Semantics =>
  on<[General, General, General]>((e, [d, n, m]) => {
    const product = e.call(isSigned ? 'smulh' : 'umulh', 'i64', [e.x(n), e.x(m)], (f, a, b) => {
      const half = i64.constant(32)
      const low = (value: Code<'i64'>) => i64.extendI32U(i32.wrap(value))
      const high = (value: Code<'i64'>) => (isSigned ? i64.shrS : i64.shrU)(value, half)
      const middle = f.keep(i64.add(i64.mul(high(a), low(b)), i64.shrU(i64.mul(low(a), low(b)), half)))
      const other = f.keep(i64.add(i64.mul(low(a), high(b)), low(middle)))
      return i64.add(i64.add(i64.mul(high(a), high(b)), high(middle)), high(other))
    })
    e.write(d, product)
  })

/** A quotient by zero is zero. */
const divide = (isSigned: boolean): Semantics =>
  on<[General, General, General]>((e, [d, n, m]) => {
    const w = integerOf(d.bits)
    const [a, b] = [e.keep(e.read(n)), e.keep(e.read(m))]
    const [zero, one] = [w.constant(0), w.constant(1)]
    // Neither of the divisors that trap is divided by; a quotient by -1 is the opposite.
    const special = isSigned ? w.leU(w.add(b, one), one) : w.eqz(b)
    const divisor = select(special, one, b)
    const quotient = (isSigned ? w.divS : w.divU)(a, divisor)
    e.write(d, select(special, select(w.eqz(b), zero, w.sub(zero, a)), quotient))
  })

export const bitfield = {
  ubfm: bitField('shrU'),
  sbfm: bitField('shrS'),
  bfm: insertField,
  extr: on<[General, General, General, Immediate]>((e, [d, high, low, { value }]) => {
    const w = integerOf(d.bits)
    if (value === 0n) return e.write(d, e.read(low))
    const rest = BigInt(d.bits) - value
    e.write(d, w.or(w.shl(e.read(high), w.constant(rest)), w.shrU(e.read(low), w.constant(value))))
  }),
  madd: multiplyAdd(false),
  msub: multiplyAdd(true),
  smaddl: multiplyAddLong(false, i64.extendI32S),
  smsubl: multiplyAddLong(true, i64.extendI32S),
  umaddl: multiplyAddLong(false, i64.extendI32U),
  umsubl: multiplyAddLong(true, i64.extendI32U),
  smulh: multiplyHigh(true),
  umulh: multiplyHigh(false),
  sdiv: divide(true),
  udiv: divide(false),
  clz: unary((_, w, a) => w.clz(a)),
  cls: unary((e, w, a) => {
    const kept = e.keep(a)
    return w.sub(w.clz(w.xor(kept, w.shrS(kept, w.constant(w.bits - 1)))), w.constant(1))
  }),
  rbit: reversed,
  rev: bytes((byte, count) => count - 1 - byte),
  rev16: bytes((byte) => byte ^ 1),
  rev32: bytes((byte) => byte ^ 3),
} as const satisfies Readonly<Record<string, Semantics>>
