// Binary layers on the ARM machine, by each set of kernels.

import { InputError } from '../../work/input-error.ts'
import type { BinaryWeights, Node } from '../../work/network.ts'
import type { Layer } from '../../work/workload.ts'
import { borderWanted, LOWEST } from './border.ts'
import { chainOf } from './chain.ts'
import { directBlocks } from './direct-blocks.ts'
import type { Lowering } from './lower.ts'
import type { MacPlan } from './mac.ts'
import { codedCalls, products } from './mac-coded.ts'
import { fixedMac } from './mac-fixed.ts'
import { type Buffer, PANEL } from './memory-map.ts'
import { type Call, clearing, pixelAt } from './plan.ts'
import { rowsOf } from './rows.ts'
import type { KernelSet } from './spec.ts'
import { basesOf, bitPanels, levelsAbove, perChannel } from './weights.ts'
import { dabnnQuads, isDabnnDirect } from './weights-dabnn.ts'
import { directPanels } from './weights-direct.ts'

/** Parameters that all sets have. */
export interface Sums {
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
  const group = lowering.fixedGroups.get(layer.name)
  if (group !== undefined) return fixedMac(layer, weights, group, lowering)
  const { memory } = lowering
  const { classes, bases, width } = basesOf(layer.shape, weights)
  if (layer.accumulator.saturate) refuseSaturation(layer, lowering)
  const set = sets[lowering.kernels]
  if (layer.weights.encoding === 'coded' && !set.coded) {
    const others = Object.entries(sets).flatMap(([name, { coded }]) => (coded ? [name] : []))
    const problem = `the arm machine has no kernel for coded weights in the set ${lowering.kernels}`
    throw new InputError(`${layer.name}: ${problem}: expected ${others.join(', ')}, or leave out that pass`, {
      key: 'machine.kernels',
    })
  }
  const end = set.end(layer, lowering)
  const sums: Sums = {
    panels: width / PANEL,
    classes: memory.place(classes),
    bases: memory.place(bases),
    baseBytes: 2 * width,
    factor: layer.accumulator.sum === 'dot' ? 2 : 1,
    end,
  }
  const calls = set.calls(layer, weights, sums, lowering)
  const made = [{ node: end.absorbed.at(-1)?.name ?? layer.name, output: end.output }]
  return { made, calls: [...end.before, ...calls], absorbed: end.absorbed }
}

function refuseSaturation({ name, accumulator, weights: { encoding } }: Layer, { kernels }: Lowering): never {
  const problem = 'the arm machine has no kernel for saturating accumulators'
  if (kernels === 'direct')
    throw new InputError(
      `${problem} of ${accumulator.bits} bits with ${encoding} weights and what follows: expected 8 bits, plain weights, and one fixed-affine step of 8 or 16 behind`,
    )
  throw new InputError(`${name}: ${problem} in the set ${kernels}: expected direct, or sums that do not saturate`, {
    key: 'machine.kernels',
  })
}

/** Rows of windows times weights. */
const lce: Calls = (layer, weights, sums, lowering) => {
  if (layer.weights.encoding === 'coded') return codedCalls(layer, weights, layer.weights.code, sums, lowering)
  const rows = rowsOf(layer, lowering)
  const table = lowering.memory.place(bitPanels(weights, rows.depth))
  const calls = products('bgemm_lce', rows, sums, () => table)
  rows.free()
  return [...rows.before, ...calls]
}

/** Windows read where they lie. */
const direct: Calls = (layer, weights, { panels, classes, bases, baseBytes, factor, end }, lowering) => {
  const { before, blocks, free } = directBlocks(layer, lowering)
  const table = lowering.memory.place(directPanels(weights))
  const { address, pixelBytes } = end.output
  const calls = blocks.map(({ first, windows }) => {
    const sums = [table, panels, classes + first, bases, baseBytes, factor]
    const params = [...windows, ...sums, address + first * pixelBytes, pixelBytes, ...end.params]
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
    const table = memory.place(bitPanels(weights, rows.depth))
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
  const table = memory.place(dabnnQuads(weights))
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

/** How the sums of a binary layer leave its kernel. */
interface End {
  /** Which of a set's kernels. */
  readonly kernel: 'bits' | 'i32' | 'f32'
  readonly output: Buffer
  readonly params: readonly number[]
  readonly before: readonly Call[]
  readonly absorbed: readonly Node[]
}

/** As bits, integers or reals, with what follows them as far as the kernels go. */
function tiledEnd({ name, shape, bias }: Layer, lowering: Lowering): End {
  const { memory, readers } = lowering
  const sums = (kernel: 'i32' | 'f32', params: readonly number[], absorbed: readonly Node[] = []): End => {
    const output = lowering.output(absorbed.at(-1)?.name ?? name, kernel, shape.output, false)
    return { kernel, output, params, before: [], absorbed }
  }
  const tables = (scale: Float32Array, offset: Float32Array): number[] =>
    [scale, offset].map((values) => memory.place(perChannel(values)))
  if (bias !== undefined) return sums('f32', [...tables(new Float32Array(bias.length).fill(1), bias), LOWEST])
  const threshold = readers.follower(name, 'threshold')
  if (threshold !== undefined) {
    const output = lowering.output(threshold.name, 'bits', shape.output, false)
    const levels = Int16Array.from(levelsAbove(threshold.op, -32768, 32767))
    const params = [memory.place(perChannel(levels, 32767)), 0, 0]
    return { kernel: 'bits', output, params, before: clearing(output), absorbed: [threshold] }
  }
  const { absorbed, relu, affine } = chainOf(name, 'relu first', readers)
  if (affine === undefined) return sums('i32', [0, 0, 0])
  return sums('f32', [...tables(affine.scale, affine.offset), relu ? 0 : LOWEST], absorbed)
}

/** As reals, and nothing else. */
function dabnnEnd({ name, shape, bias }: Layer, lowering: Lowering): End {
  if (bias !== undefined) throw new InputError('the arm machine has no kernel for a bias in the set dabnn')
  const output = lowering.output(name, 'f32', shape.output, false)
  return { kernel: 'f32', output, params: [], before: [], absorbed: [] }
}

interface Set {
  /** Whether it takes coded weights. */
  readonly coded: boolean
  readonly end: (layer: Layer, lowering: Lowering) => End
  readonly calls: Calls
}

const sets: Readonly<Record<KernelSet, Set>> = {
  lce: { coded: true, end: tiledEnd, calls: lce },
  direct: { coded: false, end: tiledEnd, calls: direct },
  dabnn: { coded: false, end: dabnnEnd, calls: dabnn },
}
