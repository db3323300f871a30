// The operations that are executed: AArch64 mnemonics with their aliases resolved.

// biome-ignore format: a table by kind
export const ops = [
  // integer: destination, first, second (register, shifted, extended or immediate)
  'add', 'adds', 'sub', 'subs', 'adc', 'adcs', 'sbc', 'sbcs',
  'and', 'ands', 'orr', 'orn', 'eor', 'eon', 'bic', 'bics',
  'mov', // destination, the whole constant
  'movk', // destination, 16-bit field in place, immediate of the lowest bit (0, 16, 32, 48)
  'adr', // destination, label: the address itself; of adrp, that of its 4 KiB page
  'lslv', 'lsrv', 'asrv', 'rorv',
  'ubfm', 'sbfm', 'bfm', // destination, source, immr, imms
  'extr', // destination, high, low, immediate
  'madd', 'msub', 'smaddl', 'smsubl', 'umaddl', 'umsubl', 'smulh', 'umulh', 'sdiv', 'udiv',
  'clz', 'cls', 'rbit', 'rev', 'rev16', 'rev32',
  'csel', 'csinc', 'csinv', 'csneg', // destination, first, second, condition
  'ccmp', 'ccmn', // first, register or immediate, immediate nzcv, condition
  'nop',
  // branches: tbz has register, immediate bit, label; b.cond has condition, label
  'b', 'b.cond', 'cbz', 'cbnz', 'tbz', 'tbnz', 'bl', 'br', 'blr', 'ret',
  // memory: registers first, then the memory operand, or the label of a literal
  'ldr', 'ldrb', 'ldrh', 'ldrsb', 'ldrsh', 'ldrsw', 'ldp', 'ldpsw',
  'str', 'strb', 'strh', 'stp', 'prfm',
  'ld1', 'ld2', 'ld3', 'ld4', 'ld1r', 'ld2r', 'ld3r', 'ld4r', 'st1', 'st2', 'st3', 'st4',
  'decstart', // of a decode unit: the memory operand of a descriptor (execute/decoder.ts)
  'decread', // destination: the next 128 bits of weights
  // integer vectors; also on scalars where the architecture has it
  'movi', // destination (vector or d), immediate of one lane; mvni is resolved into it
  'orr.imm', 'bic.imm', // destination, immediate of one lane
  'not', 'bsl', 'bit', 'bif', 'cnt', 'vclz', 'vcls', 'vrbit',
  'neg', 'abs', 'sqabs', 'sqneg',
  'vadd', 'vsub', 'vand', 'vorr', 'vorn', 'veor', 'vbic', // the integer operations' names, on vectors
  'addhn', 'raddhn', 'subhn', 'rsubhn', // also with 2: the destination then has twice the lanes
  'saddl', 'uaddl', 'ssubl', 'usubl', 'saddw', 'uaddw', 'ssubw', 'usubw', // with 2: the narrow source has twice the lanes
  'shadd', 'uhadd', 'srhadd', 'urhadd', 'shsub', 'uhsub', 'sqadd', 'uqadd', 'sqsub', 'uqsub',
  'addp', 'saddlp', 'uaddlp', 'sadalp', 'uadalp', 'addv', 'saddlv', 'uaddlv',
  'smax', 'smin', 'umax', 'umin', 'smaxp', 'sminp', 'umaxp', 'uminp', 'smaxv', 'sminv', 'umaxv', 'uminv',
  'cmeq', 'cmge', 'cmgt', 'cmhi', 'cmhs', 'cmle', 'cmlt', 'cmtst', // second operand may be immediate 0
  'sabd', 'uabd', 'saba', 'uaba', 'sabdl', 'uabdl', 'sabal', 'uabal',
  'mul', 'mla', 'mls', 'pmul', // second source may be an element
  'smull', 'umull', 'smlal', 'umlal', 'smlsl', 'umlsl', 'sqdmulh', 'sqrdmulh', 'sqdmull', 'sqdmlal', 'sdot', 'udot',
  'sshl', 'ushl', 'srshl', 'urshl', 'sqshl', 'uqshl', 'sqrshl', 'uqrshl', // by register; sqshl, uqshl also by immediate
  'shl', 'sshr', 'ushr', 'srshr', 'urshr', 'ssra', 'usra', 'srsra', 'ursra', 'sli', 'sri', 'sqshlu',
  'shrn', 'rshrn', 'sqshrn', 'uqshrn', 'sqrshrn', 'uqrshrn', 'sqshrun', 'sqrshrun',
  'sshll', 'ushll', 'shll',
  'xtn', 'sqxtn', 'uqxtn', 'sqxtun',
  'uzp1', 'uzp2', 'zip1', 'zip2', 'trn1', 'trn2', 'ext', 'rev16v', 'rev32v', 'rev64v', 'tbl', 'tbx',
  'dup', // from an element or a general register, to a vector or scalar
  'ins', // element, from an element or a general register
  'umov', 'smov',
  // floating point, scalar or vector by the operands
  'fmov', // register, general, float immediate, to scalar, general or vector
  'fadd', 'fsub', 'fmul', 'fnmul', 'fdiv', 'fmax', 'fmin', 'fmaxnm', 'fminnm', 'fabd', 'fabs', 'fneg', 'fsqrt',
  'fmadd', 'fmsub', 'fnmadd', 'fnmsub', 'fmla', 'fmls',
  'faddp', 'fmaxp', 'fminp', 'fmaxnmp', 'fminnmp', 'fmaxv', 'fminv', 'fmaxnmv', 'fminnmv',
  'fcmp', 'fccmp', 'fcsel', // fcmpe is fcmp
  'fcmeq', 'fcmge', 'fcmgt', 'fcmle', 'fcmlt', 'facge', 'facgt', // second operand may be float 0
  'fcvt', 'fcvtl', 'fcvtn', 'scvtf', 'ucvtf', // with an immediate of fraction bits, if any, last
  'fcvtzs', 'fcvtzu', 'fcvtns', 'fcvtnu', 'fcvtms', 'fcvtmu', 'fcvtps', 'fcvtpu', 'fcvtas', 'fcvtau',
  'frintn', 'frintm', 'frintp', 'frintz', 'frinta', 'frintx', 'frinti',
] as const

export type Op = (typeof ops)[number]
