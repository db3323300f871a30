// How many values saturation changes: each task of a workload again, on the same tensors, without saturating.

import { tasksOf } from './evaluate.ts'
import type { Node, Op } from './network.ts'
import { elements, type Tensor } from './tensor.ts'
import type { Layer, Workload } from './workload.ts'

export interface Saturation {
  readonly node: string
  readonly values: number
  /** Values that would be others if they did not saturate. */
  readonly saturated: number
}

/** By node that may saturate, in order. `tensors` are all those of an evaluation of `workload`. */
export function saturationOf(workload: Workload, tensors: ReadonlyMap<string, Tensor>): Saturation[] {
  const may = new Set([
    ...nodesOf(workload).flatMap((node) => (saturates(node.op) ? [node.name] : [])),
    ...workload.layers.flatMap(({ name, accumulator }) => (accumulator.saturate ? [name] : [])),
  ])
  const tasks = tasksOf(unsaturated(workload)).filter(({ name }) => may.has(name))
  return tasks.map(({ name, inputs, run }) => {
    const is = tensors.get(name)!
    const whole = run(inputs.map((input) => tensors.get(input)!))
    return { node: name, values: elements(is.shape), saturated: different(is, whole) }
  })
}

const nodesOf = ({ preamble, layers }: Workload): Node[] => [...preamble, ...layers.flatMap(({ post }) => post)]

const saturates = (op: Op): boolean => 'bits' in op && op.bits !== undefined && op.bits < 32

/** The same without saturation, for single steps: products of several would leave 32 bits. */
function unsaturated(workload: Workload): Workload {
  const wide = (node: Node): Node => (saturates(node.op) ? { ...node, op: { ...node.op, bits: 32 } as Op } : node)
  const open = (layer: Layer): Layer => {
    return { ...layer, accumulator: { ...layer.accumulator, saturate: false }, post: layer.post.map(wide) }
  }
  return { ...workload, preamble: workload.preamble.map(wide), layers: workload.layers.map(open) }
}

function different(a: Tensor, b: Tensor): number {
  if (a.kind === 'bits' || b.kind === 'bits') return 0
  let count = 0
  for (let i = 0; i < a.data.length; i++) if (a.data[i] !== b.data[i]) count++
  return count
}
