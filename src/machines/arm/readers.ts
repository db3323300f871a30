// Who reads what in a network: what may be computed together, and how long a value is needed.

import { checkNetwork, type Values } from '../../work/check.ts'
import type { Network, Node, Op, OpKind } from '../../work/network.ts'

/** A node of one kind. */
export type NodeOf<K extends OpKind> = Omit<Node, 'op'> & { readonly op: Extract<Op, { kind: K }> }

export class Readers {
  private readonly nodes: ReadonlyMap<string, Node>
  private readonly byValue = new Map<string, Node[]>()
  private readonly values: ReadonlyMap<string, Values>
  private readonly deciding: ReadonlySet<string>

  /** Throws InputError for a network that does not fit together. */
  constructor(network: Network) {
    this.values = checkNetwork(network)
    this.nodes = new Map(network.nodes.map((node) => [node.name, node]))
    for (const node of network.nodes)
      for (const name of new Set(node.inputs)) this.byValue.set(name, [...this.of(name), node])
    const { scores, bits = scores } = network.decision
    this.deciding = new Set([scores, bits])
  }

  /** Nodes that read a value, each once. */
  of(name: string): readonly Node[] {
    return this.byValue.get(name) ?? []
  }

  /** Whether the network's answer is this value. */
  decides(name: string): boolean {
    return this.deciding.has(name)
  }

  /** The one node that reads the value, of this kind, if nobody else needs it; else undefined. */
  follower<K extends OpKind>(name: string, kind: K): NodeOf<K> | undefined {
    const [only, ...others] = this.of(name)
    if (only === undefined || others.length > 0 || this.decides(name) || only.op.kind !== kind) return
    return only as NodeOf<K>
  }

  /** The node that makes the value; undefined for the picture. */
  maker(name: string): Node | undefined {
    return this.nodes.get(name)
  }

  /** What a value consists of. */
  kind(name: string): Values {
    return this.values.get(name)!
  }
}
