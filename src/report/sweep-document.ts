// The sweep document: what the points of a space gave, as plain values.

import type { VariantResult } from './result.ts'

export interface SweepDocument {
  readonly format: 'bnnsim-sweep/1'
  readonly sweep: string
  readonly title?: string
  readonly version: string
  /** Paths in the experiment that the axes set, in their order. */
  readonly settings: readonly string[]
  readonly objectives: readonly Objective[]
  /** How the points were chosen, where not all of the space were asked for. */
  readonly search?: Search
  readonly points: readonly SweepPoint[]
  /** Not dominated in the objectives by any other of the same network, best in the first objective first. */
  readonly front: readonly PointVariant[]
  /** One for each network and objective, in their order; none where no point has the figure. */
  readonly best: readonly Best[]
}

export interface Best extends PointVariant {
  /** Told where there are several. */
  readonly network?: string
  readonly figure: string
  readonly value: number
}

/** `figure` is the key of a number of a variant: figures.ts. */
export interface Objective {
  readonly figure: string
  readonly goal: 'min' | 'max'
}

export interface SweepPoint {
  /** Position in the space, from 0. */
  readonly point: number
  /** What is set, by path: as written. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly network?: string
  readonly weights?: string
  readonly pictures?: string
  /** Why it has no results. */
  readonly error?: string
  readonly variants: readonly PointResult[]
  /** Variants without results, where others have some. */
  readonly failures?: readonly VariantFailure[]
}

export interface VariantFailure {
  readonly variant: string
  /** One line. */
  readonly error: string
}

/** A variant without its layers. */
export type PointResult = Omit<VariantResult, 'layers'>

export interface PointVariant {
  readonly point: number
  readonly variant: string
}

/** Successive halving: each rung runs the points that the one before left, at a higher fidelity. */
export interface Search {
  readonly seed: number
  /** Points of the space. */
  readonly space: number
  readonly rungs: readonly Rung[]
  /** Beside the whole space, where that was run as well. */
  readonly grid?: WholeSpace
}

export interface WholeSpace {
  /** Points of the space that fulfil the conditions. */
  readonly points: number
  /** Results on the true front. */
  readonly front: number
  /** Of these, how many the search ran. */
  readonly found: number
}

export interface Rung {
  /** What is set for all points of the rung. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly points: number
  /** Points kept for the next rung; those of the last are the result. */
  readonly kept: number
}
