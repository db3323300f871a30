// Multiply-accumulate nodes: what they sum, for every pairing of activations and
// weights. Which product does it: popcount.ts for bits, mac-real.ts for the rest.

import type { Range } from './accumulator.ts'
import { bitPlanes, onesRow, tapSums, weightSigns } from './bits.ts'
import { InputError } from './input-error.ts'
import { realProduct } from './mac-real.ts'
import type { BinaryWeights, IntegerWeights, MacShape, Op, RealWeights, Sum } from './network.ts'
import { binaryProduct } from './popcount.ts'
import {
  type BitTensor,
  type IntTensor,
  intTensor,
  type RealTensor,
  realTensor,
  type Tensor,
  wordsOf,
} from './tensor.ts'
import { gatherRows, paddedTaps, stripHeight } from './windows.ts'

export type MacOp = Extract<Op, { kind: 'mac' }>
export type GatedMacOp = Extract<Op, { kind: 'gated-mac' }>

/**
 * Evaluates a multiply-accumulate node: integers for binary weights, reals for real weights or where a bias is
 * added. `range` clips the integer sums, before the bias. Throws InputError for pairings that have no meaning.
 */
export function mac(op: MacOp, input: Tensor, range?: Range): IntTensor | RealTensor {
  const sums = macSums(op, input)
  if (range !== undefined) {
    if (sums.kind === 'real') throw new InputError('a saturating accumulator needs binary weights')
    clip(sums, range)
  }
  return op.bias === undefined ? sums : addBias(sums, op.bias)
}

/** Evaluates a gated multiply-accumulate over 2-bit activations; `range` clips both of its sums. */
export function gatedMac(op: GatedMacOp, input: Tensor, range?: Range): IntTensor | RealTensor {
  if (input.kind !== 'int') throw new InputError(`a gated-mac takes 2-bit activations, not ${input.kind}`)
  const { msb, full } = gatedSums(op, input)
  if (range !== undefined) {
    clip(msb, range)
    clip(full, range)
  }
  const out = op.thirds === true ? intTensor(op.shape.output) : realTensor(op.shape.output)
  const unit = out.kind === 'int' ? 3 : 1
  const channels = op.shape.output.channels
  for (let pixel = 0; pixel < out.data.length; pixel += channels)
    for (let c = 0; c < channels; c++) {
      const twice = msb.data[pixel + c]! * 2
      const open = Math.fround(twice / 3) > op.gate[c]!
      out.data[pixel + c] = (unit * (open ? full.data[pixel + c]! : twice)) / 3
    }
  return out
}

/** The two sums of a gated multiply-accumulate: msb = sum w * sign(a), full = sum w * a. */
export function gatedSums(
  op: Pick<GatedMacOp, 'shape' | 'weights'>,
  input: IntTensor,
): { msb: IntTensor; full: IntTensor } {
  const { high, low } = bitPlanes(input)
  const msb = binarySums(op.shape, op.weights, 'dot', high)
  // A padded activation of +1 or -1 is 2 * high + low too: its low bit has the other sign.
  const lowShape = { ...op.shape, padValue: -op.shape.padValue as MacShape['padValue'] }
  const full = binarySums(lowShape, op.weights, 'dot', low)
  for (let i = 0; i < full.data.length; i++) full.data[i]! += 2 * msb.data[i]!
  return { msb, full }
}

function macSums({ shape, weights, sum }: MacOp, input: Tensor): IntTensor | RealTensor {
  if (weights.kind === 'binary' && shape.depthwise) throw new InputError('a depthwise mac needs real weights')
  if (input.kind === 'bits') {
    if (weights.kind !== 'binary') throw new InputError('a mac of bits needs binary weights')
    return binarySums(shape, weights, sum, input)
  }
  if (sum === 'matches') throw new InputError(`a mac that counts matches takes bits, not ${input.kind}`)
  if (weights.kind === 'real') return realProduct(shape, weights, input, realTensor(shape.output))
  if (input.kind === 'real') throw new InputError(`a mac with ${weights.kind} weights takes bits or integers, not real`)
  const factors = weights.kind === 'binary' ? weightSigns(weights) : realNumbers(weights)
  return integerProduct(shape, factors, input)
}

/** float32 holds integers up to here. */
const EXACT = 2 ** 24

/** Larger inputs in two halves, whose sums are put together again, modulo 2^32. */
function integerProduct(shape: MacShape, factors: RealWeights, input: IntTensor): IntTensor {
  const product = (data: Int32Array): IntTensor =>
    realProduct(shape, factors, { ...input, data }, intTensor(shape.output))
  if (shape.padValue !== 0 || input.data.every((value) => Math.abs(value) <= EXACT)) return product(input.data)
  const high = product(input.data.map((value) => value >> 16))
  const low = product(input.data.map((value) => value & 0xffff))
  for (let i = 0; i < low.data.length; i++) low.data[i]! += high.data[i]! * 65536
  return low
}

/** Below 2^15, integers are themselves as reals. */
const realNumbers = ({ rows, taps, channels, data }: IntegerWeights): RealWeights => {
  return { kind: 'real', rows, taps, channels, data: Float32Array.from(data) }
}

/** Sums of bits with binary weights, through the packed product. */
function binarySums(shape: MacShape, weights: BinaryWeights, sum: Sum, input: BitTensor): IntTensor {
  const { output, padValue, padding } = shape
  const padded = padding.before > 0 || padding.after > 0
  if (sum === 'matches' && padded && padValue === 0)
    throw new InputError('matches cannot be counted under zero padding')
  const unit = wordsOf(weights.channels)
  const pad = padValue === 1 ? onesRow(weights.channels) : new Uint32Array(unit)
  const product = binaryProduct(weights, (rowWords) => stripHeight(shape, rowWords) * output.width)
  const strip = stripHeight(shape, product.rowWords)
  const fanIn = weights.taps * weights.channels
  const out = intTensor(output)
  for (let y = 0; y < output.height; y += strip) {
    const end = Math.min(y + strip, output.height)
    gatherRows(input.words, shape, unit, pad, y, end, product.columns, product.rowWords)
    const at = y * output.width * output.channels
    product.run((end - y) * output.width, fanIn, sum === 'dot' ? 1 : 0, out.data, at)
  }
  if (padded && padValue === 0) discountPadding(shape, weights, out)
  return out
}

/** Padded taps were summed as activations of -1: adds their weights back, so that they count nothing. */
function discountPadding(shape: MacShape, weights: BinaryWeights, out: IntTensor): void {
  const { output } = shape
  const { rows, taps } = weights
  const tapSum = tapSums(weights)
  for (let y = 0, at = 0; y < output.height; y++)
    for (let x = 0; x < output.width; x++, at += rows)
      for (const tap of paddedTaps(shape, y, x))
        for (let o = 0; o < rows; o++) out.data[at + o]! += tapSum[o * taps + tap]!
}

function clip({ data }: IntTensor, { low, high }: Range): void {
  for (let i = 0; i < data.length; i++) data[i] = Math.min(high, Math.max(low, data[i]!))
}

function addBias({ shape, data }: IntTensor | RealTensor, bias: Float32Array): RealTensor {
  const out = realTensor(shape)
  for (let pixel = 0; pixel < data.length; pixel += shape.channels)
    for (let c = 0; c < shape.channels; c++) out.data[pixel + c] = data[pixel + c]! + bias[c]!
  return out
}
