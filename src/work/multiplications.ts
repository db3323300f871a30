// Multiplications of one image in a network as it is written: products of two numbers that are neither bits nor +1/-1.
// Integers times +-2^k are shifts and count nothing; a real times any real but 1 counts. Beside each count stands what the
// published figures of A&B BNN (Ma et al., CVPR 2024) count for the same node.

import { elementwise, elementwiseOrPool, isMac, macOf } from './classifier.ts'
import type { Network, Node, Op, OpKind, Weights } from './network.ts'
import { elements, type Shape } from './tensor.ts'

/**
 * What a multiplying node is for. `stem`: real layers before the first bits; `classifier`: the layer that gives the
 * scores, and the pool and factors that it alone reads; `shortcut`: a 1x1 convolution beside a wider one;
 * `shortcut-scale`: batch norm or scale behind that; `normalisation` and `scale`: batch norm, or factors without an
 * offset, elsewhere; `mask`: factors between a value and its threshold; `slope`: of RPReLU; `pool`: averages; `layer`:
 * any other convolution.
 */
export const multiplicationRoles = [
  'stem',
  'normalisation',
  'scale',
  'mask',
  'slope',
  'pool',
  'shortcut',
  'shortcut-scale',
  'layer',
  'classifier',
] as const

export type MultiplicationRole = (typeof multiplicationRoles)[number]

export interface MultiplicationRow {
  readonly node: string
  readonly role: MultiplicationRole
  /** Multiplications per image, as the network is written. */
  readonly counted: number
  /** What the published figures count. */
  readonly published: number
}

/** A row for each node that is written as multiplying, in order. */
export function multiplicationsOf(network: Network): MultiplicationRow[] {
  const graph = new Graph(network)
  return network.nodes.flatMap((node) => {
    const products = productsOf(node)
    if (products === 0) return []
    const role = graph.role(node)
    const counted = node.op.kind === 'affine' && !multiplies(node.op) ? 0 : products
    return [{ node: node.name, role, counted, published: conventions[role](products, node, graph) }]
  })
}

/** Whether a step multiplies each element. A factor of 1 multiplies nothing, nor does a slope of 0 or 1, which chooses. */
export function multiplies(op: Op): boolean {
  switch (op.kind) {
    case 'affine':
      return op.scale.some((factor) => factor !== 1)
    case 'rprelu':
      return op.slope.some((slope) => slope !== 0 && slope !== 1)
    case 'fixed-affine':
      return op.multiplier !== undefined
    case 'fixed-rprelu':
      return op.slope !== undefined
    default:
      return false
  }
}

type Products<K extends OpKind> = (op: Extract<Op, { kind: K }>, output: Shape) => number

const none = (): number => 0
const each = (_op: Op, output: Shape): number => elements(output)
const multiplied = (op: Op, output: Shape): number => (multiplies(op) ? elements(output) : 0)

/** Products that nodes of each kind write down, those with 1 among them. */
const products: { readonly [K in OpKind]: Products<K> } = {
  mac: ({ weights }, output) => (areFactors(weights) ? elements(output) * weights.taps * weights.channels : 0),
  // Reals: a third or two thirds of each sum.
  'gated-mac': ({ thirds }, output) => (thirds === true ? 0 : elements(output)),
  threshold: none,
  affine: each,
  rprelu: multiplied,
  quantise2: none,
  quantise: none, // by a power of two
  'fixed-affine': multiplied,
  'fixed-rprelu': multiplied,
  pool: ({ pool, bits }, output) => (pool === 'average' && bits === undefined ? elements(output) : 0),
  add: none,
  concat: none,
}

const productsOf = ({ op, output }: Node): number => (products[op.kind] as Products<OpKind>)(op, output)

const areFactors = (weights: Weights): boolean =>
  weights.kind === 'real' || (weights.kind === 'integer' && !weights.data.every(isShift))

function isShift(weight: number): boolean {
  const size = Math.abs(weight)
  return (size & (size - 1)) === 0
}

/**
 * Derived: A&B BNN states four totals and no rule. This one gives all four to the printed digits, and treats pools in two
 * ways. Stem, classifier and what follows a shortcut's convolution are left out.
 */
