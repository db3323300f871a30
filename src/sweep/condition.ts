// Conditions on points: expressions over entries of the experiment, such as `machine.rows * machine.columns <= 1024`.

import jsep from 'jsep'
import { entryAt, errorIn, isMapping, type Mapping, type Place, plain } from '../config/written.ts'
import { readQuantity } from '../work/quantity.ts'

/** Whether a point's experiment fulfils it. Throws InputError where the condition names an entry that there is not. */
export type Condition = (experiment: Mapping) => boolean

type Value = number | string | boolean
type Node = jsep.CoreExpression

const arithmetic: Readonly<Record<string, (a: number, b: number) => Value>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}

/**
 * Reads a condition written at `place`: numbers, 'texts', entries by their paths, + - * / %, comparisons, && || !.
 * Quantities count in base units: `machine.l2.bytes.value >= '256 KiB'`.
 */
export function conditionOf(text: string, place: Place): Condition {
  const refuse = (problem: string) => errorIn(place, problem)
  const tree = parsed(text, refuse)
  checkShape(tree, refuse)
  return (experiment) => {
    const value = valueIn(tree, experiment, refuse)
    if (typeof value !== 'boolean') throw refuse(`expected a comparison, got ${value}`)
    return value
  }
}

type Refuse = (problem: string) => Error

function parsed(text: string, refuse: Refuse): Node {
  try {
    return jsep(text) as Node
  } catch (error) {
    throw refuse(`expected a condition such as machine.rows <= 16: ${(error as Error).message}`)
  }
}

/** Refuses what has no meaning here, before any point is looked at. */
function checkShape(node: Node, refuse: Refuse): void {
  switch (node.type) {
    case 'Literal':
    case 'Identifier':
      return
    case 'MemberExpression':
      pathOf(node, refuse)
      return
    case 'UnaryExpression':
      if (!['-', '!'].includes(node.operator)) throw refuse(`no operator ${node.operator} in conditions`)
      checkShape(node.argument as Node, refuse)
      return
    case 'BinaryExpression':
      if (!(node.operator in arithmetic) && !['==', '!=', '===', '!==', '&&', '||'].includes(node.operator))
        throw refuse(`no operator ${node.operator} in conditions`)
      checkShape(node.left as Node, refuse)
      checkShape(node.right as Node, refuse)
      return
    case 'Compound':
      throw refuse("expected one condition, with quantities in quotes: machine.clock >= '150 MHz'")
    default:
      throw refuse('expected numbers, texts, entries of the experiment, + - * / %, comparisons, && || and !')
  }
}

function valueIn(node: Node, experiment: Mapping, refuse: Refuse): Value {
  const of = (part: unknown) => valueIn(part as Node, experiment, refuse)
  const truth = (part: unknown): boolean => {
    const value = of(part)
    if (typeof value !== 'boolean') throw refuse(`expected a comparison, got ${value}`)
    return value
  }
  const number = (part: unknown): number => {
    const value = of(part)
    if (typeof value !== 'number') throw refuse(`expected a number, got ${JSON.stringify(value)}`)
    return value
  }
  switch (node.type) {
    case 'Literal':
      return inBaseUnits(node.value as Value)
    case 'UnaryExpression':
      return node.operator === '!' ? !truth(node.argument) : -number(node.argument)
    case 'BinaryExpression': {
      const { operator, left, right } = node
      if (operator === '&&') return truth(left) && truth(right)
      if (operator === '||') return truth(left) || truth(right)
      if (operator.startsWith('==')) return of(left) === of(right)
      if (operator.startsWith('!=')) return of(left) !== of(right)
      return arithmetic[operator]!(number(left), number(right))
    }
    default:
      return entryOf(pathOf(node, refuse), experiment, refuse)
  }
}

/** A number with its source stands for its value. */
function entryOf(path: readonly string[], experiment: Mapping, refuse: Refuse): Value {
  const found = entryAt(experiment, path)
  const node = isMapping(found) ? (found.entries.get('value') ?? found) : found
  if (node === undefined) throw refuse(`the experiment has no entry ${path.join('.')}`)
  const value = plain(node)
  if (typeof value === 'object') throw refuse(`${path.join('.')} is no number, text or truth value`)
  return inBaseUnits(value as Value)
}

const inBaseUnits = (value: Value): Value => (typeof value === 'string' ? (readQuantity(value)?.base ?? value) : value)

/** `a.b[0]` and `a['b']` as parts. */
function pathOf(node: Node, refuse: Refuse): string[] {
  if (node.type === 'Identifier') return [node.name]
  if (node.type !== 'MemberExpression') throw refuse('expected the path of an entry, such as machine.clock')
  const { object, property, computed } = node
  const part = property as Node
  const key =
    part.type === 'Identifier' && !computed ? part.name : part.type === 'Literal' ? String(part.value) : undefined
  if (key === undefined) throw refuse('expected the path of an entry, such as machine.clock')
  return [...pathOf(object as Node, refuse), key]
}
