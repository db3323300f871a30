// Multiply-accumulate layers on the ARM machine: windows gathered into rows, a block of them at a time, and a matrix
// product of rows and weights that also does what follows a sum.

import { weightSigns } from '../../work/bits.ts'
import { InputError } from '../../work/input-error.ts'
import type { BinaryWeights, MacShape, Node, Op, RealWeights } from '../../work/network.ts'
import type { Layer } from '../../work/workload.ts'
import { borderWanted, type Lowering } from './lower.ts'
import { type Buffer, roundUp } from './memory-map.ts'
import { type Call, clearing, LOWEST, pixelAt } from './plan.ts'
import { basesOf, bitPanels, PANEL, perChannel, realPanels, STEP } from './weights.ts'

export interface MacPlan {
  readonly output: Buffer
  readonly calls: readonly Call[]
  /** Nodes behind the layer's own that are computed along, in order. */
  readonly absorbed: readonly Node[]
}

/** Rows of a matrix product that stay in L1 together, in bytes. */
const BLOCK_BYTES = 16384
/** Pixels that a kernel computes at once. */
const TILE = 4

/** How one layer is computed. */
export function macCalls(layer: Layer, lowering: Lowering): MacPlan {
  const { weights } = layer.weights
  const fail = (problem: string): never => {
    throw new InputError(`the arm machine has no kernel for ${problem}`, { key: layer.name })
  }
  if (layer.accumulator.sum === 'gated') fail('gated convolutions')
  if (layer.accumulator.saturate) fail('saturating accumulators')
  if (weights.kind === 'real') return realMac(layer, weights, lowering)
  if (layer.activation === 'bit') return binaryMac(layer, weights, lowering)
  return realMac(layer, weightSigns(weights), lowering)
}

/** What is done to a sum before it is stored. */
interface Chain {
  readonly absorbed: readonly Node[]
  readonly relu: boolean
  readonly affine: Extract<Op, { kind: 'affine' }> | undefined
}

function binaryMac(layer: Layer, weights: BinaryWeights, lowering: Lowering): MacPlan {
  const { shape } = layer
  const { memory } = lowering
  const rows = rowsOf(layer, lowering)
  const { classes, bases, width } = basesOf(shape, weights)
  const [panels, classTable, baseTable] = [bitPanels(weights, rows.depth), classes, bases].map((data) =>
    memory.place(data),
  ) as [number, number, number]
  const factor = layer.accumulator.sum === 'dot' ? 2 : 1
  const end = endOf(layer, lowering)
  const calls = rows.blocks.flatMap(({ first, pixels, address, gather }) => {
    const out = end.output.address + first * end.output.pixelBytes
    const params = [
      ...[address, rows.rowBytes, rows.depth, pixels, panels, width / PANEL],
      ...[classTable + first, baseTable, 2 * width, factor, out, end.output.pixelBytes],
      ...end.params,
    ]
    return [...gather, { kernel: end.kernel, params }]
  })
  rows.free()
  return { output: end.output, calls: [...rows.before, ...end.before, ...calls], absorbed: end.absorbed }
}

interface End {
  readonly kernel: string
  readonly output: Buffer
  readonly params: readonly number[]
  readonly before: readonly Call[]
  readonly absorbed: readonly Node[]
}

/** How the sums of a binary layer leave its kernel. */
function endOf({ name, shape }: Layer, lowering: Lowering): End {
  const { memory } = lowering
  const threshold = lowering.follower(name, 'threshold')
  if (threshold !== undefined) {
    const output = lowering.output(threshold.name, 'bits', shape.output, false)
    const params = [memory.place(perChannel(levelsOf(threshold.op), 32767)), 0, 0]
    return { kernel: 'bgemm_lce_bits', output, params, before: clearing(output), absorbed: [threshold] }
  }
  const { absorbed, relu, affine } = chainOf(name, 'relu first', lowering)
  if (affine === undefined) {
    const output = lowering.output(name, 'i32', shape.output, false)
    return { kernel: 'bgemm_lce_i32', output, params: [0, 0, 0], before: [], absorbed: [] }
  }
  const output = lowering.output(absorbed.at(-1)!.name, 'f32', shape.output, false)
  const tables = [affine.scale, affine.offset].map((values) => memory.place(perChannel(values)))
  return { kernel: 'bgemm_lce_f32', output, params: [...tables, relu ? 0 : LOWEST], before: [], absorbed }
}

