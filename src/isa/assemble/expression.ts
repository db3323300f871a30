// Constant expressions over numbers, symbols and `.`, with the precedence of GNU as: * / % << >> bind tighter than
// | & ^, which bind tighter than + and -.

import type { Cursor } from './cursor.ts'

/** What an address is relative to until sections are laid out. */
export interface Base {
  readonly name: string
  readonly address: number
}

export type Expression =
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'symbol'; readonly name: string; readonly column: number }
  | { readonly kind: 'place'; readonly base: Base; readonly offset: number }
  | { readonly kind: 'unary'; readonly operator: string; readonly of: Expression }
  | {
      readonly kind: 'binary'
      readonly operator: string
      readonly left: Expression
      readonly right: Expression
      readonly column: number
    }

/** A number, or an address in a section. */
export interface Value {
  readonly base: Base | null
  readonly value: bigint
}

/** What names mean where an expression stands. */
export interface Scope {
  /** The current location. */
  here(): Expression
  /** Name of the local label `1b` or `1f`. */
  local(label: string, forward: boolean): string
  /** What a symbol is already known to equal; null: to be looked up at the end. */
  constant(name: string): Expression | null
  /** What stands for a name that is the current file's own. */
  scoped(name: string): string
}

export const number = (value: bigint): Expression => ({ kind: 'number', value })

const levels: readonly RegExp[] = [/[+-]/y, /\||&(?!&)|\^/y, /<<|>>|[*/%]/y]
const numeral = /\d\w*/y
const localLabel = /(\d+)([bf])(?![\w.$])/y
const character = /'(\\.|[^\\])'?/y
export const symbolName = /[A-Za-z_.$][\w.$]*/y
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', 0: '\0' }

/** The character that `\x` stands for. */
export const unescaped = (escaped: string): string => escapes[escaped] ?? escaped

export function parseExpression(cursor: Cursor, scope: Scope, level = 0): Expression {
  const operators = levels[level]
  if (operators === undefined) return parseUnary(cursor, scope)
  let left = parseExpression(cursor, scope, level + 1)
  for (;;) {
    const operator = cursor.match(operators)
    if (operator === null) return left
    const column = cursor.column(cursor.at - operator[0].length)
    const right = parseExpression(cursor, scope, level + 1)
    left = fold({ kind: 'binary', operator: operator[0], left, right, column }, cursor)
  }
}

/** Numbers are computed at once, which keeps what the assembler carries along small. */
function fold(expression: Expression & { kind: 'binary' }, cursor: Cursor): Expression {
  const { left, right, operator } = expression
  if (left.kind !== 'number' || right.kind !== 'number') return expression
  return number(compute(operator, left.value, right.value, (problem) => cursor.fail(problem)))
}

function parseUnary(cursor: Cursor, scope: Scope): Expression {
  const operator = cursor.match(/[-+~]/y)?.[0]
  if (operator !== undefined) {
    const of = parseUnary(cursor, scope)
    if (operator === '+') return of
    return of.kind === 'number' ? number(operator === '-' ? -of.value : ~of.value) : { kind: 'unary', operator, of }
  }
  if (cursor.take('(')) {
    const inner = parseExpression(cursor, scope)
    cursor.expect(')')
    return inner
  }
  return parseAtom(cursor, scope)
}

function parseAtom(cursor: Cursor, scope: Scope): Expression {
  const label = cursor.match(localLabel)
  if (label !== null) {
    const column = cursor.column(cursor.at - label[0].length)
    return { kind: 'symbol', name: scope.local(label[1]!, label[2] === 'f'), column }
  }
  const digits = cursor.match(numeral)
  if (digits !== null) return number(readNumber(digits[0], cursor))
  const quoted = cursor.match(character)
  if (quoted !== null) {
    const text = quoted[1]!
    return number(BigInt((text.startsWith('\\') ? unescaped(text[1]!) : text).codePointAt(0)!))
  }
  const name = cursor.match(symbolName)?.[0]
  if (name === undefined) cursor.fail(`expected a number, a symbol or '(' ${cursor.found()}`)
  if (name === '.') return scope.here()
  return (
    scope.constant(name) ?? { kind: 'symbol', name: scope.scoped(name), column: cursor.column(cursor.at - name.length) }
  )
}

function readNumber(digits: string, cursor: Cursor): bigint {
  const octal = /^0[0-9]/.test(digits)
  try {
    return BigInt(octal ? `0o${digits.slice(1)}` : digits.toLowerCase())
  } catch {
    cursor.fail(`'${digits}' is not a number`, cursor.at - digits.length)
  }
}

function compute(operator: string, a: bigint, b: bigint, fail: (problem: string) => never): bigint {
  if ((operator === '/' || operator === '%') && b === 0n) fail('division by zero')
  if ((operator === '<<' || operator === '>>') && (b < 0n || b > 63n)) fail(`shift by ${b}, expected 0 to 63`)
  if (operator === '+') return a + b
  if (operator === '-') return a - b
  if (operator === '*') return a * b
  if (operator === '/') return a / b
  if (operator === '%') return a % b
  if (operator === '<<') return BigInt.asUintN(64, a << b)
  if (operator === '>>') return BigInt.asUintN(64, a) >> b
  if (operator === '&') return a & b
  if (operator === '|') return a | b
  return a ^ b
}

/**
 * Value of `expression`; null where `lookup` does not know a symbol.
 * @param fail is called with what cannot be computed, such as the product of two addresses, and its column
 */
export function evaluate(
  expression: Expression,
  lookup: (name: string, column: number) => Value | null,
  fail: (problem: string, column: number) => never,
): Value | null {
  if (expression.kind === 'number') return { base: null, value: expression.value }
  if (expression.kind === 'place') return { base: expression.base, value: BigInt(expression.offset) }
  if (expression.kind === 'symbol') return lookup(expression.name, expression.column)
  if (expression.kind === 'unary') {
    const of = evaluate(expression.of, lookup, fail)
    if (of === null) return null
    if (of.base !== null) fail(`${expression.operator} of an address`, 1)
    return { base: null, value: expression.operator === '-' ? -of.value : ~of.value }
  }
  const { operator, column } = expression
  const left = evaluate(expression.left, lookup, fail)
  const right = evaluate(expression.right, lookup, fail)
  if (left === null || right === null) return null
  const value = compute(operator, left.value, right.value, (problem) => fail(problem, column))
  if (right.base === null && (left.base === null || operator === '+' || operator === '-')) {
    return { base: left.base, value }
  }
  if (operator === '+' && left.base === null) return { base: right.base, value }
  if (operator === '-' && left.base === right.base) return { base: null, value }
  fail(
    `'${operator}' of addresses in ${left.base?.name ?? 'no section'} and ${right.base?.name ?? 'no section'}`,
    column,
  )
}
