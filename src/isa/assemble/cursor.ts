// A position in one statement of the source, and the errors that name it.

import { InputError } from '../../work/input-error.ts'

/** Where a statement stands in its file: `column` is that of its first character, from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

export function failAt(place: Place, problem: string): never {
  throw new InputError(problem, { file: place.file, line: place.line, column: place.column })
}

export class Cursor {
  readonly text: string
  readonly place: Place
  at: number

  constructor(text: string, place: Place, at = 0) {
    this.text = text
    this.place = place
    this.at = at
  }

  /** Column in the file of the character at `at`. */
  column(at = this.at): number {
    return this.place.column + at
  }

  skip(): void {
    const { text } = this
    while (text.charCodeAt(this.at) === 32 || text.charCodeAt(this.at) === 9) this.at++
  }

  get done(): boolean {
    this.skip()
    return this.at >= this.text.length
  }

  peek(token: string): boolean {
    this.skip()
    return this.text.startsWith(token, this.at)
  }

  /** Steps over `token` if it comes next. */
  take(token: string): boolean {
    if (!this.peek(token)) return false
    this.at += token.length
    return true
  }

  expect(token: string): void {
    if (!this.take(token)) this.fail(`expected '${token}' ${this.found()}`)
  }

  /** Steps over what the sticky `pattern` matches, and returns it. */
  match(pattern: RegExp): RegExpExecArray | null {
    this.skip()
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)
    if (found !== null) this.at = pattern.lastIndex
    return found
  }

  found(): string {
    return this.done ? 'at the end' : `before '${this.text.slice(this.at)}'`
  }

  expectEnd(): void {
    if (!this.done) this.fail(`expected the end of the statement ${this.found()}`)
  }

  fail(problem: string, at = this.at): never {
    failAt({ ...this.place, column: this.column(at) }, problem)
  }
}
