// The timing table of a core, as its file writes it: a line for each class of instructions.
//
//   vector-count: { latency: 2, pipes: vector, occupancy: { narrow: 0.5, quad: 1 }, rows: [cnt.b] }
//
// Each figure holds for all operands, or is given as { narrow, quad }: for those of at most 64 bits, and of 128.

import { z } from 'zod'
import { decodeClasses, type TimingClass, timingClasses } from '../isa/timing-class.ts'
import type { ClassTiming, Timing } from '../units/core/spec.ts'
import { didYouMean } from '../work/input-error.ts'
import { count } from '../work/quantity.ts'
import { type Kind, provenance } from './cited.ts'

/** Occupancy is kept in this many parts of a cycle. */
export const PARTS = 12

const cycles = z.number().min(0).max(1000)
const inParts = (value: number): number => Math.round(value * PARTS)
/** Cycles, of which decimals stand for the nearest twelfth; in twelfths. */
const occupancyCycles = cycles
  .refine((value) => Math.abs(value * PARTS - inParts(value)) < 0.06, {
    error: 'expected twelfths of a cycle such as 0.5, 0.667 or 1.333',
  })
  .transform(inParts)

/** The same for narrow and quad operands, or one for each. */
const halves = <T, I>(figure: z.ZodType<T, I>) =>
  z.union([
    figure.transform((both): Halves<T> => ({ narrow: both, quad: both })),
    z.strictObject({ narrow: figure, quad: figure }),
  ])

interface Halves<T> {
  readonly narrow: T
  readonly quad: T
}

const zero = { narrow: 0, quad: 0 }
const one = { narrow: 1, quad: 1 }
const names = z.union([z.string().transform((name) => [name]), z.array(z.string())])

const citation = {
  /** Lines of the measured or published table that the figures follow; where figures are split, those of quad. */
  rows: z.union([
    z.array(z.string()).min(1),
    z.strictObject({ narrow: z.array(z.string()).min(1), quad: z.array(z.string()).min(1) }),
  ]),
  kind: provenance.kind,
  source: provenance.source,
}

const timed = z
  .strictObject({
    latency: halves(count()),
    accumulate: halves(count().nullable()).default({ narrow: null, quad: null }),
    /** One name, or several: of a pipe, or of all that share it. One of the pipes is used. */
    pipes: halves(names),
    occupancy: halves(occupancyCycles).default(zero),
    slots: halves(count()).default(one),
    passes: halves(count(1)).default(one),
    further: z
      .strictObject({
        latency: halves(count()).default(zero),
        occupancy: halves(occupancyCycles).default(zero),
        slots: halves(count()).default(zero),
        passes: halves(count()).default(zero),
      })
      .default({ latency: zero, occupancy: zero, slots: zero, passes: zero }),
    rows: citation.rows.exactOptional(),
    kind: citation.kind.exactOptional(),
    source: citation.source.exactOptional(),
  })
  .superRefine(({ kind, source, rows }, context) => {
    const complain = (key: string, message: string) => context.addIssue({ code: 'custom', message, path: [key] })
    if ((kind === undefined) !== (source === undefined)) complain('kind', "expected 'kind' and 'source' together")
    if (kind === undefined && rows === undefined) complain('rows', "missing; expected 'rows', or 'kind' and 'source'")
  })

/** A class of instructions that the core lacks. */
const absent = z.strictObject({ absent: z.literal(true), kind: citation.kind, source: citation.source })

const entry = z.union([timed, absent])
type Entry = z.infer<typeof entry>

/** Every class is answered. */
export const timingSchema = z.strictObject(
  Object.fromEntries(timingClasses.map((name) => [name, entry])) as Record<CoreClass, typeof entry>,
)

export type WrittenTiming = z.infer<typeof timingSchema>

/** Where the figures of a class come from. */
export interface TimingCitation {
  readonly kind: Kind
  readonly source: string
  readonly rows: Halves<readonly string[]>
}

/** What an entry with `rows` and without `kind` and `source` of its own cites. */
export interface DefaultCitation {
  readonly kind: Kind
  readonly source: string
}

