// Operands that are constants or addresses.

import { ELSEWHERE, type Immediate, type LabelOperand } from '../instruction.ts'
import { isByteMask, isFloatImmediate, isLogical, isMove, wrapped } from './encodable.ts'
import type { Expression } from './expression.ts'
import { type Context, Problem, type Slot } from './slot.ts'
import { amountOf } from './slots-registers.ts'
import type { Written, WrittenExpression } from './written.ts'

const immediate = (value: bigint): Immediate => ({ kind: 'immediate', value })

const isConstant = (written: Written): written is WrittenExpression =>
  written.kind === 'expression' && !written.literal && written.value.kind !== 'symbol'

/** A constant, also one with a name, without `:lo12:`. */
const isNumber = (written: Written, shiftable = false): written is WrittenExpression =>
  written.kind === 'expression' && !written.literal && !written.low12 && (shiftable || written.modifier === null)

const outside = (value: bigint, expected: string, column: number): Problem =>
  new Problem(`immediate ${value}: expected ${expected}`, column)

export const range = (low: number, high: number): Slot => ({
  text: low === high ? `#${low}` : `#${low}..${high}`,
  read(written, context) {
    if (!isNumber(written)) return null
    const value = context.value(written.value)
    if (value >= low && value <= high) return immediate(value)
    return outside(value, low === high ? `${low}` : `${low} to ${high}`, written.column)
  },
})

/** Of add and sub: 12 bits, or 12 bits shifted by 12, or `:lo12:`; with `negative`, of what the opposite would add. */
export const arithmetic = (negative: boolean): Slot => ({
  text: negative ? '#-4095..-1{, lsl #0|12}' : '#0..4095{, lsl #0|12}|:lo12:symbol',
  read(written, context) {
    if (!isNumber(written, true) && !(isLow12(written) && !negative)) return null
    const { modifier, column } = written
    if (modifier !== null && modifier.name !== 'lsl') return null
    const raw = context.value(written.value)
    if (written.low12) return immediate(raw & 0xfffn)
    const value = negative ? -raw : raw
    if (negative && value <= 0n) return null
    const shift = modifier === null ? 0 : amountOf(modifier, context, 0, 12)
    if (shift instanceof Problem) return shift
    if (shift !== 0 && shift !== 12) return new Problem("expected 'lsl #0' or 'lsl #12'", modifier!.column)
    const fits = value < 4096n || (modifier === null && value < 0x100_0000n && (value & 0xfffn) === 0n)
    if (value < 0n || !fits) return outside(raw, '0 to 4095, or such a number times 4096', column)
    return immediate(value << BigInt(shift))
  },
})

const isLow12 = (written: Written): written is WrittenExpression =>
  written.kind === 'expression' && written.low12 && written.modifier === null

/** `inverted`: the complement is what is encoded and given. */
export const logical = (bits: 32 | 64, inverted: boolean): Slot => ({
  text: `#bitmask${bits}`,
  read(written, context) {
    if (!isNumber(written)) return null
    const raw = context.value(written.value)
    const value = wrapped(inverted ? ~raw : raw, bits)
    if (value !== null && isLogical(value, bits)) return immediate(value)
    return outside(raw, `a mask of ${bits} bits that repeats one run of ones`, written.column)
  },
})

/** What movz or movn can move; the form with a mask comes after it. */
export const moved = (bits: 32 | 64): Slot => ({
  text: '#constant',
  read(written, context) {
    if (!isNumber(written)) return null
    const raw = context.value(written.value)
    const value = wrapped(raw, bits)
    if (value !== null && isMove(value, bits)) return immediate(value)
    return outside(raw, 'one that a single instruction can move (else: ldr =)', written.column)
  },
})

export interface FieldImmediate extends Immediate {
  /** The bit of the destination that the field starts at. */
  readonly low: number
}

/** Of movz, movn and movk, in place: a field of 16 bits at a multiple of 16. */
export const field = (bits: 32 | 64): Slot => ({
  text: `#0..65535{, lsl #0..${bits - 16} by 16}`,
  read(written, context): FieldImmediate | Problem | null {
    if (!isNumber(written, true)) return null
    const { modifier, column } = written
    const shift = modifier === null ? 0 : modifier.name === 'lsl' ? amountOf(modifier, context, 0, bits - 16) : null
    if (shift === null || shift instanceof Problem) return shift
    if (shift % 16 !== 0) return new Problem('expected a shift by a multiple of 16', modifier!.column)
    const value = context.value(written.value)
    if (value < 0n || value > 0xffffn) return outside(value, '0 to 65535', column)
    return { ...immediate(value << BigInt(shift)), low: shift }
  },
})

