// Executes an assembled program: values, and which blocks and addresses in which order.

import { didYouMean, InputError } from '../work/input-error.ts'
import { Decoder } from './execute/decoder.ts'
import { fma } from './execute/fma.ts'
import {
  FAULT_ADDRESS_AT,
  FAULT_AT,
  FLAGS_AT,
  faults,
  GENERAL_AT,
  type Layout,
  LONGEST_ACCESS,
  NEXT_AT,
  PAGE_BYTES,
  REMAINING_AT,
  RETURN_ADDRESS,
  TRACE_AT,
  TRACE_WORDS,
  VECTORS_AT,
  type Window,
  windowsAt,
} from './execute/layout.ts'
import { type Closing, pagesOf, recordWords, translate } from './execute/translate.ts'
import {
  type Block,
  ELSEWHERE,
  type Instruction,
  type LabelOperand,
  LOWEST_ADDRESS,
  type Program,
} from './instruction.ts'
import type { BlockStream, Decoding } from './stream.ts'

// What is used of a global that neither lib.es2023 nor @types/node declares.
declare const WebAssembly: {
  Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer }
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { readonly exports: { readonly run: () => number } }
}

const DEFAULT_MEMORY = 16 * 1024 * 1024
const DEFAULT_WINDOW = 256
/** Linear memory of WebAssembly has 32-bit addresses. */
const LARGEST_MEMORY = 2 ** 32 - 2 ** 24
const LINK = 30
const STACK_POINTER = 31

/** Repeats one loop of a program whose data is not set up. */
interface LoopOptions {
  /** Label of the first instruction. The last branch at or behind it that targets it closes the loop. */
  readonly label: string
  /** Times the body is executed, whatever the closing branch's condition is; then execution ends. */
  readonly iterations: number
  /** Accesses through each base register are wrapped into a window of so many bytes, a power of two; 256 by default. */
  readonly windowBytes?: number
}

export interface ExecutionOptions {
  /** Addresses from behind the instructions to below this may be accessed; by default 16 MiB behind the program (and window). */
  readonly memoryBytes?: number
  readonly loop?: LoopOptions
}

export interface Flags {
  readonly n: boolean
  readonly z: boolean
  readonly c: boolean
  readonly v: boolean
}

/** Registers and memory may be read and set whenever `run` is not running. */
export class Execution implements BlockStream {
  readonly program: Program
  readonly instructions: readonly Instruction[]
  readonly blocks: readonly Block[]
  readonly trace: Int32Array
  /** Memory by address; what lies below LOWEST_ADDRESS belongs to the execution. */
  readonly memory: Uint8Array
  readonly view: DataView
  /** Where the accesses of a repeated loop go; null without a loop. */
  readonly window: Window | null
  readonly decodings: Decoding[]
  private readonly blockAt: ReadonlyMap<number, number>
  private readonly runBlocks: () => number

  /**
   * A program to be started with `start`; with `loop`, it is started, at the first iteration.
   * Throws InputError for a loop that the program does not have and for memory that does not hold it.
   */
  constructor(program: Program, options: ExecutionOptions = {}) {
    const { loop } = options
    checkBlocks(program)
    this.program = program
    this.instructions = program.instructions
    this.blocks = program.blocks
    this.blockAt = new Map(program.blocks.map(({ first }, i) => [program.instructions[first]!.address, i]))
    this.window = loop === undefined ? null : windowOf(program, loop)
    const needed = this.window === null ? program.end : this.window.base + this.window.total
    const { memoryBytes = needed + DEFAULT_MEMORY } = options
    if (!(memoryBytes >= needed && memoryBytes <= LARGEST_MEMORY))
      throw new InputError(`memory of ${memoryBytes} bytes, expected ${needed} to ${LARGEST_MEMORY}`, {
        file: program.file,
      })
    const layout: Layout = {
      memoryStart: startOf(program),
      memoryEnd: memoryBytes,
      blockTableAt: 4 * Math.ceil(memoryBytes / 4),
      window: this.window,
    }
    const closing = loop === undefined ? null : closingBranch(program, loop)
    const { buffer, run, decodings } = instantiate(program, layout, closing)
    this.decodings = decodings
    this.runBlocks = run
    this.memory = new Uint8Array(buffer, 0, memoryBytes)
    this.view = new DataView(buffer, 0, memoryBytes)
    this.trace = new Int32Array(buffer, TRACE_AT, TRACE_WORDS)
    for (const { address, bytes } of program.data) this.memory.set(bytes, address)
    this.view.setInt32(FAULT_AT, -1, true)
    this.view.setInt32(NEXT_AT, -1, true)
    this.setX(STACK_POINTER, BigInt(memoryBytes - (memoryBytes % 16)))
    if (loop === undefined || closing === null) return
    this.view.setBigInt64(REMAINING_AT, BigInt(loop.iterations), true)
    this.start(closing.target)
  }

  /** Index of the block that is executed next, -1 at the end. */
  get next(): number {
    return this.view.getInt32(NEXT_AT, true)
  }

  get ended(): boolean {
    return this.next < 0
  }

  /** Goes on at an instruction that begins a block, until a return to who called it. Throws InputError for any other address. */
  start(address: number): void {
    const block = this.blockAt.get(address)
    if (block === undefined)
      throw new InputError(`no label or block begins at 0x${address.toString(16)}`, { file: this.program.file })
    this.view.setInt32(NEXT_AT, block, true)
    this.setX(LINK, BigInt(RETURN_ADDRESS))
  }

  /**
   * Executes until the trace is full or the program has ended; returns the words in `trace`, 0 if it had ended before.
   * Throws InputError, with the line, at an access outside of memory or a branch to where no block begins.
   */
  run(): number {
    if (this.ended) return 0
    const words = this.runBlocks()
    const fault = this.view.getInt32(FAULT_AT, true)
    if (fault >= 0) this.raise(fault)
    return words
  }

