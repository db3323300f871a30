// An experiment: one network and its images, on one machine, in several variants that
// differ in the passes applied and, where they say so, in the machine.

import { stringify } from 'yaml'
import { z } from 'zod'
import { InputError } from '../work/input-error.ts'
import { count } from '../work/quantity.ts'
import { type Choices, choose } from './choice.ts'
import {
  assignAt,
  entryPath,
  findConfig,
  header,
  inlineWritten,
  isPath,
  type LoadOptions,
  loadWritten,
  pathFrom,
} from './load.ts'
import {
  assign,
  deepFreeze,
  entryAt,
  errorIn,
  isList,
  isMapping,
  type Mapping,
  parseWritten,
  placeAt,
  textOf,
  type Written,
} from './written.ts'

export interface Machine {
  readonly name: string
  readonly title?: string
  readonly kind: string
  /** What the kind's schema makes of the machine's other entries. */
  readonly spec: unknown
}

export interface Pass {
  readonly name: string
  readonly options: unknown
}

export interface Variant {
  readonly name: string
  readonly passes: readonly Pass[]
  readonly machine: Machine
  /** Name of a shipped energy table, or the absolute path of one. */
  readonly energy: string
}

export interface Images {
  /** Absolute path of an image file; without one, pictures are drawn. */
  readonly file?: string
  /** First image used. */
  readonly from: number
  /** Images to run. */
  readonly count: number
}

export interface Experiment {
  readonly name: string
  readonly title?: string
  /** What to try next; printed after a text report. */
  readonly hint?: string
  /** Name of a built-in network, or the absolute path of a network file. */
  readonly network: string
  /** Absolute path of a model file. */
  readonly weights?: string
  readonly seed: number
  /** What seeded 3x3 kernels are drawn from. */
  readonly sequences?: { readonly histogram?: string; readonly entropy?: number }
  readonly images: Images
  /** In the order written; one is named `baseline` and has no passes. */
  readonly variants: readonly Variant[]
  /** The whole experiment as plain values, inheritance and flags resolved, quantities as written. */
  readonly resolved: Readonly<Record<string, unknown>>
}

/** What experiments ask a kind of machine. */
export type MachineChoices = Readonly<Record<string, { readonly schema: z.ZodType; energyTable?(spec: never): string }>>

export interface ResolveOptions extends LoadOptions {
  /** Schema of each machine kind; entries `name`, `title` and `kind` are taken out before it sees a machine. */
  readonly machineSchemas: MachineChoices
  /** Schema of each pass's options, `name` taken out; without it, names and options pass unchecked. */
  readonly passSchemas?: Choices
}

const images = z.strictObject({
  file: z.string().exactOptional(),
  from: count().default(0),
  count: count(1),
})

/** What seeded 3x3 kernels are drawn from: by default what three trained networks have. */
const sequences = z.strictObject({
  histogram: z.string().exactOptional(),
  /** Bits a kernel, of 9, that the histogram is sharpened to. */
  entropy: z.number().exactOptional(),
})

/** One pass of a variant: its name, or a mapping of name and options. */
export const passEntry = z.union([z.string(), z.looseObject({ name: z.string() })])

const variant = z.strictObject({
  name: z.string().min(1),
  passes: z.array(passEntry),
  set: z.record(z.string(), z.unknown()).exactOptional(),
})

const variants = z
  .array(variant)
  .refine(
    (list) => list.some(({ name, passes }) => name === 'baseline' && passes.length === 0),
    "expected a variant named 'baseline' with no passes",
  )
  .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, 'expected a different name for each')

/** The name or path of a machine, or a mapping, which may extend one. */
export const machineEntry = z.union([z.string(), z.looseObject({ kind: z.string() })])

/** What an experiment file may say, before machine and passes are checked by their own schemas. */
export const experimentSchema = z.strictObject({
  ...header,
  hint: z.string().exactOptional(),
  network: z.string(),
  weights: z.string().exactOptional(),
  seed: count().default(1),
  sequences: sequences.exactOptional(),
  images,
  machine: machineEntry,
  /** Where the machine names no table of its own, it must be here. */
  energy: z.string().exactOptional(),
  variants: variants.default([{ name: 'baseline', passes: [] }]),
})

/** An experiment by the name of a shipped one or the path of a YAML file, checked through and deeply frozen. */
export const resolveExperiment = (reference: string, options: ResolveOptions): Experiment =>
  experimentOf(experimentTree(reference, options), options)

/**
 * What an experiment's file, or its plain value, says, inheritance and flags resolved and nothing checked yet. A
 * plain value extends no file.
 */
export const experimentTree = (source: string | object, options: LoadOptions = {}): Mapping =>
  typeof source === 'string' ? loadWritten('experiments', source, options) : inlineWritten(source, 'experiment')

/** The experiment that `written` says, checked through and deeply frozen. */
export function experimentOf(written: Mapping, options: ResolveOptions): Experiment {
  const tree = withAbsolutePaths(written)
  const { machine, energy, variants: list, ...common } = parseWritten(experimentSchema, tree)
  const experiment = deepFreeze({
    ...common,
    variants: list.map(({ name }, index) => resolveVariant(tree, name, index, options)),
    resolved: { ...common, machine, ...(energy === undefined ? {} : { energy }), variants: list },
  })
  trees.set(experiment, tree)
  return experiment
}

