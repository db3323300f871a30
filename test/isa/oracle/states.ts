// Random contents of registers and memory, special values among them.

import seedrandom from 'seedrandom'

/** Address of the bytes that forms access; beyond it nothing but the stack of the driver lies. */
export const BUFFER = 0x100_0000
export const BUFFER_BYTES = 256
/** General and vector registers that forms use: x0-x7, v0-v7. */
export const REGISTERS = 8

// A state: x0-x7, sp, nzcv in bits 31-28, v0-v7, then the buffer.
export const SP_AT = 8 * REGISTERS
export const NZCV_AT = SP_AT + 8
export const VECTORS_AT = NZCV_AT + 8
export const BUFFER_AT = VECTORS_AT + 16 * REGISTERS
export const STATE_BYTES = BUFFER_AT + BUFFER_BYTES

/** x6 is an address within the buffer, x7 a small offset. */
export const BASE = 6
export const OFFSET = 7

const singles = [
  0x0000_0000, 0x8000_0000, 0x3f80_0000, 0xbf80_0000, 0x7f80_0000, 0xff80_0000, 0x7fc0_0000, 0xffc0_1234, 0x7f80_0001,
  0xffa0_0000, 0x0000_0001, 0x807f_ffff, 0x0080_0000, 0x7f7f_ffff, 0xff7f_ffff, 0x3f00_0000, 0x4020_0000, 0xbfc0_0000,
  0x4f00_0000, 0x4eff_ffff, 0xcf00_0000, 0xcf00_0001, 0x4f80_0000, 0x5f00_0000, 0xdf00_0000, 0x3f7f_ffff, 0x3effffff,
  0x4b00_0001, 0x4780_0000, 0x477f_f000, 0x3880_0000, 0x3380_0000, 0x3300_0000, 0x3300_0001, 0x3f80_1000,
]
const doubles = [
  0x0000_0000_0000_0000n,
  0x8000_0000_0000_0000n,
  0x3ff0_0000_0000_0000n,
  0xbff0_0000_0000_0000n,
  0x7ff0_0000_0000_0000n,
  0xfff0_0000_0000_0000n,
  0x7ff8_0000_0000_0000n,
  0xfff8_0000_1234_0000n,
  0x7ff0_0000_0000_0001n,
  0xfff4_0000_0000_0000n,
  0x0000_0000_0000_0001n,
  0x800f_ffff_ffff_ffffn,
  0x0010_0000_0000_0000n,
  0x7fef_ffff_ffff_ffffn,
  0xffef_ffff_ffff_ffffn,
  0x3fe0_0000_0000_0000n,
  0x4004_0000_0000_0000n,
  0xbff8_0000_0000_0000n,
  0x41e0_0000_0000_0000n,
  0x41df_ffff_ffe0_0000n,
  0xc1e0_0000_0000_0000n,
  0xc1e0_0000_0020_0001n,
  0x43e0_0000_0000_0000n,
  0xc3e0_0000_0000_0000n,
  0x43f0_0000_0000_0000n,
  0x3fdf_ffff_ffff_ffffn,
  0x4330_0000_0000_0001n,
  0x47ef_ffff_f000_0000n,
  0x3690_0000_0000_0001n,
  0x3ff0_0000_1000_0000n,
  0x40ef_fe00_0000_0001n,
  0x3f10_0000_0000_0001n,
  0x3ff0_0200_0000_1000n,
]
const extremes = (bits: number): bigint[] => {
  const top = 1n << BigInt(bits - 1)
  return [
    0n,
    1n,
    2n,
    -1n,
    -2n,
    top,
    top - 1n,
    top + 1n,
    top >> 1n,
    0x55n,
    7n,
    BigInt(bits),
    BigInt(-bits),
    BigInt(bits - 1),
  ]
}

export class RandomStates {
  private readonly random: seedrandom.PRNG

  constructor(seed: string) {
    this.random = seedrandom(seed)
  }

  private below(limit: number): number {
    return Math.floor(this.random() * limit)
  }

  private pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!
  }

  private bits(count: number): bigint {
    let value = 0n
    for (let done = 0; done < count; done += 16) value = (value << 16n) | BigInt(this.below(0x1_0000))
    return BigInt.asUintN(count, value)
  }

  /** A float near 1, or with a random exponent. */
  private ordinary(bits: 32 | 64): bigint {
    const view = new DataView(new ArrayBuffer(8))
    const value = (this.random() * 2 - 1) * 2 ** this.pick([0, 0, 1, 8, 20, 33, -3, -20, 60])
    bits === 32 ? view.setFloat32(4, value) : view.setFloat64(0, value)
    return bits === 32 ? BigInt(view.getUint32(4)) : view.getBigUint64(0)
  }

  private lane(kind: 'random' | 'extreme' | 'float' | 'ordinary', bits: 8 | 16 | 32 | 64): bigint {
    if (kind === 'random' || this.below(4) === 0) return this.bits(bits)
    if (kind === 'extreme' || bits < 32) return BigInt.asUintN(bits, this.pick(extremes(bits)))
    if (kind === 'ordinary') return this.ordinary(bits as 32 | 64)
    return bits === 32 ? BigInt(this.pick(singles)) : this.pick(doubles)
  }

  state(): Uint8Array {
    const bytes = new Uint8Array(STATE_BYTES)
    const view = new DataView(bytes.buffer)
    for (let i = 0; i < REGISTERS; i++) {
      const bits = this.pick([32, 64] as const)
      const sign = this.below(2) === 0 ? BigInt.asIntN : BigInt.asUintN
      view.setBigInt64(8 * i, sign(bits, this.lane(this.pick(['random', 'extreme']), bits)), true)
    }
    view.setBigInt64(8 * BASE, BigInt(BUFFER + 80 + this.below(5)), true)
    view.setBigInt64(8 * OFFSET, BigInt(this.below(12) - 4), true)
    view.setBigInt64(SP_AT, BigInt(BUFFER + 80), true)
    view.setUint32(NZCV_AT, (this.below(16) << 28) >>> 0, true)
    // Often all are special floats of one width, so that they meet.
    const width = this.pick([null, null, 32, 64] as const)
    for (let at = VECTORS_AT; at < STATE_BYTES; at += 16) this.vector(view, at, width)
    return bytes
  }

  /** With `width`, of special floats of so many bits. */
  private vector(view: DataView, at: number, width: 32 | 64 | null): void {
    const kind = width === null ? this.pick(['random', 'extreme', 'float', 'ordinary'] as const) : 'float'
    const isFloat = kind === 'float' || kind === 'ordinary'
    const bits = width ?? (isFloat ? this.pick([32, 64] as const) : this.pick([8, 16, 32, 64] as const))
    for (let byte = 0; byte < 16; byte += bits / 8) {
      const value = this.lane(kind, bits)
      for (let i = 0; i < bits / 8; i++) view.setUint8(at + byte + i, Number((value >> BigInt(8 * i)) & 0xffn))
    }
  }
}
