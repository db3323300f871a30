// Which kernel each row works on in which fold, and the steps of a fold: the terms of its kernels, so many bits at a time.

import type { Fold, KernelFold, Steps } from '../../units/array/fold.ts'
import { onesRow, popcount32 } from '../../work/bits.ts'
import type { LayerPlan } from './plan.ts'
import type { PeArraySpec } from './spec.ts'

type Geometry = Pick<PeArraySpec, 'array' | 'skip'>

/** By sequencer: what its rows do for one group of pixels. */
export function foldsOf(plan: LayerPlan, spec: Geometry & Pick<PeArraySpec, 'rows'>): Fold[][] {
  const rows = rowsOf(plan, spec.array.channels)
  const driven = spec.rows === 'lock-step' ? [rows] : rows.map((row) => [row])
  const builder = new StepBuilder(plan, spec)
  return driven.map((own) => foldsFor(plan, own, builder)).filter((folds) => folds.length > 0)
}

/** Kernels of each row, in order. A tree stays in one row, whose PEs keep its sums; the longest trees are given away first. */
function rowsOf({ kernels, terms }: LayerPlan, count: number): number[][] {
  const rows = Array.from({ length: count }, (): number[] => [])
  if (terms.kind !== 'deltas') {
    for (let kernel = 0; kernel < kernels; kernel++) rows[kernel % count]!.push(kernel)
    return rows
  }
  const { order, tree, distance } = terms.relation
  const trees = new Map<number, { kernels: number[]; terms: number }>()
  for (const kernel of order) {
    const known = trees.get(tree[kernel]!) ?? { kernels: [], terms: 0 }
    known.kernels.push(kernel)
    trees.set(tree[kernel]!, { kernels: known.kernels, terms: known.terms + distance[kernel]! })
  }
  const load = new Array<number>(count).fill(0)
  for (const { kernels, terms } of [...trees.values()].sort((a, b) => b.terms - a.terms)) {
    const row = load.indexOf(Math.min(...load))
    load[row]! += terms
    rows[row]!.push(...kernels)
  }
  return rows
}

function foldsFor(plan: LayerPlan, rows: readonly (readonly number[])[], builder: StepBuilder): Fold[] {
  const { terms, words } = plan
  const parents = new Set(terms.kind === 'deltas' ? terms.relation.parent : [])
  return Array.from({ length: Math.max(...rows.map((row) => row.length)) }, (_, fold): Fold => {
    const kernels = rows.map((row) => row[fold] ?? null)
    const { steps, count } = builder.fold(kernels)
    return {
      steps: count,
      rows: kernels.map((kernel, row): KernelFold | null =>
        kernel === null
          ? null
          : {
              kernel,
              weights: kernel * words,
              steps: steps[row]!,
              ...relationOf(plan, kernel),
              keep: parents.has(kernel),
            },
      ),
    }
  })
}

function relationOf({ terms }: LayerPlan, kernel: number): Pick<KernelFold, 'parent' | 'inverse' | 'distance'> {
  if (terms.kind !== 'deltas') return { parent: -1, inverse: false, distance: 0 }
  const { parent, inverse, distance } = terms.relation
  const root = parent[kernel]! < 0
  return { parent: parent[kernel]!, inverse: inverse[kernel] === 1, distance: root ? 0 : distance[kernel]! }
}

class StepBuilder {
  private readonly plan: LayerPlan
  private readonly skip: number
  private readonly lanes: number
  private readonly ones: Uint32Array
  private readonly whole: { steps: Steps; count: number }

  constructor(plan: LayerPlan, { array, skip }: Geometry) {
    this.plan = plan
    this.skip = skip
    this.lanes = array.bits / skip
    this.ones = onesRow(plan.bits)
    const groups = this.groupsOf([this.ones])
    const count = this.countOf(groups)
    this.whole = { count, steps: this.stepsOf(this.ones, groups, count) }
  }

  /** Steps of one fold, by row, and how many they are: all rows gather the same groups of bits. */
  fold(kernels: readonly (number | null)[]): { steps: (Steps | null)[]; count: number } {
    if (this.plan.terms.kind !== 'deltas')
      return { count: this.whole.count, steps: kernels.map((kernel) => (kernel === null ? null : this.whole.steps)) }
    const masks = kernels.map((kernel) => (kernel === null ? null : this.maskOf(kernel)))
    const groups = this.groupsOf(masks.filter((mask) => mask !== null))
    const count = this.countOf(groups)
    return { count, steps: masks.map((mask) => (mask === null ? null : this.stepsOf(mask, groups, count))) }
  }

  /** Even where nothing differs, a fold is a step. */
  private countOf(groups: readonly number[]): number {
    return Math.max(1, Math.ceil(groups.length / this.lanes))
  }

  /** Terms of a kernel: all, or those in which it differs from its parent or that one's complement. */
  private maskOf(kernel: number): Uint32Array {
    const { plan, ones } = this
    const { parent, inverse } = relationOf(plan, kernel)
    if (parent < 0) return ones
    const { weights, words } = plan
    const flip = inverse ? 0xffffffff : 0
    return ones.map((one, i) => (weights[kernel * words + i]! ^ weights[parent * words + i]! ^ flip) & one)
  }

  /** Groups of `skip` bits in which any of the masks has one. */
  private groupsOf(masks: readonly Uint32Array[]): number[] {
    const { skip } = this
    const groups: number[] = []
    let last = -1
    for (let word = 0; word < this.ones.length; word++) {
      let any = 0
      for (const mask of masks) any |= mask[word]!
      while (any !== 0) {
        const bit = 31 - Math.clz32(any & -any)
        any &= any - 1
        const group = Math.floor((word * 32 + bit) / skip)
        if (group !== last) groups.push(group)
        last = group
      }
    }
    return groups
  }

  private stepsOf(mask: Uint32Array, groups: readonly number[], count: number): Steps {
    const { skip, lanes } = this
    const start = new Int32Array(count + 1)
    const left = new Int32Array(count)
    const word: number[] = []
    const masks: number[] = []
    const terms = ones(mask)
    let rest = terms
    for (let step = 0; step < count; step++) {
      start[step] = word.length
      for (const group of groups.slice(step * lanes, (step + 1) * lanes)) {
        const end = Math.min((group + 1) * skip, this.plan.bits)
        for (let bit = group * skip; bit < end; bit = (bit | 31) + 1) {
          const part = mask[bit >>> 5]! & span(bit & 31, Math.min(end - (bit & ~31), 32))
          if (part === 0) continue
          if (word.length > start[step]! && word.at(-1) === bit >>> 5) masks[masks.length - 1]! |= part
          else {
            word.push(bit >>> 5)
            masks.push(part)
          }
          rest -= popcount32(part)
        }
      }
      left[step] = rest
    }
    start[count] = word.length
    const filled = new Int32Array(count + 1)
    for (let step = 0; step < count; step++)
      filled[step + 1] = filled[step]! + (start[step + 1]! > start[step]! ? 1 : 0)
    return { start, word: Int32Array.from(word), mask: Int32Array.from(masks), left, filled, terms }
  }
}

/** Bits [from, to) of a word. */
const span = (from: number, to: number): number => (to === 32 ? -1 : (1 << to) - 1) & (-1 << from)

const ones = (mask: Uint32Array): number => mask.reduce((sum, word) => sum + popcount32(word), 0)
