// Which nodes the post-processing lanes do, behind which layer, and in which order layers and steps of a host then come.

import type { Values } from '../../work/check.ts'
import type { Node } from '../../work/network.ts'
import { unitsOf } from '../fpga/post-units.ts'

/**
 * A graph of what is done at once: layers with the nodes that follow them on the array, and single nodes on a host. Nodes are
 * added in the order of the network.
 */
export class Graph {
  private readonly units = new Map<string, string[]>() // by name: what it reads
  private readonly makers = new Map<string, string>() // by node: the unit that makes it
  // By layer: nodes that follow it in the lanes, and which of them are of channels that are joined.
  private readonly chains = new Map<string, { readonly nodes: Node[]; readonly joined: Set<string> }>()
  private readonly values: ReadonlyMap<string, Values>

  /** `values` says what tensors hold. */
  constructor(values: ReadonlyMap<string, Values>) {
    this.values = values
  }

  /** A layer, and the nodes that its PEs make as well; with `lanes`, others may follow. */
  addLayer(name: string, input: string, absorbed: readonly Node[], lanes: boolean): void {
    this.units.set(name, [input])
    for (const node of [name, ...absorbed.map((each) => each.name)]) this.makers.set(node, name)
    if (lanes) this.chains.set(name, { nodes: [], joined: new Set() })
  }

  /** Gives a node to the lanes behind the latest layer that it reads from, if they can do it; else to a host. */
  addNode(node: Node): void {
    if (this.makers.has(node.name)) return
    const layers = [...this.chains.keys()].reverse()
    const layer = layers.find((each) => this.reads(node, each).length > 0 && this.takes(each, node))
    if (layer === undefined) {
      this.units.set(node.name, [...node.inputs])
      this.makers.set(node.name, node.name)
      return
    }
    const { nodes, joined } = this.chains.get(layer)!
    nodes.push(node)
    if (node.op.kind === 'concat' || node.inputs.some((name) => joined.has(name))) joined.add(node.name)
    this.makers.set(node.name, layer)
    this.units.get(layer)!.push(...node.inputs.filter((name) => this.makers.get(name) !== layer))
  }

  /** Nodes that follow a layer in the lanes, in order. */
  chainOf(layer: string): readonly Node[] {
    return this.chains.get(layer)?.nodes ?? []
  }

  /** The unit that makes a node; undefined for the picture. */
  makerOf(node: string): string | undefined {
    return this.makers.get(node)
  }

  /** Units, each behind all that it reads, else as they were added. */
  order(): string[] {
    const ordered = new Set<string>()
    const visit = (unit: string): void => {
      if (ordered.has(unit)) return
      for (const maker of this.before(unit)) visit(maker)
      ordered.add(unit)
    }
    for (const unit of this.units.keys()) visit(unit)
    return [...ordered]
  }

  /** Inputs of a node that a layer makes. */
  private reads(node: Node, layer: string): string[] {
    return node.inputs.filter((name) => this.makers.get(name) === layer)
  }

  private takes(layer: string, node: Node): boolean {
    const { nodes, joined } = this.chains.get(layer)!
    const { op, inputs } = node
    if (unitsOf(op, inputs.length, 0) === null) return false
    if (inputs.some((name) => this.values.get(name) === 'bit')) return false
    const own = this.reads(node, layer)
    // Lanes have a stage in front of a join, and one behind.
    const behind = own.filter((name) => joined.has(name)).length
    if (op.kind === 'concat') {
      if (own.length > 1 || joined.size > 0) return false
    } else if (behind > 0 && behind < own.length) return false
    if (op.kind === 'threshold' && nodes.some((each) => each.op.kind === 'threshold')) return false
    return inputs.every((name) => !this.needs(this.makers.get(name), layer, own.includes(name)))
  }

  /** Whether a unit can only come behind `layer`; not that layer itself, if it is what is read. */
  private needs(unit: string | undefined, layer: string, own: boolean): boolean {
    if (own || unit === undefined) return false
    const seen = new Set<string>()
    const open = [unit]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next === layer) return true
      if (seen.has(next)) continue
      seen.add(next)
      open.push(...this.before(next))
    }
    return false
  }

  private before(unit: string): string[] {
    return this.units.get(unit)!.flatMap((name) => {
      const maker = this.makers.get(name)
      return maker === undefined || maker === unit ? [] : [maker]
    })
  }
}
