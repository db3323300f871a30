// Operands that are addresses in brackets.

import type { General, MemoryOperand } from '../instruction.ts'
import { type Context, Problem, type Slot } from './slot.ts'
import { amountOf } from './slots-registers.ts'
import type { Written, WrittenMemory, WrittenRegister } from './written.ts'

const zero: MemoryOperand['offset'] = 0n

function baseOf(written: WrittenMemory): General | Problem {
  const { general } = written.base
  if (general !== null && general.bits === 64 && !general.zero) return general
  return new Problem('expected x0 to x30 or sp as the base', written.column)
}

/** The offset of `written` if it is a constant, else null. */
function constantOf(written: WrittenMemory, context: Context): bigint | null {
  const { offset } = written
  if (offset === null) return 0n
  if (offset.kind !== 'expression' || offset.literal || offset.modifier !== null) return null
  const value = context.value(offset.value)
  return offset.low12 ? value & 0xfffn : value
}

const signed9 = (offset: bigint): boolean => offset >= -256n && offset <= 255n

/** Offsets of `bytes`: unsigned and scaled, or signed and of 9 bits. */
function singleOffset(written: WrittenMemory, base: General, offset: bigint, bytes: number): MemoryOperand | Problem {
  const { mode } = written
  const scaled = mode === 'offset' && offset >= 0n && offset <= 4095 * bytes && offset % BigInt(bytes) === 0n
  if (scaled || (signed9(offset) && !isLow12(written))) return { kind: 'memory', base, mode, offset }
  const wide = mode === 'offset' ? `0 to ${4095 * bytes} by ${bytes}, or ` : ''
  return new Problem(`offset ${offset}: expected ${wide}-256 to 255`, written.column)
}

const isLow12 = (written: WrittenMemory): boolean => written.offset?.kind === 'expression' && written.offset.low12

/** `[x0, x1, lsl #3]`, `[x0, w1, sxtw #3]`: the index shifted by nothing or by the size of what is accessed. */
function indexed(written: WrittenMemory, base: General, index: WrittenRegister, bytes: number, context: Context) {
  const { general, modifier } = index
  if (written.mode !== 'offset' || index.at !== null || general === null) return null
  if (general.index === 31 && !general.zero) return new Problem('sp cannot be an index', index.column)
  const memory = (offset: MemoryOperand['offset']): MemoryOperand => ({ kind: 'memory', base, mode: 'offset', offset })
  if (modifier === null) {
    if (general.bits === 64) return memory(general)
    return new Problem(`'${index.text}': a w register needs uxtw or sxtw`, index.column)
  }
  const allowed = general.bits === 64 ? ['lsl', 'sxtx'] : ['uxtw', 'sxtw']
  if (!allowed.includes(modifier.name)) {
    return new Problem(`'${modifier.name}': expected ${allowed.join(' or ')}`, modifier.column)
  }
  const full = Math.log2(bytes)
  const amount = amountOf(modifier, context, 0, full, modifier.name === 'lsl' ? null : 0)
  if (amount instanceof Problem) return amount
  if (amount !== 0 && amount !== full) return new Problem(`expected a shift by 0 or ${full}`, modifier.column)
  if (general.bits === 32) {
    return memory({ kind: 'extended', register: general, extend: modifier.name === 'uxtw' ? 'uxtw' : 'sxtw', amount })
  }
  return memory(amount === 0 ? general : { kind: 'shifted', register: general, shift: 'lsl', amount })
}

/** Of ldr and str, and where `write` is false of prfm, which has no pre- or post-indexing. */
export const single = (bytes: number, write = true): Slot => ({
  text: `[X|SP{, #imm|X|W{, extend}}]${write ? '{!}|[X|SP], #imm' : ''}`,
  read(written, context) {
    if (written.kind !== 'memory' || (!write && written.mode !== 'offset')) return null
    const base = baseOf(written)
    if (base instanceof Problem) return base
    const constant = constantOf(written, context)
    if (constant !== null) return singleOffset(written, base, constant, bytes)
    const { offset } = written
    return offset?.kind === 'register' ? indexed(written, base, offset, bytes, context) : null
  },
})

/** Of ldur and the like: a signed offset of 9 bits, and nothing is written back. */
export const unscaled: Slot = {
  text: '[X|SP{, #-256..255}]',
  read(written, context) {
    return written.kind === 'memory' && written.mode === 'offset' ? signedOffset(written, context, 1, 256) : null
  },
}

/** Of ldp and stp: a signed offset of 7 bits, times the bytes of one register; `write` allows pre- and post-indexing. */
export const pair = (bytes: number, write: boolean): Slot => ({
  text: `[X|SP{, #${-64 * bytes}..${63 * bytes} by ${bytes}}]${write ? '{!}|[X|SP], #imm' : ''}`,
  read(written, context) {
    if (written.kind !== 'memory' || (!write && written.mode !== 'offset')) return null
    return signedOffset(written, context, bytes, 64)
  },
})

function signedOffset(written: WrittenMemory, context: Context, bytes: number, steps: number) {
  const offset = constantOf(written, context)
  const base = baseOf(written)
  if (offset === null || base instanceof Problem) return offset === null ? null : base
  const [low, high] = [-steps * bytes, (steps - 1) * bytes]
  if (offset >= low && offset <= high && offset % BigInt(bytes) === 0n) {
    return { kind: 'memory', base, mode: written.mode, offset } as const
  }
  return new Problem(`offset ${offset}: expected ${low} to ${high}${bytes > 1 ? ` by ${bytes}` : ''}`, written.column)
}

/** Of ld1 and the like: no offset, or post-indexed by the `bytes` accessed or by a register. */
export const structure = (bytes: number): Slot => ({
  text: `[X|SP]{, #${bytes}|X}`,
  read(written: Written, context) {
    if (written.kind !== 'memory' || written.mode === 'pre') return null
    const base = baseOf(written)
    if (base instanceof Problem) return base
    const { mode, offset } = written
    if (offset === null) return { kind: 'memory', base, mode, offset: zero }
    if (offset.kind === 'register') {
      const { general, modifier, at } = offset
      if (mode !== 'post' || modifier !== null || at !== null || general?.bits !== 64 || general.index === 31)
        return null
      return { kind: 'memory', base, mode, offset: general }
    }
    const constant = constantOf(written, context)
    if (constant === (mode === 'post' ? BigInt(bytes) : 0n)) return { kind: 'memory', base, mode, offset: constant }
    return new Problem(`expected ${mode === 'post' ? `#${bytes}` : 'no offset'}`, offset.column)
  },
})
