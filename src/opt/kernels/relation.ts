// Which kernel the sums of each kernel follow from: paths and trees over the number of weights in which kernels differ.

import type { BinaryWeights } from '../../work/network.ts'
import { binaryProduct } from '../../work/popcount.ts'
import { wordsOf } from '../../work/tensor.ts'
import type { Relation } from '../../work/workload.ts'

export interface RelationOptions {
  /**
   * `given`: the next kernel follows from the last one. `path`: the nearest does. `tree`: the nearest to any so far follows
   * from that one: a minimum spanning tree (R. C. Prim, "Shortest connection networks and some generalizations", 1957).
   */
  readonly order: 'given' | 'path' | 'tree'
  /** A kernel may follow from the complement of another one, where this is nearer. */
  readonly inverse: boolean
  /** At most as many as there are kernels. */
  readonly trees: number
}

/**
 * Trees grow in turn: always the one with the least weights so far takes a kernel, of equally near ones the first. Kernel 0
 * is the first root, each further root the kernel farthest from those before it.
 */
export function relate(weights: BinaryWeights, options: RelationOptions): Relation {
  const { rows, taps, channels } = weights
  const differing = differences(weights)
  const left = Array.from({ length: rows }, (_, kernel) => kernel)
  const order = new Int32Array(rows)
  const parent = new Int32Array(rows).fill(-1)
  const inverse = new Uint8Array(rows)
  const distance = new Int32Array(rows).fill(taps * channels)
  const tree = new Int32Array(rows)
  const trees: Tree[] = []
  for (let done = 0; done < rows; done++) {
    const root = done < options.trees
    if (root) trees.push(new Tree(rows, taps * channels, options))
    const into = root ? trees.at(-1)! : trees.reduce((least, each) => (each.load < least.load ? each : least))
    const at = root ? farthest(left, trees) : into.next(left)
    const kernel = left.splice(at, 1)[0]!
    order[done] = kernel
    tree[kernel] = trees.indexOf(into)
    if (!root) {
      parent[kernel] = into.parent[kernel]!
      inverse[kernel] = into.inverse[kernel]!
      distance[kernel] = into.distance[kernel]!
    }
    into.add(kernel, distance[kernel]!, left, differing(kernel))
  }
  return { order, parent, inverse, distance, tree }
}

class Tree {
  /** Weights that its kernels evaluate, a root all of its own. */
  load = 0
  /** By kernel that is left: the member that it would follow from, if from its complement, and in how many weights it differs. */
  readonly parent: Int32Array
  readonly inverse: Uint8Array
  readonly distance: Int32Array
  readonly #fanIn: number
  readonly #options: RelationOptions

  constructor(rows: number, fanIn: number, options: RelationOptions) {
    this.parent = new Int32Array(rows)
    this.inverse = new Uint8Array(rows)
    this.distance = new Int32Array(rows).fill(fanIn + 1)
    this.#fanIn = fanIn
    this.#options = options
  }

  /** Place among the kernels left of the one that comes next. */
  next(left: readonly number[]): number {
    if (this.#options.order === 'given') return 0
    let best = 0
    for (let at = 1; at < left.length; at++) if (this.distance[left[at]!]! < this.distance[left[best]!]!) best = at
    return best
  }

  /** `differing`: by kernel, weights in which it differs from `kernel`. */
  add(kernel: number, load: number, left: readonly number[], differing: Int32Array): void {
    this.load += load
    for (const other of left) {
      const plain = differing[other]!
      const inverse = this.#options.inverse && this.#fanIn - plain < plain
      const distance = inverse ? this.#fanIn - plain : plain
      if (this.#options.order === 'tree' && distance >= this.distance[other]!) continue
      this.parent[other] = kernel
      this.inverse[other] = Number(inverse)
      this.distance[other] = distance
    }
  }
}

/** Place of the kernel farthest from all members of `trees`, the first of equals. */
function farthest(left: readonly number[], trees: readonly Tree[]): number {
  const distance = (kernel: number): number => Math.min(...trees.map((tree) => tree.distance[kernel]!))
  return left.reduce((most, kernel, at) => (distance(kernel) > distance(left[most]!) ? at : most), 0)
}

/** What gives, by kernel, the weights in which it differs from the one named; valid until asked again. */
function differences(weights: BinaryWeights): (kernel: number) => Int32Array {
  const product = binaryProduct(weights, () => 1)
  const size = weights.taps * wordsOf(weights.channels)
  const out = new Int32Array(weights.rows)
  return (kernel) => {
    product.columns.set(weights.words.subarray(kernel * size, (kernel + 1) * size))
    product.run(1, 0, 0, out, 0)
    return out.map((negative) => -negative)
  }
}
