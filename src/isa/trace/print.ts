// Instructions as assembly text, from their resolved operation and operands.

import type {
  Extended,
  General,
  Instruction,
  LaneBits,
  MemoryOperand,
  Operand,
  Shifted,
  Vector,
} from '../instruction.ts'

/** Operations whose name is not that of the mnemonic. */
const mnemonics: Readonly<Record<string, string>> = {
  'orr.imm': 'orr',
  'bic.imm': 'bic',
  rev16v: 'rev16',
  rev32v: 'rev32',
  rev64v: 'rev64',
  ...Object.fromEntries(
    ['add', 'sub', 'and', 'orr', 'orn', 'eor', 'bic', 'clz', 'cls', 'rbit'].map((name) => [`v${name}`, name]),
  ),
}
const lanes: Readonly<Record<LaneBits, string>> = { 8: 'b', 16: 'h', 32: 's', 64: 'd' }
const scalars = { 8: 'b', 16: 'h', 32: 's', 64: 'd', 128: 'q' } as const

/** Text without symbols, which the assembler reads as the same instruction. */
export function printed({ op, operands, text }: Instruction): string {
  const [written, first] = text.split(/[ ,]/, 2) as [string, string | undefined]
  const [destination, last] = [operands[0], operands.at(-1)]
  if (op === 'b.cond') return `b.${operand(destination!)} ${operand(last!)}`
  // What is prefetched how makes no difference to cores, so it is no operand.
  if (op === 'prfm') return `prfm ${first}, ${operand(last!)}`
  if (destination?.kind === 'vector' && last?.kind === 'immediate' && /^(?:movi|orr.imm|bic.imm)$/.test(op))
    return modifiedImmediate(op.slice(0, op === 'movi' ? 4 : 3), destination, last.value)
  const name = mnemonics[op] ?? op
  const mnemonic = written === `${name}2` || op === 'adr' ? written : name
  return `${mnemonic} ${operands.map(operand).join(', ')}`.trim()
}

/** An immediate of one lane as the 8 bits, shifted, that it is made of. */
function modifiedImmediate(mnemonic: string, vector: Vector, value: bigint): string {
  const to = operand(vector)
  if (vector.lane === 8 || vector.lane === 64) return `${mnemonic} ${to}, #${value}`
  const ones = BigInt.asUintN(vector.lane, -1n)
  for (const [name, lane] of [
    [mnemonic, value],
    ['mvni', value ^ ones],
  ] as const)
    for (let shift = 0n; shift < vector.lane; shift += 8n) {
      const byte = (lane >> shift) & 0xffn
      if (lane === byte << shift) return `${name} ${to}, #${byte}, lsl #${shift}`
      const filled = vector.lane === 32 && (shift === 8n || shift === 16n)
      if (filled && lane === ((byte + 1n) << shift) - 1n) return `${name} ${to}, #${byte}, msl #${shift}`
    }
  return `${mnemonic} ${to}, #${value}`
}

function operand(of: Operand): string {
  switch (of.kind) {
    case 'general':
      return general(of)
    case 'shifted':
    case 'extended':
      return modified(of)
    case 'scalar':
      return `${scalars[of.bits]}${of.index}`
    case 'vector':
      return `v${of.index}.${of.lanes}${lanes[of.lane]}`
    case 'element':
      return `v${of.index}.${lanes[of.lane]}[${of.at}]`
    case 'list': {
      const arrangement = `${of.at === null ? of.lanes : ''}${lanes[of.lane]}`
      const names = of.indices.map((index) => `v${index}.${arrangement}`)
      return `{${names.join(', ')}}${of.at === null ? '' : `[${of.at}]`}`
    }
    case 'immediate':
      return `#${of.value}`
    case 'float':
      return `#${Number.isInteger(of.value) ? of.value.toFixed(1) : of.value}`
    case 'memory':
      return memory(of)
    case 'label':
      return `0x${of.address.toString(16)}`
    case 'condition':
      return of.code
  }
}

function general({ index, bits, zero }: General): string {
  const letter = bits === 64 ? 'x' : 'w'
  if (index < 31) return `${letter}${index}`
  return zero ? `${letter}zr` : bits === 64 ? 'sp' : 'wsp'
}

function modified(of: Shifted | Extended): string {
  return `${general(of.register)}, ${of.kind === 'shifted' ? of.shift : of.extend} #${of.amount}`
}

function memory({ base, mode, offset }: MemoryOperand): string {
  const text =
    typeof offset === 'bigint' ? `#${offset}` : offset.kind === 'general' ? general(offset) : modified(offset)
  if (mode === 'post') return `[${general(base)}], ${text}`
  const inner = offset === 0n && mode === 'offset' ? general(base) : `${general(base)}, ${text}`
  return `[${inner}]${mode === 'pre' ? '!' : ''}`
}
