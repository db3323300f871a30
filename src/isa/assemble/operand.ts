// Reads the operands of an instruction as they are written.

import type { Cursor } from './cursor.ts'
import { type Expression, number, parseExpression, type Scope, symbolName } from './expression.ts'
import {
  type Modifier,
  type NamedRegister,
  registerNamed,
  type Written,
  type WrittenExpression,
  type WrittenRegister,
} from './written.ts'

/** What operands are read with: `alias` knows names given with `.req`. */
export interface OperandScope extends Scope {
  alias(name: string): string | null
}

const modifierName = /(?:lsl|lsr|asr|ror|msl|[su]xt[bhwx])(?![\w.$])/iy
const float = /[-+]?(?:\d+\.\d*|\.\d+|\d+(?=e[-+]?\d))(?:e[-+]?\d+)?(?![\w.$])/iy
const relocation = /:(\w+):/y

/** All operands of a statement, which the cursor stands in front of. */
export function parseOperands(cursor: Cursor, scope: OperandScope): Written[] {
  const operands: Written[] = []
  if (cursor.done) return operands
  do {
    const last = operands.at(-1)
    const modifier = last === undefined ? null : parseModifier(cursor, scope)
    if (modifier !== null) operands[operands.length - 1] = modified(last!, modifier, cursor)
    else if (last?.kind === 'memory')
      operands[operands.length - 1] = postIndexed(last, parseOperand(cursor, scope), cursor)
    else operands.push(parseOperand(cursor, scope))
  } while (cursor.take(','))
  cursor.expectEnd()
  return operands
}

function modified(operand: Written, modifier: Modifier, cursor: Cursor): Written {
  if ((operand.kind !== 'register' && operand.kind !== 'expression') || operand.modifier !== null) {
    cursor.fail(`'${modifier.name}' has nothing to shift or extend`, modifier.column - cursor.place.column)
  }
  return { ...operand, modifier }
}

function postIndexed(memory: Written & { kind: 'memory' }, offset: Written, cursor: Cursor): Written {
  const at = offset.column - cursor.place.column
  if (memory.mode !== 'offset' || memory.offset !== null) cursor.fail('expected nothing behind the address', at)
  if (offset.kind !== 'register' && offset.kind !== 'expression')
    cursor.fail('expected an offset behind the address', at)
  return { ...memory, mode: 'post', offset }
}

function parseModifier(cursor: Cursor, scope: OperandScope): Modifier | null {
  const name = cursor.match(modifierName)?.[0]
  if (name === undefined) return null
  const column = cursor.column(cursor.at - name.length)
  const bare = cursor.done || cursor.peek(',') || cursor.peek(']')
  cursor.take('#')
  return { name: name.toLowerCase(), amount: bare ? null : parseExpression(cursor, scope), column }
}

function parseOperand(cursor: Cursor, scope: OperandScope): Written {
  cursor.skip()
  const column = cursor.column()
  if (cursor.take('{')) return parseList(cursor, scope, column)
  if (cursor.take('[')) return parseMemory(cursor, scope, column)
  if (cursor.take('=')) {
    return expression(parseExpression(cursor, scope), column, { literal: true })
  }
  const register = parseRegister(cursor, scope)
  if (register === null) return parseImmediate(cursor, scope)
  const { class: kind, index, general, arrangement } = register
  const text = cursor.text.slice(column - cursor.place.column, cursor.at)
  const at = parseIndex(cursor, scope)
  return { kind: 'register', class: kind, index, general, arrangement, at, modifier: null, text, column }
}

const expression = (
  value: Expression,
  column: number,
  prefix: { readonly literal?: true; readonly low12?: true } = {},
): WrittenExpression => ({ kind: 'expression', value, low12: false, literal: false, modifier: null, column, ...prefix })

function parseImmediate(cursor: Cursor, scope: OperandScope): Written {
  const column = cursor.column()
  cursor.take('#')
  const digits = cursor.match(float)?.[0]
  if (digits !== undefined) return { kind: 'float', value: Number(digits), column }
  const prefix = cursor.match(relocation)?.[1]
  if (prefix !== undefined && prefix.toLowerCase() !== 'lo12') {
    cursor.fail(`relocation ':${prefix}:' is not supported, only ':lo12:'`, column - cursor.place.column)
  }
  return expression(parseExpression(cursor, scope), column, prefix === undefined ? {} : { low12: true })
}

/** The register that comes next, if one does. */
function parseRegister(cursor: Cursor, scope: OperandScope): NamedRegister | null {
  const start = cursor.at
  const text = cursor.match(symbolName)?.[0]
  if (text === undefined) return null
  const register = registerNamed(scope.alias(text) ?? text) ?? arranged(text, scope)
  if (register === null) cursor.at = start
  return register
}

/** `acc.4s` where acc is a name for v0. */
function arranged(text: string, scope: OperandScope): NamedRegister | null {
  const dot = text.lastIndexOf('.')
  const alias = dot < 1 ? null : scope.alias(text.slice(0, dot))
  return alias === null ? null : registerNamed(alias.replace(/\..*/, '') + text.slice(dot))
}

function parseIndex(cursor: Cursor, scope: OperandScope): Expression | null {
  if (!cursor.take('[')) return null
  const index = parseExpression(cursor, scope)
  cursor.expect(']')
  return index
}

function expectRegister(cursor: Cursor, scope: OperandScope): NamedRegister {
  cursor.skip()
  return parseRegister(cursor, scope) ?? cursor.fail(`expected a register ${cursor.found()}`)
}

function parseList(cursor: Cursor, scope: OperandScope, column: number): Written {
  const first = expectRegister(cursor, scope)
  const indices = [first.index]
  const next = (): number => {
    const start = cursor.at
    const register = expectRegister(cursor, scope)
    if (register.class !== first.class || register.arrangement !== first.arrangement) {
      cursor.fail('expected registers of the same kind in a list', start)
    }
    return register.index
  }
  const wrong = (): never => cursor.fail('registers of a list follow one another', column - cursor.place.column)
  if (cursor.take('-')) {
    const count = ((next() - first.index + 32) % 32) + 1
    if (count > 4) wrong()
    for (let k = 1; k < count; k++) indices.push((first.index + k) % 32)
  } else {
    while (cursor.take(',')) {
      const index = next()
      if (index !== (indices.at(-1)! + 1) % 32) wrong()
      indices.push(index)
    }
  }
  cursor.expect('}')
  if (first.class !== 'v') cursor.fail('expected vector registers in a list', column - cursor.place.column)
  return { kind: 'list', indices, arrangement: first.arrangement, at: parseIndex(cursor, scope), column }
}

function parseMemory(cursor: Cursor, scope: OperandScope, column: number): Written {
  const base = expectRegister(cursor, scope)
  let offset: WrittenRegister | WrittenExpression | null = null
  if (cursor.take(',')) {
    cursor.skip()
    const at = cursor.at
    const operand = parseOperand(cursor, scope)
    if (operand.kind !== 'register' && operand.kind !== 'expression') cursor.fail('expected an offset', at)
    const modifier = cursor.take(',') ? parseModifier(cursor, scope) : null
    offset = modifier === null ? operand : { ...operand, modifier }
  }
  cursor.expect(']')
  const pre = cursor.take('!')
  if (pre && offset === null) offset = expression(number(0n), column)
  return { kind: 'memory', base, mode: pre ? 'pre' : 'offset', offset, column }
}
