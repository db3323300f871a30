// One operand of a form: what it accepts, and what it makes of it.

import type { Operand } from '../instruction.ts'
import type { Expression } from './expression.ts'
import type { Written } from './written.ts'

/** Of the right kind, but not encodable. */
export class Problem {
  readonly text: string
  readonly column: number

  constructor(text: string, column: number) {
    this.text = text
    this.column = column
  }
}

export interface Context {
  /** Address of the instruction. */
  readonly address: number
  /** Value of an expression, addresses included. */
  value(expression: Expression): bigint
  /** Address of the literal that `ldr =` loads; null where the operand is none. */
  readonly literal: number | null
}

export interface Slot {
  /** As lists of forms show it. */
  readonly text: string
  /** Null where the operand is of another kind. */
  read(written: Written, context: Context): Operand | Problem | null
}
