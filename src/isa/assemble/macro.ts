// `.macro`, `.rept`, `.irp` and `.include`: text that is written once and read several times.

import type { Assembler } from './assembler.ts'
import { Cursor, failAt, type Place } from './cursor.ts'
import type { Include } from './include.ts'
import { linesOf, type SourceLine, statementsOf } from './source.ts'

interface Macro {
  readonly parameters: readonly { readonly name: string; readonly default: string; readonly required: boolean }[]
  readonly body: readonly SourceLine[]
}

/** What a program expands to may not be longer, in lines; nor macros be nested deeper. */
const mostLines = 4_000_000
const mostNested = 64

const block = /^\s*(?:[\w.$]+\s*:\s*)?\.(macro|rept|irp|endm|endr)\b(.*)$/i
const include = /^((?:[\w.$]+\s*:\s*)*)\.include\b\s*(.*)$/i
const call = /^((?:[\w.$]+\s*:\s*)*)([A-Za-z_.$][\w.$]*)(?![\w.$]*\s*[:=])(.*)$/

export class Expander {
  readonly #assembler: Assembler
  readonly #macros = new Map<string, Macro>()
  readonly #include: Include
  /** Files whose text goes on behind the file that is read now. */
  readonly #including: string[] = []
  #lines = 0
  #calls = 0

  constructor(assembler: Assembler, include: Include) {
    this.#assembler = assembler
    this.#include = include
  }

