// Configuration of a streaming machine, as its YAML gives it.

import { z } from 'zod'
import { deviceSchema } from '../../config/device.ts'
import { count, frequency } from '../../work/quantity.ts'
import { styleNames } from './styles.ts'

const folding = z.strictObject({
  /** Processing elements: rows of the matrix worked on at once. */
  pe: count(1),
  /** Synapses of each: columns worked on at once. */
  simd: count(1),
  /** Words of the FIFO after the layer; the machine's `fifo` when left out. */
  fifo: count(1).optional(),
  /** Bits of the words that a dense layer passes on; its PEs' own when left out. */
  width: count(1).optional(),
})

const target = z.strictObject({
  /** Images a second to fold for. */
  fps: count(1),
})

export const specSchema = z.strictObject({
  /** FPGA whose resources and memory port are used. */
  device: deviceSchema,
  clock: frequency(),
  style: z.enum(styleNames),
  /** Steps of each unit's loop, where the style is `hls`. */
  depths: z.strictObject({
    matrixVector: count(1),
    window: count(1),
    converter: count(1),
    pool: count(1),
    dma: count(1),
  }),
  memory: z.strictObject({
    /** Cycles from a read request to its first word, and from the last word written to its response. */
    readLatency: count(0),
    writeLatency: count(0),
  }),
  /** Words of a FIFO where nothing else is said, and of the one before the first layer. */
  fifo: count(1),
  inputFifo: count(1),
  /** PE and SIMD of each layer in order, a rate to fold for, or `max` for the fastest that fits. */
  folding: z.union([z.array(folding), target, z.literal('max')]),
})

export type StreamingSpec = z.infer<typeof specSchema>
export type Folding = z.infer<typeof folding>
