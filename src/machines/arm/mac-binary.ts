// Binary layers on the ARM machine, by each set of kernels.

import type { BinaryWeights, Node, Op } from '../../work/network.ts'
import type { Layer } from '../../work/workload.ts'
import { chainOf } from './chain.ts'
import { borderWanted, type Lowering } from './lower.ts'
import type { MacPlan } from './mac.ts'
import type { Buffer } from './memory-map.ts'
import { type Call, clearing, LOWEST, pixelAt } from './plan.ts'
import { BLOCK_BYTES, rowsOf } from './rows.ts'
import type { KernelSet } from './spec.ts'
import { basesOf, bitPanels, PANEL, perChannel } from './weights.ts'
import { dabnnPanels, isDabnnDirect } from './weights-dabnn.ts'
import { directPanels } from './weights-direct.ts'

/** Parameters that all sets have. */
interface Sums {
  /** Panels of channels. */
  readonly panels: number
  readonly classes: number
  readonly bases: number
  readonly baseBytes: number
  readonly factor: number
  readonly end: End
}

type Calls = (layer: Layer, weights: BinaryWeights, sums: Sums, lowering: Lowering) => readonly Call[]

export function binaryMac(layer: Layer, weights: BinaryWeights, lowering: Lowering): MacPlan {
  const { memory } = lowering
  const { classes, bases, width } = basesOf(layer.shape, weights)
  const end = endOf(layer, lowering)
  const sums: Sums = {
    panels: width / PANEL,
    classes: memory.place(classes),
    bases: memory.place(bases),
    baseBytes: 2 * width,
    factor: layer.accumulator.sum === 'dot' ? 2 : 1,
    end,
  }
  const calls = sets[lowering.kernels](layer, weights, sums, lowering)
  return { output: end.output, calls: [...end.before, ...calls], absorbed: end.absorbed }
}

/** Rows of windows times weights. */
const lce: Calls = (layer, weights, { panels, classes, bases, baseBytes, factor, end }, lowering) => {
  const rows = rowsOf(layer, lowering)
  const { pixelBytes } = end.output
  const table = lowering.memory.place(bitPanels(weights, rows.depth))
  const calls = rows.blocks.flatMap(({ first, pixels, address, gather }) => {
    const matrix = [address, rows.rowBytes, rows.depth, pixels, table, panels]
    const out = end.output.address + first * pixelBytes
    const params = [...matrix, classes + first, bases, baseBytes, factor, out, pixelBytes, ...end.params]
    return [...gather, { kernel: `bgemm_lce_${end.kernel}`, params }]
  })
  rows.free()
  return [...rows.before, ...calls]
}

/** Windows read where they lie, some rows of the output at a time. */
const direct: Calls = ({ input, shape }, weights, { panels, classes, bases, baseBytes, factor, end }, lowering) => {
  const { kernel, stride, padding, output } = shape
  const { storage, shape: given } = lowering.buffer(input)
  const border = borderWanted({ kind: 'mac', shape }, storage, given.channels)
  const { buffer, calls: before, free } = lowering.padded(input, border)
  const { pixelBytes, rowBytes } = buffer
  const table = lowering.memory.place(directPanels(weights))
  const most = Math.max(1, Math.floor(BLOCK_BYTES / (kernel * kernel * pixelBytes * output.width)))
  const calls = Array.from({ length: Math.ceil(output.height / most) }, (_, i) => {
    const y = i * most
    const first = y * output.width
    const source = pixelAt(buffer, y * stride - padding.before, -padding.before)
    const window = [source, rowBytes, pixelBytes, kernel, stride * pixelBytes, stride * rowBytes]
    const size = [output.width, Math.min(most, output.height - y)]
    const out = [end.output.address + first * end.output.pixelBytes, end.output.pixelBytes]
    const params = [...window, ...size, table, panels, classes + first, bases, baseBytes, factor, ...out, ...end.params]
    return { kernel: `bconv_direct_${end.kernel}`, params }
  })
  free()
  return [...before, ...calls]
}

/** 3x3 windows by a kernel of their own, all else as rows; sums go to memory, what follows them is a pass of its own. */
const dabnn: Calls = (layer, weights, { panels, classes, bases, baseBytes, factor, end }, lowering) => {
  const { input, shape } = layer
  const { memory } = lowering
  const { storage, shape: given, pixelBytes } = lowering.buffer(input)
  const { output } = end
  if (!isDabnnDirect(shape, pixelBytes)) {
    const rows = rowsOf(layer, lowering)
    const table = memory.place(dabnnPanels(weights, 'gemm', rows.depth))
    const calls = rows.blocks.flatMap(({ first, pixels, address, gather }) => {
      const matrix = [address, rows.rowBytes, rows.depth, pixels, table, panels]
      const out = output.address + first * output.pixelBytes
      const params = [...matrix, classes + first, bases, baseBytes, factor, out, output.pixelBytes]
      return [...gather, { kernel: 'bgemm_dabnn_f32', params }]
    })
    rows.free()
    return [...rows.before, ...calls]
  }
  const { buffer, calls, free } = lowering.padded(input, borderWanted({ kind: 'mac', shape }, storage, given.channels))
  const { before } = shape.padding
  const table = memory.place(dabnnPanels(weights, '3x3', 9 * pixelBytes))
  const window = [
    pixelAt(buffer, -before, -before),
    buffer.rowBytes,
    pixelBytes,
    shape.output.width,
    shape.output.height,
  ]
  const params = [...window, table, panels, classes, bases, baseBytes, factor, output.address, output.pixelBytes]
  free()
  return [...calls, { kernel: 'bconv_dabnn_3x3_f32', params }]
}

const sets: Readonly<Record<KernelSet, Calls>> = { lce, direct, dabnn }

interface End {
  /** Which of a set's kernels. */
  readonly kernel: 'bits' | 'i32' | 'f32'
  readonly output: Buffer
  readonly params: readonly number[]
  readonly before: readonly Call[]
  readonly absorbed: readonly Node[]
}

/** How the sums of a binary layer leave its kernel. */
function endOf({ name, shape }: Layer, lowering: Lowering): End {
  const { memory } = lowering
  if (lowering.kernels === 'dabnn') {
    const output = lowering.output(name, 'f32', shape.output, false)
    return { kernel: 'f32', output, params: [], before: [], absorbed: [] }
  }
  const threshold = lowering.follower(name, 'threshold')
  if (threshold !== undefined) {
    const output = lowering.output(threshold.name, 'bits', shape.output, false)
    const params = [memory.place(perChannel(levelsOf(threshold.op), 32767)), 0, 0]
    return { kernel: 'bits', output, params, before: clearing(output), absorbed: [threshold] }
  }
  const { absorbed, relu, affine } = chainOf(name, 'relu first', lowering)
  if (affine === undefined) {
    const output = lowering.output(name, 'i32', shape.output, false)
    return { kernel: 'i32', output, params: [0, 0, 0], before: [], absorbed: [] }
  }
  const output = lowering.output(absorbed.at(-1)!.name, 'f32', shape.output, false)
  const tables = [affine.scale, affine.offset].map((values) => memory.place(perChannel(values)))
  return { kernel: 'f32', output, params: [...tables, relu ? 0 : LOWEST], before: [], absorbed }
}

/** Integer levels of `sum > level` in 16 bits, which hold every sum. */
function levelsOf({ level, inclusive }: Extract<Op, { kind: 'threshold' }>): Int16Array {
  return Int16Array.from(level, (value) => {
    const above = inclusive ? Math.ceil(value) - 1 : Math.floor(value)
    return Math.min(32767, Math.max(-32768, above))
  })
}
