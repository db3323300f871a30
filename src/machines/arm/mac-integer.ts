// Layers of integers with integer weights: matrix products in int32. Where all weights are powers of two, nothing is multiplied.

import { InputError } from '../../work/input-error.ts'
import type { IntegerWeights } from '../../work/network.ts'
import type { Layer } from '../../work/workload.ts'
import { pixelElements } from './convert.ts'
import type { Lowering } from './lower.ts'
import type { MacPlan } from './mac.ts'
import { PANEL, roundUp } from './memory-map.ts'
import { rowsOf } from './rows.ts'

/** Bytes of a term: the kernels take one a step. */
const TERM = 4

/** What `gemm_shift_i32` shifts by where there is no weight: all bits out. */
const OUT = 64
const NEGATIVE = 0x8000

/** The kernels, by what their 16 bits of a weight are. */
const kinds = {
  gemm_shift_i32: (weight: number): number => {
    if (weight === 0) return OUT
    return Math.log2(Math.abs(weight)) | (weight < 0 ? NEGATIVE : 0)
  },
  gemm_multiply_i32: (weight: number): number => weight,
}

const isPower = (weight: number): boolean => weight === 0 || Number.isInteger(Math.log2(Math.abs(weight)))

export function integerMac(layer: Layer, weights: IntegerWeights, lowering: Lowering): MacPlan {
  if (layer.shape.depthwise)
    throw new InputError('the arm machine has no kernel for depthwise convolutions of integers')
  const { memory } = lowering
  const { output: shape } = layer.shape
  const kind = weights.data.every(isPower) ? 'gemm_shift_i32' : 'gemm_multiply_i32'
  const rows = rowsOf(layer, lowering, { step: TERM, storage: 'i32' })
  const panels = memory.place(panelsOf(weights, pixelElements(lowering.buffer(layer.input)), kinds[kind]))
  const bases = memory.place(
    kind === 'gemm_shift_i32' ? inversions(weights) : new Int32Array(roundUp(weights.rows, PANEL)),
  )
  const output = lowering.output(layer.name, 'i32', shape, false)
  const calls = rows.blocks.flatMap(({ first, pixels, address, gather }) => {
    const out = output.address + first * output.pixelBytes
    const matrix = [address, rows.rowBytes, rows.depth, pixels, panels, roundUp(shape.channels, PANEL) / PANEL]
    return [...gather, { kernel: kind, params: [...matrix, bases, out, output.pixelBytes] }]
  })
  rows.free()
  return { made: [{ node: layer.name, output }], calls: [...rows.before, ...calls], absorbed: [] }
}

/** [panel][term][channel], where an input pixel has `elements`; no weight where there is none. */
function panelsOf(
  { rows, taps, channels, data }: IntegerWeights,
  elements: number,
  coded: (weight: number) => number,
): Int16Array {
  const terms = taps * elements
  const panels = new Int16Array(roundUp(rows, PANEL) * terms).fill(coded(0))
  for (let row = 0; row < rows; row++) {
    const panel = Math.floor(row / PANEL) * PANEL * terms + (row % PANEL)
    for (let tap = 0; tap < taps; tap++)
      for (let c = 0; c < channels; c++)
        panels[panel + (tap * elements + c) * PANEL] = coded(data[(row * taps + tap) * channels + c]!)
  }
  return panels
}

/** By row, the weights whose terms are inverted: each of these is 1 less than it should be. */
function inversions({ rows, taps, channels, data }: IntegerWeights): Int32Array {
  const counts = new Int32Array(roundUp(rows, PANEL))
  const fanIn = taps * channels
  data.forEach((weight, i) => {
    if (weight < 0) counts[Math.floor(i / fanIn)]! += 1
  })
  return counts
}
