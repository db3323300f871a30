// Rows of PEs in lock step: XNOR and popcount of some bits of each kernel and window a cycle, until the sums are complete or
// what follows from them is known. Values are computed from the very terms that the steps bring.
//
//   windows: | half | column | plane | words of the window |   bit planes of integers follow one another
//   weights: | kernel | words |

import type { Stop } from '../../work/workload.ts'
import {
  type EmissionListener,
  type Engine,
  type GroupTiming,
  noCount,
  type PixelGroup,
  type ResultSink,
} from './engine.ts'
import type { Fold, KernelFold } from './fold.ts'

export interface FoldSpec {
  readonly columns: number
  /** Bits of a window, and 32-bit words that it takes in a plane. */
  readonly bits: number
  readonly words: number
  /** What a match counts in each bit plane of the activations: [1] for bits; else a plane after another runs through all steps. */
  readonly planes: readonly number[]
  /** Level by class of border, then kernel: bit = sum > level. Null where the sums themselves are results. */
  readonly levels: Int32Array | null
  readonly kernels: number
  /** Cycles from the issue of a step to results and decisions. */
  readonly depth: number
  readonly stop: Stop | undefined
}

const NEVER = 0x7fffffff

export class FoldEngine implements Engine {
  readonly count = noCount()

  private readonly spec: FoldSpec
  private readonly folds: readonly Fold[]
  private readonly windows: Uint32Array
  private readonly weights: Uint32Array
  private readonly results: ResultSink
  private readonly listener: EmissionListener | undefined
  private readonly sums: Int32Array // by kernel and column: what other kernels start from
  private readonly pooled: Uint8Array // by kernel and column: OR of the window of the pool so far
  private readonly worth: number // of a match in all planes together
  // Of the neuron evaluated last: its sum so far, the step that decided it, and terms needed until then.
  private sum = 0
  private decidedAt = NEVER
  private needed = 0
  private worked = 0 // steps in which the neurons of a fold had terms to count

  constructor(
    spec: FoldSpec,
    folds: readonly Fold[],
    windows: Uint32Array,
    weights: Uint32Array,
    results: ResultSink,
    listener?: EmissionListener,
  ) {
    this.spec = spec
    this.folds = folds
    this.windows = windows
    this.weights = weights
    this.results = results
    this.listener = listener
    this.sums = new Int32Array(spec.kernels * spec.columns)
    this.pooled = new Uint8Array(spec.kernels * spec.columns)
    this.worth = spec.planes.reduce((sum, each) => sum + each, 0)
  }

  run(group: PixelGroup, half: number, start: number): GroupTiming {
    const { depth, planes } = this.spec
    let issue = start
    let emitted = start
    for (const fold of this.folds) {
      const steps = fold.steps * planes.length
      const all = this.compute(fold, group, half)
      const ended = Math.min(steps - 1, all) // the step whose results leave
      const length = Math.min(steps, all === NEVER ? steps : all + depth)
      this.settle(fold, group, length, steps)
      emitted = issue + ended + depth
      this.listener?.(emitted, this.bitsOf(fold, group))
      issue += length
    }
    return { released: issue, emitted }
  }

  /** Computes all neurons of a fold; returns the step after which all are decided, NEVER if some go on to the end. */
  private compute(fold: Fold, group: PixelGroup, half: number): number {
    const { columns, words, planes, levels, kernels } = this.spec
    const { rows } = fold
    let all = 0
    this.worked = 0
    for (const row of rows) {
      if (row === null) continue
      for (let column = 0; column < group.active; column++) {
        const level = levels === null ? 0 : levels[group.border[column]! * kernels + row.kernel]!
        const window = (half * columns + column) * planes.length * words
        this.neuron(row, column, window, level, group)
        if (this.decidedAt > all) all = this.decidedAt
        this.worked += row.steps.filled[Math.min(this.decidedAt, fold.steps - 1) + 1]! * planes.length
      }
    }
    return all
  }

  /** Evaluates one neuron and keeps its result. */
  private neuron(row: KernelFold, column: number, window: number, level: number, group: PixelGroup): void {
    const { columns, stop, levels } = this.spec
    const at = row.kernel * columns + column
    const base = this.baseOf(row, column)
    const stops = stop !== undefined && !row.keep
    const before = levels !== null && group.turn > 0 ? this.pooled[at]! : 0
    this.decidedAt = NEVER
    this.needed = row.steps.terms * this.spec.planes.length
    let bit = 0
    if (stops && stop.pool && before === 1) this.decide()
    else if (stops && stop.bound && row.parent >= 0 && (base > level || base + 2 * row.distance <= level)) {
      this.decide()
      bit = base > level ? 1 : 0
    } else {
      if (stops && stop.decision) this.accumulateUntilDecided(row, window, base, level)
      else this.accumulate(row, window, base)
      bit = this.sum > level ? 1 : 0
    }
    this.count.needed += this.needed
    if (row.keep) {
      this.sums[at] = this.sum
      this.count.baseWrites++
    }
    if (levels === null) {
      if (group.last) this.results.put(group.pixels[column]!, row.kernel, this.sum)
      return
    }
    this.pooled[at] = before | bit
    if (group.last) this.results.put(group.pixels[column]!, row.kernel, before | bit)
  }

