// A workload as a PE array carries it out: layers on the array, and steps that a host does between them, in order.

import { InputError } from '../../work/input-error.ts'
import type { Node } from '../../work/network.ts'
import { elements, type Shape } from '../../work/tensor.ts'
import type { Layer, Workload } from '../../work/workload.ts'
import { isBinary, type LayerPlan, planLayer, refuse } from './plan.ts'
import type { PeArraySpec } from './spec.ts'

export type Step =
  | { readonly kind: 'array'; readonly plan: LayerPlan; readonly fromHost: boolean; readonly toHost: boolean }
  | { readonly kind: 'host'; readonly node: Node }

/** Throws InputError where the array lacks a unit, and no host may do it. */
export function programOf(workload: Workload, spec: PeArraySpec): Step[] {
  const { network, layers, preamble } = workload
  const readers = new Map<string, number>()
  const { scores, bits } = network.decision
  const read = [...network.nodes.flatMap((node) => node.inputs), bits ?? scores]
  for (const name of read) readers.set(name, (readers.get(name) ?? 0) + 1)

  const host = new Set<string>()
  const steps: Step[] = preamble.map((node) => hostStep(node, host, spec))
  const nodes = new Map(network.nodes.map((node) => [node.name, node]))
  for (const layer of layers) {
    if (isBinary(layer)) {
      const plan = planLayer(layer, readers)
      steps.push({ kind: 'array', plan, fromHost: layer.input !== 'input' && host.has(layer.input), toHost: false })
      for (const node of layer.post) if (!plan.absorbed.includes(node)) steps.push(hostStep(node, host, spec, layer))
    } else for (const node of [nodes.get(layer.name)!, ...layer.post]) steps.push(hostStep(node, host, spec, layer))
  }
  const hostReads = new Set(steps.flatMap((step) => (step.kind === 'host' ? step.node.inputs : [])))
  return steps.map((step) =>
    step.kind === 'array' && hostReads.has(step.plan.node) ? { ...step, toHost: true } : step,
  )
}

function hostStep(node: Node, host: Set<string>, { others }: PeArraySpec, layer?: Layer): Step {
  if (others === 'refuse') {
    const remedy = "set machine.others to 'host' to leave it out of the simulation, or use another machine"
    if (layer === undefined)
      throw new InputError(`machine pe-array has no unit for steps before the first layer; ${remedy}`, {
        key: `node ${node.name}`,
      })
    const own = node.name === layer.name
    throw refuse(
      layer,
      own ? 'weights' : 'post',
      own ? 'real weights or activations' : `'${node.op.kind}' here`,
      remedy,
    )
  }
  host.add(node.name)
  return { kind: 'host', node }
}

/** Bits of a tensor on its way over the memory port. */
export const bitsOf = (shape: Shape, elementBits: number): number => elements(shape) * elementBits
