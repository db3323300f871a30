// What post-processing lanes do behind a layer: steps in order, tensors that they read and write in the external memory, and
// what an output pixel takes of them.

import type { Values } from '../../work/check.ts'
import type { Network, Node } from '../../work/network.ts'
import { operationsOf, type PostUnit, postDepths, totalCost, UNIT_BITS, unitsOf } from '../fpga/post-units.ts'
import { parameterBits } from '../fpga/resources.ts'
import { type Clamp, type LayerPlan, SUM_BITS } from './plan.ts'

/** A tensor in the external memory. */
export interface Stored {
  readonly name: string
  /** Of an element. */
  readonly bits: number
}

export interface PostPlan {
  readonly clamp: Clamp | null
  readonly steps: readonly Node[]
  /** By node, the sums among them: whether they are reals. */
  readonly reals: ReadonlySet<string>
  /** What lanes read beside the sums: shortcuts, and values that they join. */
  readonly reads: readonly Stored[]
  /** Values that others read, which are written. */
  readonly writes: readonly Stored[]
  /** Bits for the next layer, if any. */
  readonly bits: Node | null
  /** Units that an element passes if it passes all steps. */
  readonly units: readonly PostUnit[]
  /** Cycles from the sum to the last result, on the longest way through the steps. */
  readonly depth: number
  /** Bits of the parameters of a channel. */
  readonly parameterBits: number
  /** Widest that an element reads and writes at once. */
  readonly readWidth: number
  readonly writeWidth: number
  /** Of an output pixel. */
  readonly pixel: PixelWork
}

interface PixelWork {
  /** Elements that pass the lanes. */
  readonly elements: number
  readonly bitsRead: number
  readonly bitsWritten: number
  readonly multiplications: number
  readonly shifts: number
  /** LUTs and DSPs of the lanes that work, times the elements for which they do. */
  readonly lut: number
  readonly dsp: number
}

/** A tensor as lanes meet it. */
interface TensorFacts {
  readonly values: Values
  readonly channels: number
  /** Of an element in the external memory. */
  readonly bits: number
}

/** By name. `sums`: bits of what layers of the array yield. */
export function tensorFacts(
  { nodes, input }: Network,
  values: ReadonlyMap<string, Values>,
  sums: ReadonlyMap<string, number>,
): Map<string, TensorFacts> {
  const facts = new Map<string, TensorFacts>()
  const bitsOf = { bit: 1, 'two-bit': 2, int8: 8, int: UNIT_BITS, real: UNIT_BITS } as const
  const fact = (name: string, channels: number, bits: number | undefined): void => {
    const held = values.get(name)!
    facts.set(name, { values: held, channels, bits: bits ?? bitsOf[held] })
  }
  fact('input', input.channels, undefined)
  for (const { name, op, inputs, output } of nodes) {
    const same = op.kind === 'concat' || (op.kind === 'pool' && op.pool === 'max')
    const read = same ? Math.max(...inputs.map((each) => facts.get(each)!.bits)) : undefined
    fact(name, output.channels, sums.get(name) ?? ('bits' in op ? op.bits : undefined) ?? read)
  }
  return facts
}

/** Bits of an element of a layer's sums on their way out. */
export const leavingBits = ({ clamp }: LayerPlan): number => (clamp === null ? SUM_BITS : clamp.bits)

/** Null where nothing is left for the lanes to do. `outside` has what others than the lanes of this layer read. */
export function postOf(
  plan: LayerPlan,
  steps: readonly Node[],
  facts: ReadonlyMap<string, TensorFacts>,
  outside: ReadonlySet<string>,
): PostPlan | null {
  if (steps.length === 0 && plan.clamp === null) return null
  const own = [plan.name, ...steps.map(({ name }) => name)]
  const bits = steps.find(({ op }) => op.kind === 'threshold') ?? null
  const others = new Set(steps.flatMap(({ inputs }) => inputs.filter((name) => !own.includes(name))))
  const stored = (names: readonly string[]): Stored[] => names.map((name) => ({ name, bits: facts.get(name)!.bits }))
  const reads = stored([...others])
  const writes = stored(own.filter((name) => outside.has(name) && name !== bits?.name))
  const clamp: readonly PostUnit[] = plan.clamp === null ? [] : [{ name: 'clamp', bits: SUM_BITS }]
  const units = ({ op, inputs }: Node): readonly PostUnit[] =>
    unitsOf(op, inputs.length, facts.get(inputs[0]!)!.bits) ?? []
  return {
    clamp: plan.clamp,
    steps,
    reals: new Set(own.filter((name) => facts.get(name)!.values === 'real')),
    reads,
    writes,
    bits,
    units: [...clamp, ...steps.flatMap(units)],
    depth: depthOf(plan.name, steps, clamp, units),
    parameterBits: sum(steps, ({ op, inputs }) => parameterBits(op, facts.get(inputs[0]!)!.bits)),
    readWidth: widthOf(plan.kernels, steps, reads),
    writeWidth: sum(writes, (each) => each.bits),
    pixel: {
      elements: Math.max(plan.kernels, ...steps.map(({ output }) => output.channels)),
      bitsRead: sum(reads, (each) => each.bits * facts.get(each.name)!.channels),
      bitsWritten: sum(writes, (each) => each.bits * facts.get(each.name)!.channels),
      multiplications: sum(steps, ({ op, output }) => output.channels * operationsOf(op).multiplications),
      shifts: sum(steps, ({ op, output }) => output.channels * operationsOf(op).shifts),
      lut:
        plan.kernels * totalCost(clamp).lut + sum(steps, (node) => node.output.channels * totalCost(units(node)).lut),
      dsp: sum(steps, (node) => node.output.channels * totalCost(units(node)).dsp),
    },
  }
}

/** What is joined enters the lanes in cycles of its own, and meets what is read behind the join. */
function widthOf(kernels: number, steps: readonly Node[], reads: readonly Stored[]): number {
  const readBy = (of: (node: Node) => boolean): Stored[] =>
    reads.filter(({ name }) => steps.some((node) => node.inputs.includes(name) && of(node)))
  const joined = readBy(({ op }) => op.kind === 'concat')
  const behind = readBy(({ op, output }) => op.kind !== 'concat' && output.channels > kernels)
  const before = readBy(({ op, output }) => op.kind !== 'concat' && output.channels === kernels)
  return (
    sum(behind, (each) => each.bits) +
    Math.max(
      sum(before, (each) => each.bits),
      ...joined.map((each) => each.bits),
    )
  )
}

function sum<T>(parts: readonly T[], of: (part: T) => number): number {
  return parts.reduce((total, part) => total + of(part), 0)
}

/** On the longest way; what is joined comes by itself. */
function depthOf(
  sums: string,
  steps: readonly Node[],
  clamp: readonly PostUnit[],
  units: (node: Node) => readonly PostUnit[],
): number {
  const cycles = (used: readonly PostUnit[]): number => used.reduce((sum, { name }) => sum + postDepths.value[name], 0)
  const at = new Map([[sums, cycles(clamp)]])
  for (const node of steps) {
    const before = Math.max(...node.inputs.map((name) => at.get(name) ?? 0))
    at.set(node.name, before + cycles(units(node)))
  }
  return Math.max(1, ...at.values())
}