/** Integer levels of `sum > level` in 16 bits, which hold every sum. */
function levelsOf({ level, inclusive }: Extract<Op, { kind: 'threshold' }>): Int16Array {
  return Int16Array.from(level, (value) => {
    const above = inclusive ? Math.ceil(value) - 1 : Math.floor(value)
    return Math.min(32767, Math.max(-32768, above))
  })
}

/** `relu first`: sum, ReLU, affine, as binary kernels have it; else sum, affine, ReLU. */
function chainOf(name: string, order: 'relu first' | 'affine first', lowering: Lowering): Chain {
  const affine = (from: string) => lowering.follower(from, 'affine')
  if (order === 'affine first') {
    const first = affine(name)
    const relu = reluAfter(first?.name ?? name, lowering)
    const absorbed = [first, relu].filter((node) => node !== undefined)
    return { absorbed, relu: relu !== undefined, affine: first?.op }
  }
  const relu = reluAfter(name, lowering)
  const last = affine(relu?.name ?? name)
  if (last === undefined) return { absorbed: [], relu: false, affine: undefined }
  return { absorbed: relu === undefined ? [last] : [relu, last], relu: relu !== undefined, affine: last.op }
}

function reluAfter(name: string, lowering: Lowering): Node | undefined {
  const node = lowering.follower(name, 'rprelu')
  if (node === undefined) return
  const { shiftX, slope, shiftY } = node.op
  return [shiftX, slope, shiftY].every((values) => values.every((value) => value === 0)) ? node : undefined
}

/** A layer of numbers: a matrix product, or a kernel of its own where each channel has its own weights. */
function realMac(layer: Layer, weights: RealWeights, lowering: Lowering): MacPlan {
  const { name, shape } = layer
  const { memory } = lowering
  const { bias } = layer
  const chain: Chain =
    bias === undefined ? chainOf(name, 'affine first', lowering) : { absorbed: [], relu: false, affine: undefined }
  const node = chain.absorbed.at(-1)?.name ?? name
  const channels = shape.output.channels
  const scale = memory.place(perChannel(chain.affine?.scale ?? new Float32Array(channels).fill(1)))
  const offset = memory.place(perChannel(chain.affine?.offset ?? bias ?? new Float32Array(channels)))
  const end = { scale, offset, lower: chain.relu ? 0 : LOWEST, node, absorbed: chain.absorbed }
  return shape.depthwise ? depthwise(layer, weights, end, lowering) : product(layer, weights, end, lowering)
}

interface RealEnd {
  readonly scale: number
  readonly offset: number
  readonly lower: number
  readonly node: string
  readonly absorbed: readonly Node[]
}

function product(layer: Layer, weights: RealWeights, end: RealEnd, lowering: Lowering): MacPlan {
  const { memory } = lowering
  const { output: shape } = layer.shape
  const pixelChannels = lowering.buffer(layer.input).pixelBytes / 4
  const rows = rowsOf(layer, lowering)
  const panels = memory.place(realPanels(weights, pixelChannels, rows.depth))
  const output = lowering.output(end.node, 'f32', shape, false)
  const calls = rows.blocks.flatMap(({ first, pixels, address, gather }) => {
    const out = output.address + first * output.pixelBytes
    const matrix = [address, rows.rowBytes, rows.depth, pixels, panels, roundUp(shape.channels, PANEL) / PANEL]
    const params = [...matrix, end.scale, end.offset, end.lower, out, output.pixelBytes]
    return [...gather, { kernel: 'sgemm', params }]
  })
  rows.free()
  return { output, calls: [...rows.before, ...calls], absorbed: end.absorbed }
}

