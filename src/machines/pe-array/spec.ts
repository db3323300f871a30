// Configuration of a PE array, as its YAML gives it.

import { z } from 'zod'
import { deviceSchema } from '../../config/device.ts'
import { count, frequency } from '../../work/quantity.ts'

export const specSchema = z
  .strictObject({
    /** FPGA whose resources and memory port are used. */
    device: deviceSchema,
    clock: frequency(),
    /** PEs: output channels by output pixels, and bits that each counts in a cycle. */
    array: z.strictObject({ channels: count(1), pixels: count(1), bits: count(1) }),
    /** Bits of a window that are gathered or skipped as one, all of a PE's by default; it counts bits / skip of them a cycle. */
    skip: count(1).exactOptional(),
    /** Rows of PEs (output channels) in lock step, or each with a sequencer and windows' ports of its own. */
    rows: z.enum(['lock-step', 'independent']),
    /** 2-D results that each lane of an input channel computes a cycle, where slices are shared. */
    convolvers: count(1),
    /** Block RAM of activations: bits of a word, and banks, which give a word each in a cycle. */
    activations: z.strictObject({ width: count(1), banks: count(1) }),
    /** Cycles: of a fold's step beside the stages of its popcount tree, of an addition of 2-D results, and of the first read. */
    depths: z.strictObject({ fold: count(2), add: count(1), read: count(0) }),
    /** Weights and lists are all on the chip, or come over the memory port a layer ahead, into a buffer of two halves. */
    weights: z.enum(['on-chip', 'streamed']),
    /** Cycles from a request to the memory port until data come, or until they are written. */
    dma: z.strictObject({ latency: count(0) }),
    /** Post-processing lanes: elements a cycle of which they do what follows the sums. */
    post: z.strictObject({ lanes: count(1) }).exactOptional(),
    /** What no unit here can do, such as shortcuts and real numbers: refused, or left to a host, whose time is not counted. */
    others: z.enum(['refuse', 'host']),
  })
  .transform((spec) => ({ ...spec, skip: spec.skip ?? spec.array.bits }))
  .superRefine(({ array, skip }, context) => {
    if (array.bits % skip !== 0)
      context.addIssue({
        code: 'custom',
        message: `expected a divisor of the ${array.bits} bits of a PE`,
        path: ['skip'],
      })
  })

export type PeArraySpec = z.infer<typeof specSchema>
