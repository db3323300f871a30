// Operator fusion: what follows the convolutions of a residual network in one pass over the tensor, its values and their
// signs. A concatenation in between is no pass of its own: each part is written where it belongs.
//
//   add             add      add add
//    |               |         \ /
//    |            [rprelu]    concat
//    |               |          |
//   sign          [sign]     rprelu [sign]

import type { Network, Node } from '../../work/network.ts'
import type { Lowering } from './lower.ts'
import type { Buffer } from './memory-map.ts'
import { type Call, placeOf } from './plan.ts'
import type { NodeOf, Readers } from './readers.ts'

/** Channels that the kernels take at once: a word of bits. */
const BLOCK = 32

/** Nodes that are computed together. */
export interface Group {
  /** Their sums, one behind the other, are what follows is done to. */
  readonly adds: readonly Node[]
  readonly rprelu: NodeOf<'rprelu'> | undefined
  readonly sign: NodeOf<'threshold'> | undefined
  /** The node whose value is stored: the last one but the sign. */
  readonly value: Node
  /** All of them, each once. */
  readonly nodes: readonly Node[]
}

/** Of each node that is computed with others, the group. */
export function groupsOf({ nodes }: Network, readers: Readers): Map<string, Group> {
  const groups = new Map<string, Group>()
  for (const node of nodes) {
    if (groups.has(node.name)) continue
    const group = node.op.kind === 'add' ? groupFrom(node, readers) : undefined
    for (const { name } of group?.nodes ?? []) groups.set(name, group!)
  }
  return groups
}

/** The group that begins with a sum. */
function groupFrom(add: Node, readers: Readers): Group | undefined {
  if (!fits(add, readers)) return
  const concat = readers.follower(add.name, 'concat')
  const adds = concat === undefined ? [add] : concat.inputs.map((name) => readers.maker(name))
  const rprelu = readers.follower((concat ?? add).name, 'rprelu')
  const whole = adds.every((each) => each !== undefined && fits(each, readers) && followedBy(concat, each, readers))
  if (rprelu !== undefined && whole) {
    const sign = signOf(rprelu, readers)
    const nodes = [...new Set([...(adds as Node[]), concat, rprelu, sign])].filter((node) => node !== undefined)
    return { adds: adds as Node[], rprelu, sign, value: rprelu, nodes }
  }
  const sign = signOf(add, readers)
  return sign && { adds: [add], rprelu: undefined, sign, value: add, nodes: [add, sign] }
}

const fits = ({ op, inputs, output }: Node, readers: Readers): boolean =>
  op.kind === 'add' &&
  inputs.length === 2 &&
  output.channels % BLOCK === 0 &&
  inputs.every((name) => readers.kind(name) === 'real')

const followedBy = (concat: Node | undefined, { name }: Node, readers: Readers): boolean =>
  concat === undefined || readers.follower(name, 'concat') === concat

const signOf = ({ name }: Node, readers: Readers): NodeOf<'threshold'> | undefined =>
  readers.of(name).find(({ op }) => op.kind === 'threshold' && op.inclusive) as NodeOf<'threshold'> | undefined

interface OnePass {
  readonly output: Buffer
  readonly bits: Buffer | undefined
  readonly calls: readonly Call[]
}

/** The value of the group, its signs, and the calls that make both. */
export function onePass({ adds, rprelu, sign, value }: Group, lowering: Lowering): OnePass {
  const { memory } = lowering
  const output = lowering.outputOver(adds.length === 1 ? adds[0]!.inputs : [], value.name, value.output)
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
  return { output, bits, calls }
}
