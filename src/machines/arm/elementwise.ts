// Nodes that work element by element, or on windows of one channel, on the ARM machine.

import { InputError } from '../../work/input-error.ts'
import type { Node, Op, OpKind } from '../../work/network.ts'
import { borderWanted } from './border.ts'
import { fixedAdd, fixedAffine, fixedPool, fixedRprelu, fixedThreshold, quantise, wideAffine } from './fixed-steps.ts'
import type { Lowering } from './lower.ts'
import { type Buffer, noBorder, type Storage } from './memory-map.ts'
import { type Call, clearing, elementBytes, pixelAt } from './plan.ts'
import { levelsAbove, perChannel } from './weights.ts'

export interface NodePlan {
  readonly output: Buffer
  readonly calls: readonly Call[]
}

export type Lower<K extends OpKind> = (op: Extract<Op, { kind: K }>, node: Node, lowering: Lowering) => NodePlan

/** Channels that a kernel's `groups` counts. */
const GROUP = 4
const LOWEST_INT = -(2 ** 31)
const HIGHEST_INT = 2 ** 31 - 1

const affine: Lower<'affine'> = ({ scale, offset }, node, lowering) => {
  const [name] = node.inputs
  if (!lowering.isExact(name!)) return wideAffine({ kind: 'affine', scale, offset }, node, lowering)
  const wide = lowering.buffer(name!).storage === 'i32' ? 'i32' : 'f32'
  const { buffer, calls, free } = lowering.padded(name!, noBorder, wide)
  const tables = [scale, offset].map((values) => lowering.memory.place(perChannel(values)))
  const plan = mapped(`affine_${wide}`, node, 'f32', buffer, tables, lowering)
  free()
  return { ...plan, calls: [...calls, ...plan.calls] }
}

const rprelu: Lower<'rprelu'> = ({ shiftX, slope, shiftY }, node, lowering) => {
  const { buffer, calls, free } = lowering.padded(node.inputs[0]!, noBorder, 'f32')
  const tables = [shiftX, slope, shiftY].map((values) => lowering.memory.place(perChannel(values)))
  const plan = mapped('rprelu_f32', node, 'f32', buffer, tables, lowering)
  free()
  return { ...plan, calls: [...calls, ...plan.calls] }
}

const threshold: Lower<'threshold'> = (op, node, lowering) => {
  const { level, inclusive } = op
  const input = lowering.buffer(node.inputs[0]!)
  if (input.storage === 'i8' || input.storage === 'i16') return fixedThreshold(op, node, lowering)
  if (input.storage === 'f32') {
    const table = lowering.memory.place(perChannel(Float32Array.from(level), Infinity))
    return mapped(inclusive ? 'sign_f32' : 'above_f32', node, 'bits', input, [table], lowering)
  }
  const above = Int32Array.from(levelsAbove(op, LOWEST_INT, HIGHEST_INT))
  return mapped('above_i32', node, 'bits', input, [lowering.memory.place(perChannel(above, HIGHEST_INT))], lowering)
}

/** One after the other; integers only among themselves. */
const add: Lower<'add'> = (op, node, lowering) => {
  if (op.bits !== undefined) return fixedAdd(op, node, lowering)
  const storage = node.inputs.every((name) => lowering.buffer(name).storage !== 'f32') ? 'i32' : 'f32'
  const terms = node.inputs.map((name) => lowering.padded(name, noBorder, storage))
  const [first, second, ...more] = terms.map(({ buffer }) => buffer)
  const kernel = `add_${storage}`
  const { output, calls } = mapped(kernel, node, storage, first!, [second!.address, second!.rowBytes], lowering)
  const others = more.map((term) => overAll(kernel, output, output, [term.address, term.rowBytes]))
  for (const { free } of terms) free()
  return { output, calls: [...terms.flatMap((term) => term.calls), ...calls, ...others] }
}

