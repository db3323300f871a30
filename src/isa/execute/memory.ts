// Loads and stores of one or two registers.

import type { General, LabelOperand, MemoryOperand, Operand, Scalar } from '../instruction.ts'
import { DESCRIPTOR_BYTES } from './decoder.ts'
import { type Emitter, zeroVector } from './emitter.ts'
import { extended, shifted } from './integer.ts'
import { DECODED_AT } from './layout.ts'
import { on, type Semantics } from './operation.ts'
import { type Code, type Statement, store, storeLane } from './wasm/code.ts'
import { i32, i64 } from './wasm/scalar.ts'
import { i8x16, i16x8, v128 } from './wasm/vector.ts'

type Where = MemoryOperand | LabelOperand

function offsetOf(e: Emitter, { offset }: MemoryOperand): Code<'i64'> {
  if (typeof offset === 'bigint') return i64.constant(offset)
  switch (offset.kind) {
    case 'general':
      return e.x(offset)
    case 'shifted':
      return shifted(e, offset) as Code<'i64'>
    case 'extended':
      return extended(e, offset)
  }
}

/** Effective address, and what then becomes of the base. */
function effective(e: Emitter, where: Where): { address: Code<'i64'>; writeBack: () => void } {
  if (where.kind === 'label') return { address: i64.constant(where.address), writeBack: () => {} }
  const base = e.x(where.base)
  if (where.mode === 'offset' && where.offset === 0n) return { address: base, writeBack: () => {} }
  const moved = i64.add(base, offsetOf(e, where))
  if (where.mode === 'offset') return { address: moved, writeBack: () => {} }
  const kept = e.keep(moved)
  return { address: where.mode === 'pre' ? kept : base, writeBack: () => e.write(where.base, kept) }
}

/** Accesses `bytes` bytes: `transfer` gets the address, and writes registers before the base is written back. */
export function accessing(e: Emitter, where: Where, bytes: number, transfer: (address: Code<'i32'>) => void): void {
  const { address, writeBack } = effective(e, where)
  transfer(e.access(address, bytes))
  writeBack()
}

export function loadVector(address: Code<'i32'>, bytes: number, offset: number): Code<'v128'> {
  switch (bytes) {
    case 1:
      return i8x16.replace(zeroVector, 0, i32.load8U(address, offset))
    case 2:
      return i16x8.replace(zeroVector, 0, i32.load16U(address, offset))
    case 4:
      return v128.load32Zero(address, offset)
    case 8:
      return v128.load64Zero(address, offset)
    default:
      return v128.load(address, offset)
  }
}

export function storeVector(address: Code<'i32'>, value: Code<'v128'>, bytes: number, offset: number): Statement {
  if (bytes === 16) return store.v128(address, value, offset)
  return storeLane((8 * bytes) as 8 | 16 | 32 | 64, address, value, 0, offset)
}

type Loader = (address: Code<'i32'>, offset?: number) => Code<'i64'>
type Storer = (address: Code<'i32'>, value: Code<'i64'>, offset?: number) => Statement

/** The memory operand is last. */
const split = (operands: readonly Operand[]) => ({
  registers: operands.slice(0, -1) as readonly (General | Scalar)[],
  where: operands.at(-1) as Where,
})

/** One or more registers of general or vector kind, as wide as they are in memory. */
const load: Semantics = (e, operands) => {
  const { registers, where } = split(operands)
  const bytes = registers[0]!.bits / 8
  accessing(e, where, bytes * registers.length, (address) => {
    for (const [i, register] of registers.entries())
      if (register.kind === 'scalar') e.set(e.vector(register.index), loadVector(address, bytes, i * bytes))
      else e.write(register, bytes === 8 ? i64.load(address, i * 8) : i64.load32U(address, i * 4))
  })
}

const save: Semantics = (e, operands) => {
  const { registers, where } = split(operands)
  const bytes = registers[0]!.bits / 8
  accessing(e, where, bytes * registers.length, (address) => {
    for (const [i, register] of registers.entries())
      if (register.kind === 'scalar') e.do(storeVector(address, e.v(register.index), bytes, i * bytes))
      else e.do((bytes === 8 ? store.i64 : store.i64Low32)(address, e.x(register), i * bytes))
  })
}

/** Registers from values of `bytes` bytes; where signed, extended to as wide as the register. */
const loadNarrow = (bytes: number, loader: Loader): Semantics => {
  return (e, operands) => {
    const { registers, where } = split(operands)
    accessing(e, where, bytes * registers.length, (address) => {
      for (const [i, register] of (registers as readonly General[]).entries()) {
        const value = loader(address, i * bytes)
        e.write(register, register.bits === 64 ? value : i32.wrap(value))
      }
    })
  }
}

const saveNarrow = (bytes: number, storer: Storer): Semantics =>
  on<[General, Where]>((e, [register, where]) =>
    accessing(e, where, bytes, (address) => e.do(storer(address, e.x(register)))),
  )

export const memory = {
  ldr: load,
  ldp: load,
  ldrb: loadNarrow(1, i64.load8U),
  ldrh: loadNarrow(2, i64.load16U),
  ldrsb: loadNarrow(1, i64.load8S),
  ldrsh: loadNarrow(2, i64.load16S),
  ldrsw: loadNarrow(4, i64.load32S),
  ldpsw: loadNarrow(4, i64.load32S),
  str: save,
  stp: save,
  strb: saveNarrow(1, store.i64Low8),
  strh: saveNarrow(2, store.i64Low16),
  prfm: (e, operands) => {
    const { where } = split(operands)
    e.recordHint(effective(e, where).address)
  },
  decstart: (e, operands) =>
    accessing(e, operands[0] as Where, DESCRIPTOR_BYTES, (address) => e.decoder('decstart', address)),
  decread: on<[Scalar]>((e, [{ index }]) => {
    e.decoder('decread', e.nowhere())
    e.set(e.vector(index), v128.load(i32.constant(DECODED_AT), 0))
  }),
} as const satisfies Readonly<Record<string, Semantics>>
