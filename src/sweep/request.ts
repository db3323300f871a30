// What is asked of a worker, and its answer: plain values, which pass between threads.

import type { Place } from '../config/written.ts'
import type { VariantResult } from '../report/result.ts'
import type { VariantFailure } from '../report/sweep-document.ts'

/** One entry of an experiment, set over what its files say. */
export interface Setting {
  /** e.g. `machine.l2.bytes.value`. */
  readonly path: string
  /** As it would be written in a file. */
  readonly value: unknown
  /** Where it was written. */
  readonly place: Place
}

/** An experiment with settings. */
export interface Request {
  /** Name of one that ships, absolute path, or what such a file says as a plain value. */
  readonly experiment: string | object
  readonly settings: readonly Setting[]
  /** The one variant asked for, or all. */
  readonly variant?: string
}

export type Outcome = Evaluated | Failed

export interface Evaluated {
  readonly network: string
  readonly weights: string
  readonly pictures: string
  /** Of all variants, the baseline first, with their speedups; of one alone it is 1. */
  readonly variants: readonly VariantResult[]
  /** Variants that something is wrong with. */
  readonly failures: readonly VariantFailure[]
}

export interface Failed {
  /** One line. */
  readonly error: string
  /** Where a defect of the simulator showed; absent where the user has something wrong. */
  readonly stack?: string
}

export const hasFailed = (outcome: Outcome): outcome is Failed => 'error' in outcome
