// What an assembled instruction is: its operation and operands for execution, its dataflow for timing.

import type { Op } from './ops.ts'
import type { TimingClass } from './timing-class.ts'

/** 0-30 are x0-x30, 31 is sp, 32 the condition flags, 33-64 are v0-v31. The zero register has none. */
export type RegisterId = number
export const SP = 31
export const FLAGS = 32
export const V0 = 33
export const REGISTERS = 65

/** x or w register; index 31 is the zero register if `zero`, else the stack pointer. */
export interface General {
  readonly kind: 'general'
  readonly index: number
  readonly bits: 32 | 64
  readonly zero: boolean
}
export type ShiftKind = 'lsl' | 'lsr' | 'asr' | 'ror'
export type ExtendKind = 'uxtb' | 'uxth' | 'uxtw' | 'uxtx' | 'sxtb' | 'sxth' | 'sxtw' | 'sxtx'
export interface Shifted {
  readonly kind: 'shifted'
  readonly register: General
  readonly shift: ShiftKind
  readonly amount: number
}
export interface Extended {
  readonly kind: 'extended'
  readonly register: General
  readonly extend: ExtendKind
  readonly amount: number
}
/** b, h, s, d or q register: the low bits of a vector register. */
export interface Scalar {
  readonly kind: 'scalar'
  readonly index: number
  readonly bits: 8 | 16 | 32 | 64 | 128
}
export type LaneBits = 8 | 16 | 32 | 64
/** v0.16b: lane 8, lanes 16. */
export interface Vector {
  readonly kind: 'vector'
  readonly index: number
  readonly lane: LaneBits
  readonly lanes: number
}
/** v0.s[1]: lane 32, at 1. */
export interface Element {
  readonly kind: 'element'
  readonly index: number
  readonly lane: LaneBits
  readonly at: number
}
/** {v0.16b, v1.16b}; `at` is the lane of {v0.s}[1], else null. */
export interface RegisterList {
  readonly kind: 'list'
  readonly indices: readonly number[]
  readonly lane: LaneBits
  readonly lanes: number
  readonly at: number | null
}
/** Shifts within the immediate (`#1, lsl #12`) are already applied to `value`, modulo the width of the destination. */
export interface Immediate {
  readonly kind: 'immediate'
  readonly value: bigint
}
export interface FloatImmediate {
  readonly kind: 'float'
  readonly value: number
}
/** [x0], [x0, #16], [x0, #16]!, [x0], #16, [x0], x1, [x0, x1, lsl #3], [x0, w1, sxtw #2]. */
export interface MemoryOperand {
  readonly kind: 'memory'
  readonly base: General
  readonly mode: 'offset' | 'pre' | 'post'
  /** Bytes, or the index register. */
  readonly offset: bigint | General | Shifted | Extended
}
/** Address of a label. */
export interface LabelOperand {
  readonly kind: 'label'
  readonly name: string
  readonly address: number
}
// biome-ignore format: one set
export type Condition =
  | 'eq' | 'ne' | 'cs' | 'cc' | 'mi' | 'pl' | 'vs' | 'vc' | 'hi' | 'ls' | 'ge' | 'lt' | 'gt' | 'le' | 'al'
export interface ConditionOperand {
  readonly kind: 'condition'
  readonly code: Condition
}
export type Operand =
  | General
  | Shifted
  | Extended
  | Scalar
  | Vector
  | Element
  | RegisterList
  | Immediate
  | FloatImmediate
  | MemoryOperand
  | LabelOperand
  | ConditionOperand

export type BranchKind = 'jump' | 'conditional' | 'call' | 'return' | 'indirect'

export type Access = 'load' | 'store' | 'prefetch' | 'configure' | 'decode'

export interface Instruction {
  /** Byte address; instructions are four bytes apart. */
  readonly address: number
  /** Of the source, if not the program's. */
  readonly file?: string
  /** Line of the source, from 1. */
  readonly line: number
  /** As written, with single blanks, comments and label taken off. */
  readonly text: string

  // For execution. Aliases are resolved: `cmp` is `subs` to the zero register, `lsl #3` is `ubfm`, `mov` of a
  // register is `orr`, of a constant `mov` with the whole constant.
  readonly op: Op
  readonly operands: readonly Operand[]

  // For timing.
  readonly timing: TimingClass
  /** Works on 128-bit registers. */
  readonly quad: boolean
  /** Vector or general registers that a load or store moves; 1 for all else. */
  readonly transfers: number
  /** Registers read, without repetition; of the two below too. */
  readonly sources: readonly RegisterId[]
  /** The source that is accumulated into (mla, uadalp, fmla, sdot, usra, madd), which may be forwarded late; else null. */
  readonly accumulator: RegisterId | null
  /** Sources that are only stored, not needed for the address. */
  readonly stored: readonly RegisterId[]
  /** Registers written, those of a load in the order of memory; the base of a write-back is not among them. */
  readonly results: readonly RegisterId[]
  /** Base register that pre- or post-indexing writes, else null. */
  readonly writeBack: RegisterId | null
  /** `configure`: a decode unit reads a descriptor; `decode`: it gives 128 bits, and goes to no address. */
  readonly memory: { readonly access: Access; readonly bytes: number } | null
  readonly branch: {
    readonly kind: BranchKind /** Null where it comes from a register. */
    readonly target: number | null
  } | null
}

/** Instructions that execute one after another: only the first is branched to, only the last branches. */
export interface Block {
  /** Index of the first instruction. */
  readonly first: number
  readonly count: number
}

export interface Segment {
  readonly address: number
  readonly bytes: Uint8Array
}

/** Addresses below this are never mapped: a null pointer is an error. */
export const LOWEST_ADDRESS = 0x10_0000

/** Added to the low 32 bits of an address whose content a disassembly does not show: no memory is there. */
export const ELSEWHERE = 2 ** 32

/** An assembled program, ready to be executed. */
export interface Program {
  readonly file: string
  /** In order of address, without gaps, from `textBase`. */
  readonly instructions: readonly Instruction[]
  readonly textBase: number
  readonly blocks: readonly Block[]
  /** Initialised and zeroed data. */
  readonly data: readonly Segment[]
  /** First address behind text and data, aligned to 64 KiB. */
  readonly end: number
  readonly symbols: ReadonlyMap<string, number>
}
