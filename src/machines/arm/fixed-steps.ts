// Nodes of fixed-point numbers that are computed by themselves: one pass over the tensor each.

import { InputError } from '../../work/input-error.ts'
import type { Op } from '../../work/network.ts'
import { borderWanted } from './border.ts'
import { type Brought, inRuns, pixelElements, quantised } from './convert.ts'
import type { Lower } from './elementwise.ts'
import type { Lowering } from './lower.ts'
import { type Buffer, noBorder, PANEL, pixelBytesOf, roundUp, storageOf } from './memory-map.ts'
import { type Call, clearing, pixelAt, placeOf } from './plan.ts'
import { levelsAbove } from './weights.ts'

const LOWEST = -(2 ** 31)
const HIGHEST = 2 ** 31 - 1
const INT16 = { low: -32768, high: 32767 }
/** Further shifts, of numbers of 38 bits, do the same. */
const FURTHEST = 64
/** More than this, added to int16, saturates to int16 as this does. */
const LARGEST_OFFSET = 65535
/** Exponents that are far from the ends of float32. */
const LARGEST_FRACTION = 80

/** Whether an op reads integers only. */
export const takesIntegers = (op: Op): boolean => {
  if (op.kind === 'add') return op.bits !== undefined
  if (op.kind === 'pool') return op.bits !== undefined || op.pool === 'sum'
  if (op.kind === 'mac') return op.weights.kind === 'integer'
  return op.kind === 'fixed-affine' || op.kind === 'fixed-rprelu'
}

export const quantise: Lower<'quantise'> = ({ fraction, bits }, node, lowering) => {
  if (!Number.isInteger(fraction) || Math.abs(fraction) > LARGEST_FRACTION)
    throw new InputError(
      `the arm machine has no kernel for a fraction of ${fraction} bits: expected -${LARGEST_FRACTION} to ${LARGEST_FRACTION}`,
    )
  const input = lowering.buffer(node.inputs[0]!)
  const output = lowering.output(node.name, storageOf[bits], node.output, true, pixelElements(input))
  return { output, calls: [quantised(input, output, fraction)] }
}

export const fixedAffine: Lower<'fixed-affine'> = (op, node, lowering) => {
  const { multiplier, shift, negative, offset, bits } = op
  if (bits === 32 && negative?.includes(1))
    throw new InputError('the arm machine has no kernel for shifts that negate to 32 bits: expected 16 bits or 8')
  const input = integers(node.inputs[0]!, lowering)
  const output = lowering.output(node.name, storageOf[bits], node.output, true)
  const kernel = `fixed_affine${multiplier === undefined ? '' : '_mul'}_${input.buffer.storage}_${output.storage}`
  const offsets = bits === 32 ? offset : offset.map(small)
  const tables = [...(multiplier === undefined ? [] : [multiplier]), backwards(shift), masks(shift, negative), offsets]
  const call = byChannel(kernel, input.buffer, output, lowering.memory.place(byGroup(tables, Int32Array)))
  input.free()
  return { output, calls: [...input.calls, call] }
}

export const fixedRprelu: Lower<'fixed-rprelu'> = (op, node, lowering) => {
  const { slope, shift, negative, bits } = op
  if (bits === 32) throw new InputError('the arm machine has no kernel for RPReLU of 32 bits: expected 16 bits or 8')
  const input = integers(node.inputs[0]!, lowering)
  const output = lowering.output(node.name, storageOf[bits], node.output, true)
  const lanes = input.buffer.storage === output.storage && fitsLanes(op)
  const storages = lanes ? output.storage : `${input.buffer.storage}_${output.storage}`
  const kernel = `fixed_rprelu${slope === undefined ? '' : '_mul'}_${storages}`
  const factors = slope === undefined ? [] : [slope]
  const signs = lanes && slope !== undefined ? [] : [masks(shift, negative)]
  const tables = [op.shiftX, ...factors, backwards(shift), ...signs, op.shiftY.map(small)]
  const table = lowering.memory.place(byGroup(tables, lanes ? Int16Array : Int32Array))
  const call = byChannel(kernel, input.buffer, output, table)
  input.free()
  return { output, calls: [...input.calls, call] }
}

/** Whether lanes of 16 bits hold all that there is between input and output, which are of the same storage. */
function fitsLanes({ shiftX, slope, negative, shiftY, bits }: Extract<Op, { kind: 'fixed-rprelu' }>): boolean {
  const within = (values: Int32Array, high: number) => values.every((value) => Math.abs(value) <= high)
  if (!within(shiftX, INT16.high) || !within(shiftY, INT16.high)) return false
  return slope === undefined || (bits === 8 && within(shiftX, 127) && !negative?.includes(1))
}

/** Sums of two, one after the other, saturated each: in 32 bits where storages differ. */
export const fixedAdd: Lower<'add'> = ({ bits }, node, lowering) => {
  const storage = storageOf[bits!]
  const output = lowering.output(node.name, storage, node.output, true)
  const [first, ...others] = node.inputs
  const calls: Call[] = []
  let sum = lowering.buffer(first!)
  for (const name of others) {
    const term = lowering.buffer(name)
    if (sum.storage === storage && term.storage === storage)
      calls.push(inRuns(`add_fixed_${storage}`, [sum, term], output))
    else calls.push(...wideSum([sum, term], output, lowering))
    sum = output
  }
  return { output, calls }
}

