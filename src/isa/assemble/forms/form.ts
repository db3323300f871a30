// The language of the tables of forms. A row has
//  - mnemonics that share a form; the operation is the mnemonic, or without its 2 (uaddl2), or the alias's;
//  - the operands, as the tokens below;
//  - variables: `{ R: 'W X', M: '31 63' }` makes two forms, one with R = W and M = 31, one with R = X and M = 63;
//  - an alias: the operation it stands for, and how operands are rearranged for it.
//
// W X, W|SP X|SP         general registers; number 31 is the zero register, or the stack pointer
// W{shift} W{rotate} W{extend}   with an optional lsl, lsr, asr (rotate: or ror), or extension; likewise X
// B H S D Q, V.16b       scalar and vector registers
// V.s[] V15.h[]          an element; of v0 to v15 only
// {V.16b x2} {V.s x2}[]  a list of two registers, a lane of each
// #0..31 #0 #0.0         immediates in a range
// #imm12 #-imm12 #bits32 #~bits32 #mov32 #field32 #lane16 #ones16 #bytes #float   see slots-immediates.ts
// cond icond             condition, one that can be inverted
// label28 label21b page  address within 2^27 bytes, at a multiple of 4 (b: any); a 4 KiB page
// = prefetch (c|j|jc)    literal; prefetch operation and words, which are dropped
// [8] [8 read] [unscaled] [pair8] [pair8 offset] [structure16]   addresses, with the bytes accessed

import type { Operand } from '../../instruction.ts'
import { type Op, ops } from '../../ops.ts'
import type { Slot } from '../slot.ts'
import * as immediates from '../slots-immediates.ts'
import * as memory from '../slots-memory.ts'
import * as registers from '../slots-registers.ts'

/** Canonical operands, or what is wrong with them. */
export type Rewrite = (operands: readonly Operand[]) => readonly Operand[] | string

export interface Alias {
  readonly op: Op
  readonly rewrite: Rewrite
}

export type Row = readonly [
  mnemonics: string,
  operands: string,
  variables?: Readonly<Record<string, string>>,
  alias?: Alias | undefined,
]

export interface Form {
  readonly op: Op
  readonly slots: readonly Slot[]
  readonly rewrite: Rewrite | null
  /** `V.8h, V.8b, V.8b` */
  readonly text: string
}

export const alias = (op: Op, rewrite: Rewrite = (operands) => operands): Alias => ({ op, rewrite })

const bitsOf = (letter: string): 32 | 64 => (letter === 'W' || letter === '32' ? 32 : 64)

/** A token's shape, and the slot that its parts make. */
const tokens: readonly (readonly [RegExp, (...parts: string[]) => Slot])[] = [
  [/^([WX])$/, (width) => registers.general(bitsOf(width!), true)],
  [/^([WX])\|SP$/, (width) => registers.general(bitsOf(width!), false)],
  [/^([WX])\{shift\}$/, (width) => registers.shifted(bitsOf(width!), ['lsl', 'lsr', 'asr'])],
  [/^([WX])\{rotate\}$/, (width) => registers.shifted(bitsOf(width!), ['lsl', 'lsr', 'asr', 'ror'])],
  [/^([WX])\{extend\}$/, (width) => registers.extended(bitsOf(width!))],
  [/^([BHSDQ])$/, (name) => registers.scalar(name as 'B')],
  [/^V\.(\d+[bhsd])$/, (arrangement) => registers.vector(arrangement!)],
  [/^V(15)?\.(4?[bhsd])\[\]$/, (low, lane) => registers.element(lane!, low !== undefined)],
  [
    /^\{V\.(\d*[bhsd]) x([1-4])\}(\[\])?$/,
    (kind, count, index) => registers.list(kind!, Number(count), index === '[]'),
  ],
  [/^(i?)cond$/, (invertible) => registers.condition(invertible !== '')],
  [/^#(\d+)(?:\.\.(\d+))?$/, (low, high) => immediates.range(Number(low), Number(high ?? low))],
  [/^#(-?)imm12$/, (negative) => immediates.arithmetic(negative !== '')],
  [/^#(~?)bits(32|64)$/, (inverted, bits) => immediates.logical(bitsOf(bits!), inverted !== '')],
  [/^#mov(32|64)$/, (bits) => immediates.moved(bitsOf(bits!))],
  [/^#field(32|64)$/, (bits) => immediates.field(bitsOf(bits!))],
  [/^#(lane|ones)(8|16|32)$/, (kind, bits) => immediates.lane(Number(bits) as 8, kind === 'ones')],
  [/^#bytes$/, () => immediates.byteMask],
  [/^#float$/, () => immediates.float],
  [/^#0\.0$/, () => immediates.floatZero],
  [/^label(\d+)(b?)$/, (bits, any) => immediates.label(Number(bits), any === '')],
  [/^page$/, () => immediates.page],
  [/^=$/, () => immediates.literal],
  [/^prefetch$/, () => immediates.prefetchOperation],
  [/^\(([a-z|]+)\)$/, (words) => immediates.word(words!.split('|'))],
  [/^\[(\d+)( read)?\]$/, (bytes, read) => memory.single(Number(bytes), read === undefined)],
  [/^\[unscaled\]$/, () => memory.unscaled],
  [/^\[pair(\d+)( offset)?\]$/, (bytes, offset) => memory.pair(Number(bytes), offset === undefined)],
  [/^\[structure(\d+)\]$/, (bytes) => memory.structure(Number(bytes))],
]

function slotOf(token: string): Slot {
  for (const [shape, make] of tokens) {
    const parts = shape.exec(token)
    if (parts !== null) return make(...parts.slice(1))
  }
  throw new Error(`'${token}' is no token of the tables of forms`)
}

const operations: ReadonlySet<string> = new Set(ops)

function operationOf(mnemonic: string): Op {
  const op = [mnemonic, mnemonic.replace(/2$/, '')].find((name) => operations.has(name))
  if (op === undefined) throw new Error(`'${mnemonic}' is no operation and has no alias`)
  return op as Op
}

/** The forms that `row` gives `mnemonic`, one for each set of values of its variables. */
export function formsOf(row: Row, mnemonic: string): Form[] {
  const [, pattern, variables = {}, alias] = row
  const names = Object.keys(variables)
  const values = names.map((name) => variables[name]!.split(' '))
  const count = values[0]?.length ?? 1
  if (values.some(({ length }) => length !== count)) throw new Error(`variables of '${pattern}' differ in length`)
  return Array.from({ length: count }, (_, k) => {
    const expanded = pattern.replace(/\w+/g, (word) => values[names.indexOf(word)]?.[k] ?? word)
    const slots = expanded === '' ? [] : expanded.split(', ').map(slotOf)
    return {
      op: alias?.op ?? operationOf(mnemonic),
      slots,
      rewrite: alias?.rewrite ?? null,
      text: slots.map(({ text }) => text).join(', '),
    }
  })
}
