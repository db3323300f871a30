// Assembly text to a program: AArch64 in GNU syntax, as compilers and disassemblers print it and people write it.

import { Assembler } from './assemble/assembler.ts'
import { isDisassembly, readDisassembly } from './assemble/disassembly.ts'
import { type Include, includeNothing, type Source } from './assemble/include.ts'
import { layOut } from './assemble/layout.ts'
import { Expander } from './assemble/macro.ts'
import { linesOf } from './assemble/source.ts'
import { LOWEST_ADDRESS, type Program } from './instruction.ts'

interface AssembleOptions {
  /** Address of the first instruction, a multiple of 4096. */
  readonly textBase?: number
  /** Finds what `.include` names; by default, nothing. */
  readonly include?: Include
}

/**
 * Assembles `text`. `file` is its name in errors.
 * Throws InputError with file, line and column for what GNU as would refuse, and for what is not simulated: nothing is
 * left out silently.
 */
export function assemble(text: string, file: string, options: AssembleOptions = {}): Program {
  const { textBase = LOWEST_ADDRESS, include = includeNothing } = options
  if (textBase % 4096 !== 0) throw new RangeError(`textBase ${textBase} is not a multiple of 4096`)
  const assembler = new Assembler(file)
  const lines = linesOf(text)
  if (isDisassembly(text)) readDisassembly(assembler, lines)
  else new Expander(assembler, include).run(lines)
  return layOut(assembler, textBase)
}

/**
 * Assembles several files into one program, as a linker would: they share the names that one declares `.global`, before it
 * uses them and in a file before others that do.
 */
export function assembleAll(sources: readonly Source[], include: Include = includeNothing): Program {
  const assembler = new Assembler('')
  for (const { file, text } of sources) {
    assembler.beginFile(file)
    new Expander(assembler, include).run(linesOf(text))
  }
  return layOut(assembler, LOWEST_ADDRESS)
}
