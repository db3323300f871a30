// The timing class of every operation, from its canonical operands: aliases have the same encoding, so the same class.

import type { Operand } from '../instruction.ts'
import type { Op } from '../ops.ts'
import type { TimingClass } from '../timing-class.ts'

type Rule = TimingClass | ((operands: readonly Operand[]) => TimingClass)

const all = <O extends Op>(rule: Rule, ...ops: readonly O[]): Record<O, Rule> =>
  Object.fromEntries(ops.map((op) => [op, rule])) as Record<O, Rule>

const last = (operands: readonly Operand[]): Operand | undefined => operands.at(-1)
const isGeneral = (operand: Operand | undefined): boolean => operand?.kind === 'general'
const isElement = (operand: Operand | undefined): boolean => operand?.kind === 'element'
const isVectorRegister = (operand: Operand | undefined): boolean => operand?.kind === 'scalar'

/** By the width of the destination. */
const wide =
  (narrow: TimingClass, wide: TimingClass): Rule =>
  ([destination]) =>
    destination?.kind === 'general' && destination.bits === 32 ? narrow : wide

/** A barrel shift of the second operand. */
const alu: Rule = (operands) => {
  const operand = last(operands)
  if (operand?.kind === 'extended') return 'alu-shifted-far'
  if (operand?.kind !== 'shifted') return 'alu'
  return operand.shift === 'lsl' && operand.amount <= 4 ? 'alu-shifted' : 'alu-shifted-far'
}
const product: Rule = ([destination, , , addend]) => {
  const bits = (destination as { readonly bits: 32 | 64 }).bits
  return addend?.kind === 'general' && addend.index === 31 ? `multiply-${bits}` : `multiply-add-${bits}`
}

const isRegisterOffset = (operand: Operand | undefined): boolean =>
  operand?.kind === 'memory' && operand.mode === 'offset' && typeof operand.offset === 'object'

/** Of a load or store: as `rule` has it, or its variant for an offset in a register. */
const addressed =
  (
    rule: (
      operand: Operand | undefined,
    ) => 'load-64' | 'load-32' | 'load-narrow' | 'load-vector' | 'store' | 'store-vector',
  ) =>
  (operands: readonly Operand[]): TimingClass => {
    if (last(operands)?.kind === 'label') return 'load-literal'
    const base = rule(operands[0])
    return isRegisterOffset(last(operands)) ? `${base}-register` : base
  }
const load = addressed((operand) =>
  isVectorRegister(operand)
    ? 'load-vector'
    : operand?.kind === 'general' && operand.bits === 32
      ? 'load-32'
      : 'load-64',
)
const pairLoad: Rule = ([first]) =>
  first?.kind === 'scalar'
    ? 'load-vector-pair'
    : first?.kind === 'general' && first.bits === 32
      ? 'load-pair-32'
      : 'load-pair-64'
const laneOr =
  (lane: TimingClass, whole: TimingClass): Rule =>
  ([list]) =>
    list?.kind === 'list' && list.at !== null ? lane : whole

const laneOf = (operand: Operand | undefined): 8 | 16 | 32 => {
  const lane = operand?.kind === 'vector' ? operand.lane : 32
  return lane === 64 ? 32 : lane
}
const byLane =
  (name: 'vector-sum' | 'vector-sum-long' | 'vector-max-across'): Rule =>
  ([, source]) =>
    `${name}-${laneOf(source)}`
const byElement =
  (plain: TimingClass, element: TimingClass): Rule =>
  (operands) =>
    isElement(last(operands)) ? element : plain
const byImmediate =
  (register: TimingClass, immediate: TimingClass): Rule =>
  (operands) =>
    last(operands)?.kind === 'immediate' ? immediate : register
const tables = ['vector-table-1', 'vector-table-2', 'vector-table-3', 'vector-table-4'] as const
const table: Rule = ([, list]) => tables[list?.kind === 'list' ? list.indices.length - 1 : 0]!
const precision =
  (name: 'float-divide' | 'float-sqrt'): Rule =>
  ([destination]) => {
    const bits =
      destination?.kind === 'vector' ? destination.lane : destination?.kind === 'scalar' ? destination.bits : 32
    return bits === 64 ? `${name}-64` : `${name}-32`
  }
const fmov: Rule = ([destination, source]) => {
  if (isGeneral(destination)) return 'move-to-general'
  if (isGeneral(source)) return 'move-from-general'
  return destination?.kind === 'vector' ? 'vector-immediate' : 'float-move'
}
const orr: Rule = ([, first, second]) =>
  first?.kind === 'vector' && second?.kind === 'vector' && first.index === second.index ? 'vector-move' : 'vector-logic'

