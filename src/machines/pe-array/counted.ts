// What a run of a PE array counts beside what its layers count.

import type { Tensor } from '../../work/tensor.ts'
import type { Sample } from '../machine.ts'
import type { Waits } from './waits.ts'

export interface ArrayRun extends Counted {
  readonly totalCycles: number
  readonly latencyCycles: number
  /** Cycles in which results were there, by image. */
  readonly ends: readonly number[]
  /** Cycles of each image, from the start of its first layer to the end of its last. */
  readonly imageCycles: readonly number[]
  /** Multiply-accumulates of each image that its results needed. */
  readonly imageNeeded: readonly number[]
  readonly outputs: readonly { readonly image: number; readonly leaving: Tensor }[]
}

/** What has been counted so far, beside what layers count. */
export interface Counted {
  readonly waits: Waits
  /** Bits over the memory port: of pictures that the array has taken, of results that it has handed on, of layers that are done. */
  readonly traffic: { input: number; output: number; readonly layers: Map<string, { read: number; written: number }> }
  /** Pictures taken and results handed on; whether they come and go over the memory port. */
  readonly pictures: number
  readonly results: number
  readonly ports: { readonly input: boolean; readonly output: boolean }
}

/** Makes a sample of what was counted before `cycle`, when so many images were finished. */
export type SampleOf = (counted: Counted, cycle: number, images: number) => Sample