  /** Reads `lines`; `line` is where they are used from, if not where they stand. */
  run(lines: readonly SourceLine[], line: number | null = null, depth = 0): void {
    for (let k = 0; k < lines.length; k++) {
      const { text, line: own } = lines[k]!
      const found = text.includes('.') ? block.exec(text) : null
      if (found === null) {
        this.#statements(text, line ?? own, depth)
        continue
      }
      const place = { file: this.#assembler.file, line: line ?? own, column: text.search(/\S/) + 1 }
      const end = endOf(lines, k, place)
      this.#block(found[1]!.toLowerCase(), found[2]!, lines.slice(k + 1, end), place, depth)
      k = end
    }
  }

  #block(kind: string, rest: string, body: readonly SourceLine[], place: Place, depth: number): void {
    const cursor: Cursor = new Cursor(rest.replace(/\/\/.*/, ''), place)
    if (kind === 'macro') {
      this.#define(cursor, body)
      return
    }
    const line = depth === 0 ? null : place.line
    if (kind === 'rept') {
      const count = this.#assembler.known(cursor)
      if (count * body.length > mostLines) cursor.fail(`${count} repetitions: too many`)
      for (let n = 0; n < count; n++) this.run(body, line, depth)
      return
    }
    const [name = '', ...values] = splitArguments(cursor.text)
    const plain = name.replace(/^\\/, '')
    for (const value of values) this.run(substituted(body, new Map([[plain, value]]), this.#calls), line, depth)
  }

  #define(cursor: Cursor, body: readonly SourceLine[]): void {
    const [, name, rest = ''] = /^\s*([\w.$]+)\s*,?(.*)$/.exec(cursor.text) ?? cursor.fail("expected the macro's name")
    const parameters = splitArguments(rest).map((text) => {
      const [, parameter = '', qualifier = '', value = ''] = /^([\w$]+)(?::(\w+))?(?:\s*=\s*(.*))?$/.exec(text) ?? []
      if (parameter === '' || qualifier === 'vararg') cursor.fail(`'${text}' is no parameter`)
      return { name: parameter, default: value, required: qualifier === 'req' }
    })
    const key = name!.toLowerCase()
    if (this.#macros.has(key)) cursor.fail(`macro '${name}' is defined twice`)
    this.#macros.set(key, { parameters, body })
  }

  #statements(text: string, line: number, depth: number): void {
    if (++this.#lines > mostLines) failAt({ file: this.#assembler.file, line, column: 1 }, 'macros expand to too much')
    for (const { text: statement, column } of statementsOf(text)) {
      const place = { file: this.#assembler.file, line, column }
      if (this.#included(statement, place) || this.#called(statement, place, depth)) continue
      this.#assembler.statement(statement, place)
    }
  }

  /** Reads the file if the statement includes one. */
  #included(statement: string, place: Place): boolean {
    const found = include.exec(statement)
    if (found === null) return false
    if (found[1] !== '') this.#assembler.statement(found[1]!, place)
    const name = /^"(.+)"$/.exec(found[2]!)?.[1] ?? failAt(place, "expected a file's name in double quotes")
    const { file, text } = this.#include(name, place)
    this.#including.push(place.file)
    if (this.#including.includes(file)) failAt(place, `'${name}' includes itself`)
    this.#assembler.file = file
    this.run(linesOf(text))
    this.#assembler.file = this.#including.pop()!
    return true
  }

  /** Expands the statement if it calls a macro. */
  #called(text: string, place: Place, depth: number): boolean {
    const found = this.#macros.size === 0 ? null : call.exec(text)
    const macro = found === null ? undefined : this.#macros.get(found[2]!.toLowerCase())
    if (found === null || macro === undefined) return false
    if (depth >= mostNested) failAt(place, `macro '${found[2]}' calls itself without end`)
    if (found[1] !== '') this.#assembler.statement(found[1]!, place)
    const values = bind(macro, found[2]!, found[3]!, place)
    this.run(substituted(macro.body, values, this.#calls++), place.line, depth + 1)
    return true
  }
}

/** Index of the line that ends the block that starts at `start`. */
function endOf(lines: readonly SourceLine[], start: number, place: Place): number {
  let depth = 0
  for (let k = start; k < lines.length; k++) {
    const kind = block.exec(lines[k]!.text)?.[1]?.toLowerCase()
    if (kind === undefined) continue
    depth += kind.startsWith('end') ? -1 : 1
    if (depth === 0) return k
    if (depth < 0) failAt(place, `.${kind} without its beginning`)
  }
  failAt(place, 'this block has no end')
}

/** Split at commas outside of quotes and brackets; at blanks where there is no comma. */
function splitArguments(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let part = ''
  for (const [token] of text.matchAll(/"(?:\\.|[^"\\])*"|[\s\S]/g)) {
    if (token === ',' && depth === 0) {
      parts.push(part.trim())
      part = ''
      continue
    }
    if ('([{'.includes(token)) depth++
    if (')]}'.includes(token)) depth--
    part += token
  }
  parts.push(part.trim())
  if (parts.length > 1) return parts.map(unquoted)
  return parts[0] === '' ? [] : parts[0]!.split(blanks).map(unquoted)
}

/** Between arguments, if there are no commas: blanks around no = or :, with an even number of quotes behind them. */
const blanks = /\s+(?![=:])(?<![=:]\s)(?=(?:[^"]*"[^"]*")*[^"]*$)/

const unquoted = (text: string): string => (/^".*"$/.test(text) ? text.slice(1, -1) : text)

function bind({ parameters }: Macro, name: string, text: string, place: Place): ReadonlyMap<string, string> {
  const values = new Map(parameters.map((parameter) => [parameter.name, parameter.default]))
  let next = 0
  for (const argument of splitArguments(text)) {
    const [, key, value] = /^([\w$]+)\s*=(?!=)\s*(.*)$/.exec(argument) ?? []
    if (key !== undefined && values.has(key)) {
      values.set(key, value!)
      continue
    }
    const parameter = parameters[next++]
    if (parameter === undefined) failAt(place, `macro '${name}' takes ${parameters.length} arguments`)
    if (argument !== '') values.set(parameter.name, argument)
  }
  const missing = parameters.find((parameter) => parameter.required && values.get(parameter.name) === '')
  if (missing !== undefined) failAt(place, `macro '${name}' needs '${missing.name}'`)
  return values
}

/** `\name` is the value of a parameter, `\@` the number of the call, `\()` nothing. */
function substituted(body: readonly SourceLine[], values: ReadonlyMap<string, string>, call: number): SourceLine[] {
  return body.map(({ text, line }) => ({
    line,
    text: text.includes('\\')
      ? text.replace(/\\(?:\(\)|@|([\w$]+))/g, (whole, name?: string) => {
          if (name === undefined) return whole === '\\@' ? `${call}` : ''
          return values.get(name) ?? whole
        })
      : text,
  }))
}
