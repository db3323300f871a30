// The most that a core can do, from its tables alone: operands in registers, no dependences, nothing else to execute.

import type { CoreConfig } from '../../config/core.ts'
import { assemble } from '../../isa/assemble.ts'
import { TWELFTHS } from '../../units/core/spec.ts'

/** XNOR (the complement is counted), popcount and sum of 128 pairs of bits: no binary kernel of 128-bit NEON does with less. */
const step = 'eor v0.16b, v1.16b, v2.16b\ncnt v3.16b, v4.16b\nadd v5.16b, v6.16b, v7.16b'
const MACS = 128

/** Binary multiply-accumulates a cycle. */
export function peakBinaryMacs({ core }: CoreConfig): number {
  const timings = assemble(step, 'peak').instructions.map(({ timing }) => core.timing[timing].quad)
  const slots = sum(timings.map((timing) => timing.slots))
  // Shared out at best, some of the instructions keep all pipes busy that can execute any of them.
  const some = Array.from({ length: 2 ** timings.length - 1 }, (_, i) => timings.filter((_, j) => ((i + 1) >> j) & 1))
  const cycles = some.map((part) => {
    const pipes = new Set(part.flatMap((timing) => timing.pipes))
    return sum(part.map(({ occupancy }) => occupancy)) / TWELFTHS / pipes.size
  })
  return MACS / Math.max(slots / core.width, ...cycles)
}

const sum = (parts: readonly number[]): number => parts.reduce((total, part) => total + part, 0)