const integer = {
  ...all(alu, 'add', 'adds', 'sub', 'subs', 'and', 'ands', 'orr', 'orn', 'eor', 'eon', 'bic', 'bics'),
  ...all('alu', 'mov', 'movk', 'adr', 'adc', 'sbc'),
  ...all('carry-flags', 'adcs', 'sbcs'),
  ...all('shift-immediate', 'ubfm', 'sbfm', 'extr'),
  ...all('bitfield-insert', 'bfm'),
  ...all('shift-register', 'lslv', 'lsrv', 'asrv', 'rorv'),
  ...all(product, 'madd', 'msub'),
  ...all('multiply-long', 'smaddl', 'smsubl', 'umaddl', 'umsubl'),
  ...all('multiply-high', 'smulh', 'umulh'),
  ...all(wide('divide-32', 'divide-64'), 'sdiv', 'udiv'),
  ...all('count-leading', 'clz', 'cls'),
  ...all('reverse', 'rbit', 'rev', 'rev16', 'rev32'),
  ...all('conditional-select', 'csel', 'csinc', 'csinv', 'csneg'),
  ...all('conditional-compare', 'ccmp', 'ccmn'),
  nop: 'nop',
  b: 'branch',
  'b.cond': 'branch-conditional',
  ...all('branch-compare', 'cbz', 'cbnz', 'tbz', 'tbnz'),
  ...all('branch-call', 'bl', 'blr'),
  br: 'branch-indirect',
  ret: 'branch-return',
} as const

const memory = {
  ldr: load,
  ...all(
    addressed(() => 'load-narrow'),
    'ldrb',
    'ldrh',
    'ldrsb',
    'ldrsh',
    'ldrsw',
  ),
  ...all(pairLoad, 'ldp', 'ldpsw'),
  str: addressed((operand) => (isVectorRegister(operand) ? 'store-vector' : 'store')),
  ...all(
    addressed(() => 'store'),
    'strb',
    'strh',
  ),
  stp: ([first]: readonly Operand[]) => (isVectorRegister(first) ? 'store-vector-pair' : 'store-pair'),
  prfm: 'prefetch',
  decstart: 'decode-start',
  decread: 'decode-read',
  ld1: laneOr('load-lane', 'load-multiple'),
  ...all('load-structure-2', 'ld2', 'ld2r'),
  ...all('load-structure-3', 'ld3', 'ld3r'),
  ...all('load-structure-4', 'ld4', 'ld4r'),
  ld1r: 'load-replicate',
  st1: laneOr('store-lane', 'store-multiple'),
  st2: 'store-structure-2',
  st3: 'store-structure-3',
  st4: 'store-structure-4',
} as const

