// How many products each instruction computes, from the instruction itself. An operation that multiplies by its name and
// has no entry does not compile; test/isa/multiplies.test.ts holds the table to the timing classes.

import type { Instruction } from './instruction.ts'
import type { Op } from './ops.ts'

/** Products that one execution computes. */
export interface Multiplies {
  /** In vector registers, of floats, integers or polynomials; a scalar there is one lane. */
  readonly multiplications: number
  /** In general registers: mostly addresses. */
  readonly integerMultiplications: number
}

type Multiplying = Extract<
  Op,
  `${string}${'mul' | 'mla' | 'mls' | 'madd' | 'msub' | 'dot' | 'recps' | 'rsqrts'}${string}`
>

/** Products for each lane of the result, or that the one product is of general registers. */
// biome-ignore format: a table by kind
const products = {
  madd: 'general', msub: 'general', // mul, mneg
  smaddl: 'general', smsubl: 'general', umaddl: 'general', umsubl: 'general', // smull, umull, smnegl, umnegl
  smulh: 'general', umulh: 'general',
  mul: 1, mla: 1, mls: 1, pmul: 1,
  smull: 1, umull: 1, smlal: 1, umlal: 1, smlsl: 1, umlsl: 1,
  sqdmulh: 1, sqrdmulh: 1, sqdmull: 1, sqdmlal: 1,
  sdot: 4, udot: 4,
  fmul: 1, fnmul: 1, fmadd: 1, fmsub: 1, fnmadd: 1, fnmsub: 1, fmla: 1, fmls: 1,
} as const satisfies Readonly<Record<Multiplying, number | 'general'>>

const table: ReadonlyMap<Op, number | 'general'> = new Map(
  Object.entries(products) as [Multiplying, number | 'general'][],
)

const none: Multiplies = { multiplications: 0, integerMultiplications: 0 }
const general: Multiplies = { multiplications: 0, integerMultiplications: 1 }

export function multipliesOf({ op, operands: [result] }: Pick<Instruction, 'op' | 'operands'>): Multiplies {
  const perLane = table.get(op)
  if (perLane === undefined) return none
  if (perLane === 'general') return general
  const lanes = result?.kind === 'vector' ? result.lanes : 1
  return { multiplications: perLane * lanes, integerMultiplications: 0 }
}
