// Translates a program into one WebAssembly function, `run`: from a block on, until the trace is full or the program ends.

import type { Block, Program } from '../instruction.ts'
import { Emitter } from './emitter.ts'
import {
  FAULT_ADDRESS_AT,
  FAULT_AT,
  FLAGS_AT,
  GENERAL_AT,
  type Layout,
  NEXT_AT,
  PAGE_BYTES,
  REMAINING_AT,
  TRACE_AT,
  TRACE_WORDS,
  VECTORS_AT,
} from './layout.ts'
import { semantics } from './semantics.ts'
import { ModuleBuilder } from './wasm/builder.ts'
import { get, type Local, store, type Type } from './wasm/code.ts'
import type { ImportedFunction } from './wasm/module.ts'
import { i32, i64 } from './wasm/scalar.ts'
import { v128 } from './wasm/vector.ts'

/** The branch that closes a repeated loop. */
export interface Closing {
  /** Index of the instruction. */
  readonly instruction: number
  readonly target: number
}

const imports: readonly ImportedFunction[] = [
  // f64 fused multiply-add: a * b + c
  { name: 'fma', parameters: ['f64', 'f64', 'f64'], result: 'f64' },
  // index of the instruction and address of the descriptor
  { name: 'decstart', parameters: ['i32', 'i32'], result: 'i32' },
  { name: 'decread', parameters: ['i32', 'i32'], result: 'i32' },
]

/** The module of a program with records that fit the trace; it exports `run`, which returns the words in the trace. */
export function translate(program: Program, layout: Layout, closing: Closing | null): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder(imports)
  const e = new Emitter(module, program, layout)
  // A block is begun only if its record fits, whichever it is.
  const longest = program.blocks.reduce((most, block) => Math.max(most, recordWords(program, block)), 0)
  const limit = TRACE_AT + 4 * (TRACE_WORDS - longest)
  for (const block of program.blocks.keys()) emitBlock(e, block, limit, closing)
  e.endBlocks()
  saveState(e)
  e.prepend(() => loadState(e))
  module.add(e, i32.shrU(i32.sub(get(e.tracePointer), i32.constant(TRACE_AT)), i32.constant(2)), 'run')
  return module.encode(pagesOf(program, layout))
}

/** Pages of memory that the program needs. */
export const pagesOf = ({ instructions }: Program, { blockTableAt }: Layout): number =>
  Math.ceil((blockTableAt + 4 * instructions.length) / PAGE_BYTES)

/** Words that an execution of the block adds to the trace. */
export const recordWords = ({ instructions }: Program, { first, count }: Block): number =>
  1 + instructions.slice(first, first + count).filter(({ memory }) => memory !== null).length

function emitBlock(e: Emitter, block: number, traceLimit: number, closing: Closing | null): void {
  const { instructions, blocks } = e.program
  const { first, count } = blocks[block]!
  const last = first + count - 1
  const repeats = instructions[last]!.branch?.target === instructions[first]!.address
  e.beginBlock(block, repeats, traceLimit)
  for (let i = first; i <= last; i++) {
    const instruction = instructions[i]!
    e.beginInstruction(i)
    if (instruction.branch !== null) e.endRecord()
    if (i === closing?.instruction) {
      e.set(e.remaining, i64.sub(get(e.remaining), i64.constant(1)))
      e.if(i64.eqz(get(e.remaining)), () => e.end())
      e.branchTo(closing.target, null)
    } else semantics[instruction.op](e, instruction.operands, instruction)
  }
  if (instructions[last]!.branch === null) e.endRecord()
  e.endBlock()
}

/** All that is kept in memory while nothing runs, and where. */
function* state(e: Emitter): Generator<readonly [Local<'i32'> | Local<'i64'> | Local<'v128'>, number]> {
  for (const [i, local] of e.generals) yield [local, GENERAL_AT + 8 * i]
  for (const [i, local] of e.vectors) yield [local, VECTORS_AT + 16 * i]
  for (const [i, local] of Object.values(e.flags).entries()) yield [local, FLAGS_AT + 4 * i]
  yield [e.next, NEXT_AT]
  yield [e.fault, FAULT_AT]
  yield [e.faultAddress, FAULT_ADDRESS_AT]
  yield [e.remaining, REMAINING_AT]
}

const zero = i32.constant(0)

function loadState(e: Emitter): void {
  const loads = { i32: i32.load, i64: i64.load, v128: v128.load }
  for (const [local, at] of state(e)) e.set<Type>(local, loads[local.type](zero, at))
  e.set(e.tracePointer, i32.constant(TRACE_AT))
}

function saveState(e: Emitter): void {
  for (const [local, at] of state(e)) {
    if (local.type === 'i32') e.do(store.i32(zero, get(local), at))
    else if (local.type === 'i64') e.do(store.i64(zero, get(local), at))
    else e.do(store.v128(zero, get(local), at))
  }
}
