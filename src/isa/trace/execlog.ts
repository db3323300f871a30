// The text that QEMU's execlog plugin prints (contrib/plugins/execlog.c of QEMU 7.1 to 9.x), into blocks. A line:
//   0, 0x400080, 0x3dc00020, "ldr q0, [x1]", load, 0x00410000, load, 0x00410008
// the number of the processor, address, code word, disassembly, then of each access its kind and address; in system
// emulation the name of the device follows (`RAM`). An instruction that accesses memory in parts has several.

import { InputError } from '../../work/input-error.ts'
import { ACCESSES, type BlockBuilder } from './blocks.ts'
import { decode, decodeOrNull, spelled } from './decode.ts'
import { hex } from './format.ts'
import { HexReader } from './hex.ts'
import type { Replaced, TraceParser } from './parse.ts'
import { InstructionTable } from './table.ts'

const NEWLINE = 10
const START = Buffer.from('0, 0x')
const WORD = Buffer.from(', 0x')
const TEXT = Buffer.from(', "')
const QUOTE = 34
const ACCESS = [Buffer.from(', load, 0x'), Buffer.from(', store, 0x')] as const

export class ExeclogParser implements TraceParser {
  readonly resident = []

  private readonly file: string
  private readonly builder: BlockBuilder
  private readonly unknown: 'error' | 'nop'
  private readonly table: InstructionTable
  private readonly number = new HexReader()
  /** Of each instruction, by index. */
  private readonly words: number[] = []
  private readonly nops = new Map<number, string>()

  private line = 0
  private previous = -1
  private executedNops = 0

  constructor(file: string, builder: BlockBuilder, unknown: 'error' | 'nop') {
    this.file = file
    this.builder = builder
    this.unknown = unknown
    this.table = new InstructionTable(builder)
  }

  get replaced(): Replaced {
    return { executed: this.executedNops, texts: [...new Set(this.nops.values())] }
  }

  parse(text: Buffer): void {
    for (let at = 0; at < text.length; ) {
      this.line++
      const end = text.indexOf(NEWLINE, at)
      if (end > at) this.execution(text, at, end)
      at = end + 1
    }
  }

  finish(): void {
    // The log has no end that could be missing: it is what was printed before QEMU ended, or was ended.
  }

  private execution(text: Buffer, start: number, end: number): void {
    const number = this.number
    let at = number.read(text, this.past(START, text, start, start, end))
    const address = number.value
    at = number.read(text, this.past(WORD, text, at, start, end))
    const word = number.value
    at = this.past(TEXT, text, at, start, end)
    const quote = text.indexOf(QUOTE, at)
    if (quote < 0 || quote > end) throw this.unexpected(text, start, end)
    let index = this.table.indexOf(address, this.previous)
    if (index < 0) index = this.add(text.toString('latin1', at, quote), address, word, 1 + at - start)
    if (this.words[index] !== word)
      throw this.wrong(`expected the code at ${hex(address)} to stay as it is, found another instruction there`)
    this.builder.execute(index, this.accessOf(index, text, quote + 1))
    if (this.nops.size > 0 && this.nops.has(index)) this.executedNops++
    this.previous = index
  }

  /** Address of the first access, which begins at `at` if there is one. */
  private accessOf(index: number, text: Buffer, at: number): number {
    const access = ACCESS.find((prefix) => startsWith(text, at, prefix))
    const expected = (this.builder.flags[index]! & ACCESSES) !== 0
    if ((access !== undefined) !== expected && !this.nops.has(index)) {
      const { text: what } = this.builder.instructions[index]!
      throw this.wrong(`expected ${expected ? 'the address accessed' : 'no access to memory'} behind '${what}'`)
    }
    if (access === undefined) return 0
    this.number.read(text, at + access.length)
    return this.number.value
  }

  private add(text: string, address: number, word: number, column: number): number {
    this.words.push(word)
    const at = address >>> 0
    const place = { file: this.file, line: this.line, column }
    const index = this.builder.instructions.length
    const plain = spelled(text)
    const instruction = this.unknown === 'nop' ? decodeOrNull(plain, at, place) : decode(plain, at, place)
    // QEMU does nothing for a prefetch, so there is no address.
    if (instruction !== null && instruction.memory?.access !== 'prefetch') return this.table.add(instruction)
    this.nops.set(index, plain)
    return this.table.add({ ...decode('nop', at, place), text: plain })
  }

  /** Where `prefix` ends, which must be at `at`. */
  private past(prefix: Buffer, text: Buffer, at: number, start: number, end: number): number {
    if (!startsWith(text, at, prefix)) throw this.unexpected(text, start, end)
    return at + prefix.length
  }

  private unexpected(text: Buffer, start: number, end: number): InputError {
    const line = text.toString('utf8', start, Math.min(end, start + 80))
    const other = /^[1-9]\d*, 0x/.test(line) ? ' of processor 0 alone' : ''
    return this.wrong(`expected '0, 0xADDRESS, 0xWORD, "INSTRUCTION"'${other}, found '${line}'`)
  }

  private wrong(problem: string): InputError {
    return new InputError(problem, { file: this.file, line: this.line })
  }
}

function startsWith(text: Uint8Array, at: number, prefix: Uint8Array): boolean {
  for (let i = 0; i < prefix.length; i++) if (text[at + i] !== prefix[i]) return false
  return true
}
