// Operator fusion in fixed-point data flow: what follows a binary layer as far as the output of its kernel does it.
//
//   mac                        mac            mac
//    |                          |              |
//   fixed-affine            fixed-affine   fixed-affine
//    |                          |              |
//   [add  a value that        [add]          [add]       two layers, or more, write the parts of one value
//    |    is there before]       \            /
//    |                              concat
//   [fixed-rprelu]              [fixed-rprelu]
//    |                                |
//   [threshold, beside others]   [threshold]

import type { Node } from '../../work/network.ts'
import type { Layer, Workload } from '../../work/workload.ts'
import { PANEL } from './memory-map.ts'
import type { NodeOf, Readers } from './readers.ts'
import { levelsAbove } from './weights.ts'

/** Bits of values that kernels write at their output. */
export type Bits = 8 | 16

/** What one layer computes along. */
export interface FixedGroup {
  readonly bits: Bits
  readonly affine: NodeOf<'fixed-affine'>
  /** The other term of the sum, if there is one. */
  readonly shortcut: string | undefined
  /** Nodes that come behind the layer but make the shortcut: to be computed before it. */
  readonly early: readonly Node[]
  readonly rprelu: NodeOf<'fixed-rprelu'> | undefined
  readonly sign: NodeOf<'threshold'> | undefined
  /** The last one but the sign, and whether its value is stored. */
  readonly value: Node
  readonly stored: boolean
  /** Channel of `value` with which this layer's begin. */
  readonly from: number
  /** Whether `value` has other parts, and is complete with this one. */
  readonly part: boolean
  readonly completes: boolean
  /** All nodes that have been computed then, and by no other layer. */
  readonly nodes: readonly Node[]
}

/** A layer up to its sum. */
interface Branch {
  readonly layer: Layer
  readonly bits: Bits
  readonly affine: NodeOf<'fixed-affine'>
  readonly add: Node | undefined
  readonly shortcut: string | undefined
  readonly early: readonly Node[]
  readonly end: Node
}

const INT8 = 127
const INT16 = 32767

/** Of each layer with which others are computed, by name. */
export function fixedGroupsOf(workload: Workload, readers: Readers): Map<string, FixedGroup> {
  return new Grouping(workload, readers).groups
}

class Grouping {
  readonly groups = new Map<string, FixedGroup>()
  private readonly readers: Readers
  private readonly places: ReadonlyMap<string, number> // nodes in order
  private readonly made = new Map<string, number>() // where values of groups are complete
  private readonly layers: ReadonlyMap<string, Layer>

  constructor({ network, layers }: Workload, readers: Readers) {
    this.readers = readers
    this.places = new Map(network.nodes.map(({ name }, i) => [name, i]))
    this.layers = new Map(layers.map((layer) => [layer.name, layer]))
    for (const layer of layers) if (!this.groups.has(layer.name)) this.group(layer)
  }

  private group(layer: Layer): void {
    const branch = this.branch(layer)
    if (branch === undefined) return
    const concat = this.readers.follower(branch.end.name, 'concat')
    const branches = concat === undefined ? undefined : this.parts(concat, branch.bits)
    const joined = branches === undefined ? [branch] : branches
    const before = branches === undefined ? branch.end : concat!
    const rprelu = this.rprelu(before, branch.bits)
    const value = rprelu ?? before
    const sign = this.sign(value, branch.bits)
    const readers = this.readers.of(value.name)
    const stored = sign === undefined || readers.length > 1 || this.readers.decides(value.name)
    const last = Math.max(...joined.map((one) => this.places.get(one.layer.name)!))
    this.made.set(value.name, last)
    let from = 0
    for (const one of joined) {
      const completes = this.places.get(one.layer.name) === last
      const own = [one.affine, one.add]
      const shared = completes ? [branches && concat, rprelu, sign] : []
      const nodes = [...own, ...shared].filter((node) => node !== undefined)
      const { bits, affine, shortcut, early } = one
      const part = joined.length > 1
      for (const { name } of early) this.made.set(name, this.places.get(one.layer.name)!)
      const first = { bits, affine, shortcut, early, rprelu, sign, value, stored }
      this.groups.set(one.layer.name, { ...first, from, part, completes, nodes })
      from += one.end.output.channels
    }
  }

