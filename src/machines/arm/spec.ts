// What a configuration says of an ARM machine.

import { z } from 'zod'
import { type CoreConfig, coreSchema } from '../../config/core.ts'
import { bytes } from '../../work/quantity.ts'
import { type Blocking, blockings } from './fixed-tables.ts'

export interface ArmSpec {
  readonly core: CoreConfig
  /** Kernels of the binary layers. */
  readonly kernels: KernelSet
  readonly fusion: Fusion
  /** What decodes coded weights. */
  readonly decoding: DecodedBy
  /**
   * Bytes of rows that are gathered for a matrix product at a time: all panels of weights are gone through for each such block. Few
   * rows make pixels the outermost loop, all rows the weights.
   */
  readonly block: number
  /** Register blocking of kernels with a choice of it; `core`, and if it is left out: the one that is faster on the core. */
  readonly blocking?: Blocking | 'core' | undefined
}

const kernelSets = ['lce', 'direct', 'dabnn'] as const
export type KernelSet = (typeof kernelSets)[number]

/** `none`: each node behind a layer is a pass over its tensor; `elementwise`: add, RPReLU and sign are one. */
const fusions = ['none', 'elementwise'] as const
export type Fusion = (typeof fusions)[number]

const decodings = ['software', 'unit'] as const
export type DecodedBy = (typeof decodings)[number]

/** Half of an L1 of 32 KiB: weights pass through the other half. */
const BLOCK_BYTES = 16384

export const specSchema: z.ZodType<ArmSpec> = z
  .strictObject({
    core: coreSchema,
    kernels: z.enum(kernelSets),
    fusion: z.enum(fusions),
    decoding: z.enum(decodings).default('software'),
    block: bytes()
      .refine((size) => size >= 1, 'expected at least 1 byte')
      .default(BLOCK_BYTES),
    blocking: z.enum([...blockings, 'core']).optional(),
  })
  .superRefine(({ core, decoding }, context) => {
    if (decoding !== 'unit' || core.decodeUnit !== undefined) return
    const message = `expected a core with a decodeUnit, such as cortex-a53-decode; ${core.name} has none`
    context.addIssue({ code: 'custom', message, path: ['decoding'] })
  })
