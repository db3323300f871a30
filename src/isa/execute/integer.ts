// Arithmetic and logic on general registers.

import type {
  ConditionOperand,
  Extended,
  ExtendKind,
  General,
  Immediate,
  LabelOperand,
  Shifted,
} from '../instruction.ts'
import { type Emitter, integerOf } from './emitter.ts'
import { addWithFlags, condition, setFlags, setLogicFlags, subtractWithFlags } from './flags.ts'
import { on, type Semantics } from './operation.ts'
import { type Code, get, select } from './wasm/code.ts'
import { type Integer, type IntegerType, i32, i64 } from './wasm/scalar.ts'

type Second = General | Shifted | Extended | Immediate
type Width = Integer<IntegerType>
type Value = Code<IntegerType>

const extensions = {
  uxtb: (x) => i64.and(x, i64.constant(0xff)),
  uxth: (x) => i64.and(x, i64.constant(0xffff)),
  uxtw: (x) => i64.extendI32U(i32.wrap(x)),
  uxtx: (x) => x,
  sxtb: i64.extend8S,
  sxth: i64.extend16S,
  sxtw: i64.extend32S,
  sxtx: (x) => x,
} satisfies Record<ExtendKind, (x: Code<'i64'>) => Code<'i64'>>

/** An extended register, 64 bits wide. */
export const extended = (e: Emitter, { register, extend, amount }: Extended): Code<'i64'> =>
  i64.shl(extensions[extend](e.x(register)), i64.constant(amount))

export function shifted(e: Emitter, { register, shift, amount }: Shifted): Value {
  const w = integerOf(register.bits)
  const shifts = { lsl: w.shl, lsr: w.shrU, asr: w.shrS, ror: w.rotr }
  return shifts[shift](e.read(register), w.constant(amount))
}

/** The flexible operand, `bits` wide. */
function second(e: Emitter, operand: Second, bits: 32 | 64): Value {
  switch (operand.kind) {
    case 'general':
      return e.read(operand)
    case 'immediate':
      return integerOf(bits).constant(operand.value)
    case 'shifted':
      return shifted(e, operand)
    case 'extended':
      return bits === 64 ? extended(e, operand) : i32.wrap(extended(e, operand))
  }
}

type Compute = (e: Emitter, w: Width, a: Value, b: Value) => Value

/** destination = compute(first, second). */
const arithmetic = (compute: Compute): Semantics =>
  on<[General, General, Second]>((e, [d, n, m]) => {
    e.write(d, compute(e, integerOf(d.bits), e.read(n), second(e, m, d.bits)))
  })
const plain = (compute: (w: Width, a: Value, b: Value) => Value): Semantics =>
  arithmetic((_, w, a, b) => compute(w, a, b))
const logicWithFlags = (compute: (w: Width, a: Value, b: Value) => Value): Semantics =>
  arithmetic((e, w, a, b) => {
    const result = e.keep(compute(w, a, b))
    setLogicFlags(e, w, result)
    return result
  })

const not = (w: Width, a: Value): Value => w.xor(a, w.constant(-1))
const carry = (e: Emitter, w: Width): Value => (w.bits === 64 ? i64.extendI32U(get(e.flags.c)) : get(e.flags.c))

/** destination = condition ? first : otherwise(second). */
const conditional = (otherwise: (w: Width, b: Value) => Value): Semantics =>
  on<[General, General, General, ConditionOperand]>((e, [d, n, m, { code }]) => {
    e.write(d, select(condition(e, code), e.read(n), otherwise(integerOf(d.bits), e.read(m))))
  })

const conditionalCompare = (compare: typeof subtractWithFlags): Semantics =>
  on<[General, General | Immediate, Immediate, ConditionOperand]>((e, [n, m, nzcv, { code }]) => {
    const holds = e.keep(condition(e, code))
    setFlags(e, nzcv.value)
    e.if(holds, () => {
      compare(e, integerOf(n.bits), e.read(n), second(e, m, n.bits))
    })
    e.comparison = null
  })

/** Shift by the low bits of a register, as wasm does. */
const byRegister = (shift: 'shl' | 'shrS' | 'shrU' | 'rotr'): Semantics => plain((w, a, b) => w[shift](a, b))

export const integer = {
  add: plain((w, a, b) => w.add(a, b)),
  sub: plain((w, a, b) => w.sub(a, b)),
  adds: arithmetic((e, w, a, b) => addWithFlags(e, w, a, b)),
  subs: arithmetic(subtractWithFlags),
  adc: arithmetic((e, w, a, b) => w.add(w.add(a, b), carry(e, w))),
  sbc: arithmetic((e, w, a, b) => w.add(w.add(a, not(w, b)), carry(e, w))),
  adcs: arithmetic((e, w, a, b) => addWithFlags(e, w, a, b, carry(e, w))),
  sbcs: arithmetic((e, w, a, b) => addWithFlags(e, w, a, not(w, b), carry(e, w))),
  and: plain((w, a, b) => w.and(a, b)),
  orr: plain((w, a, b) => w.or(a, b)),
  orn: plain((w, a, b) => w.or(a, not(w, b))),
  eor: plain((w, a, b) => w.xor(a, b)),
  eon: plain((w, a, b) => w.xor(a, not(w, b))),
  bic: plain((w, a, b) => w.and(a, not(w, b))),
  ands: logicWithFlags((w, a, b) => w.and(a, b)),
  bics: logicWithFlags((w, a, b) => w.and(a, not(w, b))),
  mov: on<[General, Immediate]>((e, [d, { value }]) => e.write(d, integerOf(d.bits).constant(value))),
  movk: on<[General, Immediate, Immediate]>((e, [d, field, lowest]) => {
    const w = integerOf(d.bits)
    e.write(d, w.or(w.and(e.read(d), w.constant(~(0xffffn << lowest.value))), w.constant(field.value)))
  }),
  adr: on<[General, LabelOperand]>((e, [d, { address }]) => e.write(d, i64.constant(address))),
  lslv: byRegister('shl'),
  lsrv: byRegister('shrU'),
  asrv: byRegister('shrS'),
  rorv: byRegister('rotr'),
  csel: conditional((_, b) => b),
  csinc: conditional((w, b) => w.add(b, w.constant(1))),
  csinv: conditional(not),
  csneg: conditional((w, b) => w.sub(w.constant(0), b)),
  ccmp: conditionalCompare(subtractWithFlags),
  ccmn: conditionalCompare(addWithFlags),
  nop: () => {},
} as const satisfies Readonly<Record<string, Semantics>>
