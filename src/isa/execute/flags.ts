// The condition flags: what sets them, and what conditions make of them.

import type { Condition } from '../instruction.ts'
import type { Emitter } from './emitter.ts'
import { type Code, get } from './wasm/code.ts'
import { type Integer, type IntegerType, i32 } from './wasm/scalar.ts'

/** The flags are those of `first - second`. */
export interface Comparison<T extends IntegerType = IntegerType> {
  readonly width: Integer<T>
  readonly first: Code<T>
  readonly second: Code<T>
}

const setSignAndZero = (e: Emitter, w: Integer<IntegerType>, result: Code<IntegerType>): void => {
  e.set(e.flags.n, w.ltS(result, w.constant(0)))
  e.set(e.flags.z, w.eqz(result))
  e.comparison = null
}

/** Of a logical operation. */
export function setLogicFlags(e: Emitter, w: Integer<IntegerType>, result: Code<IntegerType>): void {
  setSignAndZero(e, w, result)
  e.set(e.flags.c, i32.constant(0))
  e.set(e.flags.v, i32.constant(0))
}

/** Returns first + second + carry, where `carry` is 0 or 1 or absent. */
export function addWithFlags(
  e: Emitter,
  w: Integer<IntegerType>,
  first: Code<IntegerType>,
  second: Code<IntegerType>,
  carry?: Code<IntegerType>,
): Code<IntegerType> {
  const [a, b] = [e.keep(first), e.keep(second)]
  const sum = w.add(a, b)
  const result = e.keep(carry === undefined ? sum : w.add(sum, carry))
  // A sum wrapped to its own operand carried if there was a carry in.
  const wrapped = w.ltU(result, a)
  const carried = carry === undefined ? wrapped : i32.or(wrapped, i32.and(w.eq(result, a), w.ne(b, w.constant(0))))
  e.set(e.flags.c, carried)
  e.set(e.flags.v, w.ltS(w.and(w.xor(a, result), w.xor(b, result)), w.constant(0)))
  setSignAndZero(e, w, result)
  return result
}

/** Returns first - second. */
export function subtractWithFlags(
  e: Emitter,
  w: Integer<IntegerType>,
  first: Code<IntegerType>,
  second: Code<IntegerType>,
): Code<IntegerType> {
  const comparison = e.compare(w, first, second)
  const { first: a, second: b } = comparison
  const result = e.keep(w.sub(a, b))
  e.set(e.flags.c, w.geU(a, b))
  e.set(e.flags.v, w.ltS(w.and(w.xor(a, b), w.xor(a, result)), w.constant(0)))
  setSignAndZero(e, w, result)
  e.comparison = comparison
  return result
}

/** All four from an immediate: n is bit 3, v bit 0. */
export function setFlags(e: Emitter, nzcv: bigint): void {
  for (const [i, flag] of (['v', 'c', 'z', 'n'] as const).entries())
    e.set(e.flags[flag], i32.constant((nzcv >> BigInt(i)) & 1n))
  e.comparison = null
}

type Compare = Exclude<keyof Integer<IntegerType>, 'bits' | 'constant'>
const comparisons: Readonly<Partial<Record<Condition, Compare>>> = {
  eq: 'eq',
  ne: 'ne',
  cs: 'geU',
  cc: 'ltU',
  hi: 'gtU',
  ls: 'leU',
  ge: 'geS',
  lt: 'ltS',
  gt: 'gtS',
  le: 'leS',
}

/** Not zero if the condition holds. */
export function condition(e: Emitter, code: Condition): Code<'i32'> {
  const compare = comparisons[code]
  if (e.comparison !== null && compare !== undefined) {
    const { width, first, second } = e.comparison
    return width[compare](first, second) as Code<'i32'>
  }
  const { n, z, c, v } = { n: get(e.flags.n), z: get(e.flags.z), c: get(e.flags.c), v: get(e.flags.v) }
  const conditions = {
    eq: () => z,
    ne: () => i32.eqz(z),
    cs: () => c,
    cc: () => i32.eqz(c),
    mi: () => n,
    pl: () => i32.eqz(n),
    vs: () => v,
    vc: () => i32.eqz(v),
    hi: () => i32.gtU(c, z),
    ls: () => i32.leU(c, z),
    ge: () => i32.eq(n, v),
    lt: () => i32.ne(n, v),
    gt: () => i32.and(i32.eqz(z), i32.eq(n, v)),
    le: () => i32.or(z, i32.ne(n, v)),
    al: () => i32.constant(1),
  } satisfies Record<Condition, () => Code<'i32'>>
  return conditions[code]()
}
