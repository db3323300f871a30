// Fused multiply-add of doubles: a * b + c, rounded once, to nearest even.

const SPLIT = 2 ** 27 + 1
/** Exponents within which no step of the fast path overflows or loses bits. */
const LEAST = 2 ** -400
const MOST = 2 ** 400

const buffer = new DataView(new ArrayBuffer(8))

function bitsOf(value: number): bigint {
  buffer.setFloat64(0, value)
  return buffer.getBigUint64(0)
}

function ofBits(bits: bigint): number {
  buffer.setBigUint64(0, bits)
  return buffer.getFloat64(0)
}

/** Whether the fast path may be used on `value`. */
const moderate = (value: number): boolean => {
  const size = Math.abs(value)
  return size > LEAST && size < MOST
}

/**
 * a * b + c with one rounding; NaN (of any bits) for an invalid operation.
 * Moderate numbers as in Boldo and Melquiond, "Emulation of a FMA and correctly rounded sums: proved algorithms using
 * rounding to odd" (2008); all others in integers.
 */
export function fma(a: number, b: number, c: number): number {
  if (!(moderate(a) && moderate(b) && moderate(c))) return exactly(a, b, c)
  const product = a * b
  const productError = multiplicationError(a, b, product)
  const low = c + productError
  const lowError = additionError(c, productError, low)
  const high = product + low
  const highError = additionError(product, low, high)
  return high + addToOdd(lowError, highError)
}

/** a * b - product, exactly (Dekker). */
function multiplicationError(a: number, b: number, product: number): number {
  const aHigh = highHalf(a)
  const bHigh = highHalf(b)
  const aLow = a - aHigh
  const bLow = b - bHigh
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)
}

function highHalf(value: number): number {
  const scaled = SPLIT * value
  return scaled - (scaled - value)
}

/** a + b - sum, exactly (Knuth). */
function additionError(a: number, b: number, sum: number): number {
  const virtual = sum - a
  return a - (sum - virtual) + (b - virtual)
}

/** a + b, rounded to the neighbour with an odd last bit unless exact. */
function addToOdd(a: number, b: number): number {
  const sum = a + b
  const error = additionError(a, b, sum)
  if (error === 0) return sum
  const bits = bitsOf(sum)
  if ((bits & 1n) === 1n) return sum
  return ofBits(error > 0 === sum > 0 ? bits + 1n : bits - 1n)
}

function exactly(a: number, b: number, c: number): number {
  // Zeros, infinities and NaN: the product is exact, or nothing is.
  if (!Number.isFinite(a) || !Number.isFinite(b) || a === 0 || b === 0) return a * b + c
  if (!Number.isFinite(c)) return c
  const [x, y, z] = [parts(a), parts(b), parts(c)]
  const exponent = Math.min(x.exponent + y.exponent, z.exponent)
  const sum =
    ((x.mantissa * y.mantissa) << BigInt(x.exponent + y.exponent - exponent)) +
    (z.mantissa << BigInt(z.exponent - exponent))
  // A sum of nothing is +0, unless both are -0, which rounding of `c` keeps.
  if (sum === 0n) return 0
  return rounded(sum, exponent)
}

/** value = mantissa * 2 ** exponent. */
function parts(value: number): { mantissa: bigint; exponent: number } {
  const bits = bitsOf(value)
  const field = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & ((1n << 52n) - 1n)
  const size = field === 0 ? fraction : fraction | (1n << 52n)
  return { mantissa: bits >> 63n === 1n ? -size : size, exponent: Math.max(field, 1) - 1075 }
}

/** mantissa * 2 ** exponent to nearest even. */
function rounded(mantissa: bigint, exponent: number): number {
  const size = mantissa < 0n ? -mantissa : mantissa
  const excess = Math.max(size.toString(2).length - 53, -1074 - exponent)
  const shift = BigInt(Math.max(excess, 0))
  const kept = size >> shift
  const rest = size - (kept << shift)
  const half = shift === 0n ? 1n : 1n << (shift - 1n)
  const up = shift > 0n && (rest > half || (rest === half && (kept & 1n) === 1n))
  const scale = exponent + Number(shift)
  // At most 53 bits, or 2 ** 53, times a power of two that is applied in steps that stay exact.
  const magnitude = scaled(Number(up ? kept + 1n : kept), scale)
  return mantissa < 0n ? -magnitude : magnitude
}

function scaled(value: number, exponent: number): number {
  if (exponent > 1000) return value * 2 ** 1000 * 2 ** Math.min(exponent - 1000, 1000)
  if (exponent < -1000) return value * 2 ** (exponent + 1000) * 2 ** -1000
  return value * 2 ** exponent
}
