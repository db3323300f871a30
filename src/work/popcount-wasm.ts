// The WebAssembly backend of popcount.ts. Its memory holds one layer at a time:
// weights, then columns, then out, as popcount.wat draws them.

import type { BinaryWeights } from './network.ts'
import type { PopcountBackend } from './popcount.ts'
import { popcountWasm } from './popcount.wasm.ts'
import { wordsOf } from './tensor.ts'

// What is used of a global that neither lib.es2023 nor @types/node declares.
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object) => { exports: unknown }
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  product(
    weights: number,
    columns: number,
    out: number,
    rows: number,
    pixels: number,
    bytes: number,
    base: number,
    shift: number,
  ): void
}

const PAGE = 65536

/** The compiled module, made once; null where the engine lacks WebAssembly SIMD. */
let compiled: object | null | undefined

function compile(): object | null {
  const bytes = Buffer.from(popcountWasm, 'base64')
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(bytes)) return null
  return new WebAssembly.Module(bytes)
}

const multipleOf4 = (count: number): number => (count + 3) & ~3

/** A backend with its own memory, or undefined where the engine lacks WebAssembly SIMD. */
export function wasmBackend(): PopcountBackend | undefined {
  if (compiled === undefined) compiled = compile()
  if (compiled === null) return undefined
  const { memory, product } = new WebAssembly.Instance(compiled).exports as Exports

  return (weights, pixels) => {
    const rowWords = multipleOf4(weights.taps * wordsOf(weights.channels))
    const rows = multipleOf4(weights.rows)
    const capacity = pixels(rowWords)
    const columnsAt = 4 * rows * rowWords
    const outAt = columnsAt + 4 * capacity * rowWords
    const missing = outAt + 4 * capacity * rows - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE))
    const columns = new Uint32Array(memory.buffer, columnsAt, capacity * rowWords).fill(0)
    const results = new Int32Array(memory.buffer, outAt, capacity * rows)
    storeRows(weights, new Uint32Array(memory.buffer, 0, rows * rowWords), rowWords)

    const run = (count: number, base: number, shift: number, out: Int32Array, at: number): void => {
      product(0, columnsAt, outAt, rows, count, 4 * rowWords, base, shift)
      if (rows === weights.rows) out.set(results.subarray(0, count * rows), at)
      else
        for (let p = 0, to = at; p < count; p++)
          for (let o = 0; o < weights.rows; o++) out[to++] = results[p * rows + o]!
    }
    return { columns, rowWords, run }
  }
}

/** Copies the weight rows to their aligned places, the words between and after them 0. */
function storeRows(weights: BinaryWeights, target: Uint32Array, rowWords: number): void {
  const words = weights.taps * wordsOf(weights.channels)
  if (words === rowWords) {
    target.set(weights.words)
    target.fill(0, weights.words.length)
    return
  }
  target.fill(0)
  for (let o = 0; o < weights.rows; o++) target.set(weights.words.subarray(o * words, (o + 1) * words), o * rowWords)
}
