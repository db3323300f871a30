// Cores: configs/cores/*.yaml. What a core is (src/units/core/spec.ts), its clock, caches, memory and energy table.
// A timing is `measured` where it was measured on silicon, by others; the file's sources say by whom.

import { z } from 'zod'
import type { Program } from '../isa/instruction.ts'
import { decodeClasses, type TimingClass, type timingClasses } from '../isa/timing-class.ts'
import type { CoreSpec } from '../units/core/spec.ts'
import type { DecodeUnitSpec } from '../units/decode/spec.ts'
import { InputError } from '../work/input-error.ts'
import { count, frequency } from '../work/quantity.ts'
import { bare, firstLevelCacheSchema, firstLevelCacheSpec, lowerCacheSchema, lowerCacheSpec } from './cache.ts'
import { checkSources, cited, provenance, sources } from './cited.ts'
import {
  absentClasses,
  checkPipes,
  citationsOf,
  noPipe,
  PARTS,
  type PipesOf,
  type TimingCitation,
  timingOf,
  timingSchema,
} from './core-timing.ts'
import { decodeTiming, decodeUnitSchema, decodeUnitSpec, type WrittenDecodeUnit } from './decode-unit.ts'
import { header, type LoadOptions, loadConfig } from './load.ts'
import { type MemoryConfig, memorySchema } from './memory.ts'

/** Far beyond any core, and within what the timing models can hold. */
const MOST_IN_FLIGHT = 1024
const MOST_QUEUED = 65_535
const atMost = (most: number, least = 1) =>
  cited(count(least).refine((n) => n <= most, `expected at most ${most.toLocaleString('en')}`))

/** Execution pipes of one kind: `alu` with `number: 2` are pipes alu0 and alu1, and timings that say `alu` may use either. */
const pipes = z.record(
  z.string().regex(/^[a-z][a-z-]*$/, 'expected a name of small letters'),
  z.strictObject({
    number: count(1).default(1),
    /** Out-of-order: instructions waiting for each pipe. */
    queue: count()
      .refine((n) => n <= MOST_QUEUED, `expected at most ${MOST_QUEUED.toLocaleString('en')}`)
      .default(0),
    ...provenance,
  }),
)
type WrittenPipes = z.infer<typeof pipes>

const powerOfTwo = count(1).refine((n) => Number.isInteger(Math.log2(n)), 'expected a power of two')

const common = {
  ...header,
  sources,
  clock: cited(frequency()),
  /** Instructions issued (in-order) or slots dispatched (out-of-order) a cycle. */
  width: cited(count(1)),
  pipes,
  fetch: z.strictObject({
    width: cited(count(1)),
    queue: atMost(MOST_IN_FLIGHT),
    takenBubble: cited(count()),
    mispredictPenalty: cited(count()),
  }),
  predictor: z.strictObject({
    entries: cited(powerOfTwo),
    history: cited(count().refine((bits) => bits <= 30, 'expected at most 30 outcomes')),
    returns: cited(count()),
    targets: cited(count()),
  }),
  unaligned: z.strictObject({
    boundary: cited(powerOfTwo),
    latency: cited(count()),
    /** Cycles more on the pipe. */
    occupancy: cited(count()),
  }),
  forward: z.strictObject({ narrow: cited(count(1)), quad: cited(count(1)) }),
  storeBuffer: atMost(MOST_IN_FLIGHT),
  writeBackLatency: cited(count()),
  /** What timings cite that name `rows` but no kind and source. */
  measurements: z.strictObject(provenance),
  timing: timingSchema,
  l1i: firstLevelCacheSchema,
  l1d: firstLevelCacheSchema,
  l2: lowerCacheSchema,
  memory: memorySchema,
  /** Name in configs/energy, or a path. */
  energy: z.string(),
}

const inOrder = z.strictObject({
  ...common,
  kind: z.literal('in-order'),
  orderedWriteBack: z.boolean(),
  decodeUnit: decodeUnitSchema.exactOptional(),
})

const outOfOrder = z.strictObject({
  ...common,
  kind: z.literal('out-of-order'),
  retire: cited(count(1)),
  reorderBuffer: atMost(MOST_IN_FLIGHT),
  loadQueue: atMost(MOST_IN_FLIGHT),
  storeQueue: atMost(MOST_IN_FLIGHT),
})

type Written = z.infer<typeof inOrder> | z.infer<typeof outOfOrder>

export interface CoreConfig {
  readonly name: string
  readonly title: string
  /** Hertz. */
  readonly clock: number
  readonly core: CoreSpec
  /** As src/mem/cache takes them. */
  readonly l1i: ReturnType<typeof firstLevelCacheSpec>
  readonly l1d: ReturnType<typeof firstLevelCacheSpec>
  readonly l2: ReturnType<typeof lowerCacheSpec>
  readonly memory: MemoryConfig
  /** Of an in-order core, if it has one. */
  readonly decodeUnit?: DecodeUnitSpec
  /** Name in configs/energy, or a path. */
  readonly energy: string
  /** Classes of instructions that the core lacks; see checkSupported. */
  readonly absent: readonly TimingClass[]
  readonly citations: Readonly<Record<(typeof timingClasses)[number], TimingCitation>>
  /** Citations by the short names that `source` uses. */
  readonly sources: Readonly<Record<string, string>>
}

