// One instruction of a trace from its text.

import { InputError, type InputErrorPlace } from '../../work/input-error.ts'
import { Assembler } from '../assemble/assembler.ts'
import { relative } from '../assemble/disassembly.ts'
import { layOut } from '../assemble/layout.ts'
import type { Instruction } from '../instruction.ts'

/** Where the text of an instruction stands. */
interface TextPlace {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** The instruction at `address` that `text` spells; throws InputError if the assembler does not know it. */
export function decode(text: string, address: number, place: TextPlace): Instruction {
  // Not by `assemble`, which begins programs at pages.
  const assembler = new Assembler(place.file)
  if (/^[a-z]/i.test(text)) assembler.statement(text, place)
  const { instructions } = layOut(assembler, address)
  if (instructions.length !== 1) throw new InputError(`expected an instruction, found '${text}'`, place)
  checkTraceable(instructions[0]!, place)
  return instructions[0]!
}

/** Throws InputError for an instruction of a decode unit. */
export function checkTraceable({ text, memory }: Instruction, place: InputErrorPlace): void {
  if (memory?.access !== 'configure' && memory?.access !== 'decode') return
  throw new InputError(
    `'${text}' cannot be recorded or replayed: a trace does not hold what a decode unit reads`,
    place,
  )
}

/** As `decode`; null if the assembler does not know the instruction. */
export function decodeOrNull(text: string, address: number, place: TextPlace): Instruction | null {
  try {
    return decode(text, address, place)
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
}

/**
 * Disassembly, as capstone (`b.ne #0x400080`), binutils (`b.ne 400080 <loop+0x8>  // b.any`) and VIXL
 * (`b.ne #-0x8 (addr 0x400080)`) print it, as the assembler reads it. Addresses keep their low 32 bits.
 */
export function spelled(text: string): string {
  const plain = text
    .replace(/\/\/.*|<[^>]*>/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/\S+ \(addr (0x[0-9a-f]+)\)$/, '$1')
    // capstone's spelling of a negative step
    .replace(/(?<=\], #)0x[0-9a-f]{16}$/, (step) => `${BigInt.asIntN(64, BigInt(step))}`)
  const [mnemonic] = plain.split(' ', 1)
  const [last, digits] = /#?(?:0x)?([0-9a-f]+)$/.exec(plain.slice(plain.lastIndexOf(' ') + 1)) ?? []
  if (!relative.test(mnemonic!) || last === undefined || plain.includes('[')) return plain
  const address = BigInt.asUintN(32, BigInt(`0x${digits}`))
  return `${plain.slice(0, -last.length)}0x${address.toString(16)}`
}
