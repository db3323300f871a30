// Text of an instruction that can be read without the program it comes from.

import { isDeepStrictEqual } from 'node:util'
import { InputError } from '../../work/input-error.ts'
import type { Instruction } from '../instruction.ts'
import { checkTraceable, decode } from './decode.ts'
import { printed } from './print.ts'

/**
 * As written, or with numbers for symbols and names for registers that the program gave others. Throws InputError
 * where neither text makes the same instruction; `program` is the file of what has no other.
 */
export function listing(instruction: Instruction, program?: string): string {
  const { file = program, line } = instruction
  const place = file === undefined ? { line } : { file, line }
  checkTraceable(instruction, place)
  for (const text of [instruction.text, printed(instruction)]) if (means(text, instruction)) return text
  const problem = `'${instruction.text}' cannot be recorded: its text means something else outside of its program`
  throw new InputError(problem, place)
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
