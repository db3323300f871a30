// What lies in memory below LOWEST_ADDRESS: the registers while nothing runs, and the trace. Byte addresses.
//
//   0     x0-x30, sp: 8 bytes each
//   256   n, z, c, v: 4 bytes each
//   272   next block, fault (both i32, -1: none), 280 fault address (i64), 288 iterations left (i64)
//   512   v0-v31: 16 bytes each
//   1024  what the decode unit gave last: 16 bytes
//   4096  trace

import { LOWEST_ADDRESS } from '../instruction.ts'

export const GENERAL_AT = 0
export const FLAGS_AT = 256
export const NEXT_AT = 272
export const FAULT_AT = 276
export const FAULT_ADDRESS_AT = 280
export const REMAINING_AT = 288
export const VECTORS_AT = 512
export const DECODED_AT = 1024
export const TRACE_AT = 4096
/** Small enough to stay in a cache, large enough that filling it outweighs the call. */
export const TRACE_WORDS = 8192

export const PAGE_BYTES = 0x1_0000

/** Returning here ends the program. Below LOWEST_ADDRESS, so no instruction has it. */
export const RETURN_ADDRESS = LOWEST_ADDRESS - 4

/** Longest access (ld1 and ld4 of four registers). */
export const LONGEST_ACCESS = 64

/** Where the sizes and addresses of one program lie. */
export interface Layout {
  /** Addresses from the first, behind the instructions, up to the second may be accessed. */
  readonly memoryStart: number
  readonly memoryEnd: number
  /** Table behind `memoryEnd`: for each instruction the block that it begins, or -1; i32. */
  readonly blockTableAt: number
  /** Where accesses go instead of to their addresses, or null. */
  readonly window: Window | null
}

/**
 * A window for each base register (literals have that of sp): an access through register r goes to
 * `base + r * apart + (address & (bytes - 1))`. Bytes are a power of two; windows do not overlap.
 */
export interface Window {
  readonly base: number
  readonly bytes: number
  readonly apart: number
  /** Of all windows. */
  readonly total: number
}

/** Base registers: x0 to x30, and sp. */
const BASES = 32

export const windowsAt = (base: number, bytes: number): Window => {
  const apart = bytes + LONGEST_ACCESS
  return { base, bytes, apart, total: BASES * apart }
}

/** What stopped execution; `FAULT_AT` holds 4 times the index of the instruction, plus this. */
export const faults = { access: 0, target: 1, end: 2 } as const
export type Fault = (typeof faults)[keyof typeof faults]
