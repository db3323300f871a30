// Text that `objdump -d` prints: every instruction has an address, which branches name instead of labels. The code
// words may be left out (`--no-show-raw-insn`).

import { ELSEWHERE } from '../instruction.ts'
import type { Assembler } from './assembler.ts'
import { failAt } from './cursor.ts'
import type { SourceLine } from './source.ts'

const instruction = /^\s*([0-9a-f]+):(?:\s([0-9a-f]{8}|(?:[0-9a-f]{2} ){4}))?\s*\t([a-z.].*)$/
const heading = /^0*([0-9a-f]+) <(.+)>:\s*$/
const relocation = /^\s*[0-9a-f]+:\s+(R_AARCH64_\w+)/

/** Each is in disassemblies, or in parts of them, and in no assembly. */
const signs = [
  /^[0-9a-f]{8,} <.+>:[ \t]*$/m,
  /^[ \t]*[0-9a-f]+:[ \t](?:[0-9a-f]{8}|(?:[0-9a-f]{2} ){4})\s/m,
  /^[ \t]*[0-9a-f]+:[ \t]*\t[a-z][^\n/]*\b[0-9a-f]+ <[^<>\n]+>/m,
]

/** Instructions whose last operand is the address of something, if it is not in brackets. */
export const relative = /^(?:b|bl|b\.[a-z]{2}|cbn?z|tbn?z|adrp?|ldr|ldrsw|prfm)$/

/** That operand: an address, and its symbol where it has one. */
const target = /\b(?:0x)?([0-9a-f]+)(?: <(.+)>)?$/

/** bl to itself: what stands in an object file for a call of a function elsewhere. */
const unlinkedCall = /^(?:94000000|00 00 00 94 )$/

const prefix = '.address$'

/** The address that a symbol stands for, in hexadecimal; null for a symbol that is none. */
export const disassembledAddress = (symbol: string): string | null =>
  symbol.startsWith(prefix) ? symbol.slice(prefix.length) : null

export const isDisassembly = (text: string): boolean => signs.some((sign) => sign.test(text))

/**
 * Reads a disassembly into `assembler`: the instructions follow one another from the base of the text, whatever their
 * addresses were. What adrp and adr point to and the text does not show is put where no memory is: to access it is an
 * error, to repeat a loop is not. Throws InputError for branches to, and literals of, what is not shown.
 */
export function readDisassembly(assembler: Assembler, lines: readonly SourceLine[]): void {
  const shown = new Set(lines.map(({ text }) => instruction.exec(text)?.[1]))
  const first = lines.map(({ text }) => heading.exec(text)).find((found) => found?.[1] === '0')?.[2]
  for (const { text, line } of lines) {
    const place = { file: assembler.file, line, column: text.search(/\S/) + 1 }
    const name = heading.exec(text)?.[2]
    if (name !== undefined) assembler.label(name, place)
    const unresolved = relocation.exec(text)?.[1]
    if (unresolved !== undefined) failAt(place, `${unresolved}: link the program before disassembling it`)
    const [, address, code, statement] = instruction.exec(text) ?? []
    if (address === undefined || statement === undefined) continue
    assembler.mark(prefix + address)
    const at = { ...place, column: text.length - statement.length + 1 }
    const written = statement.replace(/\s*\/\/.*$/, '')
    const operand = targetOf(written)
    if (operand === null) {
      assembler.statement(written, at)
      continue
    }
    if (operand.mnemonic === 'bl' && isUnlinked(operand, address, code, first))
      failAt(at, 'a call that is not linked: link the program before disassembling it')
    const known = operand.mnemonic !== 'adrp' && (operand.mnemonic !== 'adr' || shown.has(operand.address))
    assembler.statement(operand.before + (known ? prefix + operand.address : hidden(operand.address)), at, written)
  }
}

interface Target {
  readonly mnemonic: string
  /** The statement up to the address. */
  readonly before: string
  readonly address: string
  readonly symbol: string | undefined
}

function targetOf(statement: string): Target | null {
  const mnemonic = /^\S+/.exec(statement)![0]
  const found = relative.test(mnemonic) && !statement.includes('[') ? target.exec(statement) : null
  return found && { mnemonic, before: statement.slice(0, found.index), address: found[1]!, symbol: found[2] }
}

/** In an object file: a call of itself, shown as one of the function at 0, whose name, however, is `first`. */
function isUnlinked({ address, symbol }: Target, at: string, code: string | undefined, first: string | undefined) {
  if (code !== undefined) return unlinkedCall.test(code)
  return address === at || (address === '0' && symbol !== undefined && symbol !== first)
}

const hidden = (address: string): string => `${BigInt(ELSEWHERE) | BigInt.asUintN(32, BigInt(`0x${address}`))}`
