// Products of packed windows with packed weight rows, by one of two backends with
// equal results: WebAssembly SIMD where the engine has it, plain JavaScript elsewhere.

import { popcount32 } from './bits.ts'
import type { BinaryWeights } from './network.ts'
import { wasmBackend } from './popcount-wasm.ts'
import { wordsOf } from './tensor.ts'

/** One layer's weights, ready to meet strips of windows. Valid until the backend's next product is made. */
export interface BinaryProduct {
  /** Window p starts at word p * rowWords; words past the weight row's own must stay 0. */
  readonly columns: Uint32Array
  readonly rowWords: number
  /** out[at + p * rows + o] = base - (popcount(window p XOR weight row o) << shift), for p < pixels. */
  run(pixels: number, base: number, shift: number, out: Int32Array, at: number): void
}

/** Makes the product of `weights` with strips of at most `pixels(rowWords)` windows. */
export type PopcountBackend = (weights: BinaryWeights, pixels: (rowWords: number) => number) => BinaryProduct

export const plainBackend: PopcountBackend = (weights, pixels) => {
  const { rows, words } = weights
  const rowWords = weights.taps * wordsOf(weights.channels)
  const columns = new Uint32Array(pixels(rowWords) * rowWords)
  const run = (count: number, base: number, shift: number, out: Int32Array, at: number): void => {
    for (let p = 0, to = at; p < count; p++)
      for (let o = 0; o < rows; o++) {
        let differing = 0
        for (let i = 0, w = o * rowWords, x = p * rowWords; i < rowWords; i++)
          differing += popcount32(columns[x + i]! ^ words[w + i]!)
        out[to++] = base - (differing << shift)
      }
  }
  return { columns, rowWords, run }
}

let chosen: PopcountBackend | undefined

/** The product of `weights` with strips of windows, by WebAssembly if there is SIMD, else plainly. */
export const binaryProduct: PopcountBackend = (weights, pixels) => {
  chosen ??= wasmBackend() ?? plainBackend
  return chosen(weights, pixels)
}

/** A product of `weights` with one window at a time, in memory of its own: it stays valid. */
export const standingProduct = (weights: BinaryWeights): BinaryProduct =>
  (chosen === plainBackend ? plainBackend : (wasmBackend() ?? plainBackend))(weights, () => 1)

/** Runs `body` with `backend` in place of the automatic choice; for tests and benchmarks. */
export function withBackend<T>(backend: PopcountBackend, body: () => T): T {
  const before = chosen
  chosen = backend
  try {
    return body()
  } finally {
    chosen = before
  }
}
