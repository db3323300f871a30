// Operands that are registers.

import type { Condition, Element, General, LaneBits, RegisterList, ShiftKind, Vector } from '../instruction.ts'
import { type Context, Problem, type Slot } from './slot.ts'
import type { Modifier, Written, WrittenRegister } from './written.ts'

const laneBits: Readonly<Record<string, LaneBits>> = { b: 8, h: 16, s: 32, d: 64 }

/** A register alone: with neither an index nor a shift. */
const isPlain = (written: Written): written is WrittenRegister =>
  written.kind === 'register' && written.at === null && written.modifier === null

const isGeneral = (general: General | null, bits: number, zero: boolean): general is General =>
  general !== null && general.bits === bits && (general.index < 31 || general.zero === zero)

const letter = (bits: number): string => (bits === 32 ? 'W' : 'X')

/** `zero`: number 31 is the zero register, else the stack pointer. */
export const general = (bits: 32 | 64, zero: boolean): Slot => ({
  text: zero ? letter(bits) : `${letter(bits)}|${bits === 32 ? 'WSP' : 'SP'}`,
  read: (written) => (isPlain(written) && isGeneral(written.general, bits, zero) ? written.general : null),
})

/** Shift or extension behind a register, between `low` and `high`. */
export function amountOf(
  modifier: Modifier,
  context: Context,
  low: number,
  high: number,
  absent: number | null = null,
): number | Problem {
  if (modifier.amount === null) {
    return absent ?? new Problem(`'${modifier.name}' needs an amount from ${low} to ${high}`, modifier.column)
  }
  const amount = Number(context.value(modifier.amount))
  if (amount >= low && amount <= high) return amount
  return new Problem(`'${modifier.name} #${amount}': expected an amount from ${low} to ${high}`, modifier.column)
}

/** Second operand with an optional shift. */
export const shifted = (bits: 32 | 64, shifts: readonly ShiftKind[]): Slot => ({
  text: `${letter(bits)}{, ${shifts.join('|')} #0..${bits - 1}}`,
  read(written, context) {
    if (written.kind !== 'register' || written.at !== null) return null
    const { general, modifier } = written
    if (!isGeneral(general, bits, true)) return null
    if (modifier === null) return general
    const shift = shifts.find((kind) => kind === modifier.name)
    if (shift === undefined) return null
    const amount = amountOf(modifier, context, 0, bits - 1)
    if (amount instanceof Problem) return amount
    return amount === 0 && shift === 'lsl' ? general : { kind: 'shifted', register: general, shift, amount }
  },
})

const extensions = ['uxtb', 'uxth', 'uxtw', 'uxtx', 'sxtb', 'sxth', 'sxtw', 'sxtx'] as const

/** Second operand with an extension and a shift by up to 4; lsl stands for the one that extends nothing. */
export const extended = (bits: 32 | 64): Slot => ({
  text: `${bits === 32 ? 'W' : 'W|X'}, [su]xt[bhw${bits === 32 ? '' : 'x'}]|lsl {#0..4}`,
  read(written, context) {
    if (written.kind !== 'register' || written.at !== null) return null
    const { general, modifier } = written
    if (general === null || !isGeneral(general, general.bits, true) || general.bits > bits) return null
    if (modifier === null) return general.bits === bits ? general : null
    const whole = bits === 32 ? 'uxtw' : 'uxtx'
    const extend = extensions.find((kind) => kind === (modifier.name === 'lsl' ? whole : modifier.name))
    if (extend === undefined) return null
    if (bits === 64 && extend.endsWith('x') && general.bits === 32) return null
    const amount = amountOf(modifier, context, 0, 4, modifier.name === 'lsl' ? null : 0)
    if (amount instanceof Problem) return amount
    const unchanged = extend === whole || extend === (bits === 32 ? 'uxtx' : 'sxtx')
    if (bits === 32 && extend === 'sxtx') return { kind: 'extended', register: general, extend: 'sxtw', amount }
    if (!unchanged) return { kind: 'extended', register: { ...general, bits: 32 }, extend, amount }
    return amount === 0 ? general : { kind: 'shifted', register: general, shift: 'lsl', amount }
  },
})

const scalarBits = { B: 8, H: 16, S: 32, D: 64, Q: 128 } as const

