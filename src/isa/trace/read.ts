// Opens a trace of any kind that is read: told by its first line.

import { InputError } from '../../work/input-error.ts'
import type { Block, Instruction } from '../instruction.ts'
import type { Resident } from '../stream.ts'
import { BlockBuilder } from './blocks.ts'
import { ExeclogParser } from './execlog.ts'
import { type AsyncBlockStream, MAGIC } from './format.ts'
import { linesOf } from './lines.ts'
import { RecordParser, type Replaced, type TraceParser } from './parse.ts'

interface ReadOptions {
  /** Instructions that the assembler does not know, in a log of QEMU: an error, or timed as a `nop` and counted. */
  readonly unknown: 'error' | 'nop'
}

/**
 * A trace on disk, plain or gzip: one that `Recorder` wrote, or the text of QEMU's execlog plugin. It is read as it
 * is run; memory grows with distinct instructions only. `run` throws InputError with file and line.
 */
export class TraceReader implements AsyncBlockStream {
  readonly file: string

  private readonly builder = new BlockBuilder()
  private readonly lines: AsyncGenerator<Buffer, void, void>
  private readonly options: ReadOptions
  private parser: TraceParser | null = null
  private ended = false

  constructor(file: string, options: ReadOptions = { unknown: 'error' }) {
    this.file = file
    this.lines = linesOf(file)
    this.options = options
  }

  get instructions(): readonly Instruction[] {
    return this.builder.instructions
  }
  get blocks(): readonly Block[] {
    return this.builder.blocks
  }
  get trace(): Int32Array {
    return this.builder.trace
  }
  get next(): number {
    return this.builder.next
  }
  get replaced(): Replaced {
    return this.parser?.replaced ?? { executed: 0, texts: [] }
  }

  /** What was in the caches at the start; complete after the first `run`. */
  get resident(): readonly Resident[] {
    return this.parser?.resident ?? []
  }

  async run(): Promise<number> {
    this.builder.forget()
    for (;;) {
      const lines = this.ended ? { done: true as const } : await this.lines.next()
      if (lines.done) return this.finish()
      this.parser ??= this.parserOf(lines.value)
      this.parser.parse(lines.value)
      const words = this.builder.take(false)
      if (words > 0) return words
    }
  }

  private finish(): number {
    if (this.parser === null) throw new InputError('expected a trace, found an empty file', { file: this.file })
    if (!this.ended) this.parser.finish()
    this.ended = true
    return this.builder.take(true)
  }

  private parserOf(text: Buffer): TraceParser {
    const first = text.toString('latin1', 0, Math.min(MAGIC.length, text.length))
    if (/^\d+, 0x/.test(first)) return new ExeclogParser(this.file, this.builder, this.options.unknown)
    return new RecordParser(this.file, this.builder)
  }
}