  private branch(layer: Layer): Branch | undefined {
    const { name, weights, accumulator, activation, bias } = layer
    if (activation !== 'bit' || weights.weights.kind !== 'binary' || weights.encoding !== 'plain') return
    if (accumulator.sum !== 'dot' || bias !== undefined || layer.shape.depthwise) return
    if (accumulator.saturate && accumulator.bits !== 8) return
    const affine = this.readers.follower(name, 'fixed-affine')
    const terms = weights.weights.taps * weights.weights.channels
    if (affine === undefined || !affineFits(affine, accumulator.saturate ? INT8 : terms)) return
    const bits = affine.op.bits as Bits
    const add = this.readers.follower(affine.name, 'add')
    const [shortcut, ...more] = add?.inputs.filter((input) => input !== affine.name) ?? []
    const adds = shortcut !== undefined && more.length === 0 && add!.op.bits === bits && this.bitsOf(shortcut) === bits
    const early = adds ? this.missing(shortcut, this.places.get(name)!) : undefined
    if (early === undefined) return { layer, bits, affine, add: undefined, shortcut: undefined, early: [], end: affine }
    return { layer, bits, affine, add, shortcut, early, end: add! }
  }

  /** Nodes that have to be computed for a value to be there at `place`; undefined where another layer has to. */
  private missing(name: string, place: number): readonly Node[] | undefined {
    const made = this.made.get(name)
    if ((made ?? (name === 'input' ? -1 : this.places.get(name)!)) < place) return []
    const node = this.readers.maker(name)
    if (made !== undefined || node === undefined || node.op.kind !== 'pool') return
    const before = this.missing(node.inputs[0]!, place)
    return before && [...before, node]
  }

  /** The branches that are joined, if all are such. */
  private parts(concat: Node, bits: Bits): Branch[] | undefined {
    const branches = concat.inputs.map((name) => this.branchTo(name))
    const fits = branches.every((one, i) => {
      if (one === undefined || one.end.name !== concat.inputs[i] || one.bits !== bits) return false
      if (this.readers.follower(one.end.name, 'concat') === undefined) return false
      return i === branches.length - 1 || one.end.output.channels % PANEL === 0
    })
    return fits && new Set(concat.inputs).size === branches.length ? (branches as Branch[]) : undefined
  }

  /** The branch that a sum, or an affine step, ends. */
  private branchTo(name: string): Branch | undefined {
    const node = this.readers.maker(name)
    const affines = node?.op.kind === 'add' ? node.inputs.map((input) => this.readers.maker(input)) : [node]
    const found = affines.flatMap((affine) => {
      const layer = affine?.op.kind === 'fixed-affine' ? this.layers.get(affine.inputs[0]!) : undefined
      const branch = layer && this.branch(layer)
      return branch?.end.name === name ? [branch] : []
    })
    return found[0]
  }

  private rprelu({ name }: Node, bits: Bits): NodeOf<'fixed-rprelu'> | undefined {
    const node = this.readers.follower(name, 'fixed-rprelu')
    return node !== undefined && node.op.bits === bits && rpreluFits(node) ? node : undefined
  }

  private sign({ name }: Node, bits: Bits): NodeOf<'threshold'> | undefined {
    const lowest = -(2 ** (bits - 1))
    return this.readers.of(name).find(({ op }) => {
      return (
        op.kind === 'threshold' && levelsAbove(op, lowest - 1, 2 ** 31).every((level) => bits === 8 || level >= lowest)
      )
    }) as NodeOf<'threshold'> | undefined
  }

  /** Bits of a fixed-point value as the machine stores it. */
  private bitsOf(name: string): number | undefined {
    const node = this.readers.maker(name)
    const { op } = node ?? {}
    if (op?.kind === 'concat' || (op?.kind === 'pool' && op.pool === 'max')) return this.bitsOf(node!.inputs[0]!)
    return op !== undefined && 'bits' in op ? op.bits : undefined
  }
}

const largest = (values: Int32Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

/** Whether all that there is on the way is within 16 bits, for sums of at most `most`. */
function affineFits(
  { op: { multiplier, shift, negative, offset, bits } }: NodeOf<'fixed-affine'>,
  most: number,
): boolean {
  if (bits === 32 || largest(offset) >= INT16) return false
  if (multiplier !== undefined)
    return negative === undefined && largest(multiplier) <= INT8 && most * largest(multiplier) <= INT16
  return negative === undefined || shift.every((s, c) => negative[c] !== 1 || most * 2 ** -s <= INT16)
}

function rpreluFits({ op: { shiftX, slope, negative, shiftY, bits } }: NodeOf<'fixed-rprelu'>): boolean {
  if (largest(shiftX) > INT16 || largest(shiftY) > INT16) return false
  const range = bits === 8 ? INT8 + largest(shiftX) : INT16 + 1
  if (bits === 8 && range > INT16) return false
  return slope === undefined || (negative === undefined && range * largest(slope) <= INT16)
}
