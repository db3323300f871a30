// Where figures come from: variants of experiments, and quantities.

import type { Setting } from '../sweep/request.ts'
import type { Quantity } from './quantity.ts'

export interface ExperimentSource {
  readonly kind: 'experiment'
  readonly name: string
  /** Name of one that ships, or absolute path. */
  readonly experiment: string
  readonly settings: readonly Setting[]
  /** Files that it names below the folder of data were there, and are taken. */
  readonly withData: boolean
  /** Names of its variants. */
  readonly variants: readonly string[]
  /** What a variant takes, about. */
  readonly seconds: number
}

export interface QuantitySource {
  readonly kind: 'quantity'
  readonly quantity: Quantity
  readonly options: unknown
  /** Files that it names below the folder of data were there, and are taken. */
  readonly withData: boolean
}

export type Source = ExperimentSource | QuantitySource
export type Sources = ReadonlyMap<string, Source>
