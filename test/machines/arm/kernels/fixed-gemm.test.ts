// Matrix products of integers against sums in exact arithmetic, bit for bit.

import { describe, expect, it } from 'vitest'
import { qemuAbsent } from '../../../isa/oracle/tools.ts'
import { differencesFromQemu, problems, readsBehind } from './call.ts'
import { integers } from './fixed-numbers.ts'
import { Calls } from './rows.ts'

const FILE = 'gemm-i32'
/** Pixels, terms, terms between rows, panels, words between pixels of the output. */
const shapes = [
  [1, 1, 0, 1, 0],
  [3, 2, 4, 2, 4],
  [4, 1, 0, 3, 0],
  [5, 9, 3, 2, 8],
  [8, 5, 0, 1, 0],
  [11, 147, 0, 5, 0],
  [6, 64, 12, 1, 4],
] as const

/** Weights by channel and term, and what a kernel reads in their place. */
const kernels = {
  gemm_multiply_i32: (random: () => number) => {
    const weight = Math.floor(random() * 65536) - 32768
    return { weight, code: weight, base: 0 }
  },
  gemm_shift_i32: (random: () => number) => {
    if (random() < 0.2) return { weight: 0, code: 64, base: 0 }
    const k = Math.floor(15 * random())
    return random() < 0.5 ? { weight: 2 ** k, code: k, base: 0 } : { weight: -(2 ** k), code: k | 0x8000, base: 1 }
  },
} as const
type Kernel = keyof typeof kernels

/** Terms of so many bits: sums wrap around from some on. */
function call(
  calls: Calls,
  kernel: Kernel,
  [pixels, terms, gap, panels, apart]: (typeof shapes)[number],
  bits: number,
) {
  const channels = 8 * panels
  const weights = Array.from({ length: channels }, () =>
    Array.from({ length: terms }, () => kernels[kernel](calls.random)),
  )
  const rowWords = terms + gap
  const rows = integers(calls, pixels * rowWords, bits)
  const packed = new Int16Array(channels * terms)
  const extra = integers(calls, channels, bits)
  for (const [c, row] of weights.entries())
    for (const [t, { code }] of row.entries()) packed[((c >> 3) * terms + t) * 8 + (c & 7)] = code
  const bases = extra.map((value, c) => value + weights[c]!.reduce((sum, { base }) => sum + base, 0))
  const out = new Int32Array(pixels * (channels + apart))
  for (let p = 0; p < pixels; p++)
    for (const [c, row] of weights.entries()) {
      const sum = row.reduce((total, { weight }, t) => total + BigInt(weight) * BigInt(rows[p * rowWords + t]!), 0n)
      out[p * (channels + apart) + c] = Number(BigInt.asIntN(32, sum + BigInt(extra[c]!)))
    }
  const to = calls.output(out, 1, 0, 4 * (channels + apart), 4 * channels)
  // Nothing lies behind the last row.
  const used = rows.subarray(0, rows.length - gap)
  const words = [used.slice(), 4 * rowWords, 4 * terms, pixels, packed, panels, bases, to.data, 4 * (channels + apart)]
  calls.call(kernel, words, `${pixels}x${terms}x${channels}, ${bits} bits`)
}

function callsOf(kernel: Kernel): Calls {
  const calls = new Calls(kernel)
  for (const bits of [8, 16, 32]) for (const shape of shapes) call(calls, kernel, shape, bits)
  return calls
}

describe.each(Object.keys(kernels) as Kernel[])('%s', (kernel) => {
  it('equals sums of products', () => {
    expect(problems(FILE, callsOf(kernel).list)).toEqual([])
  })

  it('reads nothing behind rows and weights', () => {
    expect(readsBehind(FILE, callsOf(kernel).list.slice(0, 7))).toEqual([])
  })

  it.skipIf(qemuAbsent())('does the same under qemu', () => {
    expect(differencesFromQemu(FILE, callsOf(kernel).list)).toEqual([])
  })
})
