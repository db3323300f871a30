// What configuration files say, part by part with the place where it was written,
// so that after inheritance and flags an error still names the line to edit.

import { relative } from 'node:path'
import type { z } from 'zod'
import { keyOf, type Path, readDocument } from '../work/document.ts'
import { InputError } from '../work/input-error.ts'
import { complaint } from '../work/schema-complaint.ts'

export interface Place {
  /** Absolute path; absent for a flag. */
  readonly file?: string
  readonly line?: number
  /** Key within that file, or the flag; '' for a whole file. */
  readonly key: string
}

export interface Mapping {
  readonly place: Place
  readonly entries: ReadonlyMap<string, Written>
  /** Named what it extends, so it replaces an inherited mapping instead of changing it. */
  readonly whole?: boolean
}

export interface List {
  readonly place: Place
  readonly items: readonly Written[]
}

export interface Scalar {
  readonly place: Place
  readonly value: unknown
}

export type Written = Mapping | List | Scalar

export const isMapping = (node: Written | undefined): node is Mapping => node !== undefined && 'entries' in node
export const isList = (node: Written | undefined): node is List => node !== undefined && 'items' in node

/** The string that `node` is, if it is one. */
export const textOf = (node: Written | undefined): string | undefined =>
  node !== undefined && 'value' in node && typeof node.value === 'string' ? node.value : undefined

/** Reads YAML text of the absolute path `file`. */
export function readWritten(text: string, file: string): Written {
  const document = readDocument(text, shownPath(file))
  return written(document.value, (path) => ({
    file,
    // Found only when an error asks: finding all would take quadratic time.
    get line() {
      return document.locate(path)
    },
    key: keyOf(path),
  }))
}

/** `value`, each part with the place that `placeOf` gives for its path. */
export function written(value: unknown, placeOf: (path: Path) => Place): Written {
  const enclosing = new Set<unknown>()
  const walk = (part: unknown, path: Path): Written => {
    const place = placeOf(path)
    if (typeof part !== 'object' || part === null) return { place, value: part }
    if (enclosing.has(part)) throw errorIn(place, 'an alias contains itself')
    enclosing.add(part)
    const node: Written = Array.isArray(part)
      ? { place, items: part.map((item, index) => walk(item, [...path, index])) }
      : { place, entries: new Map(Object.entries(part).map(([key, child]) => [key, walk(child, [...path, key])])) }
    enclosing.delete(part)
    return node
  }
  return walk(value, [])
}

/** The plain value, without places. */
export function plain(node: Written): unknown {
  if (isMapping(node)) return Object.fromEntries([...node.entries].map(([key, child]) => [key, plain(child)]))
  return isList(node) ? node.items.map(plain) : node.value
}

/** `over` on top of `base`: mappings entry by entry, anything else replaced. */
export function merge(base: Written, over: Written): Written {
  if (!isMapping(base) || !isMapping(over) || over.whole === true) return over
  const entries = new Map(base.entries)
  for (const [key, child] of over.entries) {
    const inherited = entries.get(key)
    entries.set(key, inherited === undefined ? child : merge(inherited, child))
  }
  return { ...over, entries, ...(base.whole === true ? { whole: true } : {}) }
}

const withEntry = (node: Mapping, key: string, child: Written): Mapping => ({
  ...node,
  entries: new Map(node.entries).set(key, child),
})

export const without = (node: Mapping, ...keys: readonly string[]): Mapping => ({
  ...node,
  entries: new Map([...node.entries].filter(([key]) => !keys.includes(key))),
})

/** `tree` with `child` at `path`; mappings that are missing on the way are made. List indices must exist. */
export function assign(tree: Written, path: readonly string[], child: Written): Written {
  const [part, ...rest] = path
  if (part === undefined) return child
  if (isMapping(tree)) {
    const inner: Written = tree.entries.get(part) ?? { place: child.place, entries: new Map() }
    return withEntry(tree, part, assign(inner, rest, child))
  }
  if (!isList(tree)) throw errorIn(child.place, `no entry '${part}' inside a plain value`)
  const index = /^\d+$/.test(part) ? Number(part) : tree.items.length
  const item = tree.items[index]
  if (item === undefined) {
    throw errorIn(child.place, `no item '${part}'; the list has ${tree.items.length}`)
  }
  return { ...tree, items: tree.items.with(index, assign(item, rest, child)) }
}

/** The entry at `path`, or undefined. */
export function entryAt(tree: Written, path: Path): Written | undefined {
  let node: Written | undefined = tree
  for (const part of path) {
    if (isMapping(node)) node = node.entries.get(String(part))
    else node = isList(node) ? node.items[Number(part)] : undefined
  }
  return node
}

/** Where `path` was written; for an absent entry, where it belongs. */
export function placeAt(tree: Written, path: Path): Place {
  for (let depth = path.length; ; depth--) {
    const node = entryAt(tree, path.slice(0, depth))
    if (node !== undefined) return { ...node.place, key: keyOf([node.place.key, ...path.slice(depth)]) }
  }
}

/** The value that `schema` makes of `tree`, deeply frozen. Throws InputError with file, line and key. */
export function parseWritten<T>(schema: z.ZodType<T>, tree: Written): T {
  const value = plain(tree)
  const result = schema.safeParse(value)
  if (result.success) return deepFreeze(result.data)
  const { path, problem } = complaint(schema, result.error.issues, value)
  throw errorIn(placeAt(tree, path), problem)
}

export const errorIn = ({ file, line, key }: Place, problem: string): InputError =>
  new InputError(problem, {
    ...(file === undefined ? {} : { file: shownPath(file) }),
    ...(line === undefined ? {} : { line }),
    key,
  })

/** A path as messages show it: relative where it lies below the working directory. */
export function shownPath(file: string): string {
  const below = relative(process.cwd(), file)
  return below === '' || below.startsWith('..') ? file : below
}

export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) deepFreeze(part)
  }
  return value
}