const conventions: Readonly<Record<MultiplicationRole, (products: number, node: Node, graph: Graph) => number>> = {
  stem: none,
  classifier: none,
  'shortcut-scale': none,
  shortcut: (products) => products,
  layer: (products) => products,
  normalisation: (products) => products,
  scale: (products) => products,
  slope: (products) => products,
  // Once for each output of a convolution that reads the masked value.
  mask: (products, node, graph) => graph.convolved(node) ?? products,
  // A pool that is itself the shortcut multiplies each value, one that a convolution follows each result.
  pool: (products, { name, op }, graph) =>
    op.kind === 'pool' && graph.readers(name).some((reader) => reader.op.kind === 'add')
      ? products * op.window ** 2
      : products,
}

/** A network's nodes by name and by what they read. */
class Graph {
  readonly #nodes: ReadonlyMap<string, Node>
  readonly #readers = new Map<string, Node[]>()
  readonly #classifier: Node | undefined

  constructor({ nodes, decision }: Network) {
    this.#nodes = new Map(nodes.map((node) => [node.name, node]))
    for (const node of nodes) for (const input of node.inputs) this.#readers.set(input, [...this.readers(input), node])
    this.#classifier = macOf(this.#nodes, decision.scores)
  }

  readers(name: string): readonly Node[] {
    return this.#readers.get(name) ?? []
  }

  role(node: Node): MultiplicationRole {
    const { op } = node
    if (isMac(node)) return this.#macRole(node)
    if (op.kind === 'rprelu' || op.kind === 'fixed-rprelu') return 'slope'
    if (this.#onlyClassifies(node)) return 'classifier'
    if (op.kind === 'pool') return 'pool'
    return this.#factorRole(node)
  }

  /** Outputs of a convolution that reads the bits of `mask`. */
  convolved({ name }: Node): number | undefined {
    const [conv] = this.readers(name).flatMap((bits) => this.readers(bits.name))
    return conv === undefined ? undefined : elements(conv.output)
  }

  /** Read by nothing but the classifier, perhaps after scales. */
  #onlyClassifies({ name }: Node): boolean {
    return this.readers(name).every(
      (reader) => reader === this.#classifier || (reader.op.kind === 'affine' && this.#onlyClassifies(reader)),
    )
  }

  #macRole(node: Node): MultiplicationRole {
    if (node.op.kind === 'gated-mac') return 'scale'
    if (node === this.#classifier) return 'classifier'
    if (this.#isShortcut(node)) return 'shortcut'
    return this.#isStem(node) ? 'stem' : 'layer'
  }

  #factorRole(node: Node): MultiplicationRole {
    const { name, inputs, op } = node
    const mac = macOf(this.#nodes, inputs[0]!)
    const plain = (op.kind === 'affine' || op.kind === 'fixed-affine') && op.offset.every((value) => value === 0)
    const decides = this.readers(name).length > 0 && this.readers(name).every(({ op }) => op.kind === 'threshold')
    if (plain && decides && (mac === undefined || isReal(mac))) return 'mask'
    if (mac === undefined) return this.#readsPicture(inputs[0]!) ? 'stem' : plain ? 'scale' : 'normalisation'
    if (mac === this.#classifier) return 'classifier'
    if (this.#isShortcut(mac)) return 'shortcut-scale'
    if (isReal(mac) && this.#isStem(mac)) return 'stem'
    return plain ? 'scale' : 'normalisation'
  }

  /** No bits come between the picture and the layer. */
  #isStem({ inputs }: Node): boolean {
    const before = macOf(this.#nodes, inputs[0]!)
    return before === undefined ? this.#readsPicture(inputs[0]!) : isReal(before) && this.#isStem(before)
  }

  /** Added, and read by nothing else, to sums of a convolution with a larger kernel. */
  #isShortcut(node: Node): boolean {
    const end = this.#end(node)
    const [add, ...others] = this.readers(end.name)
    if (add?.op.kind !== 'add' || others.length > 0) return false
    return add.inputs.some((other) => {
      const main = macOf(this.#nodes, other, elementwise)
      return main !== undefined && main !== node && kernelOf(main) > kernelOf(node)
    })
  }

  /** The last of the element-wise steps that follow `node` one by one. */
  #end(node: Node): Node {
    const [next, ...others] = this.readers(node.name)
    return next !== undefined && others.length === 0 && elementwise.has(next.op.kind) ? this.#end(next) : node
  }

  #readsPicture(name: string): boolean {
    const node = this.#nodes.get(name)
    return node === undefined || (elementwiseOrPool.has(node.op.kind) && this.#readsPicture(node.inputs[0]!))
  }
}

const isReal = (node: Node): boolean => isMac(node) && node.op.weights.kind !== 'binary'

const kernelOf = (node: Node): number => (isMac(node) ? node.op.shape.kernel : 0)
