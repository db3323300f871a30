// A paper with its claims, read from a file under configs/reproduction and checked before anything runs.

import { choose } from '../config/choice.ts'
import { isPath, listConfigs, loadWritten, pathFrom } from '../config/load.ts'
import {
  entryAt,
  errorIn,
  isMapping,
  type Mapping,
  parseWritten,
  placeAt,
  without,
  written,
} from '../config/written.ts'
import type { Basis } from '../report/reproduction-document.ts'
import { Trees } from '../sweep/evaluate.ts'
import type { Setting } from '../sweep/request.ts'
import { didYouMean, InputError } from '../work/input-error.ts'
import { type DataFolder, dataFolder, settingsWith } from './data.ts'
import {
  type Expression,
  type Operand,
  readExpression,
  referencesOf,
  type WrittenExpression,
  type WrittenOperand,
} from './expression.ts'
import { figureNames, isFigure } from './figure-names.ts'
import { paperSchema, type WrittenPaper } from './paper-schema.ts'
import { quantities } from './quantities/index.ts'
import type { ExperimentSource, QuantitySource, Source, Sources } from './source.ts'

export interface PaperClaims {
  readonly id: string
  readonly citation: string
  /** By the names that the file gives them. */
  readonly sources: Sources
  readonly claims: readonly ClaimToCheck[]
}

export interface ClaimToCheck {
  readonly id: string
  readonly claim: string
  readonly unit: string
  readonly published: { readonly value: number; readonly source: string }
  readonly neutral: number
  readonly basis: Basis
  readonly ours: Expression
  readonly bars: readonly { readonly label: string; readonly value: Expression }[]
  readonly why: string
}

const folder = 'reproduction'

/** Every paper that ships, by id. */
export const paperIds = (): readonly string[] => listConfigs(folder).map(({ name }) => name)

/**
 * The paper of a shipped id or a YAML file. `data` is a folder of reference data, or `none`; without it, the one that the file
 * names. Throws InputError, with file and line, for experiments, variants, quantities and figures that there are not.
 */
export function loadPaper(reference: string, data?: string): PaperClaims {
  const tree = loadWritten(folder, reference, { expand: false })
  const paper = parseWritten(paperSchema, tree)
  const found = dataFolder(data, paper.data, placeAt(tree, ['data']))
  const sources = sourcesOf(paper, tree, found)
  const claims = paper.claims.map((claim, index) => claimToCheck(claim, index, sources, tree))
  return { id: paper.name, citation: paper.citation, sources, claims }
}

function claimToCheck(
  claim: WrittenPaper['claims'][number],
  index: number,
  sources: Sources,
  tree: Mapping,
): ClaimToCheck {
  const { ours, bars, basis, withData, ...rest } = claim
  const read = (written: WrittenExpression, path: readonly (string | number)[]) =>
    readExpression(written, (operand, inner) =>
      checkedOperand(operand, sources, tree, ['claims', index, ...path, ...inner]),
    )
  if (claim.published.value === claim.neutral)
    throw errorIn(
      placeAt(tree, ['claims', index, 'published', 'value']),
      `expected another number than ${claim.neutral}, which is no effect`,
    )
  const expression = read(ours, ['ours'])
  return {
    ...rest,
    basis: withData !== undefined && hasData(expression, sources) ? withData.basis : basis,
    ours: expression,
    bars: bars.map(({ label, ...value }, i) => ({ label, value: read(value, ['bars', i]) })),
  }
}

const hasData = (expression: Expression, sources: Sources): boolean =>
  referencesOf(expression).every(({ of }) => sources.get(of)!.withData)

function sourcesOf(paper: WrittenPaper, tree: Mapping, data: DataFolder | undefined): Sources {
  const experiments = Object.entries(paper.experiments).map(([name, written]): [string, Source] => [
    name,
    experimentSource(written, tree, name, data),
  ])
  const counted = Object.entries(paper.quantities).map(([name, { withData }]): [string, Source] => {
    if (Object.hasOwn(paper.experiments, name))
      throw errorIn(placeAt(tree, ['quantities', name]), 'an experiment has this name')
    return [name, quantitySource(withData, tree, name, data)]
  })
  return new Map([...experiments, ...counted])
}

