// What follows a layer's sums: nothing, a threshold, or a chain of element-wise steps that ends in one or leaves the machine;
// behind a threshold perhaps a max pool.

import type { ElementResult, ElementStep } from '../../units/elementwise.ts'
import { saturatedRange } from '../../work/accumulator.ts'
import type { ElementOp } from '../../work/element.ts'
import type { Node, Op } from '../../work/network.ts'
import type { Layer } from '../../work/workload.ts'
import { operationsOf, type PostUnit, postDepths, UNIT_BITS, unitsOf } from '../fpga/post-units.ts'
import { parameterBits } from '../fpga/resources.ts'
import { OTHER_MACHINES, refuse } from './refuse.ts'

export interface Post {
  readonly steps: readonly ElementOp[]
  readonly threshold: Threshold | null
  readonly pool: { readonly window: number; readonly node: string } | null
  /** What leaves in front of the pool. */
  readonly node: string
}

export type Threshold = Extract<Op, { kind: 'threshold' }>

/** What an element-wise unit does for every row of a layer, and what each of its lanes consists of. */
export interface ElementwisePlan {
  /** Bits of a sum, two's complement. */
  readonly sumBits: number
  readonly steps: readonly ElementStep[]
  readonly result: ElementResult
  readonly operations: { readonly multiplications: number; readonly shifts: number }
  readonly units: readonly PostUnit[]
  /** Cycles from a sum to its result. */
  readonly depth: number
  /** Bits of the parameters of a channel. */
  readonly parameterBits: number
}

const chained: ReadonlySet<string> = new Set<ElementOp['kind']>(['affine', 'fixed-affine', 'rprelu', 'fixed-rprelu'])

const isElementOp = (op: Op): op is ElementOp => chained.has(op.kind)

/** Throws InputError for any other `post`. */
export function postOf(layer: Layer, last: boolean): Post {
  checkChain(layer)
  const ops = layer.post.map(({ op }) => op)
  const other = ops.findIndex((op) => !isElementOp(op))
  const steps = (other < 0 ? ops : ops.slice(0, other)) as ElementOp[]
  const [threshold, pool, extra] = layer.post.slice(steps.length)
  if (extra !== undefined) throw refuse(layer, 'post', `'${extra.op.kind}' after the pool`, OTHER_MACHINES)
  if (threshold === undefined) {
    const [problem, remedy] =
      steps.length === 0 ? ['passing sums on', 'follow the layer with'] : ['passing values on', 'end the steps with']
    if (!last) throw refuse(layer, 'post', problem, `${remedy} a threshold, or ${OTHER_MACHINES}`)
    return { steps, threshold: null, pool: null, node: layer.post.at(-1)?.name ?? layer.name }
  }
  return {
    steps,
    threshold: thresholdOf(layer, threshold.op, steps.length > 0),
    pool: pool === undefined ? null : poolOf(layer, pool),
    node: threshold.name,
  }
}

/** Each node reads the one before it alone. */
function checkChain(layer: Layer): void {
  let before = layer.name
  for (const { name, op, inputs } of layer.post) {
    if (inputs.length > 1 || op.kind === 'add' || op.kind === 'concat')
      throw refuse(layer, 'post', `'${op.kind}' of several values: a shortcut`, OTHER_MACHINES)
    if (inputs[0] !== before)
      throw refuse(layer, 'post', `'${op.kind}' that reads '${inputs[0]}': a shortcut`, OTHER_MACHINES)
    before = name
  }
}

function thresholdOf(layer: Layer, op: Op, afterSteps: boolean): Threshold {
  if (op.kind !== 'threshold') {
    const [place, remedy] = afterSteps ? ['after', OTHER_MACHINES] : ['in place of', 'fold it into thresholds']
    const what = afterSteps ? 'element-wise steps' : 'an integer threshold'
    throw refuse(layer, 'post', `'${op.kind}' ${place} ${what}`, remedy)
  }
  if (!afterSteps && !(op.level instanceof Int32Array))
    throw refuse(layer, 'post', `'threshold' in place of an integer threshold`, 'fold it into thresholds')
  return op
}

