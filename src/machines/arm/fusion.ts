// Operator fusion: what follows the convolutions of a residual network in one pass over the tensor, its values and their
// signs. A concatenation in between is no pass of its own: each part is written where it belongs.
//
//   add             add      add add
//    |               |         \ /
//    |            [rprelu]    concat
//    |               |          |
//   sign          [sign]     rprelu [sign]

import type { Network, Node, Op, OpKind } from '../../work/network.ts'
import type { Lowering } from './lower.ts'
import type { Buffer } from './memory-map.ts'
import type { Call } from './plan.ts'

/** Channels that the kernels take at once: a word of bits. */
const BLOCK = 32

type NodeOf<K extends OpKind> = Omit<Node, 'op'> & { readonly op: Extract<Op, { kind: K }> }

/** Nodes that are computed together. */
export interface Group {
  /** Their sums, one behind the other, are what follows is done to. */
  readonly adds: readonly Node[]
  readonly rprelu: NodeOf<'rprelu'> | undefined
  readonly sign: NodeOf<'threshold'> | undefined
  /** The node whose value is stored: the last one but the sign. */
  readonly value: Node
}

/** Of each node that is computed with others, the group. */
export function groupsOf({ nodes }: Network, lowering: Lowering): Map<string, Group> {
  const groups = new Map<string, Group>()
  const byName = new Map(nodes.map((node) => [node.name, node]))
  const fits = (node: Node | undefined): boolean =>
    node?.op.kind === 'add' &&
    node.inputs.length === 2 &&
    node.output.channels % BLOCK === 0 &&
    node.inputs.every((name) => lowering.isReal(name))

  /** The sums that the value of `name` consists of, if nothing else reads them. */
  const sums = (name: string): { adds: Node[]; passed: Node[] } | undefined => {
    const source = byName.get(name)
    if (source === undefined || lowering.readers(name).length !== 1) return
    if (fits(source)) return { adds: [source], passed: [source] }
    if (source.op.kind !== 'concat') return
    const parts = source.inputs.map((input) => byName.get(input))
    if (!parts.every((part) => fits(part) && lowering.readers(part!.name).length === 1)) return
    const adds = parts as Node[]
    return { adds, passed: [...adds, source] }
  }
  const signOf = ({ name }: Node): NodeOf<'threshold'> | undefined =>
    lowering.readers(name).find(({ op }) => op.kind === 'threshold' && op.inclusive) as NodeOf<'threshold'> | undefined

  for (const node of nodes) {
    if (node.op.kind !== 'rprelu') continue
    const found = sums(node.inputs[0]!)
    if (found === undefined) continue
    const group = { adds: found.adds, rprelu: node as NodeOf<'rprelu'>, sign: signOf(node), value: node }
    for (const { name } of [...found.passed, node]) groups.set(name, group)
  }
  for (const node of nodes) {
    const sign = signOf(node)
    if (!fits(node) || groups.has(node.name) || sign === undefined) continue
    groups.set(node.name, { adds: [node], rprelu: undefined, sign, value: node })
  }
  return groups
}

/** The value of the group, its signs, and the calls that make both. */
export function onePass({ adds, rprelu, sign, value }: Group, lowering: Lowering): OnePass {
  const { memory } = lowering
  const over = adds.length === 1 ? adds[0]!.inputs : []
  const output = lowering.outputOver(over, value.name, value.output)
  const bits = sign === undefined ? undefined : lowering.output(sign.name, 'bits', sign.output, true)
  const kernel = ['add', rprelu && 'rprelu', sign && 'sign', 'f32'].filter((part) => part !== undefined).join('_')
  const tables = rprelu === undefined ? [] : [rprelu.op.shiftX, rprelu.op.slope, rprelu.op.shiftY]
  let from = 0
  const calls = adds.map((add) => {
    const { channels, height, width } = add.output
    const [x, y] = add.inputs.map((name) => lowering.buffer(name))
    const part = (table: Float32Array | Int32Array) =>
      memory.place(Float32Array.from(table.subarray(from, from + channels)))
    const [shiftX = 0, slope = 0, shiftY = 0] = tables.map(part)
    const level = sign === undefined ? 0 : part(sign.op.level)
    const params = [
      ...[height, width, channels / BLOCK, ...placeOf(x!), ...placeOf(y!), ...placeOf(output, 4 * from)],
      ...(bits === undefined ? [0, 0, 0] : placeOf(bits, from / 8)),
      ...[shiftX, slope, shiftY, level],
    ]
    from += channels
    return { kernel, params }
  })
  return { value: output, bits, calls }
}

interface OnePass {
  readonly value: Buffer
  readonly bits: Buffer | undefined
  readonly calls: readonly Call[]
}

/** Address of the channels from byte `offset` of each pixel on, and the bytes from one pixel and row to the next. */
const placeOf = ({ address, pixelBytes, rowBytes }: Buffer, offset = 0): number[] => [
  address + offset,
  pixelBytes,
  rowBytes,
]
