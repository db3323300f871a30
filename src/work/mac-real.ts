// Convolutions with real weights. Products are accumulated in double precision, tap
// by tap and channel by channel, and rounded to float32 once: the order is fixed,
// so the result is the same on every machine.

import type { MacShape, RealWeights } from './network.ts'
import type { IntTensor, RealTensor } from './tensor.ts'
import { gatherRows, stripHeight } from './windows.ts'

/** Fills `out` with the sums of `weights` and the windows of `input`; integer sums below 2^53 are exact. */
export function realProduct<Out extends IntTensor | RealTensor>(
  shape: MacShape,
  weights: RealWeights,
  input: IntTensor | RealTensor,
  out: Out,
): Out {
  const { output } = shape
  // `| 0`: a count that came out of `**` is stored as a double, and would make doubles of all indices.
  const rows = weights.rows | 0
  const taps = weights.taps | 0
  const data = input.kind === 'real' ? input.data : new Float32Array(input.data)
  const source = new Uint32Array(data.buffer, data.byteOffset, data.length)
  const unit = shape.input.channels
  const rowWords = (taps * unit) | 0
  const pad = new Uint32Array(new Float32Array(unit).fill(shape.padValue).buffer)
  const strip = stripHeight(shape, rowWords)
  const gathered = new Uint32Array(strip * output.width * rowWords)
  const columns = new Float64Array(gathered.length)
  const doubles = new Float64Array(weights.data)
  for (let y = 0; y < output.height; y += strip) {
    const end = Math.min(y + strip, output.height)
    gatherRows(source, shape, unit, pad, y, end, gathered, rowWords)
    columns.set(new Float32Array(gathered.buffer))
    const at = y * output.width * output.channels
    const pixels = (end - y) * output.width
    if (shape.depthwise) depthwise(columns, doubles, pixels, rows, taps, unit, out.data, at)
    else dense(columns, doubles, pixels, rows, rowWords, out.data, at)
  }
  return out
}

/** Every output row meets the whole window of `n` terms; four rows at a time share its loads. */
function dense(
  columns: Float64Array,
  weights: Float64Array,
  pixels: number,
  rows: number,
  n: number,
  out: Float32Array | Int32Array,
  at: number,
): void {
  for (let p = 0, to = at; p < pixels; p++) {
    const x = p * n
    let o = 0
    for (; o + 4 <= rows; o += 4, to += 4) {
      const w0 = o * n
      const w1 = w0 + n
      const w2 = w1 + n
      const w3 = w2 + n
      let s0 = 0
      let s1 = 0
      let s2 = 0
      let s3 = 0
      for (let i = 0; i < n; i++) {
        const v = columns[x + i]!
        s0 += v * weights[w0 + i]!
        s1 += v * weights[w1 + i]!
        s2 += v * weights[w2 + i]!
        s3 += v * weights[w3 + i]!
      }
      out[to] = s0
      out[to + 1] = s1
      out[to + 2] = s2
      out[to + 3] = s3
    }
    for (; o < rows; o++) {
      let sum = 0
      for (let i = 0, w = o * n; i < n; i++) sum += columns[x + i]! * weights[w + i]!
      out[to++] = sum
    }
  }
}

/** Weight row o meets input channel floor(o * inputs / rows) alone. */
function depthwise(
  columns: Float64Array,
  weights: Float64Array,
  pixels: number,
  rows: number,
  taps: number,
  inputs: number,
  out: Float32Array | Int32Array,
  at: number,
): void {
  const perInput = rows / inputs
  for (let p = 0, to = at; p < pixels; p++)
    for (let o = 0; o < rows; o++) {
      let sum = 0
      let x = p * taps * inputs + Math.floor(o / perInput)
      for (let t = 0; t < taps; t++, x += inputs) sum += columns[x]! * weights[o * taps + t]!
      out[to++] = sum
    }
}
