// Finds configuration files, follows `extends:` and applies `--set`.
//
// A file may extend another (`extends: NAME` of the same folder, or a path); maps merge, all else is
// replaced. Entries called `machine`, `device`, `core` and `memory` stand for files too: `machine: {extends: NAME,
// clock: 100 MHz}`, or the name or path alone. Every file has a `name`: its own, else that of the file.

import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, extname, resolve } from 'node:path'
import { z } from 'zod'
import { keyOf, type Path, readDocument } from '../work/document.ts'
import { didYouMean, InputError } from '../work/input-error.ts'
import { shippedConfigs } from './shipped.ts'
import {
  assign,
  entryAt,
  errorIn,
  isList,
  isMapping,
  type Mapping,
  merge,
  type Place,
  parseWritten,
  plain,
  readWritten,
  shownPath,
  textOf,
  type Written,
  without,
  written,
} from './written.ts'

/** What every configuration file has beside its own keys. */
export const header = { name: z.string(), title: z.string().exactOptional() }

export interface LoadOptions {
  /** `path=value` each, applied in order over what the files say. */
  readonly set?: readonly string[]
  /** False leaves entries that stand for files, or extend one, as they are written. */
  readonly expand?: boolean
}

/**
 * Reads a configuration, by the name of one that ships in `folder` or by the path of a YAML file, and gives it
 * as `schema` does, deeply frozen. Throws InputError naming the place where the offending value was written.
 */
export function loadConfig<T>(folder: string, reference: string, schema: z.ZodType<T>, options: LoadOptions = {}): T {
  return parseWritten(schema, loadWritten(folder, reference, options))
}

/** As loadConfig, before any schema. */
export function loadWritten(folder: string, reference: string, options: LoadOptions = {}): Mapping {
  const { expand: deep = true } = options
  let tree: Written = readFile(findConfig(folder, reference, { key: '' }), folder, [], deep)
  for (const text of options.set ?? []) tree = setBy(text, tree)
  if (!isMapping(tree)) throw errorIn(tree.place, 'expected a mapping')
  return tree
}

/** As loadWritten, for a configuration given as a plain value, which errors call `name`. Paths in it are seen from the working directory. */
export function inlineWritten(value: object, name: string): Mapping {
  const tree = expand(written({ name, ...value }, placesIn(name)), undefined, [])
  if (!isMapping(tree)) throw errorIn(tree.place, 'expected a mapping')
  return tree
}

export const placesIn =
  (name: string) =>
  (path: Path): Place => ({ key: keyOf([name, ...path]) })

/** `tree` as a flag changes it. */
function setBy(text: string, tree: Written): Written {
  const [path, child] = readFlag(text)
  return setAt(tree, path, child, `--set ${path}.value=${plain(child)}`)
}

/**
 * As `assignAt`, for one entry that a user sets. A number with its source keeps the source: its value alone is set,
 * `instead` says how.
 */
export function setAt(tree: Written, path: string, child: Written, instead: string): Written {
  const inherited = entryAt(tree, entryPath(path))
  if ('value' in child && isMapping(inherited) && inherited.entries.has('value'))
    throw errorIn(child.place, `a value with its source: expected ${instead}`)
  return assignAt(tree, path, child)
}

/** `tree` with `child` at the dotted `path`, and what `child` extends resolved. */
export function assignAt(tree: Written, path: string, child: Written): Written {
  const parts = entryPath(path)
  if (parts.at(-1) === 'extends') {
    const whole = parts.slice(0, -1).join('.')
    if (whole === '') throw errorIn(child.place, 'nothing can be extended here')
    throw errorIn(
      child.place,
      `expected the whole entry, as ${whole}={extends: NAME}: what it was made of is replaced then`,
    )
  }
  return assign(tree, parts, expandEntry(parts.at(-1)!, child, []))
}

/** Parts of a dotted path; list positions as `[3]` or `.3`. */
export const entryPath = (path: string): string[] => path.replaceAll(/\[(\d+)\]/g, '.$1').split('.')

/** Names and titles of the configurations that ship in `folder`, by name. */
export function listConfigs(folder: string): readonly ConfigEntry[] {
  return [...shippedConfigs(folder).keys()].map((name) => {
    const { entries } = loadWritten(folder, name)
    return { name, title: textOf(entries.get('title')) ?? '', kind: textOf(entries.get('kind')) }
  })
}

