// Reads the document of a results folder, and refuses what is none before anything is made of it.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { keyOf } from '../../work/document.ts'
import { InputError } from '../../work/input-error.ts'
import { complaint } from '../../work/schema-complaint.ts'
import { bases, type ReproductionDocument } from '../reproduction-document.ts'
import type { ResultDocument } from '../result.ts'
import type { SweepDocument } from '../sweep-document.ts'

const figure = z.number()
const figures = z.record(z.string(), figure)
const texts = z.record(z.string(), z.string())
const traffic = z.looseObject({ reads: figure, writes: figure, bytesRead: figure, bytesWritten: figure })
const memory = z.record(z.string(), traffic)
const rates = { perCycle: figures.exactOptional(), ofPeak: figures.exactOptional() }
const spread = z.looseObject({ deviation: figure, least: figure, most: figure })
const resource = z.looseObject({ used: figure, available: figure })

const layer = z.looseObject({
  name: z.string(),
  cycles: figure,
  busy: figure,
  stalls: figures,
  energyPerImageJoules: figure,
  energy: figures,
  operations: figures,
  memory,
  ...rates,
})

const pointResult = z.looseObject({
  name: z.string(),
  passes: z.string(),
  lossy: z.boolean(),
  machine: z.string(),
  design: texts,
  energyTable: z.string(),
  clockHz: figure,
  images: figure,
  cyclesPerImage: figure,
  intervalCycles: figure.nullable(),
  outside: z.looseObject({ layers: figure, steps: figure, macs: figure }).exactOptional(),
  spread: z.looseObject({ cycles: spread, neededMacs: spread }).exactOptional(),
  latencySeconds: figure,
  imagesPerSecond: figure,
  speedup: figure,
  energyPerImageJoules: figure,
  energy: figures,
  staticEnergy: figures,
  accuracy: z.looseObject({ images: figure, pictures: figure, correct: figure.nullable() }),
  checked: z.looseObject({ tensors: figure, values: figure, mismatches: figure, deviation: figure }),
  operations: figures,
  memory,
  ...rates,
  peak: figures.exactOptional(),
  resources: z
    .looseObject({
      device: z.string(),
      lut: resource,
      lutram: resource,
      ff: resource,
      bram36: resource,
      dsp: resource,
    })
    .exactOptional(),
})

const result = z.looseObject({
  format: z.literal('bnnsim-result/1'),
  experiment: z.string(),
  title: z.string().exactOptional(),
  network: z.string(),
  weights: z.string(),
  pictures: z.string(),
  machine: z.string(),
  energyTable: z.string(),
  seed: figure,
  version: z.string(),
  variants: z.array(pointResult.extend({ layers: z.array(layer) })).min(1),
})

const settings = z.record(z.string(), z.unknown())
const pointVariant = { point: figure, variant: z.string() }

const sweep = z.looseObject({
  format: z.literal('bnnsim-sweep/1'),
  sweep: z.string(),
  title: z.string().exactOptional(),
  version: z.string(),
  settings: z.array(z.string()),
  objectives: z.array(z.looseObject({ figure: z.string(), goal: z.enum(['min', 'max']) })),
  search: z
    .looseObject({
      seed: figure,
      space: figure,
      rungs: z.array(z.looseObject({ settings, points: figure, kept: figure })),
      grid: z.looseObject({ points: figure, front: figure, found: figure }).exactOptional(),
    })
    .exactOptional(),
  points: z.array(
    z.looseObject({
      point: figure,
      settings,
      error: z.string().exactOptional(),
      failures: z.array(z.looseObject({ variant: z.string(), error: z.string() })).exactOptional(),
      variants: z.array(pointResult),
    }),
  ),
  front: z.array(z.looseObject(pointVariant)),
  best: z.array(z.looseObject({ ...pointVariant, figure: z.string(), value: figure })),
})

const reproduction = z.looseObject({
  format: z.literal('bnnsim-reproduction/1'),
  version: z.string(),
  papers: z.array(z.looseObject({ id: z.string(), citation: z.string() })),
  claims: z.array(
    z.looseObject({
      id: z.string(),
      paper: z.string(),
      claim: z.string(),
      unit: z.string(),
      published: figure,
      ours: figure,
      neutral: figure.default(0),
      difference: figure,
      basis: z.enum(bases).default('independent'),
      why: z.string(),
      source: z.string(),
      network: z.string(),
      weights: z.string(),
      pictures: z.string(),
      experiments: z.array(z.string()),
      bars: z.array(z.looseObject({ label: z.string(), value: figure })),
    }),
  ),
  failures: z.array(z.looseObject({ claim: z.string(), paper: z.string(), error: z.string() })),
})

const schemas = { result, sweep, reproduction }

/** The document of a folder, by its kind. */
export type Reportable =
  | { readonly kind: 'result'; readonly document: ResultDocument }
  | { readonly kind: 'sweep'; readonly document: SweepDocument }
  | { readonly kind: 'reproduction'; readonly document: ReproductionDocument }

const kinds = ['result', 'sweep', 'reproduction'] as const

/**
 * Folders with a document: `folder`, or those in it where it has none, as runs of several experiments leave them.
 * Throws InputError where there is none.
 */
export function reportFolders(folder: string): string[] {
  if (!existsSync(folder)) throw new InputError('no such folder', { file: folder })
  if (!statSync(folder).isDirectory())
    throw new InputError('expected a folder that --out made, got a file', { file: folder })
  if (fileIn(folder) !== undefined) return [folder]
  const inside = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && fileIn(join(folder, entry.name)) !== undefined)
    .map(({ name }) => join(folder, name))
    .sort()
  if (inside.length > 0) return inside
  const files = kinds.map((kind) => `${kind}.json`).join(', ')
  throw new InputError(`expected one of ${files} in it: a folder that --out made`, { file: folder })
}

const fileIn = (folder: string) => kinds.find((kind) => existsSync(join(folder, `${kind}.json`)))

/** The document of `folder`. Throws InputError naming file and entry where it is not as bnnsim writes it. */
export function readReportable(folder: string): Reportable {
  const kind = fileIn(folder) ?? 'result'
  const file = join(folder, `${kind}.json`)
  const value = jsonIn(file)
  const read = schemas[kind].safeParse(value)
  if (read.success) return { kind, document: read.data } as unknown as Reportable
  const { path, problem } = complaint(schemas[kind], read.error.issues, value)
  throw new InputError(problem, { file, key: keyOf(path) })
}

/** A file beside the document, undefined where there is none. */
export function fileBeside(folder: string, name: 'config.yaml' | 'experiment.yaml'): string | undefined {
  const file = join(folder, name)
  return existsSync(file) ? textIn(file) : undefined
}

function jsonIn(file: string): unknown {
  const text = textIn(file)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new InputError(`expected JSON as bnnsim writes it: ${(error as Error).message}`, { file })
  }
}

function textIn(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new InputError(`cannot be read (${(error as NodeJS.ErrnoException).code})`, { file })
  }
}
