// The 8-bit data flow of Vorabbi, Maltoni and Santi (arXiv 2304.00952): sums of binary layers and residual sums are clipped to
// -127 to 127, batch norms are 8-bit multipliers and shifts, and data between layers are 8 bits. Where only a sign is used,
// what precedes it becomes a level of the sum, which stays whole.

import { z } from 'zod'
import { fixedRange } from '../work/fixed.ts'
import type { Op } from '../work/network.ts'
import type { Layer, Workload } from '../work/workload.ts'
import { fixedFlow } from './fixed/flow.ts'
import type { Pass } from './pass.ts'

const BITS = 8

const options = z.strictObject({
  fraction: z.int().min(0).max(7).default(4).describe('bits behind the binary point of the data between layers'),
  clip: z.boolean().default(true).describe('sums of binary layers saturate to 8 bits before they are scaled'),
})

type Options = z.infer<typeof options>

export const clip8: Pass<Options> = {
  name: 'clip8',
  summary: 'data between layers in 8 bits, clipped; batch norms as 8-bit multipliers and shifts',
  schema: options,
  lossy: true,
  apply: (workload, { fraction, clip }) => {
    const rules = {
      bits: BITS,
      fraction,
      scale: 'multiplier',
      slope: 'multiplier',
      stem: 'real',
      classifier: 'real',
    } as const
    const flow = fixedFlow(workload, rules)
    return clip ? { ...flow, layers: flow.layers.map((layer) => clipped(layer, flow)) } : flow
  },
}

/** Whether an op gives nothing but values that it reads. */
const passesOn = (op: Op): boolean => op.kind === 'concat' || (op.kind === 'pool' && op.pool === 'max')

/** Whether sums of 8 bits never reach some level. */
const outside = ({ level }: Extract<Op, { kind: 'threshold' }>): boolean =>
  level.some((each) => Math.abs(each) >= fixedRange(BITS).high)

/** Sums that nothing but thresholds reads, perhaps joined or behind maxima, keep all bits, as do those that need no more than 8. */
function clipped(layer: Layer, { network }: Workload): Layer {
  const { activation, accumulator, bias } = layer
  const decided = (name: string): boolean => {
    const readers = network.nodes.filter(({ inputs }) => inputs.includes(name))
    return readers.every(({ name, op }) => op.kind === 'threshold' || (passesOn(op) && decided(name)))
  }
  const { scores, bits } = network.decision
  const ends = layer.name === scores || layer.name === bits
  const beyond = network.nodes.some(
    ({ inputs, op }) => inputs[0] === layer.name && op.kind === 'threshold' && outside(op),
  )
  const ofBits = activation === 'bit' || activation === 'two-bit'
  if (
    !ofBits ||
    accumulator.sum === 'matches' ||
    bias !== undefined ||
    decided(layer.name) ||
    ends ||
    beyond ||
    accumulator.bits <= BITS
  )
    return layer
  return { ...layer, accumulator: { ...accumulator, bits: BITS, saturate: true } }
}