export const coreSchema: z.ZodType<CoreConfig> = z
  .discriminatedUnion('kind', [inOrder, outOfOrder])
  .superRefine(checkSources)
  .superRefine((file, context) => {
    const known = Object.keys(file.pipes)
    checkPipes(file.timing, pipesOf(file.pipes), known, context)
    for (const level of ['l1i', 'l1d', 'l2'] as const)
      if (file[level].line.value !== file.memory.line)
        context.addIssue({
          code: 'custom',
          message: `expected lines of ${file.memory.line} bytes, as the memory has them`,
          path: [level, 'line', 'value'],
        })
    if (file.kind === 'in-order') {
      if (file.decodeUnit !== undefined) checkDecodeUnit(file, file.decodeUnit, known, context)
      return
    }
    const unqueued = known.find((name) => file.pipes[name]?.queue === 0)
    if (unqueued === undefined) return
    const message = 'expected a queue of at least 1 in an out-of-order core'
    context.addIssue({ code: 'custom', message, path: ['pipes', unqueued, 'queue'] })
  })
  .transform(configOf)

/** A core by the name of a shipped one or the path of a YAML file. Throws InputError naming the offending line. */
export const loadCore = (reference: string, options: LoadOptions = {}): CoreConfig =>
  loadConfig('cores', reference, coreSchema, options)

/** Throws InputError for the first instruction of `program` that the core lacks. */
export function checkSupported({ name, absent }: CoreConfig, program: Program): void {
  const first = program.instructions.find(({ timing }) => absent.includes(timing))
  if (first === undefined) return
  const isDecode = decodeClasses.some((one) => one === first.timing)
  const hint = isDecode ? '; expected a core with a decodeUnit, such as cortex-a53-decode' : ''
  throw new InputError(`${name} has no instruction '${first.text}'${hint}`, {
    file: first.file ?? program.file,
    line: first.line,
  })
}

/** Refinement: the decode unit fits the core. */
function checkDecodeUnit(
  { pipes, width, l1d }: z.infer<typeof inOrder>,
  { read, cache }: WrittenDecodeUnit,
  known: readonly string[],
  context: z.RefinementCtx,
): void {
  const complain = (message: string, path: string[]) =>
    context.addIssue({ code: 'custom', message, path: ['decodeUnit', ...path] })
  if (pipesOf(pipes)(read.pipe) === undefined) complain(noPipe(read.pipe, known).message, ['read', 'pipe'])
  if (read.slots > width.value)
    complain(`expected at most ${width.value}, as many as the core issues a cycle`, ['read', 'slots'])
  if (cache.line.value > l1d.line.value)
    complain(`expected at most ${l1d.line.value} bytes, a line of L1D`, ['cache', 'line', 'value'])
}

/** In the order of the file. */
const singlePipes = (written: WrittenPipes) =>
  Object.entries(written).flatMap(([kind, { number, queue }]) =>
    Array.from({ length: number }, (_, index) => ({ kind, name: number === 1 ? kind : `${kind}${index}`, queue })),
  )

function pipesOf(written: WrittenPipes): PipesOf {
  const single = singlePipes(written)
  return (wanted) => {
    const indices = single.flatMap(({ kind, name }, index) => (kind === wanted || name === wanted ? [index] : []))
    return indices.length === 0 ? undefined : indices
  }
}

function configOf(file: Written): CoreConfig {
  const { name, clock, l1i, l1d, l2, memory, energy, sources, measurements, timing } = file
  const decodeUnit = file.kind === 'in-order' ? file.decodeUnit : undefined
  return {
    name,
    title: file.title ?? name,
    clock: clock.value,
    core: specOf(file),
    l1i: firstLevelCacheSpec('l1i', l1i),
    l1d: firstLevelCacheSpec('l1d', l1d),
    l2: lowerCacheSpec('l2', l2),
    memory,
    energy,
    ...(decodeUnit === undefined ? {} : { decodeUnit: decodeUnitSpec(decodeUnit) }),
    absent: [...absentClasses(timing), ...(decodeUnit === undefined ? decodeClasses : [])],
    citations: citationsOf(timing, measurements),
    sources,
  }
}

function specOf(file: Written): CoreSpec {
  const { boundary, latency, occupancy } = file.unaligned
  const shared = {
    name: file.name,
    width: file.width.value,
    pipes: singlePipes(file.pipes).map(({ name, queue }) => ({ name, queue })),
    timing: timingOf(file.timing, pipesOf(file.pipes)),
    fetch: bare(file.fetch),
    predictor: bare(file.predictor),
    unaligned: { boundary: boundary.value, latency: latency.value, occupancy: occupancy.value * PARTS },
    forward: bare(file.forward),
    storeBuffer: file.storeBuffer.value,
    writeBackLatency: file.writeBackLatency.value,
  }
  if (file.kind === 'in-order') {
    const decoding = file.decodeUnit === undefined ? {} : decodeTiming(file.decodeUnit, pipesOf(file.pipes))
    const timing = { ...shared.timing, ...decoding }
    return { ...shared, timing, kind: file.kind, orderedWriteBack: file.orderedWriteBack }
  }
  const { retire, reorderBuffer, loadQueue, storeQueue } = file
  return { ...shared, kind: file.kind, ...bare({ retire, reorderBuffer, loadQueue, storeQueue }) }
}