function wideSum(terms: readonly Buffer[], output: Buffer, lowering: Lowering): Call[] {
  const [a, b] = terms.map((term) => lowering.bring(term, noBorder, 'i32')) as [Brought, Brought]
  const wide = lowering.memory.allocate('i32', output.shape, a.buffer.pixelBytes, noBorder)
  const calls = [
    ...a.calls,
    ...b.calls,
    inRuns('add_fixed_i32', [a.buffer, b.buffer], wide),
    shifted(wide, output, 0, lowering),
  ]
  for (const { free } of [a, b]) free()
  lowering.memory.release(wide)
  return calls
}

/** Sums of windows, shifted where an average is asked for. */
export const fixedPool: Lower<'pool'> = (op, node, lowering) => {
  const { memory } = lowering
  const [name] = node.inputs
  const { channels } = node.output
  const { buffer, calls, free } = integers(name!, lowering, borderWanted(op, 'i32', channels))
  const storage = storageOf[op.bits ?? 32]
  const output = lowering.output(node.name, storage, node.output, true)
  const sums = op.pool === 'sum' ? output : memory.allocate('i32', node.output, pixelBytesOf('i32', channels), noBorder)
  const source = [pixelAt(buffer, -op.padding.before, -op.padding.before), buffer.pixelBytes, buffer.rowBytes]
  const params = [...sizeIn(sums), ...source, ...placeOf(sums), op.window, op.stride]
  const pooled = { kernel: `sum_pool_${buffer.storage}`, params }
  free()
  if (op.pool === 'sum') return { output, calls: [...calls, pooled] }
  memory.release(sums)
  return { output, calls: [...calls, pooled, shifted(sums, output, 2 * Math.log2(op.window), lowering)] }
}

/** Reals of integers that float32 does not hold. */
export const wideAffine: Lower<'affine'> = ({ scale, offset }, node, lowering) => {
  const input = lowering.buffer(node.inputs[0]!)
  const output = lowering.output(node.name, 'f32', node.output, true)
  const table = lowering.memory.place(byGroup([scale, offset], Float32Array))
  return { output, calls: [byChannel('affine_wide_i32', input, output, table)] }
}

/** Bits of integers below 32 bits. */
export const fixedThreshold: Lower<'threshold'> = (op, node, lowering) => {
  const input = lowering.buffer(node.inputs[0]!)
  const output = lowering.output(node.name, 'bits', node.output, true)
  const levels = Int32Array.from(levelsAbove(op, LOWEST, HIGHEST))
  const table = lowering.memory.place(byGroup([levels], Int32Array, HIGHEST))
  return { output, calls: [...clearing(output), byChannel(`above_${input.storage}`, input, output, table)] }
}

/** The value as integers, as they lie in memory if they do. */
const integers = (name: string, lowering: Lowering, border = noBorder): Brought => {
  const { storage } = lowering.buffer(name)
  return lowering.padded(name, border, storage === 'f32' ? 'i32' : storage)
}

/** The same shift of int32 in all channels. */
function shifted(sums: Buffer, output: Buffer, shift: number, { memory }: Lowering): Call {
  const { channels } = output.shape
  const none = new Int32Array(channels)
  const tables = [backwards(none.map(() => shift)), none, none]
  return byChannel(`fixed_affine_i32_${output.storage}`, sums, output, memory.place(byGroup(tables, Int32Array)))
}

const small = (offset: number): number => Math.max(-LARGEST_OFFSET, Math.min(LARGEST_OFFSET, offset))

/** As kernels shift: to the left. */
const backwards = (shift: Int32Array): Int32Array => shift.map((s) => -Math.max(-FURTHEST, Math.min(FURTHEST, s)))

/** All bits where a channel is negated. */
const masks = (shift: Int32Array, negative: Uint8Array | undefined): Int32Array =>
  shift.map((_, c) => (negative?.[c] === 1 ? -1 : 0))

/** [group of 8 channels][table][channel], `rest` behind the last channel. */
function byGroup(
  tables: readonly (Int32Array | Float32Array)[],
  Numbers: typeof Int32Array | typeof Int16Array | typeof Float32Array,
  rest = 0,
): ArrayBufferView {
  const groups = Math.ceil(tables[0]!.length / PANEL)
  const block = new Numbers(groups * tables.length * PANEL).fill(rest)
  for (const [t, table] of tables.entries())
    for (const [c, value] of table.entries())
      block[(Math.floor(c / PANEL) * tables.length + t) * PANEL + (c % PANEL)] = value
  return block
}

/** A kernel that is made of columns.inc. */
function byChannel(kernel: string, input: Buffer, output: Buffer, tables: number): Call {
  return { kernel, params: [...sizeIn(output), ...placeOf(input), ...placeOf(output), tables] }
}

const sizeIn = ({ shape: { height, width, channels } }: Buffer): number[] => [
  height,
  width,
  roundUp(channels, PANEL) / PANEL,
]
