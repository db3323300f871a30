// Operands as they are written, before a form of the mnemonic gives them a meaning.

import type { General } from '../instruction.ts'
import type { Expression } from './expression.ts'

/** `lsl #3`, `msl #8` or `uxtw` behind an operand. */
export interface Modifier {
  readonly name: string
  /** Null where none is written. */
  readonly amount: Expression | null
  readonly column: number
}

type RegisterClass = 'general' | 'b' | 'h' | 's' | 'd' | 'q' | 'v'

/** A register name, whatever stands behind it. */
export interface NamedRegister {
  readonly class: RegisterClass
  readonly index: number
  /** Of class general. */
  readonly general: General | null
  /** Of class v: `16b`, `4h`, or `s` where an index follows. */
  readonly arrangement: string
}

export interface WrittenRegister extends NamedRegister {
  readonly kind: 'register'
  /** `[1]` behind it. */
  readonly at: Expression | null
  readonly modifier: Modifier | null
  readonly text: string
  readonly column: number
}
interface WrittenList {
  readonly kind: 'list'
  readonly indices: readonly number[]
  readonly arrangement: string
  readonly at: Expression | null
  readonly column: number
}
export interface WrittenMemory {
  readonly kind: 'memory'
  readonly base: NamedRegister
  readonly mode: 'offset' | 'pre' | 'post'
  readonly offset: WrittenRegister | WrittenExpression | null
  readonly column: number
}
/** A number, an address or a bare name. */
export interface WrittenExpression {
  readonly kind: 'expression'
  readonly value: Expression
  /** `:lo12:` in front of it. */
  readonly low12: boolean
  /** `=` in front of it: its value is loaded from a pool of literals. */
  readonly literal: boolean
  readonly modifier: Modifier | null
  readonly column: number
}
interface WrittenFloat {
  readonly kind: 'float'
  readonly value: number
  readonly column: number
}
export type Written = WrittenRegister | WrittenList | WrittenMemory | WrittenExpression | WrittenFloat

const named: Readonly<Record<string, string>> = { fp: 'x29', lr: 'x30', ip0: 'x16', ip1: 'x17' }
const known = new Map<string, NamedRegister | null>()

/** The register that `name` is, in any case of letters; null if it is none. */
export function registerNamed(name: string): NamedRegister | null {
  let register = known.get(name)
  if (register === undefined) {
    const lower = name.toLowerCase()
    register = readRegister(named[lower] ?? lower)
    known.set(name, register)
  }
  return register
}

const general = (index: number, bits: 32 | 64, zero: boolean): NamedRegister => ({
  class: 'general',
  index,
  general: { kind: 'general', index, bits, zero },
  arrangement: '',
})

function readRegister(name: string): NamedRegister | null {
  if (name === 'sp' || name === 'wsp') return general(31, name === 'sp' ? 64 : 32, false)
  if (name === 'xzr' || name === 'wzr') return general(31, name === 'xzr' ? 64 : 32, true)
  const parts = /^([xwbhsdqv])(\d|[12]\d|3[01])(?:\.(\d*[bhsdq]))?$/.exec(name)
  if (parts === null) return null
  const [, letter, digits, arrangement = ''] = parts
  const index = Number(digits)
  if (letter === 'x' || letter === 'w') {
    return index === 31 || arrangement !== '' ? null : general(index, letter === 'x' ? 64 : 32, false)
  }
  if ((letter === 'v') !== (arrangement !== '')) return null
  return { class: letter as RegisterClass, index, general: null, arrangement }
}
