// YAML and JSON text as a value that remembers its lines, and schemas whose
// complaints become InputErrors naming file, line and key.

import { isAlias, isMap, isScalar, isSeq, LineCounter, type ParsedNode, parseDocument, visit } from 'yaml'
import type { z } from 'zod'
import { InputError } from './input-error.ts'
import { complaint } from './schema-complaint.ts'

export type Path = readonly PropertyKey[]

export interface Document {
  readonly file: string
  /** Plain objects, lists, strings, numbers, booleans and nulls; null for an empty text. */
  readonly value: unknown
  /** Line (from 1) of the entry at `path`, or of the nearest enclosing entry that exists. */
  locate(path: Path): number
}

/** Faults that the yaml package explains to programmers. */
const faults: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'expected one document',
  RESOURCE_EXHAUSTION: 'nested too deeply',
}

/** What may have been meant. */
const hintFor = (message: string): string =>
  message.includes('flow map items') ? '; inside { } a key with brackets needs quotes' : ''

/** Mappings and lists inside each other; the stack of what walks them has room for many more. */
const deepest = 100

/**
 * The yaml package recurses into each level, and the engine ends the process when it has to compile a regular
 * expression with its stack almost used up. So texts that could nest by the thousand are refused unread: these many
 * brackets open at once, indented so far, or so many list items begun on a line.
 */
const suspicious = 500
const indented = new RegExp(`^[ \\t]{${suspicious}}`, 'm')
const items = new RegExp(`(?:[-?:][ \\t]+){${suspicious}}`)

function mayNestTooDeeply(text: string): boolean {
  let open = 0
  for (const [bracket] of text.matchAll(/[[{\]}]/g)) {
    open = Math.max(0, open + (bracket === '[' || bracket === '{' ? 1 : -1))
    if (open > suspicious) return true
  }
  return indented.test(text) || items.test(text)
}

/** Longest text accepted, in UTF-16 units; the largest file that the project reads this way is far below. */
const longest = 4 << 20

/**
 * Reads one YAML 1.2 or JSON document. Syntax errors, duplicate keys, unknown tags, several documents
 * in one text and aliases that do not resolve throw InputError.
 */
export function readDocument(text: string, file: string): Document {
  if (text.length > longest)
    throw new InputError(`expected at most ${longest} characters, got ${text.length}`, { file })
  if (mayNestTooDeeply(text)) throw new InputError('nested too deeply', { file })
  const lines = new LineCounter()
  const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line)
  const tree = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, stringKeys: true })
  const fault = tree.errors[0] ?? tree.warnings[0]
  if (fault !== undefined)
    throw new InputError(faults[fault.code] ?? `${fault.message}${hintFor(fault.message)}`, {
      file,
      line: lineAt(fault.pos[0]),
    })
  refuseDepth(tree.contents, (offset) => {
    throw new InputError('nested too deeply', { file, line: lineAt(offset) })
  })
  refuseDuplicates(tree.contents, (key, offset, first) => {
    const problem = `duplicate key, first given on line ${lineAt(first)}`
    throw new InputError(problem, { file, line: lineAt(offset), key })
  })
  return {
    file,
    value: plainValue(() => tree.toJS() as unknown, file),
    locate: (path) => lineAt(offsetOf(tree.contents, path)),
  }
}

/** The document's value as `schema` gives it. Throws InputError `file:line: key: expected ...` for the first mismatch. */
export function parseWith<T>(schema: z.ZodType<T>, document: Document): T {
  const result = schema.safeParse(document.value)
  if (result.success) return result.data
  const { path, problem } = complaint(schema, result.error.issues, document.value)
  throw errorAt(document, path, problem)
}

/** For checks that a schema cannot make: an error at the entry `path` of the document. */
export function errorAt(document: Document, path: Path, problem: string): InputError {
  return new InputError(problem, { file: document.file, line: document.locate(path), key: keyOf(path) })
}

/** `layers[2].weights.offset` */
export function keyOf(path: Path): string {
  let key = ''
  for (const part of path) key += typeof part === 'number' ? `[${part}]` : `${key === '' ? '' : '.'}${String(part)}`
  return key
}

function plainValue(convert: () => unknown, file: string): unknown {
  try {
    return convert()
  } catch (error) {
    // The yaml package refuses unresolved and exploding aliases here, with a ReferenceError.
    throw new InputError(error instanceof Error ? error.message : String(error), { file })
  }
}

function refuseDepth(root: ParsedNode | null, refuse: (offset: number) => void): void {
  if (root === null) return
  visit(root, {
    Collection(_, node, ancestors) {
      // A pair stands between a mapping and each of its entries.
      if (ancestors.filter((each) => isMap(each) || isSeq(each)).length >= deepest) refuse(node.range?.[0] ?? 0)
    },
  })
}

type Refuse = (key: string, offset: number, first: number) => void

function refuseDuplicates(root: ParsedNode | null, refuse: Refuse): void {
  if (root === null) return
  visit(root, {
    Map(_, map) {
      const seen = new Map<string, number>()
      for (const { key } of map.items) {
        if (!isScalar(key)) continue
        const name = String(key.value)
        const offset = key.range?.[0] ?? 0
        const first = seen.get(name)
        if (first !== undefined) refuse(name, offset, first)
        seen.set(name, offset)
      }
    },
  })
}

/** Character offset of the key (in a mapping) or item (in a list) that `path` leads to, as deep as it exists. */
function offsetOf(root: ParsedNode | null, path: Path): number {
  let node: unknown = root
  let offset = root?.range[0] ?? 0
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part))
      if (pair === undefined || !isScalar(pair.key)) break
      offset = pair.key.range?.[0] ?? offset
      node = pair.value
    } else if (isSeq(node)) {
      const item = node.items[Number(part)]
      if (!isMap(item) && !isSeq(item) && !isScalar(item) && !isAlias(item)) break
      offset = item.range?.[0] ?? offset
      node = item
    } else break
  }
  return offset
}