function experimentSource(
  { experiment, settings, withData, seconds }: WrittenPaper['experiments'][string],
  tree: Mapping,
  name: string,
  data: DataFolder | undefined,
): ExperimentSource {
  const own = settingsWith(settings, withData, data)
  const list = Object.entries(own.settings).map(([path, value]): Setting => {
    const entry = value === settings[path] ? 'settings' : 'withData'
    return { path, value, place: placeAt(tree, ['experiments', name, entry, path]) }
  })
  const place = placeAt(tree, ['experiments', name, 'experiment'])
  const found = isPath(experiment) ? pathFrom(place, experiment) : experiment
  try {
    const resolved = new Trees().experiment({ experiment: found, settings: list })
    const variants = resolved.variants.map((variant) => variant.name)
    const about = { name: resolved.name, experiment: found, settings: list, variants, seconds }
    return { kind: 'experiment', ...about, withData: own.withData }
  } catch (error) {
    if (!(error instanceof InputError) || error.place.line !== undefined) throw error
    throw errorIn(place, error.message)
  }
}

/** Options are checked by the quantity that is chosen. */
function quantitySource(
  withData: Readonly<Record<string, unknown>>,
  tree: Mapping,
  name: string,
  data: DataFolder | undefined,
): QuantitySource {
  const node = entryAt(tree, ['quantities', name])
  if (!isMapping(node)) throw new Error(`quantity ${name} is no mapping`)
  const { choice, value } = choose(quantities, without(node, 'withData'), 'quantity', [])
  const quantity = quantities[choice]!
  const own = settingsWith(value as Readonly<Record<string, unknown>>, withData, data)
  const placed = written(own.settings, ([key, ...inner]) => {
    const entry = key === undefined ? [] : Object.hasOwn(withData, key) ? ['withData', key] : [key]
    return placeAt(tree, ['quantities', name, ...entry, ...inner])
  })
  return { kind: 'quantity', quantity, options: parseWritten(quantity.schema, placed), withData: own.withData }
}

/** A number, or a figure that there is. */
function checkedOperand(
  { value, of, variant, figure }: WrittenOperand,
  sources: Sources,
  tree: Mapping,
  path: readonly (string | number)[],
): Operand {
  const wrong = (entry: string, problem: string) =>
    errorIn(placeAt(tree, entry === '' ? path : [...path, entry]), problem)
  const expected = "expected a value, or 'of' and 'figure'"
  if (value !== undefined) {
    if (of !== undefined || figure !== undefined || variant !== undefined) throw wrong('value', `${expected}, not both`)
    return value
  }
  if (of === undefined || figure === undefined) throw wrong('', expected)
  const source = sources.get(of)
  const nearest = (name: string, known: readonly string[]) =>
    didYouMean(name, known) || `; expected one of ${known.join(', ')}`
  if (source === undefined)
    throw wrong('of', `no experiment or quantity named '${of}'${nearest(of, [...sources.keys()])}`)
  if (source.kind === 'quantity') {
    if (variant !== undefined) throw wrong('variant', `'${of}' is a quantity, which has no variants`)
    const { figures } = source.quantity
    if (!figures.includes(figure)) throw wrong('figure', `no figure '${figure}'${nearest(figure, figures)}`)
    return { of, figure }
  }
  if (variant === undefined) throw wrong('variant', `expected one of ${source.variants.join('; ')}`)
  if (!source.variants.includes(variant))
    throw wrong('variant', `no variant '${variant}' in ${source.name}${nearest(variant, source.variants)}`)
  if (!isFigure(figure)) throw wrong('figure', `no figure '${figure}' of a variant${didYouMean(figure, figureNames)}`)
  return { of, variant, figure }
}
