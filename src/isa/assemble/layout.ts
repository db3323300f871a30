// The second pass: gives sections their addresses, matches statements with forms, and fills in data.

import { didYouMean } from '../../work/input-error.ts'
import type { Block, Instruction, Program, Segment } from '../instruction.ts'
import type { Assembler } from './assembler.ts'
import { failAt, type Place } from './cursor.ts'
import { dataflowOf } from './dataflow.ts'
import { disassembledAddress } from './disassembly.ts'
import { wrapped } from './encodable.ts'
import { type Expression, evaluate, type Value } from './expression.ts'
import { matchForm } from './match.ts'
import type { Code, Data, Parsed, Statement } from './section.ts'
import { timingOf } from './timing.ts'

const alignUp = (address: number, bytes: number): number => Math.ceil(address / bytes) * bytes

/** Data behind code start at a page of their own. */
const pageBytes = 4096
const endAlignment = 65_536

export function layOut(assembler: Assembler, textBase: number): Program {
  assembler.finish()
  const { code, data } = assembler.parts()
  const pool = assembler.section('literals', false).data
  placeCode(code, textBase)
  const resolver = new Resolver(assembler)
  const statements = code.flatMap((part) => part.statements)
  const literals = poolLiterals(statements, pool)
  const behind = placeData([...data, pool], textBase + 4 * statements.length)
  const canonical = new Canonical(resolver, literals, pool.address)
  const instructions = statements.map((statement, k): Instruction => {
    const address = textBase + 4 * k
    const { file, line, parsed } = statement
    const place = file === assembler.file ? { line } : { file, line }
    return { address, ...place, text: parsed.text, ...canonical.of(statement, address) }
  })
  const segments = [...data, pool].filter(({ size }) => size > 0).map((part) => fill(part, resolver))
  const symbols = resolver.symbols()
  return {
    file: assembler.file,
    instructions,
    textBase,
    blocks: blocksOf(instructions, textBase, symbols.leaders),
    data: segments,
    end: alignUp(behind, endAlignment),
    symbols: symbols.named,
  }
}

/** Code parts follow each other; nops fill the gaps. */
function placeCode(parts: readonly Code[], textBase: number): void {
  let address = textBase
  let before: Code | null = null
  for (const part of parts.filter(({ size }) => size > 0)) {
    if (before !== null) before.align(part.alignment, before.statements.at(-1)!)
    part.address = before === null ? address : before.address + before.size
    before = part
    address = part.address + part.size
  }
  for (const part of parts) if (part.size === 0) part.address = address
}

function placeData(parts: readonly Data[], behindCode: number): number {
  let address = alignUp(behindCode, pageBytes)
  for (const part of parts) {
    part.address = alignUp(address, part.alignment)
    address = part.address + part.size
  }
  return address
}

/** Gives each different `ldr =value` a literal; offsets in the pool. */
function poolLiterals(statements: readonly Statement[], pool: Data): ReadonlyMap<Parsed, number> {
  const offsets = new Map<Parsed, number>()
  const known = new Map<string, number>()
  for (const statement of statements) {
    const { parsed } = statement
    const [register, operand] = parsed.operands
    if (operand?.kind !== 'expression' || !operand.literal || register?.kind !== 'register') continue
    const width = { general: (register.general?.bits ?? 64) / 8, b: 1, h: 2, s: 4, d: 8, q: 16, v: 16 }[register.class]
    const key = `${width} ${JSON.stringify(operand.value, (_, part) => (typeof part === 'bigint' ? `${part}` : part))}`
    let offset = known.get(key)
    if (offset === undefined) {
      pool.align(width)
      offset = pool.grow(width)!
      pool.fixups.push({ offset, width, value: operand.value, place: statement })
      known.set(key, offset)
    }
    offsets.set(parsed, offset)
  }
  return offsets
}

/** Addresses of symbols, once sections have theirs. */
class Resolver {
  readonly #assembler: Assembler
  readonly #open = new Set<string>()

  constructor(assembler: Assembler) {
    this.#assembler = assembler
  }

