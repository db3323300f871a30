// What bconv-fixed-*.s are told besides the convolution: stages, and how byte lanes hold the counts of a window.

import type { CoreSpec } from '../../units/core/spec.ts'
import { PANEL } from './memory-map.ts'
import { stepsOf } from './weights-direct.ts'

/** Register blockings: counts added in a tree, or in byte lanes for each channel and pixel. */
export const blockings = ['tree', 'lanes'] as const
export type Blocking = (typeof blockings)[number]

const stages = [
  'saturate',
  'multiply',
  'add',
  'rprelu',
  'slope',
  'store',
  'sign',
  'wide',
  'negate',
  'negateSlope',
  'oneBase',
] as const

/** What is done to sums, as fixed-output.inc describes it. */
export type Stages = Readonly<Record<(typeof stages)[number], boolean>>

export const flagsOf = (wanted: Stages): number =>
  stages.reduce((flags, stage, bit) => flags | (Number(wanted[stage]) << bit), 0)

interface Accumulators {
  /** Channels whose weights lie together. */
  readonly together: number
  /** Rows of the window until sums are taken from 8 bits to 16. */
  readonly flushRows: number
  readonly flags: number
}

/** Steps that a byte lane holds: each counts up to 8 bits. */
const LANE_STEPS = 31
/** Flags of bconv-fixed-lanes.s: lanes that can be added in bytes first. */
const ends = [
  { steps: 7, flag: 1 << 11 },
  { steps: 15, flag: 1 << 12 },
]

/** Narrow accumulators of a window of so many rows; undefined where a row is more than they hold. */
export function accumulatorsOf(blocking: Blocking, kernel: number, rowBytes: number): Accumulators | undefined {
  if (blocking === 'tree') return { together: PANEL, flushRows: kernel, flags: 0 }
  const steps = stepsOf(rowBytes)
  const flushRows = Math.min(kernel, Math.floor(LANE_STEPS / steps))
  if (flushRows === 0) return
  const end = ends.find((one) => flushRows * steps <= one.steps)
  return { together: PANEL / 2, flushRows, flags: end?.flag ?? 0 }
}

type Pipeline = CoreSpec['kind']

/** The faster one, of all fan-ins that were measured: `tree` for each. */
const faster = {
  'in-order': {
    blocking: 'tree',
    kind: 'measured',
    source: 'Cortex-A53 of this simulator: table in kernels/bconv-fixed-lanes.s',
  },
  'out-of-order': {
    blocking: 'tree',
    kind: 'measured',
    source: 'Cortex-A72 of this simulator: table in kernels/bconv-fixed-lanes.s',
  },
} as const satisfies Record<Pipeline, { blocking: Blocking; kind: 'measured'; source: string }>

export const blockingOf = (wanted: Blocking | 'core' | undefined, pipeline: Pipeline): Blocking =>
  wanted === undefined || wanted === 'core' ? faster[pipeline].blocking : wanted
