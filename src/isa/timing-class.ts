// Classes of instructions that every core times alike: what a core's table has one entry for.

export const timingClasses = [
  // integer
  'alu', // add, sub, logic, adc, mov, adr: one cycle on every core
  'alu-shifted', // second operand shifted left by up to 4
  'alu-shifted-far', // shifted by more, or right, or extended
  'carry-flags', // adcs, sbcs
  'shift-immediate', // lsl, lsr, asr, ror, extr, ubfx, sbfx, sxtw, uxtb
  'shift-register',
  'bitfield-insert',
  'reverse', // rbit, rev
  'count-leading', // clz, cls
  'conditional-select',
  'conditional-compare',
  'multiply-32',
  'multiply-64',
  'multiply-add-32',
  'multiply-add-64',
  'multiply-long', // smull, smaddl, umull
  'multiply-high',
  'divide-32',
  'divide-64',
  'nop',
  // branches
  'branch',
  'branch-conditional', // b.cond
  'branch-compare', // cbz, tbz
  'branch-call',
  'branch-return',
  'branch-indirect',
  // loads: `-register` where the offset is a register
  'load-64', // ldr x
  'load-64-register',
  'load-32', // ldr w
  'load-32-register',
  'load-narrow', // ldrb, ldrh, ldrsb, ldrsh, ldrsw
  'load-narrow-register',
  'load-literal',
  'load-pair-32',
  'load-pair-64', // ldp x
  'load-vector', // ldr b, h, s, d; q by `quad`
  'load-vector-register',
  'load-vector-pair', // ldp s, d; q by `quad`
  'load-multiple', // ld1 of one to four registers
  'load-lane',
  'load-replicate', // ld1r
  'load-structure-2',
  'load-structure-3',
  'load-structure-4',
  'prefetch',
  // stores
  'store',
  'store-register',
  'store-pair',
  'store-vector',
  'store-vector-register',
  'store-vector-pair',
  'store-multiple',
  'store-lane',
  'store-structure-2',
  'store-structure-3',
  'store-structure-4',
  // vectors of integers
  'vector-move',
  'vector-immediate', // movi, mvni
  'vector-logic', // and, orr, eor, bic, orn, mvn
  'vector-select', // bsl, bit, bif
  'vector-count', // cnt
  'vector-count-leading',
  'vector-add', // add, sub, neg
  'vector-absolute',
  'vector-add-long', // uaddl, uaddw, usubl
  'vector-add-narrow', // addhn
  'vector-add-halving',
  'vector-add-saturating',
  'vector-add-pair', // addp
  'vector-pair-long', // uaddlp
  'vector-pair-accumulate', // uadalp
  'vector-sum-8', // addv by lane
  'vector-sum-16',
  'vector-sum-32',
  'vector-sum-long-8', // uaddlv by lane
  'vector-sum-long-16',
  'vector-sum-long-32',
  'vector-max',
  'vector-max-pair',
  'vector-max-across-8',
  'vector-max-across-16',
  'vector-max-across-32',
  'vector-compare',
  'vector-test', // cmtst
  'vector-difference',
  'vector-difference-long',
  'vector-difference-accumulate',
  'vector-difference-accumulate-long',
  'vector-multiply',
  'vector-multiply-element',
  'vector-multiply-long',
  'vector-multiply-accumulate',
  'vector-multiply-accumulate-element',
  'vector-multiply-accumulate-long',
  'vector-multiply-high', // sqdmulh, sqrdmulh
  'vector-dot', // sdot, udot
  'vector-shift-immediate',
  'vector-shift-register',
  'vector-shift-insert', // sli, sri
  'vector-shift-accumulate', // usra
  'vector-shift-round', // srshr
  'vector-shift-round-register', // srshl, sqshl by register
  'vector-shift-saturating', // sqshl, sqshlu by immediate
  'vector-shift-narrow', // shrn
  'vector-shift-narrow-round', // rshrn, sqshrn, sqrshrun
  'vector-shift-long', // sshll, uxtl
  'vector-narrow', // xtn
  'vector-narrow-saturating',
  'vector-permute', // uzp, zip, trn
  'vector-extract', // ext
  'vector-reverse', // rev16, rev32, rev64, rbit
  'vector-table-1',
  'vector-table-2',
  'vector-table-3',
  'vector-table-4',
  'duplicate-element',
  'duplicate-general',
  'insert-element',
  'insert-general',
  'move-to-general', // umov, smov, fmov x, d
  'move-from-general', // fmov d, x
  // floating point, scalar and vector
  'float-move',
  'float-absolute', // fabs, fneg
  'float-add',
  'float-add-pair',
  'float-multiply',
  'float-multiply-add',
  'float-multiply-add-element',
  'float-divide-32',
  'float-divide-64',
  'float-sqrt-32',
  'float-sqrt-64',
  'float-estimate', // frecpe, frsqrte
  'float-step', // frecps, frsqrts
  'float-max',
  'float-max-pair',
  'float-max-across',
  'float-compare', // sets flags
  'float-compare-vector', // fcmge, facgt
  'float-select',
  'float-round',
  'float-convert', // fcvt, fcvtl, fcvtn
  'float-from-integer', // scvtf within vector registers
  'float-from-general',
  'float-to-integer',
  'float-to-general',
] as const

/** Those of a decode unit, which a core may have. */
export const decodeClasses = ['decode-start', 'decode-read'] as const

export type TimingClass = (typeof timingClasses)[number] | (typeof decodeClasses)[number]
