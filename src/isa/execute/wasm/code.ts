// Expressions of the WebAssembly binary format, by the type of value that they leave.

export type Type = 'i32' | 'i64' | 'f32' | 'f64' | 'v128'

/** Instructions that push one value of type `T`; an operand stack machine's code is its operands' code, then its own. */
export interface Code<T extends Type> {
  readonly type: T
  readonly bytes: readonly number[]
}

/** A local variable of the function that is being built. */
export interface Local<T extends Type> {
  readonly type: T
  readonly index: number
}

export const typeCodes = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const satisfies Record<
  Type,
  number
>

/** LEB128, unsigned. */
export function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  bytes.push(rest)
  return bytes
}

/** LEB128, signed. */
export function signed(value: bigint): number[] {
  const bytes: number[] = []
  for (let rest = value; ; rest >>= 7n) {
    const low = Number(rest & 0x7fn)
    if (rest >= -64n && rest < 64n) return [...bytes, low]
    bytes.push(low | 0x80)
  }
}

/** An instruction on operands: their code, then `instruction`. */
export function code<T extends Type>(
  type: T,
  operands: readonly Code<Type>[],
  instruction: readonly number[],
): Code<T> {
  const bytes: number[] = []
  for (const operand of operands) for (const byte of operand.bytes) bytes.push(byte)
  for (const byte of instruction) bytes.push(byte)
  return { type, bytes }
}

export const get = <T extends Type>(local: Local<T>): Code<T> => code(local.type, [], [0x20, ...unsigned(local.index)])

/** `whenTrue` unless `condition` is zero. Both are evaluated. */
export const select = <T extends Type>(condition: Code<'i32'>, whenTrue: Code<T>, whenFalse: Code<T>): Code<T> =>
  code(whenTrue.type, [whenTrue, whenFalse, condition], [0x1c, 1, typeCodes[whenTrue.type]])

/** As `select`, but only one of the two is evaluated. */
export const choose = <T extends Type>(condition: Code<'i32'>, whenTrue: Code<T>, whenFalse: Code<T>): Code<T> => {
  const then = { type: whenTrue.type, bytes: [0x04, typeCodes[whenTrue.type], ...whenTrue.bytes, 0x05] }
  return code(whenTrue.type, [condition, then, whenFalse], [0x0b])
}

/** Alignment (none is promised) and constant offset of an access. */
export const place = (offset: number): number[] => [0, ...unsigned(offset)]

/** Instructions that leave nothing. */
export type Statement = readonly number[]

const storing =
  <T extends Type>(_: T, ...instruction: number[]) =>
  (address: Code<'i32'>, value: Code<T>, offset = 0): Statement => [
    ...address.bytes,
    ...value.bytes,
    ...instruction,
    ...place(offset),
  ]

export const store = {
  i32: storing('i32', 0x36),
  i64: storing('i64', 0x37),
  /** The low 8, 16 or 32 bits. */
  i64Low8: storing('i64', 0x3c),
  i64Low16: storing('i64', 0x3d),
  i64Low32: storing('i64', 0x3e),
  v128: storing('v128', 0xfd, 11),
} as const

/** Stores one lane. */
export const storeLane = (
  bits: 8 | 16 | 32 | 64,
  address: Code<'i32'>,
  value: Code<'v128'>,
  lane: number,
  offset: number,
): Statement => {
  const instruction = { 8: 88, 16: 89, 32: 90, 64: 91 }[bits]
  return [...address.bytes, ...value.bytes, 0xfd, instruction, ...place(offset), lane]
}