/** What was written for each experiment that was resolved. */
const trees = new WeakMap<Experiment, Mapping>()

/**
 * What `body` gives. An InputError from it is thrown again with the file and line, or flag, where its key was
 * written for the variant named; where its key is no entry of the experiment, with those of `entry`.
 */
export function located<T>(experiment: Experiment, variant: string | undefined, entry: string, body: () => T): T {
  try {
    return body()
  } catch (error) {
    const whole = trees.get(experiment)
    if (whole === undefined || !(error instanceof InputError)) throw error
    const index = experiment.variants.findIndex(({ name }) => name === variant)
    throw placed(
      error,
      index < 0 ? whole : variantTree(whole, index),
      entry,
      index < 0 ? '' : variantLabel(experiment, index),
    )
  }
}

/** Told only where there are several variants to tell apart. */
const variantLabel = ({ variants: list }: Experiment, index: number): string =>
  list.length > 1 ? `variant ${list[index]!.name}: ` : ''

function placed(error: InputError, tree: Written, entry: string, label: string): InputError {
  const { file, key = '' } = error.place
  const problem = error.message.slice(new InputError('', error.place).message.length).replace(/^: /, '')
  const own = Object.hasOwn(experimentSchema.shape, entryPath(key)[0]!) && (file === undefined || key === entry)
  const path = entryPath(own ? key : entry).map((part) => (/^\d+$/.test(part) ? Number(part) : part))
  const message = own ? new InputError(problem, { ...error.place, key: '' }).message : error.message
  const place = placeAt(tree, path)
  return errorIn(place, /^(--set )?variants[.[]/.test(place.key) ? message : label + message)
}

/** Text of a file that resolves to the same experiment, wherever it lies. */
export const resolvedYaml = (experiment: Experiment): string =>
  stringify(experiment.resolved, { aliasDuplicateObjects: false, lineWidth: 0 })

function resolveVariant(whole: Mapping, name: string, index: number, options: ResolveOptions): Variant {
  const tree = variantTree(whole, index)
  const machine = readMachine(entryAt(tree, ['machine']), tree, options.machineSchemas)
  const { energyTable } = options.machineSchemas[machine.kind]!
  const written = entryAt(tree, ['energy'])
  const energy = written === undefined ? energyTable?.(machine.spec as never) : textOf(written)
  if (energy === undefined) {
    const missing = written === undefined ? 'missing; ' : ''
    throw errorIn(placeAt(tree, ['energy']), `${missing}expected the name or path of an energy table`)
  }
  findConfig('energy', energy, placeAt(tree, ['energy']))
  const passes = entryAt(whole, ['variants', index, 'passes'])
  return {
    name,
    passes: isList(passes) ? passes.items.map((one) => readPass(one, options)) : [],
    machine,
    energy,
  }
}

/** The experiment with the changes that a variant sets. */
function variantTree(whole: Mapping, index: number): Written {
  const changes = entryAt(whole, ['variants', index, 'set'])
  let tree: Written = whole
  if (!isMapping(changes)) return tree
  for (const [path, child] of changes.entries) {
    if (!/^(machine$|machine[.[]|energy$)/.test(path)) {
      throw errorIn(child.place, 'a variant sets machine, an entry below it such as machine.clock, or energy')
    }
    tree = assignAt(tree, path, child)
  }
  return tree
}

function readMachine(node: Written | undefined, tree: Written, schemas: MachineChoices): Machine {
  if (!isMapping(node)) throw errorIn(placeAt(tree, ['machine']), 'expected a name or a mapping')
  const { choice: kind, value: spec } = choose(schemas, node, 'kind', ['name', 'title'])
  const title = textOf(node.entries.get('title'))
  return { name: textOf(node.entries.get('name')) ?? kind, ...(title === undefined ? {} : { title }), kind, spec }
}

function readPass(node: Written, { passSchemas }: ResolveOptions): Pass {
  if (passSchemas !== undefined && Object.keys(passSchemas).length === 0)
    throw errorIn(node.place, 'this version has no passes')
  const given = isMapping(node) ? node : { place: node.place, entries: new Map([['name', node]]) }
  const { choice, value } = choose(passSchemas, given, 'name', [])
  return { name: choice, options: value }
}

/** Paths as seen from the file that holds them, made absolute so that the resolved experiment can lie anywhere. */
export function withAbsolutePaths(tree: Mapping): Mapping {
  const list = tree.entries.get('variants')
  const variantEnergies = isList(list) ? list.items.map((_, index) => ['variants', `${index}`, 'set', 'energy']) : []
  return [['weights'], ['images', 'file'], ['network'], ['energy'], ...variantEnergies].reduce(
    (whole: Mapping, path) => {
      const node = entryAt(whole, path)
      const text = textOf(node)
      if (node === undefined || text === undefined || !namesFile(path, text)) return whole
      return assign(whole, path, { place: node.place, value: pathFrom(node.place, text) }) as Mapping
    },
    tree,
  )
}

/** Whether `text`, what the entry at `path` says, is the path of a file. */
export function namesFile(path: readonly string[], text: string): boolean {
  const key = path.join('.')
  if (key === 'weights' || key === 'images.file') return true
  return (
    /(^|\.)(network|energy|machine|device|core|memory|extends)$/.test(key) && (isPath(text) || text.endsWith('.json'))
  )
}
