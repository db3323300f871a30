// The layer that class scores come from.

import type { Network, Node, OpKind } from './network.ts'

/** Steps between a layer and what its sums are in the end. */
const following: ReadonlySet<OpKind> = new Set(['affine', 'rprelu', 'fixed-affine', 'fixed-rprelu', 'quantise', 'pool'])

/** Name of the layer whose sums the node `name` has, perhaps after steps of one input; undefined where there is none. */
export function macBefore({ nodes }: Pick<Network, 'nodes'>, name: string): string | undefined {
  const byName = new Map<string, Node>(nodes.map((node) => [node.name, node]))
  let node = byName.get(name)
  while (node !== undefined && following.has(node.op.kind)) node = byName.get(node.inputs[0]!)
  return node?.op.kind === 'mac' || node?.op.kind === 'gated-mac' ? node.name : undefined
}
