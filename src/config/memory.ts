// External memories: organisation, timing and currents as their data sheets give them, each number with
// its source. Times may be written in cycles or in ns; here they become cycles.

import { z } from 'zod'
import { count, duration, frequency } from '../work/quantity.ts'
import { checkSources, cited, sources } from './cited.ts'
import { header, loadConfig } from './load.ts'

const fields = ['channel', 'rank', 'bankGroup', 'bank', 'row', 'column'] as const

/** Sizes of address fields: a power of two, so that a field is a run of address bits. */
const size = (most = 2 ** 20) =>
  cited(
    count(1).refine((number) => number <= most && Number.isInteger(Math.log2(number)), {
      error: `expected a power of two of at most ${most.toLocaleString('en')}`,
    }),
  )

/** Cycles, or a duration that is rounded to cycles: up, as a least time, unless told otherwise. As a function of the clock. */
const time = (round: (cycles: number) => number = Math.ceil) => {
  const cycles = count().transform((number) => () => number)
  const seconds = duration().transform(
    (length) => (clockHz: number) => round(Number((length * clockHz).toPrecision(12))),
  )
  return cited(z.union([cycles, seconds]))
}

const milliamperes = () => cited(z.number().min(0))

const timing = z.strictObject({
  CL: time(),
  CWL: time(),
  tRCD: time(),
  tRP: time(),
  tRAS: time(),
  tRC: time(),
  tRRD: time(),
  /** Within a bank group; without it, as between groups. So the other two. */
  tRRD_L: time().exactOptional(),
  tFAW: time(),
  tCCD: time(),
  tCCD_L: time().exactOptional(),
  tWTR: time(),
  tWTR_L: time().exactOptional(),
  tWR: time(),
  tRTP: time(),
  tRTRS: time(),
  tRFC: time(),
  tREFI: time(Math.floor),
})

type TimingName = Exclude<keyof z.infer<typeof timing>, `${string}_L`>

/** Currents of one device in mA, by the names of data sheets; IDD5 is that of a burst of refreshes. */
const supply = z.strictObject({
  volts: cited(z.number().positive()),
  IDD0: milliamperes(),
  IDD2N: milliamperes(),
  IDD3N: milliamperes(),
  IDD4R: milliamperes(),
  IDD4W: milliamperes(),
  IDD5: milliamperes(),
})

export const memorySchema = z
  .strictObject({
    ...header,
    sources,
    /** Of the commands; data moves at twice this rate. */
    clock: cited(frequency()),
    /** Bytes of a request: a cache line. */
    line: size(),
    organization: z.strictObject({
      channels: size(64),
      ranks: size(16),
      bankGroups: size(16),
      banks: size(64),
      rows: size(2 ** 24),
      columns: size(),
      width: size(1024),
      devices: cited(count(1)),
      burstLength: size(64),
    }),
    /** Fields of a line's address, the most significant first. */
    mapping: z.array(z.enum(fields)),
    timing,
    supplies: z.array(supply).min(1),
    controller: z.strictObject({
      readQueue: cited(count(1)),
      writeQueue: cited(count(1)),
      bankQueue: cited(count(1)),
      idleWrites: cited(count()),
      rowHitLimit: cited(count(1)),
      latency: time(),
    }),
  })
  .superRefine(checkSources)
  .superRefine(checkOrganization)
  .transform((file) => {
    const cycles = ({ value }: { readonly value: (clockHz: number) => number }) => value(file.clock.value)
    const named = Object.fromEntries(Object.entries(file.timing).map(([name, entry]) => [name, cycles(entry)]))
    const { tRRD, tCCD, tWTR, ...others } = named as Record<TimingName, number>
    return {
      name: file.name,
      title: file.title ?? '',
      clockHz: file.clock.value,
      line: file.line.value,
      organization: values(file.organization),
      mapping: file.mapping,
      timing: { tRRD, tRRD_L: tRRD, tCCD, tCCD_L: tCCD, tWTR, tWTR_L: tWTR, ...others },
      supplies: file.supplies.map(values),
      controller: { ...values(file.controller), latency: cycles(file.controller.latency) },
    }
  })

/** A memory as src/mem/dram takes it. */
export type MemoryConfig = Readonly<z.infer<typeof memorySchema>>

/** A memory by the name of a shipped one or the path of a YAML file; `set` as `path=value` each. */
export const loadMemory = (reference: string, set: readonly string[] = []): MemoryConfig =>
  loadConfig('memories', reference, memorySchema, { set })

type Values<T> = { [K in keyof T]: T[K] extends { readonly value: infer V } ? V : never }

function values<T extends Readonly<Record<string, { readonly value: unknown }>>>(cites: T): Values<T> {
  return Object.fromEntries(Object.entries(cites).map(([name, { value }]) => [name, value])) as Values<T>
}

interface Shape {
  readonly line: { readonly value: number }
  readonly organization: Readonly<Record<string, { readonly value: number }>>
  readonly mapping: readonly string[]
}

const mostLines = 2 ** 31

function checkOrganization({ line, organization, mapping }: Shape, context: z.RefinementCtx) {
  const refuse = (message: string, ...path: readonly string[]): void => {
    context.addIssue({ code: 'custom', message, path: [...path] })
  }
  if (mapping.length !== fields.length || new Set(mapping).size !== fields.length)
    refuse(`expected each of ${fields.join(', ')} once`, 'mapping')
  const { width, burstLength, columns, channels, ranks, bankGroups, banks, rows } = values(organization) as Record<
    string,
    number
  >
  const burst = (width! * burstLength!) / 8
  if (line.value < burst || line.value > (columns! * width!) / 8)
    refuse(`expected at least a burst (${burst} bytes) and at most a row (${(columns! * width!) / 8})`, 'line')
  const lines = (channels! * ranks! * bankGroups! * banks! * rows! * columns! * width!) / 8 / line.value
  if (lines > mostLines) refuse(`expected at most ${mostLines} lines in all, got ${lines}`, 'organization')
}
