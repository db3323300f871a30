// Multiply-accumulate layers whose activations and weights are integers of 8 bits: matrix products that sum in integers.

import { weightSigns } from '../../work/bits.ts'
import type { RealWeights } from '../../work/network.ts'
import type { Layer } from '../../work/workload.ts'
import { LOWEST } from './border.ts'
import { type RealEnd, realEnd } from './chain.ts'
import type { Lowering } from './lower.ts'
import type { MacPlan } from './mac.ts'
import { PANEL, roundUp } from './memory-map.ts'
import { rowsOf } from './rows.ts'

/** Channels of a panel. */
const CHANNELS = 4

/** The kernels, by how they sum products: bytes of depth that they take a step. */
const kinds = { igemm: 16, igemm_narrow: 8 } as const

/** Largest depth times weight for int16 sums. */
const NARROW = 511
/** -128 has no negative: two products of it are too large for the int16 lanes of `igemm`. */
const LARGEST = 127
/** Floats hold all integers up to here. */
const EXACT = 2 ** 24

/** Whether the layer can read its input as int8, with the same sums. */
export function takesInt8({ activation, shape, weights: { weights }, accumulator }: Layer): boolean {
  const { padding, padValue } = shape
  if (activation !== 'int8' || shape.depthwise || accumulator.sum !== 'dot') return false
  if (padValue !== 0 && padding.before + padding.after > 0) return false
  const terms = weights.taps * weights.channels
  if (weights.kind === 'binary') return 128 * terms <= EXACT
  if (weights.kind === 'integer') return false
  const fits = weights.data.every((weight) => Number.isInteger(weight) && Math.abs(weight) <= LARGEST)
  return fits && 128 * LARGEST * terms <= EXACT
}

/** A layer for which `takesInt8` holds, of an input that is stored so. */
export function int8Mac(layer: Layer, lowering: Lowering): MacPlan {
  const { weights: given } = layer.weights
  const weights = given.kind === 'binary' ? weightSigns(given) : (given as RealWeights)
  const end = sumsSuffice(layer, lowering) ? undefined : realEnd(layer, lowering)
  const { pixelBytes } = lowering.buffer(layer.input)
  const largest = weights.data.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)
  const narrow = roundUp(weights.taps * pixelBytes, kinds.igemm_narrow) * largest <= NARROW
  return product(layer, weights, narrow ? 'igemm_narrow' : 'igemm', end, lowering)
}

/** Whether all that follows the layer reads integers. */
function sumsSuffice({ name, weights, bias }: Layer, lowering: Lowering): boolean {
  if (weights.weights.kind === 'real' || bias !== undefined) return false
  return lowering.readers.of(name).every(({ op }) => op.kind === 'threshold')
}

function product(
  layer: Layer,
  weights: RealWeights,
  kind: keyof typeof kinds,
  end: RealEnd | undefined,
  lowering: Lowering,
): MacPlan {
  const { memory } = lowering
  const { output: shape } = layer.shape
  const storage = end === undefined ? 'i32' : 'f32'
  const output = lowering.output(end?.node ?? layer.name, storage, shape, false)
  const rows = rowsOf(layer, lowering, { step: kinds[kind] })
  const panels = memory.place(int8Panels(weights, lowering.buffer(layer.input).pixelBytes, rows.depth, kinds[kind]))
  const count = roundUp(shape.channels, PANEL) / CHANNELS
  const { scale, offset, lower } = end ?? { scale: 0, offset: 0, lower: LOWEST }
  const calls = rows.blocks.flatMap(({ first, pixels, address, gather }) => {
    const out = output.address + first * output.pixelBytes
    const matrix = [address, rows.rowBytes, rows.depth, pixels, panels, count]
    const params = [...matrix, scale, offset, lower, out, output.pixelBytes]
    return [...gather, { kernel: `${kind}_${storage}`, params }]
  })
  rows.free()
  const made = [{ node: end?.node ?? layer.name, output }]
  return { made, calls: [...rows.before, ...calls], absorbed: end?.absorbed ?? [] }
}

/** [panel][step][channel][bytes of a step], zero where there is no weight. */
function int8Panels(weights: RealWeights, pixelBytes: number, depth: number, step: number): Int8Array {
  const { rows, taps, channels, data } = weights
  const panels = new Int8Array(roundUp(rows, PANEL) * depth)
  for (let row = 0; row < rows; row++) {
    const panel = Math.floor(row / CHANNELS) * CHANNELS * depth + (row % CHANNELS) * step
    for (let tap = 0; tap < taps; tap++)
      for (let c = 0; c < channels; c++) {
        const at = tap * pixelBytes + c
        const place = Math.floor(at / step) * CHANNELS * step + (at % step)
        panels[panel + place] = data[(row * taps + tap) * channels + c]!
      }
  }
  return panels
}
