// What differs between two states, in words.

import { BUFFER_AT, BUFFER_BYTES, NZCV_AT, REGISTERS, SP_AT, VECTORS_AT } from './states.ts'

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

const fields: readonly (readonly [name: string, at: number, bytes: number])[] = [
  ...range(REGISTERS).map((i) => [`x${i}`, 8 * i, 8] as const),
  ['sp', SP_AT, 8],
  ['nzcv', NZCV_AT, 8],
  ...range(REGISTERS).map((i) => [`v${i}`, VECTORS_AT + 16 * i, 16] as const),
  ...range(BUFFER_BYTES / 16).map((i) => [`buffer+${16 * i}`, BUFFER_AT + 16 * i, 16] as const),
]

/** Most significant byte first. */
const hex = (state: Uint8Array, at: number, bytes: number): string =>
  Buffer.from(state.subarray(at, at + bytes))
    .reverse()
    .toString('hex')

/** Fields of `ours` and `theirs` that differ, and then all registers that the snippet started with; '' if none. */
export function difference(ours: Uint8Array, theirs: Uint8Array, before: Uint8Array): string {
  if (Buffer.compare(ours, theirs) === 0) return ''
  const wrong = fields.filter(([, at, bytes]) => hex(ours, at, bytes) !== hex(theirs, at, bytes))
  const started = fields.slice(0, 2 * REGISTERS + 2).map(([name, at, bytes]) => `${name}=${hex(before, at, bytes)}`)
  return `${wrong
    .map(([name, at, bytes]) => `${name}: ours ${hex(ours, at, bytes)}, qemu ${hex(theirs, at, bytes)}`)
    .join('; ')} from ${started.join(' ')}`
}
