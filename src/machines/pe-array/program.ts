// A workload as a PE array carries it out: layers on the array, and steps that a host does between them, in order.

import { InputError } from '../../work/input-error.ts'
import type { Network, Node } from '../../work/network.ts'
import { elements, type Shape } from '../../work/tensor.ts'
import type { Workload } from '../../work/workload.ts'
import { type LayerPlan, obstacle, planLayer, refuse } from './plan.ts'
import type { PeArraySpec } from './spec.ts'

export type Step = ArrayStep | { readonly kind: 'host'; readonly node: Node }

export interface ArrayStep {
  readonly kind: 'array'
  readonly plan: LayerPlan
  /** What it reads comes from a host. */
  readonly fromHost: boolean
  /** Its results leave for a host as they come, and are not kept. */
  readonly toHost: boolean
}

/** Throws InputError where the array lacks a unit, and no host may do it. */
export function programOf(workload: Workload, { others, array }: PeArraySpec): Step[] {
  const { network, layers, preamble } = workload
  const nodes = new Map(network.nodes.map((node) => [node.name, node]))
  const readers = readersOf(network)
  const host = (node: Node): Step => ({ kind: 'host', node })
  if (others === 'refuse' && preamble[0] !== undefined)
    throw new InputError(`machine pe-array has no unit for steps before the first layer; ${REMEDY}`, {
      key: `node ${preamble[0].name}`,
    })
  const steps = layers.flatMap((layer): Step[] => {
    const problem = obstacle(layer)
    if (problem !== undefined) {
      if (others === 'refuse') throw refuse(layer, problem.facet, problem.problem, REMEDY)
      return [nodes.get(layer.name)!, ...layer.post].map(host)
    }
    const plan = planLayer(layer, readers, array.bits)
    const rest = layer.post.filter((node) => !plan.absorbed.includes(node))
    if (others === 'refuse' && rest[0] !== undefined) throw refuse(layer, 'post', `'${rest[0].op.kind}' here`, REMEDY)
    return [{ kind: 'array', plan, fromHost: false, toHost: false }, ...rest.map(host)]
  })
  return withHost([...preamble.map(host), ...steps])
}

const REMEDY = "set machine.others to 'host' to leave it out of the simulation, or use another machine"

/** How many nodes read each, the decision counted. */
function readersOf({ nodes, decision: { scores, bits } }: Network): Map<string, number> {
  const readers = new Map<string, number>()
  for (const name of [...nodes.flatMap((node) => node.inputs), bits ?? scores])
    readers.set(name, (readers.get(name) ?? 0) + 1)
  return readers
}

/** Says what moves from and to the host. What the host reads is not kept on the chip. */
function withHost(steps: readonly Step[]): Step[] {
  const made = new Set(steps.flatMap((step) => (step.kind === 'host' ? [step.node.name] : [])))
  const read = new Set(steps.flatMap((step) => (step.kind === 'host' ? step.node.inputs : [])))
  return steps.map((step) => {
    if (step.kind === 'host') return step
    const { input, node } = step.plan
    return { ...step, fromHost: input !== 'input' && (made.has(input) || read.has(input)), toHost: read.has(node) }
  })
}

/** Bits of a tensor on its way over the memory port. */
export const bitsOf = (shape: Shape, elementBits: number): number => elements(shape) * elementBits
