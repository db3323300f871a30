// What a failed schema says to the person who wrote the file: one entry, what
// was expected there, and the nearest known name.

import type { z } from 'zod'
import { didYouMean } from './input-error.ts'

export interface Complaint {
  readonly path: readonly PropertyKey[]
  readonly problem: string
}

type Issue = z.core.$ZodIssue
type Schema = z.core.$ZodType

/** Of `issues` (relative to `value`), the one that helps most: a misspelt key explains the missing one beside it. */
export function complaint(schema: Schema, issues: readonly Issue[], value: unknown): Complaint {
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]
  if (issue === undefined) return { path: [], problem: 'not as expected' }
  const found = valueAt(value, issue.path)
  switch (issue.code) {
    case 'unrecognized_keys': {
      const key = issue.keys[0] ?? ''
      return { path: [...issue.path, key], problem: unknownKey(key, knownKeys(schema, issue.path, value)) }
    }
    case 'invalid_union':
      return unionComplaint(schema, issue, value)
    case 'invalid_key':
      return { path: issue.path, problem: `key not allowed: ${issue.issues[0]?.message ?? issue.message}` }
    case 'invalid_type':
      return { path: issue.path, problem: ownMessage(issue) ?? expectation(noun(issue.expected), found) }
    case 'invalid_value':
      return { path: issue.path, problem: ownMessage(issue) ?? choice(issue.values, found) }
    default:
      return {
        path: issue.path,
        problem: `${ownMessage(issue) ?? bound(issue)}${found === undefined ? '' : `, got ${describe(found)}`}`,
      }
  }
}

/** A schema author's own message; zod's defaults all start in one of these ways. */
const ownMessage = (issue: Issue) => (/^(Invalid|Too small:|Too big:)/.test(issue.message) ? undefined : issue.message)

/** What was expected of a number, a text or a list that is of the right type. */
function bound(issue: Issue): string {
  if (issue.code === 'not_multiple_of') return `expected a multiple of ${issue.divisor}`
  if (issue.code === 'invalid_format') return `expected a string that matches ${issue.pattern ?? issue.format}`
  if (issue.code !== 'too_small' && issue.code !== 'too_big') return 'not as expected'
  const [limit, including, excluding] =
    issue.code === 'too_small'
      ? [Number(issue.minimum), 'at least', 'more than']
      : [Number(issue.maximum), 'at most', 'less than']
  const amount = `${issue.inclusive === false ? excluding : including} ${limit.toLocaleString('en')}`
  if (issue.origin === 'string') return `expected a string of ${amount} character${limit === 1 ? '' : 's'}`
  if (issue.origin === 'array') return `expected a list of ${amount} item${limit === 1 ? '' : 's'}`
  return `expected ${noun(issue.origin)} of ${amount}`
}

const expectation = (expected: string, found: unknown) =>
  found === undefined ? `missing; expected ${expected}` : `expected ${expected}, got ${describe(found)}`

function choice(values: readonly unknown[], found: unknown): string {
  const names = values.map(String)
  const expected = names.length === 1 ? `${names[0]}` : `one of ${names.join(', ')}`
  return expectation(expected, found) + (typeof found === 'string' ? didYouMean(found, names) : '')
}

function unknownKey(key: string, known: readonly string[]): string {
  const nearest = didYouMean(key, known)
  if (nearest !== '') return `unknown key '${key}'${nearest}`
  return `unknown key '${key}'; expected ${known.length === 0 ? 'no keys here' : `one of ${known.join(', ')}`}`
}

function unionComplaint(schema: Schema, issue: z.core.$ZodIssueInvalidUnion, value: unknown): Complaint {
  const found = valueAt(value, issue.path)
  if (issue.errors.length === 0) {
    return { path: issue.path, problem: choice('options' in issue ? (issue.options ?? []) : [], found) }
  }
  const atRoot = (one: Issue) => one.path.length === 0 && (one.code === 'invalid_type' || one.code === 'invalid_value')
  const closest = issue.errors.filter((branch) => !branch.some(atRoot)).sort((a, b) => distance(a) - distance(b))[0]
  if (closest === undefined) {
    const shapes = schemasAt(schema, issue.path, value)
      .flatMap((one) => alternatives(one, undefined))
      .map(shapeOf)
      .filter((shape) => shape !== undefined)
    const wanted = issue.errors.flatMap((branch) => branch.filter(atRoot).flatMap((one) => namesOf(one, shapes)))
    return { path: issue.path, problem: expectation(anyOf.format(new Set(wanted)), found) }
  }
  const inner = schemasAt(schema, issue.path, value)[0] ?? schema
  const { path, problem } = complaint(inner, closest, found)
  return { path: [...issue.path, ...path], problem }
}