export const scalar = (name: keyof typeof scalarBits): Slot => ({
  text: name,
  read: (written) =>
    isPlain(written) && written.class === name.toLowerCase()
      ? { kind: 'scalar', index: written.index, bits: scalarBits[name] }
      : null,
})

/** Lane and lanes of `16b`; a lane alone, as in `s`, has 0 lanes. */
function arrangementOf(text: string): { readonly lane: LaneBits; readonly lanes: number } {
  return { lane: laneBits[text.slice(-1)]!, lanes: Number(text.slice(0, -1)) }
}

export function vector(arrangement: string): Slot {
  const parts = arrangementOf(arrangement)
  return {
    text: `V.${arrangement}`,
    read: (written): Vector | null =>
      isPlain(written) && written.arrangement === arrangement
        ? { kind: 'vector', index: written.index, ...parts }
        : null,
  }
}

const laneIndex = (at: bigint, lane: number): number | string => {
  const lanes = 128 / lane
  return at >= 0n && at < lanes ? Number(at) : `index ${at}: expected 0 to ${lanes - 1}`
}

/** Also written with its lanes, as in v0.4s[1]. `low`: only v0 to v15 can be encoded. Arrangement `4b` is a lane of 32 bits, for dot products. */
export const element = (arrangement: string, low: boolean): Slot => ({
  text: `V${low ? '0..15' : ''}.${arrangement}[i]`,
  read(written, context): Element | Problem | null {
    if (written.kind !== 'register' || written.at === null || written.modifier !== null) return null
    const lanes = arrangement === '4b' ? written.arrangement : written.arrangement.replace(/^\d+/, '')
    if (lanes !== arrangement) return null
    const lane = arrangement === '4b' ? 32 : arrangementOf(arrangement).lane
    const at = laneIndex(context.value(written.at), lane)
    if (typeof at === 'string') return new Problem(at, written.column)
    if (low && written.index > 15) return new Problem(`'${written.text}': expected v0 to v15`, written.column)
    return { kind: 'element', index: written.index, lane, at }
  },
})

/** A list of `count` registers; with `indexed` one lane of each. */
export const list = (arrangement: string, count: number, indexed: boolean): Slot => ({
  text: `{${Array(count).fill(`V.${arrangement}`).join(', ')}}${indexed ? '[i]' : ''}`,
  read(written, context): RegisterList | Problem | null {
    if (written.kind !== 'list' || written.indices.length !== count) return null
    if (written.arrangement !== arrangement || (written.at !== null) !== indexed) return null
    const { lane, lanes } = arrangementOf(arrangement)
    const at = written.at === null ? null : laneIndex(context.value(written.at), lane)
    if (typeof at === 'string') return new Problem(at, written.column)
    return { kind: 'list', indices: written.indices, lane, lanes: indexed ? 128 / lane : lanes, at }
  },
})

const conditions: Readonly<Record<string, Condition>> = {
  ...Object.fromEntries(
    (['eq', 'ne', 'cs', 'cc', 'mi', 'pl', 'vs', 'vc', 'hi', 'ls', 'ge', 'lt', 'gt', 'le', 'al'] as const).map(
      (code) => [code, code],
    ),
  ),
  hs: 'cs',
  lo: 'cc',
  nv: 'al',
}
const pairs = ['eq', 'ne', 'cs', 'cc', 'mi', 'pl', 'vs', 'vc', 'hi', 'ls', 'ge', 'lt', 'gt', 'le'] as const

export const conditionNamed = (name: string): Condition | null => conditions[name.toLowerCase()] ?? null

/** A condition; `invertible` excludes al. */
export const condition = (invertible: boolean): Slot => ({
  text: 'condition',
  read(written) {
    if (written.kind !== 'expression' || written.value.kind !== 'symbol' || written.modifier !== null) return null
    const code = conditionNamed(written.value.name)
    if (code === null || (invertible && code === 'al')) return null
    return { kind: 'condition', code }
  },
})

/** The condition that holds where `code` does not; of al, al. */
export function inverse(code: Condition): Condition {
  const at = (pairs as readonly Condition[]).indexOf(code)
  return at < 0 ? code : pairs[at ^ 1]!
}
