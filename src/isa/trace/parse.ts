// Lines of a recorded trace, as docs/traces.md has them, into blocks.

import { InputError } from '../../work/input-error.ts'
import type { Resident } from '../stream.ts'
import { ACCESSES, type BlockBuilder, BRANCHES } from './blocks.ts'
import { decode } from './decode.ts'
import { hex, MAGIC, VERSION } from './format.ts'
import { DIGIT, HexReader } from './hex.ts'
import { InstructionTable } from './table.ts'

const NEWLINE = 10
const SPACE = 32
const [TAKEN, NOT_TAKEN] = ['t'.charCodeAt(0), 'n'.charCodeAt(0)]

/** Executed instructions that were not timed as what they are. */
export interface Replaced {
  readonly executed: number
  /** Text of each, in order of appearance. */
  readonly texts: readonly string[]
}

/** Takes the lines of a trace one after another, each once. */
export interface TraceParser {
  /** Whole lines, each with its newline. Throws InputError with file and line. */
  parse(text: Buffer): void
  /** The file has ended. Throws InputError if the trace has not. */
  finish(): void
  readonly replaced: Replaced
  /** What is in the caches before the first instruction: complete once an instruction has been executed. */
  readonly resident: readonly Resident[]
}

export class RecordParser implements TraceParser {
  readonly replaced: Replaced = { executed: 0, texts: [] }
  readonly resident: Resident[] = []

  private readonly file: string
  private readonly builder: BlockBuilder
  private readonly table: InstructionTable
  private readonly number = new HexReader()

  private line = 0
  private executed = 0
  private ended = false
  private previous = -1
  /** The previous instruction was no branch of unknown target: `following` is the address that must come next. */
  private known = false
  private following = 0

  constructor(file: string, builder: BlockBuilder) {
    this.file = file
    this.builder = builder
    this.table = new InstructionTable(builder)
  }

  parse(text: Buffer): void {
    for (let at = 0; at < text.length; ) {
      this.line++
      at = this.line > 1 && DIGIT[text[at]!]! >= 0 ? this.execution(text, at) : this.other(text, at)
    }
  }

  finish(): void {
    if (this.line === 0) throw this.wrong(`expected a trace, found an empty file`)
    if (!this.ended) throw this.wrong(`expected 'E ${this.executed}' as the last line: the trace is cut short`)
  }

  /** One line of an executed instruction; returns where the next one begins. */
  private execution(text: Buffer, start: number): number {
    const number = this.number
    let at = number.read(text, start)
    const address = number.value
    const index = this.table.indexOf(address, this.previous)
    if (index < 0 || number.digits > 8 || this.ended) throw this.unexpected(text, start)
    if (this.known && address !== this.following)
      throw this.wrong(`expected the instruction at ${hex(this.following)} to follow, found ${hex(address)}`)
    const flags = this.builder.flags[index]!
    let memory = 0
    if (flags & ACCESSES) {
      if (text[at] !== SPACE) throw this.unexpected(text, start)
      at = number.read(text, at + 1)
      if (number.digits === 0 || number.digits > 8) throw this.unexpected(text, start)
      memory = number.value
    }
    this.known = true
    this.following = (address + 4) | 0
    if (flags & BRANCHES) {
      if (text[at] !== SPACE || (text[at + 1] !== TAKEN && text[at + 1] !== NOT_TAKEN))
        throw this.unexpected(text, start)
      if (text[at + 1] === TAKEN) this.take(index)
      at += 2
    }
    if (text[at] !== NEWLINE) throw this.unexpected(text, start)
    this.builder.execute(index, memory)
    this.previous = index
    this.executed++
    return at + 1
  }

  private take(index: number): void {
    const target = this.builder.instructions[index]!.branch!.target
    this.known = target !== null
    if (target !== null) this.following = target | 0
  }

  /** The first line, the text of an instruction, the end, or a comment. */
  private other(text: Buffer, start: number): number {
    const end = text.indexOf(NEWLINE, start)
    const line = text.toString('utf8', start, end)
    if (this.line === 1) this.header(line)
    else if (this.ended && line !== '') throw this.wrong(`expected nothing after the last line, found '${cut(line)}'`)
    else if (line.startsWith('I ') || line.startsWith('B ')) this.instruction(line)
    else if (line.startsWith('E ')) this.end(line)
    else if (line.startsWith('R ')) this.inCache(line)
    else if (!line.startsWith('#') && line !== '') throw this.unexpected(text, start)
    return end + 1
  }

  private header(line: string): void {
    const [magic, version] = line.split(' ')
    if (magic !== MAGIC) throw this.wrong(`expected '${MAGIC} ${VERSION}', found '${cut(line)}'`)
    if (version !== `${VERSION}`)
      throw this.wrong(`expected version ${VERSION} of the format, found '${cut(`${version}`)}'`)
  }

  private instruction(line: string): void {
    const [, digits, text] = /^[BI] ([0-9a-f]{1,8}) (\S.*)$/.exec(line) ?? []
    const address = Number.parseInt(digits ?? '', 16)
    if (text === undefined || address % 4 !== 0)
      throw this.wrong(
        `expected 'B' or 'I', the address of an instruction, a multiple of 4, and its text, found '${cut(line)}'`,
      )
    if (this.table.indexOf(address | 0, -1) >= 0)
      throw this.wrong(`expected each address to have one instruction, found a second one at ${digits}`)
    const place = { file: this.file, line: this.line, column: 4 + digits!.length }
    this.table.add(decode(text, address, place), line.startsWith('B'))
  }

  private inCache(line: string): void {
    const [, cache, digits, count] = /^R (l1d|l1i) ([0-9a-f]{1,8}) ([1-9]\d{0,9})$/.exec(line) ?? []
    const [address, bytes] = [Number.parseInt(digits ?? '', 16), Number(count)]
    if (!(address + bytes <= 2 ** 32))
      throw this.wrong(`expected 'R', l1d or l1i, an address, and a number of bytes, found '${cut(line)}'`)
    if (this.executed > 0) throw this.wrong(`expected '${cut(line)}' before the first instruction that is executed`)
    this.resident.push({ cache: cache as Resident['cache'], address, bytes })
  }

  private end(line: string): void {
    if (line !== `E ${this.executed}`)
      throw this.wrong(`expected 'E ${this.executed}', after as many executed instructions, found '${cut(line)}'`)
    this.ended = true
  }

  private unexpected(text: Buffer, start: number): InputError {
    const line = text.toString('utf8', start, text.indexOf(NEWLINE, start))
    const address = this.number.read(text, start) > start ? this.number.value : Number.NaN
    const index = this.number.digits > 8 ? -1 : this.table.indexOf(address, -1)
    if (this.ended) return this.wrong(`expected nothing after the last line, found '${cut(line)}'`)
    if (Number.isNaN(address)) return this.wrong(`expected an address, 'B', 'I', 'R', 'E' or '#', found '${cut(line)}'`)
    if (index < 0)
      return this.wrong(`expected an address that a 'B' or 'I' line has given an instruction, found '${cut(line)}'`)
    const flags = this.builder.flags[index]!
    const parts = ['its address', flags & ACCESSES ? 'the address accessed' : '', flags & BRANCHES ? "'t' or 'n'" : '']
    const { text: what } = this.builder.instructions[index]!
    return this.wrong(`expected of '${what}' ${parts.filter(Boolean).join(' and ')}, found '${cut(line)}'`)
  }

  private wrong(problem: string): InputError {
    return new InputError(problem, { file: this.file, line: Math.max(1, this.line) })
  }
}

const cut = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}...` : text)
