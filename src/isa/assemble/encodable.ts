// Constants that AArch64 instructions can hold, after the Arm Architecture Reference Manual (DDI 0487): sections
// "DecodeBitMasks" and "VFPExpandImm" of its shared pseudocode, and the alias conditions of MOV.

/** `value` as an unsigned number of `bits` bits, or null if it is neither an unsigned nor a signed one. */
export function wrapped(value: bigint, bits: number): bigint | null {
  const high = value >> BigInt(bits)
  return high === 0n || high === -1n ? BigInt.asUintN(bits, value) : null
}

/** A rotated run of ones, repeated with a period that is a power of two. */
export function isLogical(value: bigint, bits: 32 | 64): boolean {
  let period = BigInt(bits)
  while (period > 2n) {
    const half = period / 2n
    if (BigInt.asUintN(Number(half), value) !== BigInt.asUintN(Number(half), value >> half)) break
    period = half
  }
  const mask = (1n << period) - 1n
  const element = value & mask
  if (element === 0n || element === mask) return false
  const run = (element & 1n) === 1n ? ~element & mask : element
  const filled = run | (run - 1n)
  return (filled & (filled + 1n)) === 0n
}

/** Held by movz: 16 bits at a multiple of 16. */
function isWide(value: bigint, bits: 32 | 64): boolean {
  for (let shift = 0n; shift < bits; shift += 16n) if ((value & ~(0xffffn << shift)) === 0n) return true
  return false
}

/** Held by movz or movn. */
export const isMove = (value: bigint, bits: 32 | 64): boolean =>
  isWide(value, bits) || isWide(BigInt.asUintN(bits, ~value), bits)

/** Plus or minus (16 to 31) / 16 times a power of two from -3 to 4: what fmov holds. */
export function isFloatImmediate(value: number): boolean {
  for (let exponent = -3; exponent <= 4; exponent++) {
    const scaled = (Math.abs(value) / 2 ** exponent) * 16
    if (Number.isInteger(scaled) && scaled >= 16 && scaled < 32) return true
  }
  return false
}

/** Each byte is all ones or all zeros. */
export function isByteMask(value: bigint): boolean {
  for (let shift = 0n; shift < 64n; shift += 8n) {
    const byte = (value >> shift) & 0xffn
    if (byte !== 0n && byte !== 0xffn) return false
  }
  return true
}