/** Channels side by side: each input's pixels are rows, copied into a part of the output's pixels. */
const concat: Lower<'concat'> = (_op, node, lowering) => {
  const storage = joined(node.inputs.map((name) => lowering.buffer(name).storage))
  const brought = node.inputs.map((name) => lowering.padded(name, noBorder, storage))
  const inputs = brought.map(({ buffer }) => buffer)
  const unit = storage === 'bits' ? 32 : 8
  if (inputs.some((input) => input.shape.channels % unit !== 0))
    throw new InputError(`the arm machine joins values of multiples of ${unit} channels`)
  const output = lowering.output(node.name, storage, node.output, true)
  let at = output.address
  const calls = inputs.flatMap((input) => {
    const bytes = elementBytes(input)
    const copies = imageRows(input, output).map(({ from, to, pixels }) => {
      const params = [pixels, bytes, input.address + from, input.pixelBytes, at + to, output.pixelBytes]
      return { kernel: 'copy_rows', params }
    })
    at += bytes
    return copies
  })
  for (const { free } of brought) free()
  return { output, calls: [...brought.flatMap(({ calls }) => calls), ...calls] }
}

/** In which all values can be that are joined. */
const joined = ([first, ...others]: readonly Storage[]): Storage => {
  if (others.every((other) => other === first)) return first!
  return [first, ...others].includes('f32') ? 'f32' : 'i32'
}

/** Runs of pixels that lie one behind the other in both: offsets from their addresses. */
function imageRows(input: Buffer, output: Buffer): { from: number; to: number; pixels: number }[] {
  const { height, width } = input.shape
  const whole = [input, output].every(({ rowBytes, pixelBytes }) => rowBytes === width * pixelBytes)
  if (whole) return [{ from: 0, to: 0, pixels: height * width }]
  return Array.from({ length: height }, (_, y) => ({
    from: y * input.rowBytes,
    to: y * output.rowBytes,
    pixels: width,
  }))
}

const pool: Lower<'pool'> = (op, node, lowering) => {
  if (op.pool === 'sum' || op.bits !== undefined) return fixedPool(op, node, lowering)
  const { storage, shape } = lowering.buffer(node.inputs[0]!)
  const average = op.pool === 'average'
  if (average && storage === 'bits') throw new InputError('the arm machine has no kernel for averages of bits')
  const narrow = storage === 'i8' || storage === 'i16'
  const given = average && narrow ? 'i32' : storage
  const { buffer, calls, free } = lowering.padded(node.inputs[0]!, borderWanted(op, given, shape.channels), given)
  const output = lowering.output(node.name, average ? 'f32' : given, node.output, true)
  const kernel = average ? `average_pool_${given}` : given === 'bits' ? 'or_pool_bits' : `max_pool_${given}`
  const words = buffer.pixelBytes / 4
  const groups = given === 'f32' || given === 'i32' ? words / GROUP : words
  const { height, width } = node.output
  const source = pixelAt(buffer, -op.padding.before, -op.padding.before)
  const params = [height, width, groups, source, buffer.rowBytes, output.address, output.rowBytes, op.window, op.stride]
  free()
  return { output, calls: [...calls, { kernel, params }] }
}

const lowers: { readonly [K in OpKind]?: Lower<K> } = {
  affine,
  rprelu,
  threshold,
  quantise,
  'fixed-affine': fixedAffine,
  'fixed-rprelu': fixedRprelu,
  add,
  concat,
  pool,
}

/** How a node that does not multiply and accumulate is computed. */
export function elementwise(node: Node, lowering: Lowering): NodePlan {
  const lower = lowers[node.op.kind] as Lower<OpKind> | undefined
  if (lower === undefined) throw new InputError(`the arm machine has no kernel for ${node.op.kind}`)
  return lower(node.op as never, node, lowering)
}

/** A kernel over all pixels and channels of `input`. */
function mapped(
  kernel: string,
  node: Node,
  storage: Storage,
  input: Buffer,
  more: readonly number[],
  lowering: Lowering,
): NodePlan {
  const output = lowering.output(node.name, storage, node.output, true)
  const before = storage === 'bits' ? clearing(output) : []
  return { output, calls: [...before, overAll(kernel, input, output, more)] }
}

function overAll(
  kernel: string,
  { shape, pixelBytes, address, rowBytes }: Buffer,
  output: Buffer,
  more: readonly number[],
): Call {
  const { height, width } = shape
  const groups = pixelBytes / 4 / GROUP
  return { kernel, params: [height, width, groups, address, rowBytes, output.address, output.rowBytes, ...more] }
}