/** Weights by tap, channels together. */
function depthwise({ name, input, shape }: Layer, weights: RealWeights, end: RealEnd, lowering: Lowering): MacPlan {
  const { memory } = lowering
  const { kernel, stride, padding, output: out } = shape
  if (weights.rows !== shape.input.channels)
    throw new InputError('the arm machine has no kernel for several outputs of a channel', { key: name })
  const { buffer, calls, free } = lowering.padded(
    input,
    borderWanted({ kind: 'mac', shape } as never, 'f32', weights.rows),
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
  return { output, calls: [...calls, { kernel: 'depthwise_f32', params }], absorbed: end.absorbed }
}

/** Rows of a matrix product, one for each output pixel. */
interface Rows {
  readonly rowBytes: number
  /** Bytes of a row that count, in whole steps. */
  readonly depth: number
  readonly before: readonly Call[]
  /** `gather` brings the rows of so many pixels from `first` on to `address`. */
  readonly blocks: readonly { first: number; pixels: number; address: number; gather: readonly Call[] }[]
  /** To be called when all places have been taken that are needed at the same time. */
  readonly free: () => void
}

function rowsOf({ input, shape }: Layer, lowering: Lowering): Rows {
  const { memory } = lowering
  const { kernel, output } = shape
  const { storage, shape: given } = lowering.buffer(input)
  const border = borderWanted({ kind: 'mac', shape } as never, storage, given.channels)
  const { buffer, calls, free } = lowering.padded(input, border)
  const windowBytes = kernel * buffer.pixelBytes
  const pixels = output.height * output.width
  const direct = directRows(shape, buffer)
  const depth = roundUp(kernel * windowBytes, STEP)
  const most = Math.min(pixels, Math.max(TILE, Math.floor(BLOCK_BYTES / depth / TILE) * TILE))
  const scratch = direct === undefined ? memory.take(most * depth) : 0
  const blocks = Array.from({ length: Math.ceil(pixels / most) }, (_, i) => {
    const first = i * most
    const count = Math.min(most, pixels - first)
    if (direct !== undefined) return { first, pixels: count, address: direct + first * depth, gather: [] }
    const gather = gatherCall(shape, buffer, first, count, scratch, depth)
    return { first, pixels: count, address: scratch, gather: [gather] }
  })
  const release = (): void => {
    free()
    if (direct === undefined) memory.give(scratch, most * depth)
  }
  return { rowBytes: depth, depth, before: calls, blocks, free: release }
}

/** Address of the first row, where the windows lie in memory as rows already. */
function directRows({ kernel, stride, padding, output }: MacShape, buffer: Buffer): number | undefined {
  const { before, after } = buffer.border
  if (before + after + padding.before + padding.after > 0) return
  const single = output.height * output.width === 1 && kernel === buffer.shape.height && kernel === buffer.shape.width
  const pointwise = kernel === 1 && stride === 1
  if (!pointwise && !single) return
  return (kernel * kernel * buffer.pixelBytes) % STEP === 0 ? buffer.address : undefined
}

function gatherCall(shape: MacShape, buffer: Buffer, first: number, pixels: number, out: number, depth: number): Call {
  const { kernel, stride, padding, output } = shape
  const { rowBytes, pixelBytes } = buffer
  const y = Math.floor(first / output.width)
  const windowBytes = kernel * pixelBytes
  const source = pixelAt(buffer, y * stride - padding.before, -padding.before)
  const steps = [stride * pixelBytes, stride * rowBytes, output.width, first % output.width, pixels]
  const tail = depth - kernel * windowBytes
  return { kernel: 'im2col', params: [source, rowBytes, windowBytes, kernel, ...steps, out, depth, tail] }
}
