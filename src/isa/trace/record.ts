// Writes what a stream executes, as docs/traces.md has it.

import type { Block, Instruction } from '../instruction.ts'
import type { BlockStream, Resident } from '../stream.ts'
import { hex, MAGIC, VERSION } from './format.ts'
import { listing } from './listing.ts'

const CHUNK = 1 << 16

/** Lines of a block: what precedes each access to memory, and what follows the last one. */
interface Template {
  readonly pieces: readonly string[]
  readonly last: Instruction
}

/**
 * A stream that passes another one through and writes down what it executes. `write` receives the trace in pieces,
 * the last one from `close`, without which the trace counts as cut short. `resident` is what is in the caches before
 * the first instruction.
 */
export class Recorder implements BlockStream {
  private readonly stream: BlockStream
  private readonly write: (text: string) => void
  private readonly file: string | undefined
  private readonly templates: (Template | undefined)[] = []
  private readonly listed: boolean[] = []

  private text: string
  private executed = 0
  /** The block whose branch is not yet written, since where it goes is not yet known; -1 if none. */
  private pending = -1

  /** `file` is the program's, for errors. */
  constructor(stream: BlockStream, write: (text: string) => void, resident: readonly Resident[] = [], file?: string) {
    this.stream = stream
    this.write = write
    this.file = file
    const lines = resident.map(({ cache, address, bytes }) => `R ${cache} ${hex(address)} ${bytes}\n`)
    this.text = `${MAGIC} ${VERSION}\n${lines.join('')}`
  }

  get instructions(): readonly Instruction[] {
    return this.stream.instructions
  }
  get blocks(): readonly Block[] {
    return this.stream.blocks
  }
  get trace(): Int32Array {
    return this.stream.trace
  }
  get next(): number {
    return this.stream.next
  }

  run(): number {
    const words = this.stream.run()
    const trace = this.stream.trace
    for (let at = 0; at < words; ) at = this.record(trace, at)
    return words
  }

  /** Ends the trace after what has been executed. */
  close(): void {
    this.branch(this.next)
    this.write(`${this.text}E ${this.executed}\n`)
    this.text = ''
  }

  private record(trace: Int32Array, at: number): number {
    const block = trace[at]!
    this.branch(block)
    const { pieces } = (this.templates[block] ??= this.template(block))
    let text = pieces[0]!
    for (let i = 1; i < pieces.length; i++) text += hex(trace[at + i]!) + pieces[i]!
    this.text += text
    this.executed += this.blocks[block]!.count
    this.pending = block
    if (this.text.length >= CHUNK) {
      this.write(this.text)
      this.text = ''
    }
    return at + pieces.length
  }

  /** Ends the pending block, which `next` follows, -1 if nothing does. */
  private branch(next: number): void {
    if (this.pending < 0) return
    const { branch, address } = this.templates[this.pending]!.last
    this.pending = -1
    if (branch === null) return
    const moved = next >= 0 && this.instructions[this.blocks[next]!.first]!.address !== address + 4
    this.text += branch.kind !== 'conditional' || moved ? ' t\n' : ' n\n'
  }

  private template(block: number): Template {
    const { first, count } = this.blocks[block]!
    const instructions = this.instructions.slice(first, first + count)
    for (const [i, instruction] of instructions.entries()) this.list(first + i, instruction, i === 0 ? 'B' : 'I')
    const text = instructions
      .map(({ address, memory, branch }) => `${hex(address)}${memory ? ' \0' : ''}${branch ? '' : '\n'}`)
      .join('')
    return { pieces: text.split('\0'), last: instructions.at(-1)! }
  }

  private list(index: number, instruction: Instruction, kind: 'B' | 'I'): void {
    if (this.listed[index]) return
    this.listed[index] = true
    this.text += `${kind} ${hex(instruction.address)} ${listing(instruction, this.file)}\n`
  }
}
