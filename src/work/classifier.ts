// The layer that a value comes from, such as class scores.

import type { GatedMacOp, MacOp } from './mac.ts'
import type { Node, OpKind } from './network.ts'

/** Steps that keep one value one value. */
export const elementwise: ReadonlySet<OpKind> = new Set([
  'affine',
  'rprelu',
  'quantise',
  'fixed-affine',
  'fixed-rprelu',
])

export const elementwiseOrPool: ReadonlySet<OpKind> = new Set([...elementwise, 'pool'])

export type MacNode = Node & { readonly op: MacOp | GatedMacOp }

export const isMac = (node: Node): node is MacNode => node.op.kind === 'mac' || node.op.kind === 'gated-mac'

/** The layer whose sums the node `name` has, perhaps after steps of the kinds `through`; undefined where there is none. */
export function macOf(
  nodes: ReadonlyMap<string, Node>,
  name: string,
  through: ReadonlySet<OpKind> = elementwiseOrPool,
): MacNode | undefined {
  const node = nodes.get(name)
  if (node === undefined) return
  if (isMac(node)) return node
  return through.has(node.op.kind) ? macOf(nodes, node.inputs[0]!, through) : undefined
}