const vector = {
  ...all('vector-immediate', 'movi', 'orr.imm', 'bic.imm'),
  ...all('vector-logic', 'not', 'vand', 'vorn', 'veor', 'vbic'),
  vorr: orr,
  ...all('vector-select', 'bsl', 'bit', 'bif'),
  cnt: 'vector-count',
  ...all('vector-count-leading', 'vclz', 'vcls'),
  ...all('vector-reverse', 'vrbit', 'rev16v', 'rev32v', 'rev64v'),
  ...all('vector-add', 'vadd', 'vsub', 'neg'),
  abs: 'vector-absolute',
  ...all('vector-add-narrow', 'addhn', 'raddhn', 'subhn', 'rsubhn'),
  ...all('vector-add-long', 'saddl', 'uaddl', 'ssubl', 'usubl', 'saddw', 'uaddw', 'ssubw', 'usubw'),
  ...all('vector-add-halving', 'shadd', 'uhadd', 'srhadd', 'urhadd', 'shsub', 'uhsub'),
  ...all('vector-add-saturating', 'sqadd', 'uqadd', 'sqsub', 'uqsub', 'sqabs', 'sqneg'),
  addp: 'vector-add-pair',
  ...all('vector-pair-long', 'saddlp', 'uaddlp'),
  ...all('vector-pair-accumulate', 'sadalp', 'uadalp'),
  addv: byLane('vector-sum'),
  ...all(byLane('vector-sum-long'), 'saddlv', 'uaddlv'),
  ...all('vector-max', 'smax', 'smin', 'umax', 'umin'),
  ...all('vector-max-pair', 'smaxp', 'sminp', 'umaxp', 'uminp'),
  ...all(byLane('vector-max-across'), 'smaxv', 'sminv', 'umaxv', 'uminv'),
  ...all('vector-compare', 'cmeq', 'cmge', 'cmgt', 'cmhi', 'cmhs', 'cmle', 'cmlt'),
  cmtst: 'vector-test',
  ...all('vector-difference', 'sabd', 'uabd'),
  ...all('vector-difference-accumulate', 'saba', 'uaba'),
  ...all('vector-difference-long', 'sabdl', 'uabdl'),
  ...all('vector-difference-accumulate-long', 'sabal', 'uabal'),
  mul: byElement('vector-multiply', 'vector-multiply-element'),
  pmul: 'vector-multiply',
  ...all(byElement('vector-multiply-accumulate', 'vector-multiply-accumulate-element'), 'mla', 'mls'),
  ...all('vector-multiply-long', 'smull', 'umull', 'sqdmull'),
  ...all('vector-multiply-accumulate-long', 'smlal', 'umlal', 'smlsl', 'umlsl', 'sqdmlal'),
  ...all('vector-multiply-high', 'sqdmulh', 'sqrdmulh'),
  ...all('vector-dot', 'sdot', 'udot'),
  ...all('vector-shift-register', 'sshl', 'ushl'),
  ...all('vector-shift-round-register', 'srshl', 'urshl', 'sqrshl', 'uqrshl'),
  ...all(byImmediate('vector-shift-round-register', 'vector-shift-saturating'), 'sqshl', 'uqshl'),
  sqshlu: 'vector-shift-saturating',
  ...all('vector-shift-immediate', 'shl', 'sshr', 'ushr'),
  ...all('vector-shift-round', 'srshr', 'urshr'),
  ...all('vector-shift-accumulate', 'ssra', 'usra', 'srsra', 'ursra'),
  ...all('vector-shift-insert', 'sli', 'sri'),
  shrn: 'vector-shift-narrow',
  ...all('vector-shift-narrow-round', 'rshrn', 'sqshrn', 'uqshrn', 'sqrshrn', 'uqrshrn', 'sqshrun', 'sqrshrun'),
  ...all('vector-shift-long', 'sshll', 'ushll', 'shll'),
  xtn: 'vector-narrow',
  ...all('vector-narrow-saturating', 'sqxtn', 'uqxtn', 'sqxtun'),
  ...all('vector-permute', 'uzp1', 'uzp2', 'zip1', 'zip2', 'trn1', 'trn2'),
  ext: 'vector-extract',
  ...all(table, 'tbl', 'tbx'),
  dup: ([, source]: readonly Operand[]) => (isGeneral(source) ? 'duplicate-general' : 'duplicate-element'),
  ins: ([, source]: readonly Operand[]) => (isGeneral(source) ? 'insert-general' : 'insert-element'),
  ...all('move-to-general', 'umov', 'smov'),
} as const

const float = {
  fmov,
  ...all('float-add', 'fadd', 'fsub', 'fabd'),
  ...all('float-multiply', 'fmul', 'fnmul'),
  fdiv: precision('float-divide'),
  fsqrt: precision('float-sqrt'),
  ...all('float-max', 'fmax', 'fmin', 'fmaxnm', 'fminnm'),
  ...all('float-absolute', 'fabs', 'fneg'),
  ...all('float-multiply-add', 'fmadd', 'fmsub', 'fnmadd', 'fnmsub'),
  ...all(byElement('float-multiply-add', 'float-multiply-add-element'), 'fmla', 'fmls'),
  faddp: 'float-add-pair',
  ...all('float-max-pair', 'fmaxp', 'fminp', 'fmaxnmp', 'fminnmp'),
  ...all('float-max-across', 'fmaxv', 'fminv', 'fmaxnmv', 'fminnmv'),
  ...all('float-compare', 'fcmp', 'fccmp'),
  fcsel: 'float-select',
  ...all('float-compare-vector', 'fcmeq', 'fcmge', 'fcmgt', 'fcmle', 'fcmlt', 'facge', 'facgt'),
  ...all('float-convert', 'fcvt', 'fcvtl', 'fcvtn'),
  ...all(([, source]) => (isGeneral(source) ? 'float-from-general' : 'float-from-integer'), 'scvtf', 'ucvtf'),
  ...all(
    ([destination]) => (isGeneral(destination) ? 'float-to-general' : 'float-to-integer'),
    ...(['fcvtzs', 'fcvtzu', 'fcvtns', 'fcvtnu', 'fcvtms', 'fcvtmu', 'fcvtps', 'fcvtpu', 'fcvtas', 'fcvtau'] as const),
  ),
  ...all('float-round', 'frintn', 'frintm', 'frintp', 'frintz', 'frinta', 'frintx', 'frinti'),
} as const

const rules = { ...integer, ...memory, ...vector, ...float } satisfies Record<Op, Rule>

export function timingOf(op: Op, operands: readonly Operand[]): TimingClass {
  const rule: Rule = rules[op]
  return typeof rule === 'string' ? rule : rule(operands)
}
