// State of one assembly: sections, symbols, and the first pass over statements. Addresses follow in layout.ts.

import { didYouMean, InputError } from '../../work/input-error.ts'
import { Cursor, failAt, type Place } from './cursor.ts'
import { directives } from './directives.ts'
import { isMove, wrapped } from './encodable.ts'
import { type Expression, evaluate, number, parseExpression, symbolName, type Value } from './expression.ts'
import { type OperandScope, parseOperands } from './operand.ts'
import { type Code, type Data, type Parsed, Section } from './section.ts'
import { conditionNamed } from './slots-registers.ts'
import { registerNamed, type Written, type WrittenExpression } from './written.ts'

/** A label, or what `.set` gave a name: an expression where it is not yet known. */
type Symbol = Value | { readonly deferred: Expression; readonly place: Place }

/** What is read in sections that are left out. */
const changesSection = /^\.(?:text|data|bss|rodata|section|pushsection|popsection|previous)\b/i

/** Functions to be called, and thread-local data to be set up, before main. */
const atStart = /^\.(?:init_array|preinit_array|ctors|tdata|tbss)\b/

export class Assembler implements OperandScope {
  file: string
  readonly sections = new Map<string, Section>()
  readonly symbols = new Map<string, Symbol>()
  /** Names that are labels, which start blocks where they stand in code. */
  readonly labels = new Set<string>()
  readonly aliases = new Map<string, string>()
  /** Null: what stands there is left out, such as debugging information. */
  current: Section | null
  previous: Section | null
  readonly pushed: (Section | null)[] = []
  readonly #parsed = new Map<string, Parsed>()
  /** No name has been looked up since the instruction began. */
  #fixed = true
  readonly #counts = new Map<string, number>()
  #global: Set<string> | null = null // names that all of several files share; null: there is one file
  #files = 0

  constructor(file: string) {
    this.file = file
    this.current = this.section('.text', true)
    this.previous = this.current
  }

  /** What follows is in another file: names that no file shares are its own. */
  beginFile(file: string): void {
    this.file = file
    this.#global ??= new Set()
    this.#files++
    this.aliases.clear()
    this.#parsed.clear()
    this.enter(this.section('.text', true))
  }

  /** All files mean the same by `name`, from here on. */
  share(name: string): void {
    this.#global?.add(name)
  }

  /** What stands for `name`, as the current file has it. */
  scoped(name: string): string {
    // Conditions are operands that look like names.
    if (this.#global === null || this.#global.has(name) || conditionNamed(name) !== null) return name
    return `${name}#@${this.#files}`
  }

  section(name: string, executable: boolean): Section {
    let section = this.sections.get(name)
    if (section === undefined) this.sections.set(name, (section = new Section(name, executable)))
    return section
  }

  enter(section: Section | null): void {
    this.previous = this.current
    this.current = section
  }

  /** Where data go now; null where they are left out. */
  data(): Data | null {
    if (this.current === null) return null
    this.current.place(this.current.data)
    return this.current.data
  }

  // Scope of expressions. What depends on it is not fixed.

  here(): Expression {
    this.#fixed = false
    const { current } = this
    if (current === null) return number(0n)
    const part = current.code ?? current.data
    current.place(part)
    return { kind: 'place', base: part, offset: part.size }
  }

  local(label: string, forward: boolean): string {
    this.#fixed = false
    return `${label}#${(this.#counts.get(label) ?? 0) + (forward ? 1 : 0)}`
  }

  /** What `.set` has already made of `name`: it may be set anew later. */
  constant(name: string): Expression | null {
    this.#fixed = false
    const symbol = this.symbols.get(this.scoped(name))
    if (symbol === undefined || 'deferred' in symbol || symbol.base !== null) return null
    return number(symbol.value)
  }

  alias(name: string): string | null {
    return this.aliases.size === 0 ? null : (this.aliases.get(name.toLowerCase()) ?? null)
  }

  // Statements.

  label(name: string, place: Place): void {
    const numeric = /^\d/.test(name)
    if (numeric) this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
    const unique = numeric ? this.local(name, false) : this.scoped(name)
    if (this.labels.has(unique) || this.symbols.has(unique)) failAt(place, `'${name}' is defined twice`)
    this.labels.add(unique)
    this.mark(unique)
  }

  /** Names the next instruction without starting a block there. */
  mark(name: string): void {
    this.current?.whenPlaced((part) => this.symbols.set(name, { base: part, value: BigInt(part.size) }))
  }

  /** `.set name, value`; the value may be known later only. */
  set(name: string, value: Expression, place: Place): void {
    const unique = this.scoped(name)
    if (this.labels.has(unique)) failAt(place, `'${name}' is a label already`)
    if (registerNamed(name) !== null) failAt(place, `'${name}' is a register`)
    this.symbols.set(unique, this.value(value, place) ?? { deferred: value, place })
  }

  /** Value of `expression` as far as known now, else null. */
  value(expression: Expression, place: Place): Value | null {
    const lookup = (name: string): Value | null => {
      const symbol = this.symbols.get(name)
      return symbol === undefined || 'deferred' in symbol ? null : symbol
    }
    return evaluate(expression, lookup, (problem, column) => failAt({ ...place, column }, problem))
  }

  /** A number that has to be known now: of bytes, of an alignment, of repetitions. */
  known(cursor: Cursor): number {
    const start = cursor.at
    const value = this.value(parseExpression(cursor, this), cursor.place)
    if (value === null || value.base !== null) cursor.fail('expected a number that is known here', start)
    return Number(value.value)
  }

  /** One statement, labels in front included; `shown` is what the program shows of it. */
  statement(text: string, place: Place, shown = text): void {
    if (this.current === null && !changesSection.test(text)) return
    const cursor: Cursor = new Cursor(text, place)
    for (;;) {
      const label = cursor.match(/([A-Za-z_.$][\w.$]*|\d+)\s*:(?!:)/y)
      if (label === null) break
      this.label(label[1]!, { ...place, column: cursor.column(label.index) })
    }
    if (cursor.done) return
    const start = cursor.at
    const name = cursor.match(symbolName)?.[0]
    if (name === undefined) cursor.fail(`expected a label, a directive or an instruction ${cursor.found()}`)
    if (cursor.peek('=') && !cursor.peek('==')) {
      cursor.take('=')
      this.set(name, parseExpression(cursor, this), place)
      cursor.expectEnd()
    } else if (/^\.req\s/i.test(cursor.text.slice(cursor.at))) this.#alias(name, cursor)
    else if (name.startsWith('.')) this.#directive(name, cursor, start)
    else this.#instruction(name, cursor, start, singleBlanks(shown.slice(start)))
  }

  #alias(name: string, cursor: Cursor): void {
    cursor.take('.req') || cursor.take('.REQ')
    const register = cursor.match(symbolName)?.[0] ?? ''
    const target = this.alias(register) ?? register
    if (registerNamed(target) === null && !/^v([12]?\d|3[01])$/i.test(target))
      cursor.fail(`'${register}' is no register`)
    this.aliases.set(name.toLowerCase(), target)
    cursor.expectEnd()
  }

