import { assemble } from '../../../src/isa/assemble.ts'
import type { Instruction } from '../../../src/isa/instruction.ts'

/** The only instruction of `text`, in front of which a label `start` stands. */
export function one(text: string): Instruction {
  const { instructions } = assemble(`start: ${text}`, 'one.s')
  if (instructions.length !== 1) throw new Error(`${instructions.length} instructions`)
  return instructions[0]!
}

/** Operands in short: x0, w1, #5, v0.16b, [x0, #8]!, ... */
export const shown = (instruction: Instruction): string =>
  JSON.stringify(instruction.operands, (_, value) => (typeof value === 'bigint' ? `${value}` : value))

/** The message of what `text` throws; null where it assembles. */
export function refusal(text: string): string | null {
  try {
    assemble(text, 'bad.s')
    return null
  } catch (error) {
    return (error as Error).message
  }
}
