// Networks that add and shift (A&B BNN: Ma et al., CVPR 2024). Masks and batch norms before a sign become its level; scales of
// filters and slopes of activations become powers of two; data between layers are fixed-point numbers.

import { z } from 'zod'
import { fixedFlow } from './fixed/flow.ts'
import type { Pass } from './pass.ts'

const ends = z.enum(['real', 'power'])
const factors = z.enum(['power', 'multiplier'])

const options = z.strictObject({
  fraction: z
    .int()
    .min(0)
    .max(14)
    .default(8)
    .describe('bits behind the binary point of the data between layers, of 16'),
  scale: factors.default('power').describe('scales of filters and batch norms: powers of two, or 8-bit multipliers'),
  slope: factors.default('power').describe('slopes of activations: powers of two, or 8-bit multipliers'),
  stem: ends.default('real').describe('real weights before the classifier: left, or rounded to powers of two'),
  classifier: ends.default('real').describe('real weights of the classifier: left, or rounded to powers of two'),
})

type Options = z.infer<typeof options>

export const addBitOnly: Pass<Options> = {
  name: 'add-bit-only',
  summary: 'masks become levels of signs, scales and slopes powers of two: additions and shifts alone',
  schema: options,
  lossy: true,
  apply: (workload, rules) => fixedFlow(workload, { bits: 16, ...rules }),
}