/** Index of each pipe that a name in `written` stands for; undefined for an unknown name. */
export type PipesOf = (name: string) => readonly number[] | undefined

/** Refinement: each pipe that an entry names is there. */
export function checkPipes(
  written: WrittenTiming,
  pipesOf: PipesOf,
  known: readonly string[],
  context: z.RefinementCtx,
) {
  for (const [name, { pipes }] of timedEntries(written)) {
    const unknown = [...pipes.narrow, ...pipes.quad].find((pipe) => pipesOf(pipe) === undefined)
    if (unknown === undefined) continue
    context.addIssue({ ...noPipe(unknown, known), path: ['timing', name, 'pipes'] })
  }
}

export function noPipe(name: string, known: readonly string[]) {
  const nearest = didYouMean(name, known)
  const message = `no pipe '${name}'${nearest === '' ? `; expected some of ${known.join(', ')}` : nearest}`
  return { code: 'custom', message } as const
}

type CoreClass = (typeof timingClasses)[number]
type TimedEntry = Exclude<Entry, { readonly absent: true }>

const timedEntries = (written: WrittenTiming): [CoreClass, TimedEntry][] =>
  timingClasses.flatMap((name): [CoreClass, TimedEntry][] => {
    const own = written[name]
    return 'absent' in own ? [] : [[name, own]]
  })

/** Classes that the core lacks. */
export const absentClasses = (written: WrittenTiming): TimingClass[] =>
  timingClasses.filter((name) => 'absent' in written[name])

/** Never used: programs with a class that the core lacks are refused. */
const never: ClassTiming = {
  latency: 1,
  accumulate: null,
  pipes: [],
  occupancy: 0,
  slots: 1,
  passes: 1,
  further: { latency: 0, occupancy: 0, slots: 0, passes: 0 },
}

export function timingOf(written: WrittenTiming, pipesOf: PipesOf): Record<TimingClass, Timing> {
  const table = Object.fromEntries(
    [...timingClasses, ...decodeClasses].map((name) => [name, { narrow: never, quad: never }]),
  )
  for (const [name, own] of timedEntries(written)) {
    table[name] = { narrow: half(own, 'narrow', pipesOf), quad: half(own, 'quad', pipesOf) }
  }
  return table as Record<TimingClass, Timing>
}

function half(own: TimedEntry, which: keyof Halves<unknown>, pipesOf: PipesOf): ClassTiming {
  const { further } = own
  return {
    latency: own.latency[which],
    accumulate: own.accumulate[which],
    pipes: own.pipes[which].flatMap((name) => pipesOf(name) ?? []),
    occupancy: own.occupancy[which],
    slots: own.slots[which],
    passes: own.passes[which],
    further: {
      latency: further.latency[which],
      occupancy: further.occupancy[which],
      slots: further.slots[which],
      passes: further.passes[which],
    },
  }
}

export function citationsOf(written: WrittenTiming, fallback: DefaultCitation): Record<CoreClass, TimingCitation> {
  const cited = timingClasses.map((name): [CoreClass, TimingCitation] => {
    const own = written[name]
    const { kind, source } = { ...fallback, ...own }
    return [name, { kind, source, rows: 'absent' in own ? { narrow: [], quad: [] } : rowsOf(own) }]
  })
  return Object.fromEntries(cited) as Record<CoreClass, TimingCitation>
}

function rowsOf({ rows, further, ...own }: TimedEntry): Halves<readonly string[]> {
  if (rows === undefined) return { narrow: [], quad: [] }
  if (!Array.isArray(rows)) return rows
  const { latency, accumulate, pipes, occupancy, slots, passes } = own
  const figures: readonly Halves<unknown>[] = [
    latency,
    accumulate,
    pipes,
    occupancy,
    slots,
    passes,
    ...Object.values(further),
  ]
  const split = figures.some(({ narrow, quad }) => String(narrow) !== String(quad))
  return { narrow: split ? [] : rows, quad: rows }
}
