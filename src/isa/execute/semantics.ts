// What every operation does.

import type { Op } from '../ops.ts'
import { bitfield } from './bitfield.ts'
import { branch } from './branch.ts'
import { floatArithmetic } from './float-arithmetic.ts'
import { floatConvert } from './float-convert.ts'
import { integer } from './integer.ts'
import { memory } from './memory.ts'
import type { Semantics } from './operation.ts'
import { structure } from './structure.ts'
import { vectorAdd } from './vector-add.ts'
import { vectorLong } from './vector-long.ts'
import { vectorMultiply } from './vector-multiply.ts'
import { vectorPermute } from './vector-permute.ts'
import { vectorShift } from './vector-shift.ts'

export const semantics = {
  ...integer,
  ...bitfield,
  ...branch,
  ...memory,
  ...structure,
  ...vectorAdd,
  ...vectorLong,
  ...vectorMultiply,
  ...vectorShift,
  ...vectorPermute,
  ...floatArithmetic,
  ...floatConvert,
} as const satisfies Readonly<Record<Op, Semantics>>
