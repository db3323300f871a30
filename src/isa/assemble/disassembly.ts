// Text that `objdump -d` prints: every instruction has an address, which branches name instead of labels.

import type { Assembler } from './assembler.ts'
import { failAt } from './cursor.ts'
import type { SourceLine } from './source.ts'

const instruction = /^\s*([0-9a-f]+):\s([0-9a-f]{8}|(?:[0-9a-f]{2} ){4})\s+(\S.*)$/
const heading = /^[0-9a-f]+ <(.+)>:\s*$/
const relocation = /^\s*[0-9a-f]+:\s+(R_AARCH64_\w+)/
const target = /\b(?:0x)?([0-9a-f]+) <[^<>]*(?:<[^>]*>[^<>]*)*>/

/** bl to itself: what stands in an object file for a call of a function elsewhere. */
const unlinkedCall = '94000000'

const prefix = '.address$'

/** The address that a symbol stands for, in hexadecimal; null for a symbol that is none. */
export const disassembledAddress = (symbol: string): string | null =>
  symbol.startsWith(prefix) ? symbol.slice(prefix.length) : null

export const isDisassembly = (text: string): boolean =>
  /^\s*[0-9a-f]+:\t(?:[0-9a-f]{8}|(?:[0-9a-f]{2} ){4})\s/m.test(text)

/**
 * Reads a disassembly into `assembler`: the instructions follow one another from the base of the text, whatever their
 * addresses were. Throws InputError for what refers to data, which a disassembly does not show.
 */
export function readDisassembly(assembler: Assembler, lines: readonly SourceLine[]): void {
  for (const { text, line } of lines) {
    const place = { file: assembler.file, line, column: text.search(/\S/) + 1 }
    const name = heading.exec(text)?.[1]
    if (name !== undefined) assembler.label(name, place)
    const unresolved = relocation.exec(text)?.[1]
    if (unresolved !== undefined) failAt(place, `${unresolved}: link the program before disassembling it`)
    const [, address, encoding, statement] = instruction.exec(text) ?? []
    if (address === undefined || statement === undefined) continue
    assembler.mark(prefix + address)
    const written = statement.replace(/\s*\/\/.*$/, '')
    const at = { ...place, column: text.length - statement.length + 1 }
    if (encoding === unlinkedCall) failAt(at, 'a call that is not linked: link the program before disassembling it')
    if (/^adrp\s/.test(written)) failAt(at, 'adrp: a disassembly does not show the data it refers to')
    assembler.statement(
      written.replace(target, (_, address: string) => prefix + address),
      at,
      written,
    )
  }
}
