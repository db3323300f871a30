import { readFileSync } from 'node:fs'
import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { plainBackend } from '../../src/work/popcount.ts'
import { wasmBackend } from '../../src/work/popcount-wasm.ts'
import { wordsOf } from '../../src/work/tensor.ts'
import { generated, wasmModule } from './build-wasm.ts'
import { randomBinary } from './random-network.ts'

it('popcount.wasm.ts is what popcount.wat gives', async () => {
  expect(readFileSync(generated, 'utf8')).toBe(await wasmModule())
})

describe.each([
  ['plain', plainBackend],
  ['wasm', wasmBackend()!],
])('%s backend', (_name, backend) => {
  // 31 steps of 128 bits fill a byte counter to 248: one more must be counted in the next.
  it.each([1, 4, 30, 31, 32, 62, 63, 100])('counts %i all-differing 128-bit steps', (steps) => {
    const words = new Uint32Array(steps * 4).fill(0xffffffff)
    const product = backend({ kind: 'binary', rows: 1, taps: 1, channels: steps * 128, words }, () => 1)
    product.columns.fill(0)
    const out = new Int32Array(1)
    product.run(1, 0, 0, out, 0)
    expect(out[0]).toBe(-steps * 128)
  })

  it('applies base, shift and the place of its output', () => {
    const weights = { kind: 'binary', rows: 2, taps: 1, channels: 3, words: Uint32Array.of(0b101, 0b000) } as const
    const product = backend(weights, () => 2)
    product.columns[0] = 0b111
    product.columns[product.rowWords] = 0b010
    const out = new Int32Array(5).fill(9)
    product.run(2, 100, 1, out, 1)
    expect([...out]).toEqual([9, 100 - 2, 100 - 6, 100 - 6, 100 - 2])
  })
})

it('the backends agree when memory grows and layers follow one another', () => {
  const random = seedrandom('backends')
  const wasm = wasmBackend()!
  for (const [rows, taps, channels, pixels] of [
    [10, 1, 512, 1],
    [300, 9, 256, 50],
    [3, 25, 7, 12],
    [64, 9, 64, 28],
  ] as const) {
    const weights = randomBinary(random, rows, taps, channels)
    const unit = taps * wordsOf(channels)
    const windows = randomBinary(random, pixels, taps, channels).words
    const [a, b] = [plainBackend, wasm].map((backend) => {
      const product = backend(weights, () => pixels)
      for (let p = 0; p < pixels; p++)
        product.columns.set(windows.subarray(p * unit, (p + 1) * unit), p * product.rowWords)
      const out = new Int32Array(pixels * rows)
      product.run(pixels, taps * channels, 0, out, 0)
      return out
    })
    expect(a).toEqual(b)
  }
})