/** How far a branch of a union is from fitting: a wrong literal means that another branch was meant. */
const distance = (issues: readonly Issue[]) =>
  issues.reduce((sum, issue) => sum + (issue.code === 'invalid_value' && issue.path.length === 1 ? 100 : 1), 0)

const anyOf = new Intl.ListFormat('en', { type: 'disjunction' })

type Shape = Readonly<Record<string, Schema>>

/** What one branch of a union takes: its literals, or its kind of value; a single small mapping is spelt out. */
function namesOf(issue: Issue, shapes: readonly Shape[]): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String)
  if (issue.code !== 'invalid_type') return ['a value']
  const keys = shapes.length === 1 ? Object.entries(shapes[0]!) : []
  if (issue.expected !== 'object' || keys.length === 0 || keys.length > 2) return [noun(issue.expected)]
  return [`a mapping such as { ${keys.map(([key, member]) => `${key}: ${placeholder(member)}`).join(', ')} }`]
}

function placeholder(schema: Schema): string {
  const type = alternatives(schema, undefined)[0]?._zod.def.type
  return type === 'number' ? 'N' : type === 'string' ? 'TEXT' : 'VALUE'
}

const nouns: Readonly<Record<string, string>> = {
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  tuple: 'a list',
  string: 'a string',
  number: 'a number',
  int: 'an integer',
  boolean: 'true or false',
  null: 'null',
}

const noun = (expected: string) => nouns[expected] ?? expected

function describe(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'a mapping'
  const text =
    typeof value === 'string' ? JSON.stringify(value) : typeof value === 'number' ? numberText(value) : String(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/** A number as YAML writes it. */
export const numberText = (value: number): string =>
  Number.isNaN(value) ? '.nan' : Number.isFinite(value) ? String(value) : value > 0 ? '.inf' : '-.inf'

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value
  for (const part of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined
    at = (at as Readonly<Record<PropertyKey, unknown>>)[part]
  }
  return at
}

/** Keys that the mapping at `path` may have. */
function knownKeys(schema: Schema, path: readonly PropertyKey[], value: unknown): string[] {
  const objects = schemasAt(schema, path, value).flatMap((one) => alternatives(one, valueAt(value, path)))
  return [...new Set(objects.flatMap((one) => Object.keys(shapeOf(one) ?? {})))]
}

/** Schemas that apply to the entry at `path`; several where a union leaves it open. */
function schemasAt(schema: Schema, path: readonly PropertyKey[], value: unknown): Schema[] {
  let at = [schema]
  let here = value
  for (const part of path) {
    at = at.flatMap((one) => alternatives(one, here)).flatMap((one) => inside(one, part))
    here = valueAt(here, [part])
  }
  return at
}

/** Unwraps optional, default, lazy, piped and united schemas down to those that hold keys or items. */
function alternatives(schema: Schema, value: unknown): Schema[] {
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
    case 'catch':
    case 'nonoptional':
      return alternatives(def.innerType, value)
    case 'lazy':
      return alternatives(def.getter(), value)
    case 'pipe':
      return [...alternatives(def.in, value), ...alternatives(def.out, value)]
    case 'intersection':
      return [...alternatives(def.left, value), ...alternatives(def.right, value)]
    case 'union': {
      const options = def.options.flatMap((option) => alternatives(option, value))
      const fitting = options.filter((option) => literalsFit(option, value))
      return fitting.length > 0 ? fitting : options
    }
    default:
      return [schema]
  }
}

function inside(schema: Schema, part: PropertyKey): Schema[] {
  const { def } = (schema as z.core.$ZodTypes)._zod
  const child =
    def.type === 'object'
      ? def.shape[String(part)]
      : def.type === 'array'
        ? def.element
        : def.type === 'record'
          ? def.valueType
          : def.type === 'tuple'
            ? (def.items[Number(part)] ?? def.rest)
            : undefined
  return child === undefined || child === null ? [] : [child]
}

const shapeOf = (schema: Schema) => {
  const { def } = (schema as z.core.$ZodTypes)._zod
  return def.type === 'object' ? def.shape : undefined
}

function literalsFit(schema: Schema, value: unknown): boolean {
  return Object.entries(shapeOf(schema) ?? {}).every(([key, member]) => {
    const { def } = (member as z.core.$ZodTypes)._zod
    return def.type !== 'literal' || def.values.includes(valueAt(value, [key]) as z.core.util.Literal)
  })
}
