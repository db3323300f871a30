// What a configuration says of an ARM machine.

import { z } from 'zod'
import { type CoreConfig, coreSchema } from '../../config/core.ts'

export interface ArmSpec {
  readonly core: CoreConfig
  /** Kernels of the binary layers. */
  readonly kernels: KernelSet
}

const kernelSets = ['lce', 'direct', 'dabnn'] as const
export type KernelSet = (typeof kernelSets)[number]

export const specSchema: z.ZodType<ArmSpec> = z.strictObject({ core: coreSchema, kernels: z.enum(kernelSets) })