  #directive(name: string, cursor: Cursor, start: number): void {
    const directive = directives.get(name.toLowerCase())
    if (directive === undefined) {
      cursor.fail(`unknown directive '${name}'${didYouMean(name, directives.keys())}`, start)
    }
    directive(this, cursor)
  }

  #instruction(name: string, cursor: Cursor, start: number, text: string): void {
    const { current } = this
    if (current === null) return
    const place = { ...cursor.place, column: cursor.column(start) }
    if (current.code === null) {
      failAt(place, `an instruction in ${current.name}, which is not executable`)
    }
    let parsed = this.#parsed.get(text)
    if (parsed === undefined) {
      this.#fixed = this.aliases.size === 0
      const read = this.#read(name.toLowerCase(), cursor)
      parsed = { ...read, text, fixed: this.#fixed }
      if (this.#fixed) this.#parsed.set(text, parsed)
    }
    current.place(current.code)
    current.code.statements.push({ ...place, parsed })
  }

  #read(written: string, cursor: Cursor): Pick<Parsed, 'mnemonic' | 'operands'> {
    const operands = parseOperands(cursor, this)
    if (written === 'ldr' && isMovedLiteral(operands)) {
      const [register, value] = operands
      return { mnemonic: 'mov', operands: [register!, { ...(value as WrittenExpression), literal: false }] }
    }
    const branch = /^b\.?([a-z]{2})$/.exec(written)
    const code = branch === null ? null : conditionNamed(branch[1]!)
    return { mnemonic: code === null ? written : `b.${code}`, operands }
  }

  /** At the end of the text: what waits for something to follow is placed behind the code. */
  finish(): void {
    for (const section of this.sections.values()) {
      section.place(section.code ?? section.data)
      if (atStart.test(section.name) && section.data.size > 0) {
        throw new InputError(`${section.name} is not empty: nothing runs before the entry`, { file: this.file })
      }
    }
  }

  /** All parts, code first, each kind in the order in which its section first appeared. */
  parts(): { readonly code: Code[]; readonly data: Data[] } {
    const sections = [...this.sections.values()]
    return {
      code: sections.flatMap(({ code }) => (code === null ? [] : [code])),
      data: sections.map(({ data }) => data),
    }
  }
}

/** `ldr x0, =value` of what one mov can do is that mov. */
function isMovedLiteral([register, operand]: readonly Written[]): boolean {
  if (register?.kind !== 'register' || operand?.kind !== 'expression' || !operand.literal) return false
  const bits = register.general?.bits
  const value = operand.value.kind === 'number' && bits !== undefined ? wrapped(operand.value.value, bits) : null
  return value !== null && isMove(value, bits!)
}

const singleBlanks = (text: string): string => (/\t|\s\s/.test(text) ? text.replace(/\s+/g, ' ') : text)
