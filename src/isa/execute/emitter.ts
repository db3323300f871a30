// Emits the function that executes a program: registers and flags as locals, checked accesses, branches.

import { type General, LOWEST_ADDRESS, type Program, SP } from '../instruction.ts'
import type { Comparison } from './flags.ts'
import { type Fault, faults, type Layout, RETURN_ADDRESS, type Window } from './layout.ts'
import { FunctionBuilder, type Label, type ModuleBuilder } from './wasm/builder.ts'
import { type Code, get, type Local, select, store } from './wasm/code.ts'
import { type Integer, type IntegerType, i32, i64 } from './wasm/scalar.ts'
import { f32x4, f64x2, i8x16, i16x8, v128 } from './wasm/vector.ts'

/** Takes a value off the stack. */
const DROP = 0x1a

export const integerOf = (bits: 32 | 64): Integer<IntegerType> => (bits === 64 ? i64 : i32)

export const zeroVector = v128.constant(Array(16).fill(0))

export class Emitter extends FunctionBuilder {
  readonly program: Program
  readonly layout: Layout
  /** x0-x30, sp and v0-v31: those that the program uses. */
  readonly generals = new Map<number, Local<'i64'>>()
  readonly vectors = new Map<number, Local<'v128'>>()
  readonly flags: Readonly<Record<'n' | 'z' | 'c' | 'v', Local<'i32'>>>
  /** Block to continue with, -1 at the end. */
  readonly next = this.local('i32')
  readonly fault = this.local('i32')
  readonly faultAddress = this.local('i64')
  /** Iterations of a repeated loop that are left. */
  readonly remaining = this.local('i64')
  /** Where the record of the current block begins. */
  readonly tracePointer = this.local('i32')
  /** Operands of the last comparison, while nothing of the current block has changed the flags since. */
  comparison: Comparison | null = null
  private readonly compared = {
    32: { a: this.local('i32'), b: this.local('i32') },
    64: { a: this.local('i64'), b: this.local('i64') },
  }
  /** Leaves the function. */
  private readonly exit: Label
  /** Continues at the block that `next` holds. */
  private readonly dispatch: Label
  /** Of blocks whose code comes behind the branch. */
  private readonly entries: Label[] = []
  private readonly blockAt: ReadonlyMap<number, number>
  /** Index of the current block, and its label if it branches to itself. */
  private block = 0
  private self: Label | null = null
  private instruction = 0
  private traceOffset = 0

  /** Opens what surrounds the blocks; each is to be closed before its code. */
  constructor(module: ModuleBuilder, program: Program, layout: Layout) {
    super(module, [])
    const flag = () => this.local('i32')
    this.program = program
    this.layout = layout
    this.flags = { n: flag(), z: flag(), c: flag(), v: flag() }
    this.blockAt = new Map(program.blocks.map(({ first }, i) => [program.instructions[first]!.address, i]))
    this.exit = this.open('block')
    this.dispatch = this.open('loop')
    for (let block = program.blocks.length - 1; block >= 0; block--) this.entries[block] = this.open('block')
    this.branchTable(get(this.next), this.entries)
  }

  /** `repeats`: it may branch to itself. */
  beginBlock(block: number, repeats: boolean, traceLimit: number): void {
    this.close()
    this.block = block
    this.comparison = null
    this.self = repeats ? this.open('loop') : null
    this.if(i32.gtU(get(this.tracePointer), i32.constant(traceLimit)), () => {
      this.set(this.next, i32.constant(block))
      this.branch(this.exit)
    })
    this.do(store.i32(get(this.tracePointer), i32.constant(block)))
    this.traceOffset = 4
  }

  beginInstruction(index: number): void {
    this.releaseKept()
    this.instruction = index
  }

  /** The record of the block is complete. */
  endRecord(): void {
    this.set(this.tracePointer, i32.add(get(this.tracePointer), i32.constant(this.traceOffset)))
  }

  endBlock(): void {
    if (this.self !== null) this.close()
  }

  /** Behind the last block: nothing may get there but by leaving. */
  endBlocks(): void {
    this.stop(faults.end, i64.constant(0))
    this.close()
    this.close()
  }

  general(index: number): Local<'i64'> {
    const local = this.generals.get(index) ?? this.local('i64')
    this.generals.set(index, local)
    return local
  }

  vector(index: number): Local<'v128'> {
    const local = this.vectors.get(index) ?? this.local('v128')
    this.vectors.set(index, local)
    return local
  }

  /** All 64 bits. */
  x({ index, zero }: General): Code<'i64'> {
    return index === 31 && zero ? i64.constant(0) : get(this.general(index))
  }

  /** As wide as the operand says. */
  read(register: General): Code<IntegerType> {
    if (register.bits === 64) return this.x(register)
    return register.index === 31 && register.zero ? i32.constant(0) : i32.wrap(this.x(register))
  }

  /** An i32 clears the upper half. */
  write({ index, zero }: General, value: Code<IntegerType>): void {
    if (index === 31 && zero) return
    this.set(this.general(index), value.type === 'i64' ? (value as Code<'i64'>) : i64.extendI32U(value as Code<'i32'>))
  }

  v(index: number): Code<'v128'> {
    return get(this.vector(index))
  }

