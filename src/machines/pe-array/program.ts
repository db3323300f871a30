// A workload as a PE array carries it out: layers on the array, and steps that a host does between them, in order.

import { checkNetwork } from '../../work/check.ts'
import { InputError } from '../../work/input-error.ts'
import type { Network, Node } from '../../work/network.ts'
import { elements, type Shape } from '../../work/tensor.ts'
import type { Layer, Workload } from '../../work/workload.ts'
import { Graph } from './chains.ts'
import { checkLeaving, type LayerPlan, obstacle, planLayer, refuse } from './plan.ts'
import { leavingBits, type PostPlan, postOf, tensorFacts } from './post-plan.ts'
import type { PeArraySpec } from './spec.ts'

export type Step = ArrayStep | { readonly kind: 'host'; readonly node: Node }

export interface ArrayStep {
  readonly kind: 'array'
  readonly plan: LayerPlan
  /** What follows the sums in the lanes, if anything. */
  readonly post: PostPlan | null
  /** What it reads comes from a host. */
  readonly fromHost: boolean
  /** Its results leave for a host as they come, and are not kept. */
  readonly toHost: boolean
}

/** Throws InputError where the array lacks a unit, and no host may do it. */
export function programOf(workload: Workload, spec: PeArraySpec): Step[] {
  const { network, layers, preamble } = workload
  const { others, array, post } = spec
  if (others === 'refuse' && preamble[0] !== undefined)
    throw new InputError(`machine pe-array has no unit for steps before the first layer; ${REMEDY}`, {
      key: `node ${preamble[0].name}`,
    })
  const lanes = post !== undefined
  const nodes = new Map(network.nodes.map((node) => [node.name, node]))
  const readers = readersOf(network)
  const values = checkNetwork(network)
  const graph = new Graph(values)
  const plans = new Map<string, LayerPlan>()
  for (const node of preamble) graph.addNode(node)
  for (const layer of layers) {
    if (others === 'refuse') refuseObstacle(layer)
    if (obstacle(layer) === undefined) {
      const plan = planLayer(layer, readers, array.bits, lanes)
      plans.set(layer.name, plan)
      graph.addLayer(layer.name, layer.input, plan.absorbed, lanes && plan.levels === null)
    } else graph.addNode(nodes.get(layer.name)!)
    for (const node of layer.post) graph.addNode(node)
    const rest = layer.post.find((node) => graph.makerOf(node.name) === node.name)
    if (others === 'refuse' && rest !== undefined) throw refuse(layer, 'post', `'${rest.op.kind}' here`, REMEDY)
  }
  const facts = tensorFacts(network, values, new Map([...plans].map(([name, plan]) => [name, leavingBits(plan)])))
  const outside = readOutside(network, graph)
  const posts = new Map(
    [...plans.values()].map((plan) => [plan.name, postOf(plan, graph.chainOf(plan.name), facts, outside)]),
  )
  for (const layer of layers) {
    const plan = plans.get(layer.name)
    const leaves = posts.get(layer.name) === null || outside.has(layer.name)
    if (plan !== undefined && plan.levels === null && leaves) checkLeaving(layer, plan)
  }
  const steps = graph.order().map((unit): Step => {
    const plan = plans.get(unit)
    if (plan === undefined) return { kind: 'host', node: nodes.get(unit)! }
    const post = posts.get(unit)!
    return { kind: 'array', plan: post === null ? plan : behindLanes(plan, post), post, fromHost: false, toHost: false }
  })
  return withHost(steps)
}

const REMEDY = "set machine.others to 'host' to leave it out of the simulation, or use another machine"

function refuseObstacle(layer: Layer): void {
  const problem = obstacle(layer)
  if (problem !== undefined) throw refuse(layer, problem.facet, problem.problem, REMEDY)
}

/** How many nodes read each, the decision counted. */
function readersOf({ nodes, decision: { scores, bits } }: Network): Map<string, number> {
  const readers = new Map<string, number>()
  for (const name of [...nodes.flatMap((node) => node.inputs), bits ?? scores])
    readers.set(name, (readers.get(name) ?? 0) + 1)
  return readers
}

/** Nodes that are read elsewhere than where they are made: the decision is, too. */
function readOutside({ nodes, decision: { scores, bits } }: Network, graph: Graph): Set<string> {
  const read = nodes.flatMap(({ name, inputs }) =>
    inputs.filter((input) => graph.makerOf(input) !== graph.makerOf(name)),
  )
  return new Set([...read, bits ?? scores])
}

/** What lanes keep on the chip are bits; all else goes to the external memory. */
function behindLanes(plan: LayerPlan, { bits }: PostPlan): LayerPlan {
  if (bits === null) return { ...plan, outputBits: 0 }
  return { ...plan, node: bits.name, output: bits.output, outputBits: 1 }
}

/** Says what moves from and to the external memory, where hosts and lanes read and write. It is not kept on the chip. */
function withHost(steps: readonly Step[]): Step[] {
  const made = new Set(
    steps.flatMap((step) =>
      step.kind === 'host' ? [step.node.name] : (step.post?.writes.map(({ name }) => name) ?? []),
    ),
  )
  const read = new Set(
    steps.flatMap((step) =>
      step.kind === 'host' ? step.node.inputs : (step.post?.reads.map(({ name }) => name) ?? []),
    ),
  )
  return steps.map((step) => {
    if (step.kind === 'host') return step
    const { input, node, outputBits } = step.plan
    return {
      ...step,
      fromHost: input !== 'input' && (made.has(input) || read.has(input)),
      toHost: outputBits > 0 && read.has(node),
    }
  })
}

/** Bits of a tensor on its way over the memory port. */
export const bitsOf = (shape: Shape, elementBits: number): number => elements(shape) * elementBits
