// Caches, as they are written in the files of cores: each number with its source.
// The types of src/mem/cache/spec.ts are what remains when the sources are left away.

import { z } from 'zod'
import { bytes, count } from '../work/quantity.ts'
import { type Cited, cited } from './cited.ts'

const prefetcher = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('next-line'), degree: cited(count(1)), outstanding: cited(count(1)) }),
  z.strictObject({
    type: z.literal('stride'),
    streams: cited(count(1)),
    threshold: cited(count(2)),
    reach: cited(count(1)),
    distance: cited(count(1)),
    degree: cited(count(1)),
    outstanding: cited(count(1)),
  }),
])

const fields = {
  bytes: cited(bytes()),
  ways: cited(count(1)),
  line: cited(bytes()),
  replacement: cited(z.enum(['lru', 'tree-plru', 'random', 'fifo'])),
  mshrs: cited(count(1)),
  writeBuffer: cited(count(1)),
  missLatency: cited(count(1)),
  fillLatency: cited(count(1)),
  prefetcher,
}

interface Geometry {
  readonly bytes: Cited<number>
  readonly ways: Cited<number>
  readonly line: Cited<number>
  readonly replacement: Cited<string>
}

const PAGE = 4096
const isPowerOfTwo = (n: number): boolean => n >= 1 && Number.isInteger(Math.log2(n))

/** Refinement: the sizes fit each other. */
function checkGeometry({ bytes, ways, line, replacement }: Geometry, context: z.RefinementCtx): void {
  const complain = (key: string, message: string) => context.addIssue({ code: 'custom', message, path: [key, 'value'] })
  if (line.value < 4 || line.value > PAGE || !isPowerOfTwo(line.value))
    complain('line', `expected a power of two from 4 to ${PAGE} bytes, got ${line.value}`)
  const sets = bytes.value / (ways.value * line.value)
  if (!isPowerOfTwo(sets))
    complain(
      'bytes',
      `expected a power of two of sets: in ${ways.value} ways of ${line.value}-byte lines they are ${sets}`,
    )
  if (replacement.value === 'tree-plru' && (!isPowerOfTwo(ways.value) || ways.value > 32))
    complain('ways', `expected a power of two of at most 32 for tree-plru, got ${ways.value}`)
}

/** A cache that a core asks. */
export const firstLevelCacheSchema = z.strictObject(fields).superRefine(checkGeometry)

/** A cache that caches ask. */
export const lowerCacheSchema = z
  .strictObject({
    ...fields,
    missLatency: cited(count(2)),
    hitLatency: cited(count(1)),
    interval: cited(count(1)),
    queue: cited(count(1)),
  })
  .superRefine(checkGeometry)

/** `T` with every cited number as the bare number. */
export type Bare<T> = T extends Cited<infer V> ? V : T extends object ? { readonly [K in keyof T]: Bare<T[K]> } : T

/** Leaves the sources away. */
export function bare<T>(part: T): Bare<T>
export function bare(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(bare)
  if (typeof part !== 'object' || part === null) return part
  if ('value' in part && 'kind' in part && 'source' in part) return part.value
  return Object.fromEntries(Object.entries(part).map(([key, child]) => [key, bare(child)]))
}

/** A CacheSpec. */
export const firstLevelCacheSpec = (name: string, written: z.infer<typeof firstLevelCacheSchema>) => ({
  name,
  ...bare(written),
})

/** A LowerCacheSpec. */
export const lowerCacheSpec = (name: string, written: z.infer<typeof lowerCacheSchema>) => ({ name, ...bare(written) })