  /** Known without any term; the hardware sees it with the first step. */
  private decide(): void {
    this.decidedAt = 0
    this.needed = 0
    this.count.decided++
  }

  /** Least value of the sum: what it is where none of the terms to come match. */
  private baseOf({ parent, inverse, distance }: KernelFold, column: number): number {
    if (parent < 0) return 0
    this.count.baseReads++
    const sum = this.sums[parent * this.spec.columns + column]!
    return (inverse ? this.spec.bits * this.worth - sum : sum) - distance * this.worth
  }

  private accumulate(row: KernelFold, window: number, base: number): void {
    const { word, mask } = row.steps
    const { words, planes } = this.spec
    const { windows, weights: all } = this
    const { weights } = row
    let sum = 0
    for (let plane = 0, x = window; plane < planes.length; plane++, x += words) {
      let count = 0
      for (let i = 0; i < word.length; i++) {
        const at = word[i]!
        let v = ~(all[weights + at]! ^ windows[x + at]!) & mask[i]!
        v -= (v >>> 1) & 0x55555555
        v = (v & 0x33333333) + ((v >>> 2) & 0x33333333)
        count += Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
      }
      sum += count * planes[plane]!
    }
    this.sum = row.parent < 0 ? sum : base + 2 * sum
  }

  /** For bits alone: goes on until the terms that are left cannot change the decision. */
  private accumulateUntilDecided(row: KernelFold, window: number, base: number, level: number): void {
    const { start, word, mask, left } = row.steps
    const { windows, weights: all } = this
    const { weights } = row
    const scale = row.parent < 0 ? 1 : 2
    let sum = base
    for (let step = 0; step < left.length; step++) {
      const before = sum
      for (let i = start[step]!; i < start[step + 1]!; i++) {
        const at = word[i]!
        let v = ~(all[weights + at]! ^ windows[window + at]!) & mask[i]!
        v -= (v >>> 1) & 0x55555555
        v = (v & 0x33333333) + ((v >>> 2) & 0x33333333)
        sum += scale * (Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24)
      }
      if (sum > level || sum + scale * left[step]! <= level) {
        this.sum = sum
        this.decidedAt = step
        if (left[step]! > 0) this.count.decided++
        this.needed = this.neededUntil(row, window, step, before, scale, level)
        return
      }
    }
    throw new Error(`kernel ${row.kernel}: no decision`)
  }

  /** Terms until the very bit that decides, which is one of `step`. */
  private neededUntil(
    row: KernelFold,
    window: number,
    step: number,
    before: number,
    scale: number,
    level: number,
  ): number {
    const { start, word, mask, left, terms } = row.steps
    let sum = before
    let rest = step === 0 ? terms : left[step - 1]!
    if (sum > level || sum + scale * rest <= level) return terms - rest
    for (let i = start[step]!; i < start[step + 1]!; i++) {
      const at = word[i]!
      const matches = ~(this.weights[row.weights + at]! ^ this.windows[window + at]!)
      for (let bits = mask[i]!; bits !== 0; bits &= bits - 1) {
        if ((matches & bits & -bits) !== 0) sum += scale
        rest--
        if (sum > level || sum + scale * rest <= level) return terms - rest
      }
    }
    return terms
  }

  /** Counts what the array did in a fold of which `length` of `steps` steps were issued. */
  private settle(fold: Fold, group: PixelGroup, length: number, steps: number): void {
    const { count } = this
    const { active } = group
    count.folds++
    count.steps += length
    count.idleSteps += length * fold.rows.length * this.spec.columns - this.worked
    count.columnSteps += length * active
    if (length < steps) count.cuts++
    const whole = Math.floor(length / fold.steps)
    const rest = length % fold.steps
    for (const row of fold.rows) {
      if (row === null) continue
      const { left, terms } = row.steps
      count.peSteps += length * active
      count.rowSteps += length
      count.rowFolds++
      count.bits += (whole * terms + (rest === 0 ? 0 : terms - left[rest - 1]!)) * active
      count.compares += this.spec.levels === null ? 0 : active
    }
  }

  private bitsOf({ rows }: Fold, { active }: PixelGroup): number[] {
    const { columns } = this.spec
    return rows.flatMap((row) =>
      Array.from({ length: columns }, (_, column) =>
        row === null || column >= active ? 0 : this.pooled[row.kernel * columns + column]!,
      ),
    )
  }
}
