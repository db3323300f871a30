// Traces that need no file: those of the project's DRAM reference, made by xorshift64*, and random ones.

import type { TraceBlock } from '../../../src/mem/dram/replay.ts'

/**
 * xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled", 2016) on
 * two 32-bit halves.
 */
class XorShift {
  private high = Number(88172645463325252n >> 32n)
  private low = Number(88172645463325252n & 0xffffffffn)

  /** The upper 53 bits of the next number, modulo `bound`, a power of two or less than 2^20. */
  next(bound: number): number {
    let { high, low } = this
    // x ^= x >>> 12
    ;[high, low] = [high ^ (high >>> 12), low ^ ((low >>> 12) | (high << 20))]
    // x ^= x << 25
    ;[high, low] = [high ^ ((high << 25) | (low >>> 7)), low ^ (low << 25)]
    // x ^= x >>> 27
    ;[high, low] = [high ^ (high >>> 27), low ^ ((low >>> 27) | (high << 5))]
    this.high = high >>> 0
    this.low = low >>> 0
    const [top, bottom] = times(this.high, this.low)
    // (r >>> 11) = top * 2^21 + bottom >>> 11, below 2^53
    return (top * 2 ** 21 + (bottom >>> 11)) % bound
  }
}

const FACTOR_HIGH = Number(2685821657736338717n >> 32n)
const FACTOR_LOW = Number(2685821657736338717n & 0xffffffffn)

/** Halves of the product with the multiplier, modulo 2^64. */
function times(high: number, low: number): [number, number] {
  const [l0, l1] = [low & 0xffff, low >>> 16]
  const [f0, f1] = [FACTOR_LOW & 0xffff, FACTOR_LOW >>> 16]
  const p00 = l0 * f0
  const middle = l0 * f1 + Math.floor(p00 / 2 ** 16)
  const middle2 = l1 * f0 + (middle % 2 ** 16)
  const bottom = ((middle2 % 2 ** 16) * 2 ** 16 + (p00 % 2 ** 16)) >>> 0
  const carry = l1 * f1 + Math.floor(middle / 2 ** 16) + Math.floor(middle2 / 2 ** 16)
  const top = (Math.imul(high, FACTOR_LOW) + Math.imul(low, FACTOR_HIGH) + (carry | 0)) >>> 0
  return [top, bottom]
}

export type Row = readonly [address: number, write: boolean, cycle: number]

export function blockOf(rows: readonly Row[]): TraceBlock {
  return {
    length: rows.length,
    address: Float64Array.from(rows, ([address]) => address),
    write: Uint8Array.from(rows, ([, write]) => (write ? 1 : 0)),
    cycle: Float64Array.from(rows, ([, , cycle]) => cycle),
  }
}

const LINE = 64
const SPACE = 4 * 2 ** 30

/** The first `requests` of a bulk trace of the reference. */
export const bulk: Readonly<Record<string, (requests: number) => Row[]>> = {
  random_sat: (requests) => random(requests, 0, false),
  random_g20: (requests) => random(requests, 20, false),
  random_rd_g60: (requests) => random(requests, 60, true),
  stream_rd_sat: (requests) => Array.from({ length: requests }, (_, i) => [i * LINE, false, 0]),
  stream_sat: (requests) => Array.from({ length: requests }, (_, i) => [adding(i), i % 3 === 2, 0]),
}

/** Addresses of c[i] = a[i] + b[i]. */
const adding = (i: number): number => [0, 0x10004000, 0x20008000][i % 3]! + Math.floor(i / 3) * LINE

/** Reads and, unless `readsOnly`, a third writes all over 4 GiB, one each `gap` cycles. */
export function random(requests: number, gap: number, readsOnly: boolean): Row[] {
  const numbers = new XorShift()
  return Array.from({ length: requests }, (_, i) => {
    const address = numbers.next(SPACE / LINE) * LINE
    return [address, !readsOnly && numbers.next(3) === 0, i * gap]
  })
}
