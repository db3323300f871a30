import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { fma } from '../../src/isa/execute/fma.ts'
import { run } from './executed.ts'

const bits = new DataView(new ArrayBuffer(8))
const bitsOf = (value: number): bigint => {
  bits.setFloat64(0, value)
  return bits.getBigUint64(0)
}
const ofBits = (value: bigint): number => {
  bits.setBigUint64(0, value)
  return bits.getFloat64(0)
}

/** value = integer * 2 ** -1074. */
const exact = (value: number): bigint => {
  const pattern = bitsOf(value)
  const field = (pattern >> 52n) & 0x7ffn
  const size = (pattern & ((1n << 52n) - 1n)) + (field === 0n ? 0n : 1n << 52n)
  const magnitude = size << (field === 0n ? 0n : field - 1n)
  return pattern >> 63n === 1n ? -magnitude : magnitude
}

/** The double nearest to integer * 2 ** -2148, found by bisection among all doubles of its sign. */
function nearest(value: bigint): number {
  const size = value < 0n ? -value : value
  let [low, high] = [0n, 0x7ff0_0000_0000_0000n]
  while (high - low > 1n) {
    const middle = (low + high) >> 1n
    if (exact(ofBits(middle)) << 1074n <= size) low = middle
    else high = middle
  }
  const below = size - (exact(ofBits(low)) << 1074n)
  // What would follow the greatest double decides whether infinity is nearer.
  const next = high === 0x7ff0_0000_0000_0000n ? 1n << 2098n : exact(ofBits(high))
  const above = (next << 1074n) - size
  const magnitude = below < above || (below === above && (low & 1n) === 0n) ? low : high
  return value < 0n ? -ofBits(magnitude) : ofBits(magnitude)
}

describe('fused multiply-add of doubles', () => {
  it('rounds once', () => {
    const random = seedrandom('fma')
    const ranges = [1, 60, 500, 1020]
    /** Subnormal results too: products go below 2 ** -1074. */
    const number = (range: number) => (random() * 2 - 1) * 2 ** Math.floor((random() * 2 - 1) * range)
    let unlike = 0
    for (let i = 0; i < 20_000; i++) {
      const range = ranges[i % ranges.length]!
      const [a, b] = [number(range), number(range)]
      // Addends that nearly cancel the product are where rounding twice shows.
      const c = i % 3 === 0 ? -a * b : i % 3 === 1 ? number(range) : -a * b * (1 + 2 ** -52)
      if (!Number.isFinite(c)) continue
      const expected = nearest(exact(a) * exact(b) + (exact(c) << 1074n))
      if (expected === 0) expect(Math.abs(fma(a, b, c))).toBe(0)
      else expect(fma(a, b, c)).toBe(expected)
      if (expected !== a * b + c) unlike++
    }
    expect(unlike).toBeGreaterThan(5000)
  })

  it('has the signs of zeros, and infinities', () => {
    expect(fma(2, 3, -6)).toBe(0)
    expect(fma(-0, 1, -0)).toBe(-0)
    expect(fma(0, 1, -0)).toBe(0)
    expect(fma(2 ** 1000, 2 ** 1000, -Infinity)).toBe(-Infinity)
    expect(fma(2 ** 1000, 2 ** 1000, -(2 ** 1000))).toBe(Infinity)
    expect(fma(2 ** 1000, 2 ** 1000, Number.NaN)).toBeNaN()
    expect(fma(Infinity, 0, 1)).toBeNaN()
    expect(fma(2 ** -600, 2 ** -600, -(2 ** -1074))).toBe(-(2 ** -1074))
    expect(fma(2 ** -600, -(2 ** -474), 2 ** -1074)).toBe(0)
  })
})

describe('fused multiply-add of floats', () => {
  it('rounds once', () => {
    const random = seedrandom('fma32')
    const single = () => Math.fround((random() * 2 - 1) * 2 ** Math.floor(random() * 30 - 15))
    for (let i = 0; i < 200; i++) {
      const [a, b] = [single(), single()]
      const c = i % 2 === 0 ? Math.fround(-a * b) : single()
      const execution = run('fmadd s0, s1, s2, s3', `v1.f=${a} v2.f=${b} v3.f=${c}`)
      const found = new DataView(execution.getV(0).buffer).getFloat32(0, true)
      // In doubles the product is exact; rounding the sum twice differs from once only at ties, which this seed has none of.
      expect(found).toBe(Math.fround(fma(a, b, c)))
    }
  })
})
