// What a configuration says of an ARM machine.

import { z } from 'zod'
import { type CoreConfig, coreSchema } from '../../config/core.ts'

export interface ArmSpec {
  readonly core: CoreConfig
  /** Kernels of the binary layers. */
  readonly kernels: KernelSet
  readonly fusion: Fusion
}

const kernelSets = ['lce', 'direct', 'dabnn'] as const
export type KernelSet = (typeof kernelSets)[number]

/** `none`: each node behind a layer is a pass over its tensor; `elementwise`: add, RPReLU and sign are one. */
const fusions = ['none', 'elementwise'] as const
export type Fusion = (typeof fusions)[number]

export const specSchema: z.ZodType<ArmSpec> = z.strictObject({
  core: coreSchema,
  kernels: z.enum(kernelSets),
  fusion: z.enum(fusions),
})
