// Forms of the integer and branch instructions.

import type { Condition, General, Immediate, Operand } from '../../instruction.ts'
import { wrapped } from '../encodable.ts'
import type { FieldImmediate } from '../slots-immediates.ts'
import { inverse } from '../slots-registers.ts'
import { type Alias, alias, type Rewrite, type Row } from './form.ts'

/** Registers of both widths, and what depends on the width. */
const R = { R: 'W X', Z: '32 64', M: '31 63' }

const zeroOf = (operand: Operand | undefined): General => {
  const register = operand?.kind === 'shifted' ? operand.register : operand
  return { kind: 'general', index: 31, bits: (register as General).bits, zero: true }
}
const immediate = (value: number | bigint): Immediate => ({ kind: 'immediate', value: BigInt(value) })
const numberOf = (operand: Operand | undefined): number => Number((operand as Immediate).value)
const widthOf = (operand: Operand | undefined): 32 | 64 => (operand as General).bits

const narrowed = (operand: Operand | undefined): General => ({ ...(operand as General), bits: 32 })

/** The zero register as destination, second source or last. */
const zeroFirst: Rewrite = (operands) => [zeroOf(operands[0]), ...operands]
const zeroSecond: Rewrite = ([destination, ...rest]) => [destination!, zeroOf(destination), ...rest]
const zeroLast: Rewrite = (operands) => [...operands, zeroOf(operands[0])]

const inverted: Rewrite = (operands) => {
  const last = operands.at(-1) as { readonly code: Condition }
  return [...operands.slice(0, -1), { kind: 'condition', code: inverse(last.code) }]
}
const twice: Rewrite = ([destination, source, condition]) => inverted([destination!, source!, source!, condition!])
const set: Rewrite = ([destination, condition]) =>
  inverted([destination!, zeroOf(destination), zeroOf(destination), condition!])

const shiftLeft: Rewrite = ([destination, source, amount]) => {
  const bits = widthOf(destination)
  const by = numberOf(amount)
  return [destination!, source!, immediate((bits - by) % bits), immediate(bits - 1 - by)]
}
const shiftRight: Rewrite = ([destination, source, amount]) => [
  destination!,
  source!,
  amount!,
  immediate(widthOf(destination) - 1),
]
const rotate: Rewrite = ([destination, source, amount]) => [destination!, source!, source!, amount!]

/** Extract (ubfx): `width` bits from `low`; insert (bfi): `width` bits to `low`. */
const bitField =
  (insert: boolean): Rewrite =>
  ([destination, source, low, width]) => {
    const bits = widthOf(destination)
    const [at, count] = [numberOf(low), numberOf(width)]
    if (count > bits - at) return `width ${count}: expected 1 to ${bits - at}`
    return insert
      ? [destination!, source!, immediate((bits - at) % bits), immediate(count - 1)]
      : [destination!, source!, low!, immediate(at + count - 1)]
  }
/** Of sxtb and the like: the low `bits`, of a source as wide as the destination. */
const extend =
  (bits: number): Rewrite =>
  ([destination, source]) => [
    destination!,
    { ...(source as General), bits: widthOf(destination) },
    immediate(0),
    immediate(bits - 1),
  ]

/** Of uxtb and uxth: writing a w register clears the upper half. */
const zeroExtend =
  (bits: number): Rewrite =>
  ([destination, source]) =>
    extend(bits)([narrowed(destination), source!])
const narrowMove: Rewrite = ([destination, source]) => zeroSecond([narrowed(destination), source!])

const negated: Rewrite = ([destination, wide]) => {
  const bits = widthOf(destination)
  return [destination!, immediate(wrapped(~(wide as Immediate).value, bits)!)]
}
/** Its field, and the bit that starts at. */
const movk: Rewrite = ([destination, field]) => {
  const { value, low } = field as FieldImmediate
  return [destination!, immediate(value), immediate(low)]
}
const movz: Rewrite = ([destination, field]) => [destination!, immediate((field as FieldImmediate).value)]
const addZero: Rewrite = (operands) =>
  operands.some((operand) => operand.kind === 'general' && operand.index === 31)
    ? [...operands, immediate(0)]
    : 'neither is the stack pointer'

