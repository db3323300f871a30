// How the tables of semantics say what an operation does.

import type { Instruction, Operand } from '../instruction.ts'
import type { Emitter } from './emitter.ts'

/** Emits the code of an instruction. */
export type Semantics = (e: Emitter, operands: readonly Operand[], instruction: Instruction) => void

/** An operation on operands of the kinds that the assembler gives it. */
export const on =
  <T extends readonly Operand[]>(emit: (e: Emitter, operands: T, instruction: Instruction) => void): Semantics =>
  (e, operands, instruction) =>
    emit(e, operands as T, instruction)