  /** Writes the low `bits` and clears the rest. */
  writeV(index: number, value: Code<'v128'>, bits: number): void {
    this.set(this.vector(index), lowBits(value, bits))
  }

  /** Makes the flags those of `a - b`, for conditions that follow in the same block; returns the two to be used again. */
  compare<T extends IntegerType>(width: Integer<T>, a: Code<T>, b: Code<T>): Comparison<T> {
    const locals = this.compared[width.bits] as unknown as Record<'a' | 'b', Local<T>>
    this.set(locals.a, a)
    this.set(locals.b, b)
    return { width, first: get(locals.a), second: get(locals.b) }
  }

  /** The address to access, from an effective address; recorded, and checked unless it is wrapped. */
  access(effective: Code<'i64'>, bytes: number): Code<'i32'> {
    const { window, memoryStart, memoryEnd } = this.layout
    if (window !== null) return this.record(this.wrapped(effective, window))
    const full = this.keep(effective)
    this.if(outside(full, memoryStart, memoryEnd - bytes), () => this.stop(faults.access, full))
    return this.record(i32.wrap(full))
  }

  /** Records an address that is not accessed: LOWEST_ADDRESS for one that cannot be. */
  recordHint(effective: Code<'i64'>): void {
    const { window, memoryEnd } = this.layout
    if (window !== null) {
      this.record(this.wrapped(effective, window))
      return
    }
    const full = this.keep(effective)
    this.record(select(outside(full, LOWEST_ADDRESS, memoryEnd - 1), i32.constant(LOWEST_ADDRESS), i32.wrap(full)))
  }

  /** Records that no address is accessed. */
  nowhere(): Code<'i32'> {
    return this.record(i32.constant(LOWEST_ADDRESS))
  }

  /** What the decode unit does for the current instruction; `address` is that of a descriptor. */
  decoder(what: 'decstart' | 'decread', address: Code<'i32'>): void {
    const done = this.callImported(what, 'i32', [i32.constant(this.instruction), address])
    this.do([...done.bytes, DROP])
  }

  private wrapped(effective: Code<'i64'>, { base, bytes, apart }: Window): Code<'i32'> {
    const { operands } = this.program.instructions[this.instruction]!
    const through = operands.find((operand) => operand.kind === 'memory')?.base.index ?? SP
    return i32.add(i32.and(i32.wrap(effective), i32.constant(bytes - 1)), i32.constant(base + through * apart))
  }

  private record(address: Code<'i32'>): Code<'i32'> {
    const kept = this.keep(address)
    this.do(store.i32(get(this.tracePointer), kept, this.traceOffset))
    this.traceOffset += 4
    return kept
  }

  /** Ends execution; `address` is what the fault is about. */
  stop(fault: Fault, address: Code<'i64'>): void {
    this.set(this.fault, i32.constant(4 * this.instruction + fault))
    this.set(this.faultAddress, address)
    this.end()
  }

  end(): void {
    this.set(this.next, i32.constant(-1))
    this.branch(this.exit)
  }

  /** Branches to a fixed address, always or if `condition` is not zero. */
  branchTo(address: number, condition: Code<'i32'> | null): void {
    const target = this.blockAt.get(address)
    if (target === undefined) {
      const stop = () => this.stop(faults.target, i64.constant(address))
      condition === null ? stop() : this.if(condition, stop)
      return
    }
    const label = target > this.block ? this.entries[target]! : target === this.block ? this.self : null
    if (label !== null) condition === null ? this.branch(label) : this.branchIf(condition, label)
    else {
      const back = () => this.continueAt(i32.constant(target))
      condition === null ? back() : this.if(condition, back)
    }
  }

  private continueAt(block: Code<'i32'>): void {
    this.set(this.next, block)
    this.branch(this.dispatch)
  }

  /** Branches to the address that `target` gives: to the block there, or back to who started the program. */
  branchIndirect(target: Code<'i64'>): void {
    const { textBase, instructions } = this.program
    const address = this.keep(target)
    const offset = this.keep(i64.sub(address, i64.constant(textBase)))
    this.if(i64.eq(address, i64.constant(RETURN_ADDRESS)), () => this.end())
    const bad = i32.or(
      i64.geU(offset, i64.constant(4 * instructions.length)),
      i32.wrap(i64.and(offset, i64.constant(3))),
    )
    this.if(bad, () => this.stop(faults.target, address))
    const block = this.keep(i32.load(i32.wrap(offset), this.layout.blockTableAt))
    this.if(i32.ltS(block, i32.constant(0)), () => this.stop(faults.target, address))
    this.continueAt(block)
  }
}

/** Whether an address is below `first` or above `last`. */
const outside = (address: Code<'i64'>, first: number, last: number): Code<'i32'> =>
  i64.gtU(i64.sub(address, i64.constant(first)), i64.constant(last - first))

/** The low `bits`, cleared above. */
function lowBits(value: Code<'v128'>, bits: number): Code<'v128'> {
  switch (bits) {
    case 8:
      return i8x16.replace(zeroVector, 0, i8x16.extractU(value, 0))
    case 16:
      return i16x8.replace(zeroVector, 0, i16x8.extractU(value, 0))
    case 32:
      return f32x4.replace(zeroVector, 0, f32x4.extract(value, 0))
    case 64:
      return f64x2.replace(zeroVector, 0, f64x2.extract(value, 0))
    default:
      return value
  }
}
