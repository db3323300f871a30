// What a network computes: golden() walks its nodes, evaluate() walks a workload's
// layers through their facets. Both share every step, so they differ only where a
// pass has changed a facet.

import { saturatedRange } from './accumulator.ts'
import { didYouMean, InputError, keyed } from './input-error.ts'
import { type GatedMacOp, gatedMac, type MacOp, mac } from './mac.ts'
import type { Decision, Network, Node, Op, OpKind } from './network.ts'
import { type Step, steps } from './steps.ts'
import type { Tensor } from './tensor.ts'
import { valuesOf } from './tensor-values.ts'
import type { Layer, Workload } from './workload.ts'

export { encode } from './encode.ts'

export interface Evaluation {
  /** Values of the decision's score node, in class order. */
  readonly scores: number[]
  readonly class: number
  /** By node name: every tensor and `input` if they were kept, else those that the decision reads. */
  readonly tensors: Map<string, Tensor>
}

/** A named value and how it follows from earlier ones. */
export interface Task {
  readonly name: string
  readonly inputs: readonly string[]
  run(inputs: readonly Tensor[]): Tensor
}

const ops: { [K in OpKind]: Step<K> } = {
  ...steps,
  mac: (op, inputs) => mac(op, inputs[0]!),
  'gated-mac': (op, inputs) => gatedMac(op, inputs[0]!),
}

const apply = <K extends OpKind>(op: Extract<Op, { kind: K }>, inputs: readonly Tensor[], node: Node): Tensor =>
  ops[op.kind as K](op, inputs, node.output)

/** Evaluates one node of a network on the tensors that it reads, in the order of `node.inputs`. */
export const evaluateNode = (node: Node, inputs: readonly Tensor[]): Tensor => apply(node.op, inputs, node)

/** Evaluates `network` on the encoded picture `input`; `keep` keeps the tensors of all nodes. */
export function golden(network: Network, input: Tensor, keep = false): Evaluation {
  return walk(network, network.nodes.map(nodeTask), input, keep)
}

/** Evaluates `workload` layer by layer as its facets say: for the baseline this equals golden(workload.network). */
export function evaluate(workload: Workload, input: Tensor, keep = false): Evaluation {
  return walk(workload.network, tasksOf(workload), input, keep)
}

/** All values of a workload, in order, as its facets say. */
export function tasksOf({ network, preamble, layers }: Workload): Task[] {
  const nodes = new Map(network.nodes.map((node) => [node.name, node]))
  const tasks = layers.flatMap((layer) => [
    layerTask(layer, nodes.get(layer.name)!.op as MacOp | GatedMacOp),
    ...layer.post.map(nodeTask),
  ])
  return [...preamble.map(nodeTask), ...tasks]
}

const nodeTask = (node: Node): Task => ({
  name: node.name,
  inputs: node.inputs,
  run: (inputs) => evaluateNode(node, inputs),
})

/** The layer's multiply-accumulate: `op` gives what no facet covers, its gate. */
function layerTask(
  { name, input, shape, weights: { weights }, accumulator, bias }: Layer,
  op: MacOp | GatedMacOp,
): Task {
  const range = accumulator.saturate ? saturatedRange(accumulator) : undefined
  const added = bias === undefined ? {} : { bias }
  const run = ([tensor]: readonly Tensor[]): Tensor => {
    if (op.kind === 'mac')
      return mac({ kind: 'mac', shape, weights, sum: accumulator.sum as MacOp['sum'], ...added }, tensor!, range)
    if (weights.kind !== 'binary') throw new InputError('a gated-mac needs binary weights')
    return gatedMac({ ...op, shape, weights }, tensor!, range)
  }
  return { name, inputs: [input], run }
}

function walk(network: Network, tasks: readonly Task[], input: Tensor, keep: boolean): Evaluation {
  const tensors = new Map<string, Tensor>([['input', input]])
  const lastUse = new Map<string, number>()
  for (const [at, task] of tasks.entries()) for (const name of task.inputs) lastUse.set(name, at)
  const { scores, bits } = network.decision
  for (const name of [scores, bits ?? scores]) lastUse.set(name, tasks.length)

  for (const [at, task] of tasks.entries()) {
    tensors.set(
      task.name,
      keyed(task.name, () => task.run(task.inputs.map((name) => read(tensors, name)))),
    )
    if (keep) continue
    for (const name of [task.name, ...task.inputs]) if ((lastUse.get(name) ?? at) <= at) tensors.delete(name)
  }
  if (!keep && lastUse.get('input') !== tasks.length) tensors.delete('input')
  return { ...decide(network, tensors), tensors }
}

function read(tensors: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const tensor = tensors.get(name)
  if (tensor === undefined) throw new InputError(`no tensor '${name}' here${didYouMean(name, tensors.keys())}`)
  return tensor
}

/** The class scores, and the class that the network's rule picks. */
export function decide(
  network: Network,
  tensors: ReadonlyMap<string, Tensor>,
): { readonly scores: number[]; readonly class: number } {
  const { rule, scores: name, bits } = network.decision
  const scores = valuesOf(read(tensors, name))
  const deciding = rule === 'highest-bit' ? valuesOf(read(tensors, bits ?? name)) : scores
  return { scores, class: classOf(rule, deciding) }
}

/** Class by the rule of a network, from its scores or, for `highest-bit`, from its bits. */
export function classOf(rule: Decision['rule'], values: readonly number[]): number {
  if (rule === 'highest-bit') return Math.max(0, values.lastIndexOf(1))
  let best = 0
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i
  return best
}