interface ConfigEntry {
  readonly name: string
  readonly title: string
  readonly kind: string | undefined
}

/** Whether a reference is the path of a file rather than the name of a shipped configuration. */
export const isPath = (reference: string): boolean => /[\\/]|\.ya?ml$/.test(reference)

/** Path `reference` as seen from the file it was written in, or from the working directory. */
export const pathFrom = (place: Place, reference: string): string =>
  resolve(place.file === undefined ? '.' : dirname(place.file), reference)

/** Absolute path of the configuration that `reference`, written at `place`, names; InputError if there is none. */
export function findConfig(folder: string, reference: string, place: Place): string {
  if (isPath(reference)) {
    const path = pathFrom(place, reference)
    if (existsSync(path)) return path
    throw errorIn(place, `no such file: ${shownPath(path)}`)
  }
  const files = shippedConfigs(folder)
  const names = [...files.keys()]
  const file = files.get(reference)
  if (file !== undefined) return file
  const nearest = didYouMean(reference, names)
  const hint = nearest === '' ? `; expected one of ${[...names, 'a path to a YAML file'].join(', ')}` : nearest
  throw errorIn(place, `no '${reference}' in configs/${folder}${hint}`)
}

/** Entries that stand for a configuration of another folder. */
const references = new Map([
  ['machine', 'machines'],
  ['device', 'devices'],
  ['core', 'cores'],
  ['memory', 'memories'],
])

/** The file with all that it extends, and, if `deep`, its entries too; `chain` holds the files that led here. */
function readFile(file: string, folder: string, chain: readonly string[], deep = true): Written {
  const tree = readWritten(textIn(file), file)
  if (!isMapping(tree)) throw errorIn(tree.place, 'expected a mapping')
  const name: Written = { place: { file, line: 1, key: 'name' }, value: basename(file, extname(file)) }
  const named = { ...tree, entries: new Map([['name', name], ...tree.entries]) }
  return deep ? expand(named, folder, [...chain, file]) : extend(named, folder, [...chain, file], false)
}

function textIn(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new InputError(`cannot be read (${code})`, { file: shownPath(file) })
  }
}

/** `node` with what it and its entries extend; `folder` is where a name that it extends is looked up. */
function expand(node: Written, folder: string | undefined, chain: readonly string[]): Written {
  if (isList(node)) return { ...node, items: node.items.map((item) => expand(item, undefined, chain)) }
  if (!isMapping(node)) return node
  const entries = new Map([...node.entries].map(([key, child]) => [key, expandEntry(key, child, chain)]))
  return extend({ ...node, entries }, folder, chain)
}

/** `own` on top of what its `extends` names. */
function extend(own: Mapping, folder: string | undefined, chain: readonly string[], deep = true): Written {
  const parent = own.entries.get('extends')
  if (parent === undefined) return own
  if (folder === undefined) throw errorIn(parent.place, 'nothing can be extended here')
  return { ...merge(extended(parent, folder, chain, deep), without(own, 'extends')), whole: true }
}

/** The last part of a dotted key counts, as in a variant's `set: {machine.device: xc7z045}`. */
function expandEntry(key: string, child: Written, chain: readonly string[]): Written {
  const folder = references.get(key.slice(key.lastIndexOf('.') + 1))
  if (folder === undefined || textOf(child) === undefined) return expand(child, folder, chain)
  const named = extended(child, folder, chain)
  return isMapping(named) ? { ...named, whole: true } : named
}

function extended(parent: Written, folder: string, chain: readonly string[], deep = true): Written {
  const reference = textOf(parent)
  if (reference === undefined) throw errorIn(parent.place, 'expected a name or a path')
  const file = findConfig(folder, reference, parent.place)
  if (!chain.includes(file)) return readFile(file, folder, chain, deep)
  const cycle = [...chain.slice(chain.indexOf(file)), file].map(shownPath)
  throw errorIn(parent.place, `a file cannot extend itself: ${cycle.join(' -> ')}`)
}

function readFlag(text: string): readonly [path: string, value: Written] {
  const [, path, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (path === undefined || value === undefined) {
    throw new InputError('expected PATH=VALUE', { key: `--set ${text}` })
  }
  const flag = `--set ${path}`
  return [path, written(readDocument(value, flag).value, (inner) => ({ key: keyOf([flag, ...inner]) }))]
}
