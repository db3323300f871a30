// Forms of the floating-point instructions, scalar and vector.

import { alias, type Rewrite, type Row } from './form.ts'

const F = { F: 'S D' }
const vectors = { T: '2s 4s 2d' }
const elements = { T: '2s 4s 2d', E: 's s d' }
/** Every pair of a general and a scalar register. */
const mixed = { R: 'W W X X', F: 'S D S D', M: '32 32 64 64' }

const toInteger = 'fcvtzs fcvtzu fcvtns fcvtnu fcvtms fcvtmu fcvtps fcvtpu fcvtas fcvtau'

export const float: readonly Row[] = [
  ['fmov', 'F, F', F],
  ['fmov', 'F, #float', F],
  ['fmov', 'V.T, #float', vectors],
  ['fmov', 'R, F', { R: 'W X', F: 'S D' }],
  ['fmov', 'F, R', { R: 'W X', F: 'S D' }],
  ['fmov', 'X, V.d[]', {}, alias('umov', upper(1))],
  ['fmov', 'V.d[], X', {}, alias('ins', upper(0))],

  ['fadd fsub fmul fnmul fdiv fmax fmin fmaxnm fminnm fabd', 'F, F, F', F],
  ['fadd fsub fmul fdiv fmax fmin fmaxnm fminnm fabd faddp fmaxp fminp fmaxnmp fminnmp', 'V.T, V.T, V.T', vectors],
  ['fmla fmls', 'V.T, V.T, V.T', vectors],
  ['fmul fmla fmls', 'V.T, V.T, V.E[]', elements],
  ['fmul fmla fmls', 'F, F, V.E[]', { F: 'S D', E: 's d' }],
  ['fmadd fmsub fnmadd fnmsub', 'F, F, F, F', F],
  ['fabs fneg fsqrt', 'F, F', F],
  ['fabs fneg fsqrt', 'V.T, V.T', vectors],
  ['faddp fmaxp fminp fmaxnmp fminnmp', 'F, V.T', { F: 'S D', T: '2s 2d' }],
  ['fmaxv fminv fmaxnmv fminnmv', 'S, V.4s'],

  ['fcmp fcmpe', 'F, F', F, alias('fcmp')],
  ['fcmp fcmpe', 'F, #0.0', F, alias('fcmp')],
  ['fccmp fccmpe', 'F, F, #0..15, cond', F, alias('fccmp')],
  ['fcsel', 'F, F, F, cond', F],
  ['fcmeq fcmge fcmgt facge facgt', 'F, F, F', F],
  ['fcmeq fcmge fcmgt facge facgt', 'V.T, V.T, V.T', vectors],
  ['fcmeq fcmge fcmgt fcmle fcmlt', 'F, F, #0.0', F],
  ['fcmeq fcmge fcmgt fcmle fcmlt', 'V.T, V.T, #0.0', vectors],

  ['fcvt', 'F, G', { F: 'S S D D H H', G: 'H D H S S D' }],
  ['fcvtl', 'V.L, V.N', { L: '4s 2d', N: '4h 2s' }],
  ['fcvtl2', 'V.L, V.N', { L: '4s 2d', N: '8h 4s' }],
  ['fcvtn', 'V.N, V.L', { L: '4s 2d', N: '4h 2s' }],
  ['fcvtn2', 'V.N, V.L', { L: '4s 2d', N: '8h 4s' }],
  ['scvtf ucvtf', 'F, R', mixed],
  ['scvtf ucvtf', 'F, R, #1..M', mixed],
  [toInteger, 'R, F', mixed],
  ['fcvtzs fcvtzu', 'R, F, #1..M', mixed],
  [`scvtf ucvtf ${toInteger}`, 'F, F', F],
  [`scvtf ucvtf ${toInteger}`, 'V.T, V.T', vectors],
  ['scvtf ucvtf fcvtzs fcvtzu', 'F, F, #1..M', { F: 'S D', M: '32 64' }],
  ['scvtf ucvtf fcvtzs fcvtzu', 'V.T, V.T, #1..M', { T: '2s 4s 2d', M: '32 32 64' }],
  ['frintn frintm frintp frintz frinta frintx frinti', 'F, F', F],
  ['frintn frintm frintp frintz frinta frintx frinti', 'V.T, V.T', vectors],
]

/** fmov reaches the upper half of a vector register only. */
function upper(position: number): Rewrite {
  return (operands) => {
    const element = operands[position]
    return element?.kind === 'element' && element.at !== 1 ? `index ${element.at}: expected 1` : operands
  }
}
