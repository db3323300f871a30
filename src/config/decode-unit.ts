// The decode unit of an in-order core, as the core's file writes it: each number with its source.

import { z } from 'zod'
import { decodeClasses, type TimingClass } from '../isa/timing-class.ts'
import type { Timing } from '../units/core/spec.ts'
import { type DecodeUnitSpec, SYMBOL_BYTES } from '../units/decode/spec.ts'
import { bytes, count } from '../work/quantity.ts'
import { bare } from './cache.ts'
import { cited, provenance } from './cited.ts'
import { PARTS, type PipesOf } from './core-timing.ts'

/** Far beyond any unit, and within what the model can hold. */
const MOST = 1024
const atMost = (least: number) =>
  cited(count(least).refine((n) => n <= MOST, `expected at most ${MOST.toLocaleString('en')}`))
const isPowerOfTwo = (n: number): boolean => n >= 1 && Number.isInteger(Math.log2(n))

const cache = z
  .strictObject({ bytes: cited(bytes()), ways: cited(count(1)), line: cited(bytes()) })
  .superRefine(({ bytes, ways, line }, context) => {
    const complain = (key: string, message: string) =>
      context.addIssue({ code: 'custom', message, path: [key, 'value'] })
    if (!isPowerOfTwo(line.value) || line.value < SYMBOL_BYTES)
      complain('line', `expected a power of two from ${SYMBOL_BYTES} bytes, got ${line.value}`)
    const sets = bytes.value / (ways.value * line.value)
    if (!isPowerOfTwo(sets))
      complain(
        'bytes',
        `expected a power of two of sets: in ${ways.value} ways of ${line.value} bytes they are ${sets}`,
      )
  })

export const decodeUnitSchema = z.strictObject({
  /** Lines of the coded stream that are held or on their way: two at least, as a codeword may lie in both. */
  streamLines: atMost(2),
  width: atMost(1),
  depth: atMost(1),
  cache,
  tableLatency: atMost(1),
  buffers: atMost(1),
  /** Cycles from a decread that finds its register ready until a dependent instruction can issue; the pipe and the slots of issue that it and decstart take. */
  read: z.strictObject({ latency: count(1), pipe: z.string(), slots: count(1).default(1), ...provenance }),
})

export type WrittenDecodeUnit = z.infer<typeof decodeUnitSchema>

export function decodeUnitSpec({ read: _, ...written }: WrittenDecodeUnit): DecodeUnitSpec {
  return bare(written)
}

/** How the core times the unit's instructions. */
export function decodeTiming({ read }: WrittenDecodeUnit, pipesOf: PipesOf): Partial<Record<TimingClass, Timing>> {
  const none = { latency: 0, occupancy: 0, slots: 0, passes: 0 }
  const { latency, slots } = read
  const pipes = pipesOf(read.pipe) ?? []
  const both = { latency, accumulate: null, pipes, occupancy: PARTS, slots, passes: 1, further: none }
  return Object.fromEntries(decodeClasses.map((name) => [name, { narrow: both, quad: both }]))
}
