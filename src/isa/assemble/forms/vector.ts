// Forms of the instructions on vectors of integers, and on scalars in vector registers.

import type { Immediate, Vector } from '../../instruction.ts'
import { alias, type Rewrite, type Row } from './form.ts'

const bytes = { T: '8b 16b' }
const words = { T: '4h 8h 2s 4s' }
const narrow = { T: '8b 16b 4h 8h 2s 4s' }
const all = { T: '8b 16b 4h 8h 2s 4s 2d' }
const single = { F: 'B H S D' }
/** L has lanes twice as wide as N; with 2, N has the lanes of a whole register. */
const long = { L: '8h 4s 2d', N: '8b 4h 2s', S: '8 16 32', M: '7 15 31' }
const long2 = { L: '8h 4s 2d', N: '16b 8h 4s', S: '8 16 32', M: '7 15 31' }
const scalarNarrow = { L: 'H S D', N: 'B H S', S: '8 16 32' }
const bits = { T: '8b 16b 4h 8h 2s 4s 2d', S: '8 8 16 16 32 32 64', M: '7 7 15 15 31 31 63' }
/** Elements that a lane of the same width is multiplied with. */
const elements = { T: '4h 8h 2s 4s', E: 'V15.h V15.h V.s V.s' }
const longElements = { L: '4s 2d', N: '4h 2s', E: 'V15.h V.s' }
const longElements2 = { L: '4s 2d', N: '8h 4s', E: 'V15.h V.s' }

const two = (names: string): string => names.replace(/\S+/g, '$&2')

/** A row for 64-bit sources, and one with 2 behind the mnemonic for 128-bit ones. */
const both = (names: string, operands: string, alias?: Row[3]): readonly Row[] => [
  [names, operands, long, alias],
  [two(names), operands, long2, alias],
]

const noShift: Rewrite = (operands) => [...operands, { kind: 'immediate', value: 0n }]
const sameAgain: Rewrite = ([destination, source]) => [destination!, source!, source!]
const invertedLane: Rewrite = ([destination, immediate]) => [
  destination!,
  { kind: 'immediate', value: BigInt.asUintN((destination as Vector).lane, ~(immediate as Immediate).value) },
]

const arithmetic: readonly Row[] = [
  ...(['add', 'sub'] as const).flatMap((name): Row[] => [
    [name, 'V.T, V.T, V.T', all, alias(`v${name}`)],
    [name, 'D, D, D', {}, alias(`v${name}`)],
  ]),
  ['addp cmeq cmge cmgt cmhi cmhs cmtst sqadd uqadd sqsub uqsub', 'V.T, V.T, V.T', all],
  ['cmeq cmge cmgt cmhi cmhs cmtst', 'D, D, D'],
  ['cmeq cmge cmgt cmle cmlt', 'V.T, V.T, #0', all],
  ['cmeq cmge cmgt cmle cmlt', 'D, D, #0'],
  ['sqadd uqadd sqsub uqsub', 'F, F, F', single],
  ['shadd uhadd srhadd urhadd shsub uhsub', 'V.T, V.T, V.T', narrow],
  ['smax smin umax umin smaxp sminp umaxp uminp sabd uabd saba uaba', 'V.T, V.T, V.T', narrow],
  ['addp', 'D, V.2d'],
  ['addv smaxv sminv umaxv uminv', 'F, V.T', { F: 'B B H H S', T: '8b 16b 4h 8h 4s' }],
  ['saddlv uaddlv', 'F, V.T', { F: 'H H S S D', T: '8b 16b 4h 8h 4s' }],
  ['saddlp uaddlp sadalp uadalp', 'V.L, V.T', { ...narrow, L: '4h 8h 2s 4s 1d 2d' }],
  ['neg abs sqabs sqneg', 'V.T, V.T', all],
  ['neg abs', 'D, D'],
  ['sqabs sqneg', 'F, F', single],
  ...both('saddl uaddl ssubl usubl sabdl uabdl sabal uabal', 'V.L, V.N, V.N'),
  ...both('saddw uaddw ssubw usubw', 'V.L, V.L, V.N'),
  ...both('addhn raddhn subhn rsubhn', 'V.N, V.L, V.L'),
]

const logic: readonly Row[] = [
  ...(['and', 'orr', 'orn', 'eor', 'bic'] as const).map(
    (name): Row => [name, 'V.T, V.T, V.T', bytes, alias(`v${name}`)],
  ),
  ['bsl bit bif', 'V.T, V.T, V.T', bytes],
  ['orr', 'V.T, #laneS', { T: '4h 8h 2s 4s', laneS: 'lane16 lane16 lane32 lane32' }, alias('orr.imm')],
  ['bic', 'V.T, #laneS', { T: '4h 8h 2s 4s', laneS: 'lane16 lane16 lane32 lane32' }, alias('bic.imm')],
  ['not mvn', 'V.T, V.T', bytes, alias('not')],
  ['mov', 'V.T, V.T', bytes, alias('vorr', sameAgain)],
  ['cnt', 'V.T, V.T', bytes],
  ['rbit', 'V.T, V.T', bytes, alias('vrbit')],
  ['clz', 'V.T, V.T', narrow, alias('vclz')],
  ['cls', 'V.T, V.T', narrow, alias('vcls')],
  ['movi', 'V.T, #laneS', { T: '8b 16b 4h 8h 2s 4s', laneS: 'lane8 lane8 lane16 lane16 ones32 ones32' }],
  ['movi', 'V.2d, #bytes'],
  ['movi', 'D, #bytes'],
  ['mvni', 'V.T, #laneS', { T: '4h 8h 2s 4s', laneS: 'lane16 lane16 ones32 ones32' }, alias('movi', invertedLane)],
]

