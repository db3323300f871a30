// Multiply-accumulate layers on the ARM machine; those of numbers as products of rows and weights in float32, or with a
// kernel of their own where each channel has its own weights.

import { weightSigns } from '../../work/bits.ts'
import { InputError } from '../../work/input-error.ts'
import type { Node, RealWeights } from '../../work/network.ts'
import type { Layer } from '../../work/workload.ts'
import { borderWanted } from './border.ts'
import { type RealEnd, realEnd } from './chain.ts'
import { pixelElements } from './convert.ts'
import type { Lowering } from './lower.ts'
import { binaryMac } from './mac-binary.ts'
import { int8Mac, takesInt8 } from './mac-int8.ts'
import { integerMac } from './mac-integer.ts'
import { type Buffer, PANEL, roundUp } from './memory-map.ts'
import { type Call, pixelAt } from './plan.ts'
import { rowsOf } from './rows.ts'
import { realPanels } from './weights.ts'

export interface MacPlan {
  /** Values that are stored: none where others are still to be written beside them. */
  readonly made: readonly { readonly node: string; readonly output: Buffer }[]
  readonly calls: readonly Call[]
  /** Nodes behind the layer's own that are computed along, in order. */
  readonly absorbed: readonly Node[]
}

/** How one layer is computed. */
export function macCalls(layer: Layer, lowering: Lowering): MacPlan {
  const { weights } = layer.weights
  const fail = (problem: string): never => {
    throw new InputError(`the arm machine has no kernel for ${problem}`)
  }
  const ofBits = layer.activation === 'bit'
  if (layer.accumulator.sum === 'gated') fail('gated convolutions')
  if (layer.accumulator.saturate && !(ofBits && weights.kind === 'binary')) fail('saturating accumulators of numbers')
  if (layer.terms.kind !== 'dense') fail(`terms that are ${layer.terms.kind}: leave out that pass`)
  if (layer.terms.stop !== undefined) fail('sums that stop early: leave out that pass')
  if (weights.kind === 'integer') return integerMac(layer, weights, lowering)
  if (ofBits && weights.kind === 'real') fail('real weights on bits')
  if (ofBits && layer.shape.depthwise) fail('depthwise convolutions of bits')
  if (lowering.buffer(layer.input).storage === 'i8' && takesInt8(layer)) return int8Mac(layer, lowering)
  if (weights.kind === 'real') return realMac(layer, weights, lowering)
  if (ofBits) return binaryMac(layer, weights, lowering)
  if (layer.weights.encoding !== 'plain') fail('coded weights on numbers: leave out that pass')
  return realMac(layer, weightSigns(weights), lowering)
}

/** A layer of numbers: a matrix product, or a kernel of its own where each channel has its own weights. */
function realMac(layer: Layer, weights: RealWeights, lowering: Lowering): MacPlan {
  const end = realEnd(layer, lowering)
  return layer.shape.depthwise ? depthwise(layer, weights, end, lowering) : product(layer, weights, end, lowering)
}

function product(layer: Layer, weights: RealWeights, end: RealEnd, lowering: Lowering): MacPlan {
  const { memory } = lowering
  const { output: shape } = layer.shape
  const rows = rowsOf(layer, lowering, { storage: 'f32' })
  const panels = memory.place(realPanels(weights, pixelElements(lowering.buffer(layer.input)), rows.depth))
  const output = lowering.output(end.node, 'f32', shape, false)
  const calls = rows.blocks.flatMap(({ first, pixels, address, gather }) => {
    const out = output.address + first * output.pixelBytes
    const matrix = [address, rows.rowBytes, rows.depth, pixels, panels, roundUp(shape.channels, PANEL) / PANEL]
    const params = [...matrix, end.scale, end.offset, end.lower, out, output.pixelBytes]
    return [...gather, { kernel: 'sgemm', params }]
  })
  rows.free()
  return { made: [{ node: end.node, output }], calls: [...rows.before, ...calls], absorbed: end.absorbed }
}

/** Weights by tap, channels together. */
function depthwise({ input, shape }: Layer, weights: RealWeights, end: RealEnd, lowering: Lowering): MacPlan {
  const { memory } = lowering
  const { kernel, stride, padding, output: out } = shape
  if (weights.rows !== shape.input.channels)
    throw new InputError('the arm machine has no kernel for several outputs of a channel')
  const { buffer, calls, free } = lowering.padded(
    input,
    borderWanted({ kind: 'mac', shape }, 'f32', weights.rows),
    'f32',
  )
  const channels = buffer.pixelBytes / 4
  const byTap = new Float32Array(weights.taps * channels)
  for (let c = 0; c < weights.rows; c++)
    for (let tap = 0; tap < weights.taps; tap++) byTap[tap * channels + c] = weights.data[c * weights.taps + tap]!
  const output = lowering.output(end.node, 'f32', out, true)
  const source = pixelAt(buffer, -padding.before, -padding.before)
  const params = [
    ...[source, buffer.rowBytes, stride * buffer.pixelBytes, stride * buffer.rowBytes, kernel, channels / 4],
    ...[out.width, out.height, memory.place(byTap), end.scale, end.offset, end.lower, output.address, output.rowBytes],
  ]
  free()
  const made = [{ node: end.node, output }]
  return { made, calls: [...calls, { kernel: 'depthwise_f32', params }], absorbed: end.absorbed }
}
