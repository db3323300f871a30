// Branches, calls and returns.

import type { ConditionOperand, General, Immediate, LabelOperand } from '../instruction.ts'
import { type Emitter, integerOf } from './emitter.ts'
import { condition } from './flags.ts'
import { on, type Semantics } from './operation.ts'
import type { Code } from './wasm/code.ts'
import { type Integer, type IntegerType, i64 } from './wasm/scalar.ts'

const LINK = 30

const onRegister = (test: (w: Integer<IntegerType>, value: Code<IntegerType>) => Code<'i32'>): Semantics =>
  on<[General, LabelOperand]>((e, [n, { address }]) => e.branchTo(address, test(integerOf(n.bits), e.read(n))))

const onBit = (taken: 0n | 1n): Semantics =>
  on<[General, Immediate, LabelOperand]>((e, [n, bit, { address }]) => {
    const isolated = i64.and(e.x(n), i64.constant(1n << bit.value))
    e.branchTo(address, taken === 1n ? i64.ne(isolated, i64.constant(0)) : i64.eqz(isolated))
  })

const link = (e: Emitter, address: number): void => e.set(e.general(LINK), i64.constant(address + 4))

export const branch = {
  b: on<[LabelOperand]>((e, [{ address }]) => e.branchTo(address, null)),
  'b.cond': on<[ConditionOperand, LabelOperand]>((e, [{ code }, { address }]) =>
    e.branchTo(address, condition(e, code)),
  ),
  cbz: onRegister((w, value) => w.eqz(value)),
  cbnz: onRegister((w, value) => w.ne(value, w.constant(0))),
  tbz: onBit(0n),
  tbnz: onBit(1n),
  bl: on<[LabelOperand]>((e, [{ address: target }], { address }) => {
    link(e, address)
    e.branchTo(target, null)
  }),
  br: on<[General]>((e, [n]) => e.branchIndirect(e.x(n))),
  blr: on<[General]>((e, [n], { address }) => {
    const target = e.keep(e.x(n))
    link(e, address)
    e.branchIndirect(target)
  }),
  ret: on<[General]>((e, [n]) => e.branchIndirect(e.x(n))),
} as const satisfies Readonly<Record<string, Semantics>>