const products: readonly Row[] = [
  ['mul mla mls', 'V.T, V.T, V.T', narrow],
  ['mul mla mls sqdmulh sqrdmulh', 'V.T, V.T, E[]', elements],
  ['pmul', 'V.T, V.T, V.T', bytes],
  ['sqdmulh sqrdmulh', 'V.T, V.T, V.T', words],
  ['sqdmulh sqrdmulh', 'F, F, F', { F: 'H S' }],
  ['sqdmulh sqrdmulh', 'F, F, E[]', { F: 'H S', E: 'V15.h V.s' }],
  ...both('smull umull smlal umlal smlsl umlsl', 'V.L, V.N, V.N'),
  ['sqdmull sqdmlal', 'V.L, V.N, V.N', { L: '4s 2d', N: '4h 2s' }],
  ['sqdmull2 sqdmlal2', 'V.L, V.N, V.N', { L: '4s 2d', N: '8h 4s' }],
  ['sqdmull sqdmlal', 'L, N, N', { L: 'S D', N: 'H S' }],
  ['sqdmull sqdmlal', 'L, N, E[]', { L: 'S D', N: 'H S', E: 'V15.h V.s' }],
  ['smull umull smlal umlal smlsl umlsl sqdmull sqdmlal', 'V.L, V.N, E[]', longElements],
  [two('smull umull smlal umlal smlsl umlsl sqdmull sqdmlal'), 'V.L, V.N, E[]', longElements2],
  ['sdot udot', 'V.L, V.T, V.T', { L: '2s 4s', T: '8b 16b' }],
  ['sdot udot', 'V.L, V.T, V.4b[]', { L: '2s 4s', T: '8b 16b' }],
]

const shifts: readonly Row[] = [
  ['sshl ushl srshl urshl sqshl uqshl sqrshl uqrshl', 'V.T, V.T, V.T', all],
  ['sshl ushl srshl urshl', 'D, D, D'],
  ['sqshl uqshl sqrshl uqrshl', 'F, F, F', single],
  ['shl sli sqshl uqshl sqshlu', 'V.T, V.T, #0..M', bits],
  ['shl sli', 'D, D, #0..63'],
  ['sqshl uqshl sqshlu', 'F, F, #0..M', { ...single, M: '7 15 31 63' }],
  ['sshr ushr srshr urshr ssra usra srsra ursra sri', 'V.T, V.T, #1..S', bits],
  ['sshr ushr srshr urshr ssra usra srsra ursra sri', 'D, D, #1..64'],
  ...both('shrn rshrn sqshrn uqshrn sqrshrn uqrshrn sqshrun sqrshrun', 'V.N, V.L, #1..S'),
  ['sqshrn uqshrn sqrshrn uqrshrn sqshrun sqrshrun', 'N, L, #1..S', scalarNarrow],
  ...both('sshll ushll', 'V.L, V.N, #0..M'),
  ...both('sxtl', 'V.L, V.N', alias('sshll', noShift)),
  ...both('uxtl', 'V.L, V.N', alias('ushll', noShift)),
  ...both('shll', 'V.L, V.N, #S'),
  ...both('xtn sqxtn uqxtn sqxtun', 'V.N, V.L'),
  ['sqxtn uqxtn sqxtun', 'N, L', scalarNarrow],
]

const permutations: readonly Row[] = [
  ['uzp1 uzp2 zip1 zip2 trn1 trn2', 'V.T, V.T, V.T', all],
  ['ext', 'V.T, V.T, V.T, #0..M', { T: '8b 16b', M: '7 15' }],
  ['rev16', 'V.T, V.T', bytes, alias('rev16v')],
  ['rev32', 'V.T, V.T', { T: '8b 16b 4h 8h' }, alias('rev32v')],
  ['rev64', 'V.T, V.T', narrow, alias('rev64v')],
  ...[1, 2, 3, 4].map((count): Row => ['tbl tbx', `V.T, {V.16b x${count}}, V.T`, bytes]),
  ['dup', 'V.T, V.E[]', { ...all, E: 'b b h h s s d' }],
  ['dup mov', 'F, V.E[]', { ...single, E: 'b h s d' }, alias('dup')],
  ['dup', 'V.T, R', { ...all, R: 'W W W W W W X' }],
  ['ins mov', 'V.E[], V.E[]', { E: 'b h s d' }, alias('ins')],
  ['ins mov', 'V.E[], R', { E: 'b h s d', R: 'W W W X' }, alias('ins')],
  ['umov', 'R, V.E[]', { R: 'W W W X', E: 'b h s d' }],
  ['mov', 'R, V.E[]', { R: 'W X', E: 's d' }, alias('umov')],
  ['smov', 'R, V.E[]', { R: 'W W X X X', E: 'b h b h s' }],
]

export const vector: readonly Row[] = [...arithmetic, ...logic, ...products, ...shifts, ...permutations]