  #symbol(name: string, place: Place): bigint {
    const symbol = this.#assembler.symbols.get(name)
    if (symbol === undefined) {
      const address = disassembledAddress(name)
      if (address !== null) failAt(place, `address 0x${address} is not in the disassembly`)
      const bare = name.replace(/#.*/, '')
      const written = /^\d+#/.test(name) ? `local label ${bare}` : `symbol '${bare}'`
      failAt(place, `undefined ${written}${didYouMean(name, this.#assembler.labels)}`)
    }
    if (!('deferred' in symbol)) return symbol.value + BigInt(symbol.base?.address ?? 0)
    if (this.#open.has(name)) failAt(symbol.place, `'${name}' is defined by itself`)
    this.#open.add(name)
    const value = this.value(symbol.deferred, symbol.place)
    this.#open.delete(name)
    return value
  }

  value(expression: Expression, place: Place): bigint {
    if (expression.kind === 'number') return expression.value
    const lookup = (name: string, column: number): Value => ({
      base: null,
      value: this.#symbol(name, { ...place, column }),
    })
    const { base, value } = evaluate(absolute(expression), lookup, (problem, column) =>
      failAt({ ...place, column }, problem),
    )!
    return value + BigInt(base?.address ?? 0)
  }

  /** Addresses by name, and those at which blocks start. Local labels that occur once go by their number. */
  symbols(): { readonly named: ReadonlyMap<string, number>; readonly leaders: ReadonlySet<number> } {
    const named = new Map<string, number>()
    const leaders = new Set<number>()
    for (const [name, symbol] of this.#assembler.symbols) {
      const place = 'deferred' in symbol ? symbol.place : { file: this.#assembler.file, line: 1, column: 1 }
      const address = Number(this.#symbol(name, place))
      if (this.#assembler.labels.has(name)) leaders.add(address)
      if (disassembledAddress(name) !== null) continue
      if (!name.includes('#')) named.set(name, address)
      else if (name.endsWith('#1') && !this.#assembler.symbols.has(name.replace('#1', '#2'))) {
        named.set(name.slice(0, -2), address)
      }
    }
    return { named, leaders }
  }
}

/** `.` as a number: sections are laid out. */
function absolute(expression: Expression): Expression {
  if (expression.kind === 'place') return { kind: 'number', value: BigInt(expression.base.address + expression.offset) }
  if (expression.kind === 'unary') return { ...expression, of: absolute(expression.of) }
  if (expression.kind !== 'binary') return expression
  return { ...expression, left: absolute(expression.left), right: absolute(expression.right) }
}

type Meaning = Omit<Instruction, 'address' | 'file' | 'line' | 'text'>

/** What statements mean; those of the same text that do not depend on their place are looked up once. */
class Canonical {
  readonly #resolver: Resolver
  readonly #literals: ReadonlyMap<Parsed, number>
  readonly #pool: number
  readonly #known = new Map<Parsed, Meaning>()

  constructor(resolver: Resolver, literals: ReadonlyMap<Parsed, number>, pool: number) {
    this.#resolver = resolver
    this.#literals = literals
    this.#pool = pool
  }

  of(statement: Statement, address: number): Meaning {
    const { parsed } = statement
    const known = this.#known.get(parsed)
    if (known !== undefined) return known
    const offset = this.#literals.get(parsed)
    const { op, operands } = matchForm(parsed, statement, {
      address,
      literal: offset === undefined ? null : this.#pool + offset,
      value: (expression: Expression) => this.#resolver.value(expression, statement),
    })
    const meaning = { op, operands, timing: timingOf(op, operands), ...dataflowOf(op, operands) }
    if (parsed.fixed) this.#known.set(parsed, meaning)
    return meaning
  }
}

function fill(part: Data, resolver: Resolver): Segment {
  for (const { offset, width, value, place } of part.fixups) {
    const number = resolver.value(value, place)
    const fitting = width < 8 ? wrapped(number, 8 * width) : BigInt.asUintN(64, number)
    if (fitting === null) failAt(place, `${number} does not fit in ${width} bytes`)
    part.write(offset, width, fitting)
  }
  return part.segment()
}

/** Blocks start at the entry, at labels, at targets of branches and behind branches. */
function blocksOf(instructions: readonly Instruction[], textBase: number, labels: ReadonlySet<number>): Block[] {
  const leaders = new Set(labels)
  for (const { branch } of instructions) if (branch?.target != null) leaders.add(branch.target)
  const blocks: Block[] = []
  let first = 0
  instructions.forEach(({ branch }, k) => {
    const next = k + 1
    if (next < instructions.length && branch === null && !leaders.has(textBase + 4 * next)) return
    blocks.push({ first, count: next - first })
    first = next
  })
  return blocks
}