  /** x0-x30, or sp as 31, as an unsigned number. */
  getX(index: number): bigint {
    return this.view.getBigUint64(GENERAL_AT + 8 * index, true)
  }

  /** Sets a register to `value` modulo 2^64. */
  setX(index: number, value: bigint): void {
    this.view.setBigUint64(GENERAL_AT + 8 * index, BigInt.asUintN(64, value), true)
  }

  /** A copy of the 16 bytes, lowest first. */
  getV(index: number): Uint8Array {
    return this.memory.slice(VECTORS_AT + 16 * index, VECTORS_AT + 16 * (index + 1))
  }

  setV(index: number, bytes: Uint8Array): void {
    if (bytes.length !== 16) throw new RangeError(`a vector register has 16 bytes, not ${bytes.length}`)
    this.memory.set(bytes, VECTORS_AT + 16 * index)
  }

  get flags(): Flags {
    const [n, z, c, v] = [0, 1, 2, 3].map((i) => this.view.getInt32(FLAGS_AT + 4 * i, true) !== 0)
    return { n: n!, z: z!, c: c!, v: v! }
  }

  set flags({ n, z, c, v }: Flags) {
    for (const [i, flag] of [n, z, c, v].entries()) this.view.setInt32(FLAGS_AT + 4 * i, Number(flag), true)
  }

  private raise(fault: number): never {
    const { instructions, textBase } = this.program
    const { file = this.program.file, line, text } = instructions[Math.floor(fault / 4)]!
    const reached = this.view.getBigUint64(FAULT_ADDRESS_AT, true)
    const address = `0x${reached.toString(16)}`
    this.view.setInt32(FAULT_AT, -1, true)
    const hex = (value: number) => `0x${value.toString(16)}`
    if (fault % 4 !== faults.end && isElsewhere(reached, instructions)) {
      const shown = hex(Number(BigInt.asUintN(32, reached)))
      throw new InputError(`'${text}' needs what is at ${shown}, of which a disassembly shows the address alone`, {
        file,
        line,
      })
    }
    const problem = {
      [faults.access]: `accesses ${address}, expected from ${hex(startOf(this.program))}, behind the instructions, to below ${hex(this.memory.length)}`,
      [faults.target]:
        `branches to ${address}, where no block of instructions begins; ` +
        `they lie from ${hex(textBase)} to below ${hex(textBase + 4 * instructions.length)}`,
      [faults.end]: 'is the last instruction and goes on behind it, expected a branch or return',
    }[fault % 4]!
    throw new InputError(`'${text}' ${problem}`, { file, line })
  }
}

/** Comes from an adrp or adr of a disassembly, to what it does not show. */
const isElsewhere = (address: bigint, instructions: readonly Instruction[]): boolean =>
  address >> 32n === 1n &&
  instructions.some(({ op, operands }) => op === 'adr' && (operands[1] as LabelOperand).address >= ELSEWHERE)

/** The program as a function, and the memory it works on, in which the table of blocks is filled. */
function instantiate(program: Program, layout: Layout, closing: Closing | null) {
  const pages = pagesOf(program, layout)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
  const module = new WebAssembly.Module(translate(program, layout, closing))
  const decoder = new Decoder(program, memory.buffer, layout.memoryEnd)
  const { start: decstart, read: decread } = decoder
  const { exports } = new WebAssembly.Instance(module, { env: { memory, fma, decstart, decread } })
  const table = new Int32Array(memory.buffer, layout.blockTableAt, program.instructions.length).fill(-1)
  for (const [i, { first }] of program.blocks.entries()) table[first] = i
  return { buffer: memory.buffer, run: exports.run, decodings: decoder.decodings }
}

function checkBlocks(program: Program): void {
  const { file, blocks, instructions } = program
  if (blocks.length === 0) throw new InputError('has no instructions to execute', { file })
  for (const block of blocks) {
    const words = recordWords(program, block)
    const first = instructions[block.first]!
    if (words > TRACE_WORDS)
      throw new InputError(
        `${words - 1} instructions access memory up to the next label or branch, expected at most ${TRACE_WORDS - 1}`,
        { file: first.file ?? file, line: first.line },
      )
  }
}

/** First address that can be accessed: instructions are not there as bytes. */
const startOf = ({ textBase, instructions }: Program): number =>
  textBase === LOWEST_ADDRESS ? textBase + 4 * instructions.length : LOWEST_ADDRESS

function windowOf({ file, end }: Program, { windowBytes = DEFAULT_WINDOW }: LoopOptions): Window {
  if (!Number.isSafeInteger(Math.log2(windowBytes)) || windowBytes < LONGEST_ACCESS)
    throw new InputError(`a window of ${windowBytes} bytes, expected a power of two from ${LONGEST_ACCESS}`, { file })
  return windowsAt(Math.ceil(end / PAGE_BYTES) * PAGE_BYTES, windowBytes)
}

function closingBranch({ file, symbols, instructions }: Program, { label, iterations }: LoopOptions): Closing {
  if (!Number.isSafeInteger(iterations) || iterations < 1)
    throw new InputError(`a loop of ${iterations} iterations, expected a whole number from 1`, { file })
  const target = symbols.get(label)
  if (target === undefined) throw new InputError(`no label '${label}'${didYouMean(label, symbols.keys())}`, { file })
  const instruction = instructions.findLastIndex(
    ({ address, branch }) => branch?.target === target && branch.kind !== 'call' && address >= target,
  )
  if (instruction < 0)
    throw new InputError(`no branch behind label '${label}' goes back to it, so it begins no loop`, { file })
  return { instruction, target }
}
