// What a file of claims may say: a paper, what is run and counted for it, and its claims.

import { z } from 'zod'
import { header } from '../config/load.ts'
import { bases } from '../report/reproduction-document.ts'
import { expressionShape } from './expression.ts'

/** By path in an experiment, or by option of a quantity. Of files, `weights`, `images.file` and `images`, paths below the folder of data. */
const settings = z.record(z.string(), z.unknown())

const experiment = z.strictObject({
  experiment: z.string(),
  settings: settings.default({}),
  /** Set as well where the files that it names are there. */
  withData: settings.default({}),
  /** What a variant takes, about: those that take longest start first. */
  seconds: z.number().min(0).default(1),
})

/** The other entries are options of the quantity. */
const quantity = z.looseObject({ quantity: z.string(), withData: settings.default({}) })

const basis = z.enum(bases)

const claim = z.strictObject({
  /** Names the claim's figure: short, unique in its file. */
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words with hyphens between'),
  claim: z.string().min(1),
  unit: z.string(),
  published: z.strictObject({
    value: z.number(),
    /** Page, table, figure or abstract. */
    source: z.string().min(1),
  }),
  /** What the figure is where there is no effect: the difference is of what is above it. */
  neutral: z.number().default(0),
  /** What agreement can show; `why` says more. */
  basis,
  /** In its place where all that ours is computed from has its data. */
  withData: z.strictObject({ basis }).exactOptional(),
  ours: z.strictObject(expressionShape),
  /** What the figure of the claim shows beside the published value. */
  bars: z.array(z.strictObject({ label: z.string().min(1), ...expressionShape })).default([]),
  why: z.string().min(1),
})

const claims = z
  .array(claim)
  .min(1)
  .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, 'expected a different id for each')

export const paperSchema = z.strictObject({
  ...header,
  citation: z.string().min(1),
  /** Folder of reference data, as seen from this file, that is taken where it is there and no other is named. */
  data: z.string().exactOptional(),
  experiments: z.record(z.string(), experiment).default({}),
  quantities: z.record(z.string(), quantity).default({}),
  claims,
})

export type WrittenPaper = z.output<typeof paperSchema>