function poolOf(layer: Layer, node: Node): { window: number; node: string } {
  const { op } = node
  if (op.kind !== 'pool' || op.pool !== 'max')
    throw refuse(layer, 'post', `'${op.kind}' after the threshold`, 'use max pooling')
  const whole = layer.shape.output.width % op.window === 0
  if (op.stride !== op.window || op.padding.before + op.padding.after > 0 || !whole)
    throw refuse(
      layer,
      'post',
      'pool windows that overlap, are padded, or are cut off',
      'use whole windows side by side',
    )
  return { window: op.window, node: node.name }
}

/**
 * A unit for `rows` channels, those behind the layer's own being padding, whose bits are 0; null where a comparison of sums,
 * or none, is all there is. Sums have `bits` bits if they do not saturate; those that leave as they are leave in `scoreBits`.
 */
export function elementwiseOf(
  { accumulator, activation, weights: { weights } }: Layer,
  { steps, threshold }: Post,
  bits: number,
  rows: number,
  scoreBits: number,
): ElementwisePlan | null {
  const isMatches = activation === 'bit'
  const isDot = isMatches && accumulator.sum === 'dot'
  if (steps.length === 0 && !accumulator.saturate && !(isDot && threshold === null)) return null
  const sumBits = bits + (accumulator.sum === 'matches' ? 1 : 0)
  const first: ElementStep[] = isDot ? [{ kind: 'dot', terms: weights.taps * weights.channels }] : []
  if (accumulator.saturate) first.push({ kind: 'clamp', ...saturatedRange(accumulator) })
  const entering = first.map(({ kind }): PostUnit => ({ name: kind === 'dot' ? 'adder' : 'clamp', bits: sumBits }))
  const last = steps.at(-1)
  const valueBits = last === undefined ? sumBits : widthOf(last)
  const ops: readonly Op[] = threshold === null ? steps : [...steps, threshold]
  const units = [...entering, ...ops.flatMap((op) => unitsOf(op, 1, valueBits) ?? [])]
  const total = (of: (op: ElementOp) => number): number => steps.reduce((sum, op) => sum + of(op), 0)
  return {
    sumBits,
    steps: [...first, ...steps.map((op) => padded(op, rows))],
    result: resultOf(threshold, last, rows, scoreBits),
    operations: {
      multiplications: total((op) => operationsOf(op).multiplications),
      shifts: total((op) => operationsOf(op).shifts),
    },
    units,
    depth: units.reduce((sum, { name }) => sum + postDepths.value[name], 0),
    parameterBits: ops.reduce((sum, op) => sum + parameterBits(op, valueBits), 0),
  }
}

const widthOf = (op: ElementOp): number => ('bits' in op ? op.bits : UNIT_BITS)

function resultOf(
  threshold: Threshold | null,
  last: ElementOp | undefined,
  rows: number,
  scoreBits: number,
): ElementResult {
  if (threshold !== null) {
    const { level, inclusive } = threshold
    const never = level instanceof Int32Array ? 0x7fffffff : Infinity
    return { kind: 'bit', level: longer(level, rows, never), inclusive }
  }
  if (last === undefined) return { kind: 'int', bits: scoreBits }
  return 'bits' in last ? { kind: 'int', bits: last.bits } : { kind: 'real' }
}

/** With parameters of 0 for padding rows. */
function padded<T extends ElementOp>(op: T, rows: number): T {
  const entries = Object.entries(op).map(([key, value]) => [
    key,
    ArrayBuffer.isView(value) ? longer(value as Int32Array, rows, 0) : value,
  ])
  return Object.fromEntries(entries) as T
}

function longer<T extends Int32Array | Float32Array | Uint8Array>(values: T, length: number, fill: number): T {
  const made = new (values.constructor as new (length: number) => T)(length).fill(fill) as T
  made.set(values)
  return made
}
