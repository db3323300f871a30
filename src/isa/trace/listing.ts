// Text of an instruction that can be read without the program it comes from.

import { isDeepStrictEqual } from 'node:util'
import { InputError } from '../../work/input-error.ts'
import type { Instruction } from '../instruction.ts'
import { checkTraceable, decode } from './decode.ts'
import { printed } from './print.ts'

/**
 * As written, or with numbers for symbols and names for registers that the program gave others. Throws InputError
 * where neither text makes the same instruction.
 */
export function listing(instruction: Instruction): string {
  const { file, line } = instruction
  checkTraceable(instruction, file === undefined ? { line } : { file, line })
  for (const text of [instruction.text, printed(instruction)]) if (means(text, instruction)) return text
  const problem = `'${instruction.text}' cannot be recorded: its text means something else outside of its program`
  throw new InputError(problem, { line: instruction.line })
}

function means(text: string, instruction: Instruction): boolean {
  try {
    const read = decode(text, instruction.address, { file: '', line: 1, column: 1 })
    return isDeepStrictEqual(timed(read), timed(instruction))
  } catch (error) {
    if (error instanceof InputError) return false
    throw error
  }
}

/** All that cores see of it. */
function timed({ file, line, text, op, operands, ...rest }: Instruction): object {
  return rest
}
