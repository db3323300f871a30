// Units of post-processing lanes: what follows a sum, element by element. What each unit takes, how deep its pipeline is, and
// which units an op needs.

import { multiplies } from '../../work/multiplications.ts'
import type { Op } from '../../work/network.ts'

type Kind = 'measured' | 'published' | 'derived' | 'assumed'

interface UnitCost {
  /** Of the unit, or of each bit of its data. */
  readonly per: 'unit' | 'bit'
  readonly lut: number
  readonly slices: number
  readonly dsp: number
  readonly kind: Kind
  readonly source: string
}

const synthesised = {
  per: 'unit',
  kind: 'published',
  source: 'A&B BNN (Ma et al., CVPR 2024), hardware cost of 32-bit units on an FPGA',
} as const

const carryChain = {
  per: 'bit',
  lut: 1,
  slices: 0.25,
  dsp: 0,
  kind: 'assumed',
  source: 'a carry chain takes a LUT for each bit, four of them a slice',
} as const

/** The adder of an offset is part of a unit. A multiplier is the 32-bit one whatever the width of what it multiplies. */
const postUnits = {
  multiplier: { ...synthesised, lut: 47, slices: 12, dsp: 4 },
  shift: { ...synthesised, lut: 32, slices: 11, dsp: 0 },
  prelu: { ...synthesised, lut: 57, slices: 17, dsp: 4 },
  'quantised-prelu': { ...synthesised, lut: 32, slices: 9, dsp: 0 },
  adder: carryChain,
  comparator: carryChain,
  clamp: carryChain,
} as const satisfies Record<string, UnitCost>

export type PostUnitName = keyof typeof postUnits

/** Cycles from an operand to the result, the register of the result counted. */
export const postDepths = {
  value: {
    multiplier: 3,
    shift: 1,
    prelu: 4,
    'quantised-prelu': 1,
    adder: 1,
    comparator: 1,
    clamp: 1,
  } satisfies Record<PostUnitName, number>,
  kind: 'assumed',
  source: 'a DSP48E1 has registers for operands, product and result; a PReLU chooses behind it; all else is one level',
} as const

/** Bits of the registered result of a published unit. */
const resultFf = { value: 32, kind: 'assumed', source: 'the result of a 32-bit unit is registered' } as const

/** Bits of what the published units work on, and of a number whose width is not known. */
export const UNIT_BITS = 32

/** One use of a unit by an element. */
export interface PostUnit {
  readonly name: PostUnitName
  /** Width of the data, where it matters for what the unit takes. */
  readonly bits: number
}

interface PostCost {
  readonly lut: number
  readonly slices: number
  readonly ff: number
  readonly dsp: number
}

export function costOf({ name, bits }: PostUnit): PostCost {
  const { per, lut, slices, dsp } = postUnits[name]
  const number = per === 'bit' ? bits : 1
  return { lut: lut * number, slices: slices * number, ff: per === 'bit' ? bits : resultFf.value, dsp: dsp * number }
}

export const totalCost = (units: readonly PostUnit[]): PostCost => {
  const costs = units.map(costOf)
  const sum = (key: keyof PostCost): number => costs.reduce((total, cost) => total + cost[key], 0)
  return { lut: sum('lut'), slices: sum('slices'), ff: sum('ff'), dsp: sum('dsp') }
}

/** What an element needs of an op that lanes do; null of others. `bits` is the width of what it reads. */
export function unitsOf(op: Op, inputs: number, bits: number): readonly PostUnit[] | null {
  const unit = (name: PostUnitName, width = UNIT_BITS): readonly PostUnit[] => [{ name, bits: width }]
  switch (op.kind) {
    case 'affine':
      return unit(multiplies(op) ? 'multiplier' : 'adder')
    case 'fixed-affine':
      return unit(multiplies(op) ? 'multiplier' : 'shift')
    case 'rprelu':
    case 'fixed-rprelu':
      return unit(multiplies(op) ? 'prelu' : 'quantised-prelu')
    case 'add':
      return Array.from({ length: inputs - 1 }, () => unit('adder', op.bits)).flat()
    case 'threshold':
      return unit('comparator', bits)
    case 'concat':
      return []
    default:
      return null
  }
}

/** What an op computes of an element. */
interface PostOperations {
  readonly multiplications: number
  readonly shifts: number
}

export function operationsOf(op: Op): PostOperations {
  const product = multiplies(op)
  const shifts = !product && (op.kind === 'fixed-affine' || op.kind === 'fixed-rprelu')
  return { multiplications: product ? 1 : 0, shifts: shifts ? 1 : 0 }
}

/** Units of a lane that each of the `chains` fits: of every kind as many as the one that needs most, and as wide. */
export function laneFor(chains: readonly (readonly PostUnit[])[]): PostUnit[] {
  return (Object.keys(postUnits) as PostUnitName[]).flatMap((name) => {
    const widths = chains.map((chain) =>
      chain.flatMap((unit) => (unit.name === name ? [unit.bits] : [])).sort((a, b) => b - a),
    )
    const number = Math.max(0, ...widths.map((own) => own.length))
    return Array.from({ length: number }, (_, i) => ({ name, bits: Math.max(...widths.map((own) => own[i] ?? 0)) }))
  })
}
