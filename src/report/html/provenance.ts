// Where the numbers of a page come from: what each constant of the hardware cites, and what each price cites.

import type { EnergyTable } from '../../energy/table.ts'
import { readDocument } from '../../work/document.ts'
import { html, type Markup } from './markup.ts'
import type { Section } from './page.ts'
import { plainTable, sortable } from './sortable.ts'

/** A number of a configuration that says where it comes from. */
export interface Constant {
  /** Dotted path in the configuration. */
  readonly path: string
  readonly value: string
  readonly kind: string
  readonly source: string
}

type Entries = Readonly<Record<string, unknown>>

/** What holds for all that lies inside an entry. */
interface Scope {
  /** Citations by short name. */
  readonly sources: Entries
  /** Of rows that cite nothing themselves: how a table of a core was measured. */
  readonly measured: { readonly kind: string; readonly source: string } | undefined
}

const kinds = ['measured', 'published', 'derived', 'assumed']

/** The constants of a configuration, in its order. `file` names it in errors. */
export const constantsOf = (config: string, file = 'config.yaml'): Constant[] => [
  ...constantsIn(readDocument(config, file).value, [], { sources: {}, measured: undefined }),
]

function* constantsIn(node: unknown, path: readonly string[], outside: Scope): Generator<Constant> {
  if (Array.isArray(node)) {
    for (const [i, item] of node.entries()) yield* constantsIn(item, [...path, String(i)], outside)
    return
  }
  if (!isEntries(node)) return
  const scope: Scope = {
    sources: isEntries(node.sources) ? node.sources : outside.sources,
    measured: isCitation(node.measurements) ? node.measurements : outside.measured,
  }
  const citation = isCitation(node) ? node : isEntries(node) && 'rows' in node ? scope.measured : undefined
  if (citation !== undefined && path.at(-1) !== 'measurements') {
    const source = scope.sources[citation.source]
    yield {
      path: path.join('.'),
      value: valueText(node),
      kind: citation.kind,
      source: typeof source === 'string' ? source : citation.source,
    }
    return
  }
  for (const [key, child] of Object.entries(node))
    if (key !== 'sources') yield* constantsIn(child, [...path, key], scope)
}

const isEntries = (value: unknown): value is Entries =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isCitation = (value: unknown): value is { readonly kind: string; readonly source: string } =>
  isEntries(value) && kinds.includes(String(value.kind)) && typeof value.source === 'string'

function valueText(node: Entries): string {
  if ('value' in node) return plainText(node.value)
  const { kind: _, source: __, ...rest } = node
  return plainText(rest)
}

const plainText = (value: unknown): string =>
  Array.isArray(value)
    ? value.map(plainText).join(', ')
    : isEntries(value)
      ? Object.entries(value)
          .map(([key, inner]) => `${key} ${plainText(inner)}`)
          .join('; ')
      : String(value)

/** A file beside the document. */
export interface ConfigFile {
  readonly name: string
  /** Undefined where the folder does not have it. */
  readonly text: string | undefined
  /** What it holds, in a sentence. */
  readonly about: string
  /** Whether the hardware's constants are read from it. */
  readonly constants?: boolean
}

/** What the machine is made of, what energy costs, and the configuration. */
export function sourceSections(files: readonly ConfigFile[], tables: readonly EnergyTable[]): Section[] {
  const constants = files.flatMap(({ name, text, constants: has }) =>
    has === true && text !== undefined ? constantsOf(text, name) : [],
  )
  return [
    {
      id: 'sources',
      heading: 'Where the numbers come from',
      body: html`<p>A number is <em>measured</em> by this project, <em>published</em> by others, <em>derived</em> from such numbers, or <em>assumed</em>.</p>
${constants.length === 0 ? html`<p>${constantsMissing(files)}</p>` : constantTable(constants)}
${tables.length === 0 ? html`<p>No energy table was found: see its name in the summary.</p>` : tables.map(priceTable)}`,
    },
    { id: 'configuration', heading: 'Configuration', body: html`${files.map(fileBody)}` },
  ]
}

function constantsMissing(files: readonly ConfigFile[]): string {
  const { name, text } = files.find(({ constants }) => constants === true)!
  return text === undefined
    ? `The constants of the hardware are not known here: the folder holds no ${name}.`
    : `The file ${name} cites no constants of hardware.`
}

const fileBody = ({ name, text, about }: ConfigFile): Markup =>
  text === undefined
    ? html`<p>The folder holds no <code>${name}</code>.</p>\n`
    : html`<p>${about}</p>
<details><summary>${name}, ${text.trimEnd().split('\n').length} lines</summary><pre tabindex="0">${text}</pre></details>\n`

const constantTable = (constants: readonly Constant[]): Markup =>
  html`<details><summary>${constants.length} constants of the hardware (${kindCounts(constants)})</summary>
${sortable('constants', 'Constants of the hardware', 'constants', [
  { label: 'constant', cells: constants.map(({ path }) => path) },
  { label: 'value', cells: constants.map(({ value }) => value) },
  { label: 'kind', cells: constants.map(({ kind }) => kind) },
  { label: 'source', cells: constants.map(({ source }) => source) },
])}</details>`

const kindCounts = (entries: readonly { readonly kind: string }[]): string =>
  kinds
    .map((kind) => [kind, entries.filter((entry) => entry.kind === kind).length] as const)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ')

function priceTable({ name, title, actions, static: still, sources }: EnergyTable): Markup {
  const cite = (source: string): string => sources[source] ?? source
  const prices = Object.entries(actions).flatMap(([component, entries]) =>
    Object.entries(entries).map(([action, { energy, per, kind, source }]) => ({
      what: `${component} ${action}`,
      price: energy === 0 ? 'free' : `${Number((energy * 1e12).toPrecision(6))} pJ`,
      per: per ?? 'count',
      kind,
      source: cite(source),
    })),
  )
  const powers = Object.entries(still).map(([component, { power, kind, source }]) => ({
    what: `${component} all the time`,
    price: `${Number((power * 1e3).toPrecision(6))} mW`,
    per: '',
    kind,
    source: cite(source),
  }))
  const all = [...prices, ...powers]
  return html`<details><summary>${all.length} prices of energy table ${name}${title === undefined ? '' : `: ${title}`} (${kindCounts(all)})</summary>
${plainTable(
  `Energy table ${name}`,
  ['What', 'Price', 'Per', 'Kind', 'Source'],
  all.map(({ what, price, per, kind, source }) => [what, price, per, kind, source]),
)}</details>`
}
