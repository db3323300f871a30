// Forms of loads, stores and prefetches.

import type { Operand } from '../../instruction.ts'
import type { Op } from '../../ops.ts'
import { alias, type Row } from './form.ts'

const last = (operands: readonly Operand[]): readonly Operand[] => operands.slice(-1)

/** Registers that ldr and str move, with the bytes. */
const any = { R: 'W X B H S D Q', N: '4 8 1 2 4 8 16' }

/** Names of a load or store of bytes, halfwords or words: with an offset of either kind, and of 9 bits only. */
const narrow: readonly (readonly [Op, string, string, number])[] = [
  ['ldrb', 'ldurb', 'W', 1],
  ['ldrh', 'ldurh', 'W', 2],
  ['ldrsb', 'ldursb', 'W X', 1],
  ['ldrsh', 'ldursh', 'W X', 2],
  ['ldrsw', 'ldursw', 'X', 4],
  ['strb', 'sturb', 'W', 1],
  ['strh', 'sturh', 'W', 2],
]

const arrangements = { T: '8b 16b 4h 8h 2s 4s 1d 2d' }
/** Bytes that `count` registers of each arrangement hold. */
const whole = (count: number) => ({ ...arrangements, N: [8, 16, 8, 16, 8, 16, 8, 16].map((n) => n * count).join(' ') })
/** Those that structures of several elements may have: not 1d. */
const several = (count: number) => ({
  T: '8b 16b 4h 8h 2s 4s 2d',
  N: [8, 16, 8, 16, 8, 16, 16].map((n) => n * count).join(' '),
})
const lanes = (count: number) => ({ T: 'b h s d', N: [1, 2, 4, 8].map((n) => n * count).join(' ') })
const replicated = (count: number) => ({ ...arrangements, N: [1, 1, 2, 2, 4, 4, 8, 8].map((n) => n * count).join(' ') })

const counts = [1, 2, 3, 4] as const

export const memory: readonly Row[] = [
  ['ldr str', 'R, [N]', any],
  ['ldur', 'R, [unscaled]', any, alias('ldr')],
  ['stur', 'R, [unscaled]', any, alias('str')],
  ['ldr', 'R, label21', { R: 'W X S D Q' }],
  ['ldr', 'R, =', { R: 'W X S D Q' }],
  ['ldrsw', 'X, label21'],
  ...narrow.flatMap(([op, unscaled, R, bytes]): Row[] => [
    [op, `R, [${bytes}]`, { R }],
    [unscaled, 'R, [unscaled]', { R }, alias(op)],
  ]),
  ['ldp stp', 'R, R, [pairN]', { R: 'W X S D Q', pairN: 'pair4 pair8 pair4 pair8 pair16' }],
  ['ldpsw', 'X, X, [pair4]'],
  ...(['ld', 'st'] as const).map(
    (name): Row => [
      `${name}np`,
      'R, R, [pairN offset]',
      { R: 'W X S D Q', pairN: 'pair4 pair8 pair4 pair8 pair16' },
      alias(`${name}p`),
    ],
  ),
  ['prfm', 'prefetch, [8 read]', {}, alias('prfm', last)],
  ['prfm', 'prefetch, label21', {}, alias('prfm', last)],
  ['prfum', 'prefetch, [unscaled]', {}, alias('prfm', last)],

  ...counts.map((count): Row => ['ld1 st1', `{V.T x${count}}, [structureN]`, structure(whole(count))]),
  ...counts.flatMap((count): Row[] => [
    ...(count === 1 ? [] : [structureRow(count)]),
    [`ld${count} st${count}`, `{V.T x${count}}[], [structureN]`, structure(lanes(count))],
    [`ld${count}r`, `{V.T x${count}}, [structureN]`, structure(replicated(count))],
  ]),
]

function structureRow(count: number): Row {
  return [`ld${count} st${count}`, `{V.T x${count}}, [structureN]`, structure(several(count))]
}

function structure({ T, N }: { readonly T: string; readonly N: string }) {
  return {
    T,
    structureN: N.split(' ')
      .map((bytes) => `structure${bytes}`)
      .join(' '),
  }
}
