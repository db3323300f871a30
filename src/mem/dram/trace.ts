// Reads traces: a request a line, `0xADDRESS READ|WRITE CYCLE`, in the order of their cycles; blank lines and those that
// begin with # are comments. Plain or gzip'd, in blocks, so that memory stays bounded however long the trace is.

import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { didYouMean, InputError } from '../../work/input-error.ts'
import type { TraceBlock } from './replay.ts'

/** Requests of a block. */
const BLOCK = 1 << 16

/** Longest line, in bytes; what has longer ones is no trace. */
const LONGEST = 1000

/**
 * Blocks of the trace `file`, each valid until the next is asked for. Throws InputError for what is no trace,
 * with file and line.
 */
export async function* readTrace(file: string): AsyncGenerator<TraceBlock> {
  const parser = new TraceParser(file)
  try {
    for await (const chunk of bytesOf(file)) {
      for (let at = 0; at < chunk.length; ) {
        at = parser.take(chunk, at)
        if (parser.length === BLOCK) yield parser.block()
      }
    }
  } catch (error) {
    if (error instanceof InputError) throw error
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new InputError(`cannot be read (${code})`, { file })
  }
  parser.finish()
  if (parser.total === 0) throw new InputError('expected requests such as 0x1F40 READ 100, found none', { file })
  if (parser.length > 0) yield parser.block()
}

const bytesOf = (file: string): AsyncIterable<Buffer> => {
  const raw = createReadStream(file, { highWaterMark: 1 << 18 })
  if (!file.endsWith('.gz')) return raw
  const unzipped = createGunzip({ chunkSize: 1 << 18 })
  raw.on('error', (error) => unzipped.destroy(error))
  return raw.pipe(unzipped)
}

const NEWLINE = 10
const RETURN = 13
const SPACE = 32
const TAB = 9
const ZERO = 48
const HASH = 35

class TraceParser {
  /** Requests of the block so far. */
  length = 0
  /** Requests of all blocks. */
  total = 0

  private readonly file: string
  private readonly address = new Float64Array(BLOCK)
  private readonly write = new Uint8Array(BLOCK)
  private readonly cycle = new Float64Array(BLOCK)
  private rest: Buffer = Buffer.alloc(0) // of a line that goes on in the next chunk
  private line = 0
  private latest = 0 // cycle of the last request
  private text: Buffer = this.rest // the line at hand lies from `at` to `end`
  private at = 0
  private end = 0

  constructor(file: string) {
    this.file = file
  }

  /** Reads lines of `chunk` from `from` on, until it ends or the block is full; returns how far. */
  take(chunk: Buffer, from: number): number {
    let at = from
    while (at < chunk.length && this.length < BLOCK) {
      const end = chunk.indexOf(NEWLINE, at)
      if (end === -1) {
        this.rest = Buffer.concat([this.rest, chunk.subarray(at)])
        if (this.rest.length > LONGEST) this.parse(this.rest, 0, this.rest.length)
        return chunk.length
      }
      if (this.rest.length > 0) {
        const line = Buffer.concat([this.rest, chunk.subarray(at, end)])
        this.rest = Buffer.alloc(0)
        this.parse(line, 0, line.length)
      } else this.parse(chunk, at, end)
      at = end + 1
    }
    return at
  }

  /** Reads a last line that has no end. */
  finish(): void {
    if (this.rest.length > 0) this.parse(this.rest, 0, this.rest.length)
  }

  block(): TraceBlock {
    const { length, address, write, cycle } = this
    this.length = 0
    return { length, address, write, cycle }
  }

  private parse(text: Buffer, start: number, end: number): void {
    this.line++
    this.text = text
    this.at = start
    this.end = end > start && text[end - 1] === RETURN ? end - 1 : end
    this.skipBlanks()
    if (end - start > LONGEST) throw this.wrong('expected a line such as 0x1F40 READ 100')
    if (this.at === this.end || text[this.at] === HASH) return
    this.address[this.length] = this.readAddress()
    this.write[this.length] = this.readKind() ? 1 : 0
    this.latest = this.readCycle()
    this.cycle[this.length] = this.latest
    if (this.at < this.end) throw this.wrong('expected the line to end after address, READ or WRITE, and cycle')
    this.length++
    this.total++
  }

  private readAddress(): number {
    const start = this.at
    const prefixed = this.text[start] === ZERO && ((this.text[start + 1] ?? 0) | 32) === 120 // 0x or 0X
    let value = 0
    this.at += 2
    for (let digit = this.hexDigit(); digit >= 0; digit = this.hexDigit()) value = value * 16 + digit
    if (prefixed && this.at > start + 2 && value <= Number.MAX_SAFE_INTEGER && this.endsField()) return value
    throw this.wrong('expected an address in hexadecimal, such as 0x1F40', start)
  }

  /** Value of the digit at hand, which is passed, or -1. */
  private hexDigit(): number {
    if (this.at >= this.end) return -1
    const byte = this.text[this.at]!
    const low = byte | 32
    const digit = byte >= ZERO && byte <= 57 ? byte - ZERO : low >= 97 && low <= 102 ? low - 87 : -1
    if (digit >= 0) this.at++
    return digit
  }

  /** True for WRITE. */
  private readKind(): boolean {
    const start = this.at
    while (this.at < this.end && !this.blank()) this.at++
    const word = this.text.toString('latin1', start, this.at)
    this.skipBlanks()
    if (word === 'READ') return false
    if (word === 'WRITE') return true
    throw this.wrong(`expected READ or WRITE${didYouMean(word, ['READ', 'WRITE'])}`, start)
  }

  private readCycle(): number {
    const start = this.at
    let value = 0
    for (; this.at < this.end; this.at++) {
      const digit = this.text[this.at]! - ZERO
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
    }
    if (this.at === start || value > Number.MAX_SAFE_INTEGER || !this.endsField())
      throw this.wrong('expected the cycle of the request, a whole number', start)
    if (value < this.latest)
      throw this.wrong(`expected requests in the order of their cycles, ${this.latest} or later`, start)
    return value
  }

  /** True at a blank or the end of the line; blanks are passed. */
  private endsField(): boolean {
    if (this.at < this.end && !this.blank()) return false
    this.skipBlanks()
    return true
  }

  private skipBlanks(): void {
    while (this.at < this.end && this.blank()) this.at++
  }

  private blank(): boolean {
    const byte = this.text[this.at]
    return byte === SPACE || byte === TAB
  }

  private wrong(expected: string, start = this.at): InputError {
    const shown = this.text.toString('utf8', Math.min(start, this.end), Math.min(this.end, start + 40))
    return new InputError(`${expected}; got ${shown === '' ? 'nothing' : JSON.stringify(shown)}`, {
      file: this.file,
      line: this.line,
    })
  }
}