/** Eight bits, of which -1 are all, shifted within a lane: `lsl` by a multiple of 8; `ones` also `msl` by 8 or 16. */
export const lane = (bits: 8 | 16 | 32, ones: boolean): Slot => ({
  text: `#0..255{, lsl #0${bits === 8 ? '' : `..${bits - 8} by 8`}}${ones ? '|msl #8|16' : ''}`,
  read(written, context) {
    if (!isNumber(written, true)) return null
    const { modifier, column } = written
    const kind = modifier?.name ?? 'lsl'
    if (kind !== 'lsl' && !(kind === 'msl' && ones)) return null
    const [low, high] = kind === 'msl' ? [8, 16] : [0, bits - 8]
    const shift = modifier === null ? 0 : amountOf(modifier, context, low, high)
    if (shift instanceof Problem) return shift
    if (shift % 8 !== 0) return new Problem('expected a shift by a multiple of 8', modifier!.column)
    const value = BigInt.asIntN(64, context.value(written.value))
    if (value < -128n || value > 255n) return outside(value, '0 to 255', column)
    const filled = kind === 'msl' ? (1n << BigInt(shift)) - 1n : 0n
    return immediate((BigInt.asUintN(8, value) << BigInt(shift)) | filled)
  },
})

/** 64 bits of which each byte is 0 or 255. */
export const byteMask: Slot = {
  text: '#bytes of 0x00 or 0xff',
  read(written, context) {
    if (!isNumber(written)) return null
    const raw = context.value(written.value)
    const value = wrapped(raw, 64)
    return value !== null && isByteMask(value)
      ? immediate(value)
      : outside(raw, 'bytes of 0x00 or 0xff', written.column)
  },
}

const floatOf = (written: Written, context: Context): number | null =>
  written.kind === 'float'
    ? written.value
    : isConstant(written) && isNumber(written)
      ? Number(context.value(written.value))
      : null

export const floatZero: Slot = {
  text: '#0.0',
  read(written, context) {
    const value = floatOf(written, context)
    if (value === null) return null
    return Object.is(value, 0) ? { kind: 'float', value } : new Problem(`${value}: expected 0.0`, written.column)
  },
}

export const float: Slot = {
  text: '#float8',
  read(written, context) {
    const value = floatOf(written, context)
    if (value === null) return null
    if (isFloatImmediate(value)) return { kind: 'float', value }
    return new Problem(`${value}: expected (16 to 31) / 16 times a power of two from 1/8 to 16`, written.column)
  },
}

/** A symbol's name, or its address where the expression is more than that. */
const nameOf = (expression: Expression, address: number): string =>
  expression.kind === 'symbol' ? expression.name : `0x${address.toString(16)}`

/** A register's name where an address is expected is that of a symbol. */
function labelExpression(written: Written): Expression | null {
  if (written.kind === 'expression' && !written.literal && !written.low12 && written.modifier === null) {
    return written.value
  }
  if (written.kind !== 'register' || written.at !== null || written.modifier !== null) return null
  return { kind: 'symbol', name: written.text, column: written.column }
}

/** An address at most 2^(bits - 1) bytes away, a multiple of four for a branch; or, of adr, one that is ELSEWHERE. */
export const label = (bits: number, aligned: boolean): Slot => ({
  text: 'label',
  read(written, context): LabelOperand | Problem | null {
    const expression = labelExpression(written)
    if (expression === null) return null
    const address = Number(context.value(expression))
    const distance = address - context.address
    if (aligned && address % 4 !== 0) return new Problem('the target is not at a multiple of 4', written.column)
    if (!aligned && address >= ELSEWHERE) return { kind: 'label', name: nameOf(expression, address), address }
    if (distance < -(2 ** (bits - 1)) || distance >= 2 ** (bits - 1)) {
      return new Problem(`the target is ${distance} bytes away, more than ${2 ** (bits - 1)}`, written.column)
    }
    return { kind: 'label', name: nameOf(expression, address), address }
  },
})

/** Of adrp: the 4 KiB page of an address. */
export const page: Slot = {
  text: 'label',
  read(written, context) {
    const expression = labelExpression(written)
    if (expression === null) return null
    const address = Number(context.value(expression))
    return { kind: 'label', name: nameOf(expression, address), address: address - (address % 4096) }
  },
}

/** `=value`: the label of its literal. */
export const literal: Slot = {
  text: '=value',
  read(written, context) {
    if (written.kind !== 'expression' || !written.literal || context.literal === null) return null
    return { kind: 'label', name: `0x${context.literal.toString(16)}`, address: context.literal }
  },
}

const prefetch = /^p(?:ld|li|st)l[123](?:keep|strm)$/i

/** `pldl1keep` and the like, or their number. */
export const prefetchOperation: Slot = {
  text: 'p(ld|li|st)l[123](keep|strm)',
  read(written, context) {
    if (!isNumber(written)) return null
    if (written.value.kind === 'symbol') return prefetch.test(written.value.name) ? immediate(0n) : null
    return range(0, 31).read(written, context)
  },
}

/** One of `words`. */
export const word = (words: readonly string[]): Slot => ({
  text: words.join('|'),
  read: (written) =>
    isNumber(written) && written.value.kind === 'symbol' && words.includes(written.value.name.toLowerCase())
      ? immediate(0n)
      : null,
})