/** Second operand of add, sub and compare, for the operation and the one that a negative immediate turns it into. */
const arithmetic = (mnemonic: string, first: string, op: Alias, opposite: Alias): readonly Row[] => [
  [mnemonic, `${first}R|SP, #imm12`, R, op],
  [mnemonic, `${first}R|SP, #-imm12`, R, opposite],
  [mnemonic, `${first}R, R{shift}`, R, op],
  [mnemonic, `${first}R|SP, R{extend}`, R, op],
]

export const integer: readonly Row[] = [
  ['add', 'R, R, R{shift}', R],
  ...arithmetic('add', 'R|SP, ', alias('add'), alias('sub')).filter(([, operands]) => !operands.includes('shift')),
  ['sub', 'R, R, R{shift}', R],
  ...arithmetic('sub', 'R|SP, ', alias('sub'), alias('add')).filter(([, operands]) => !operands.includes('shift')),
  ...arithmetic('adds', 'R, ', alias('adds'), alias('subs')),
  ...arithmetic('subs', 'R, ', alias('subs'), alias('adds')),
  ...arithmetic('cmp', '', alias('subs', zeroFirst), alias('adds', zeroFirst)),
  ...arithmetic('cmn', '', alias('adds', zeroFirst), alias('subs', zeroFirst)),
  ['neg', 'R, R{shift}', R, alias('sub', zeroSecond)],
  ['negs', 'R, R{shift}', R, alias('subs', zeroSecond)],
  ['adc adcs sbc sbcs', 'R, R, R', R],
  ['ngc', 'R, R', R, alias('sbc', zeroSecond)],
  ['ngcs', 'R, R', R, alias('sbcs', zeroSecond)],

  ['and ands orr orn eor eon bic bics', 'R, R, R{rotate}', R],
  ['and orr eor', 'R|SP, R, #bitsZ', { R: 'W X', bitsZ: 'bits32 bits64' }],
  ['ands', 'R, R, #bitsZ', { R: 'W X', bitsZ: 'bits32 bits64' }],
  ['bic', 'R|SP, R, #~bitsZ', { R: 'W X', bitsZ: 'bits32 bits64' }, alias('and')],
  ['tst', 'R, R{rotate}', R, alias('ands', zeroFirst)],
  ['tst', 'R, #bitsZ', { R: 'W X', bitsZ: 'bits32 bits64' }, alias('ands', zeroFirst)],
  ['mvn', 'R, R{rotate}', R, alias('orn', zeroSecond)],

  ['mov', 'R, R{rotate}', R, alias('orr', zeroSecond)],
  ['mov', 'R|SP, R|SP', R, alias('add', addZero)],
  ['mov', 'R, #movZ', { R: 'W X', movZ: 'mov32 mov64' }],
  ['mov', 'R|SP, #bitsZ', { R: 'W X', bitsZ: 'bits32 bits64' }],
  ['movz', 'R, #fieldZ', { R: 'W X', fieldZ: 'field32 field64' }, alias('mov', movz)],
  ['movn', 'R, #fieldZ', { R: 'W X', fieldZ: 'field32 field64' }, alias('mov', negated)],
  ['movk', 'R, #fieldZ', { R: 'W X', fieldZ: 'field32 field64' }, alias('movk', movk)],
  ['adr', 'X, label21b'],
  ['adrp', 'X, page', {}, alias('adr')],

  ['lslv lsrv asrv rorv', 'R, R, R', R],
  ...(['lsl', 'lsr', 'asr', 'ror'] as const).map((name): Row => [name, 'R, R, R', R, alias(`${name}v`)]),
  ['lsl', 'R, R, #0..M', R, alias('ubfm', shiftLeft)],
  ['lsr', 'R, R, #0..M', R, alias('ubfm', shiftRight)],
  ['asr', 'R, R, #0..M', R, alias('sbfm', shiftRight)],
  ['ror', 'R, R, #0..M', R, alias('extr', rotate)],
  ['extr', 'R, R, R, #0..M', R],
  ['ubfm sbfm bfm', 'R, R, #0..M, #0..M', R],
  ...(['ubf', 'sbf'] as const).flatMap((name): Row[] => [
    [`${name}x`, 'R, R, #0..M, #1..Z', R, alias(`${name}m`, bitField(false))],
    [`${name}iz`, 'R, R, #0..M, #1..Z', R, alias(`${name}m`, bitField(true))],
  ]),
  ['bfi', 'R, R, #0..M, #1..Z', R, alias('bfm', bitField(true))],
  ['bfxil', 'R, R, #0..M, #1..Z', R, alias('bfm', bitField(false))],
  ['bfc', 'R, #0..M, #1..Z', R, alias('bfm', (operands) => bitField(true)(zeroSecond(operands) as Operand[]))],
  ['sxtb', 'R, W', R, alias('sbfm', extend(8))],
  ['sxth', 'R, W', R, alias('sbfm', extend(16))],
  ['sxtw', 'X, W', {}, alias('sbfm', extend(32))],
  ['uxtb', 'R, W', R, alias('ubfm', zeroExtend(8))],
  ['uxth', 'R, W', R, alias('ubfm', zeroExtend(16))],
  ['uxtw', 'R, W', R, alias('orr', narrowMove)],

  ['madd msub', 'R, R, R, R', R],
  ['smaddl smsubl umaddl umsubl', 'X, W, W, X'],
  ['mul', 'R, R, R', R, alias('madd', zeroLast)],
  ['mneg', 'R, R, R', R, alias('msub', zeroLast)],
  ['smull', 'X, W, W', {}, alias('smaddl', zeroLast)],
  ['umull', 'X, W, W', {}, alias('umaddl', zeroLast)],
  ['smnegl', 'X, W, W', {}, alias('smsubl', zeroLast)],
  ['umnegl', 'X, W, W', {}, alias('umsubl', zeroLast)],
  ['smulh umulh', 'X, X, X'],
  ['sdiv udiv', 'R, R, R', R],
  ['clz cls rbit rev rev16', 'R, R', R],
  ['rev32', 'X, X'],
  ['rev64', 'X, X', {}, alias('rev')],

  ['csel csinc csinv csneg', 'R, R, R, cond', R],
  ['cset', 'R, icond', R, alias('csinc', set)],
  ['csetm', 'R, icond', R, alias('csinv', set)],
  ['cinc', 'R, R, icond', R, alias('csinc', twice)],
  ['cinv', 'R, R, icond', R, alias('csinv', twice)],
  ['cneg', 'R, R, icond', R, alias('csneg', twice)],
  ['ccmp ccmn', 'R, R, #0..15, cond', R],
  ['ccmp ccmn', 'R, #0..31, #0..15, cond', R],
  // Hints that cores before Armv8.3 execute as nop: pointer authentication, branch targets.
  ['nop yield paciaz paciasp pacibz pacibsp autiaz autiasp autibz autibsp bti', '', {}, alias('nop')],
  ['hint', 'N', { N: '#0..1 #24..38' }, alias('nop', () => [])],
  ['bti', '(c|j|jc)', {}, alias('nop', () => [])],

  ['b bl', 'label28'],
  ['b.cond', 'label21'],
  ['cbz cbnz', 'R, label21', R],
  ['tbz tbnz', 'R, #0..M, label16', R],
  ['br blr ret', 'X'],
  ['ret', '', {}, alias('ret', () => [{ kind: 'general', index: 30, bits: 64, zero: false }])],
]
