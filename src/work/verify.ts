// Compares what a machine computed with what its workload should: every tensor that it observed, given those that it
// observed before, and every result, of every image that it simulated. Bit for bit, but for sums of reals, whose order of
// additions is the machine's own: they, and what follows from them before the next observed tensor, may differ by rounding.

import { decide, type Evaluation, evaluate, type Task, tasksOf } from './evaluate.ts'
import type { Node } from './network.ts'
import type { Tensor } from './tensor.ts'
import type { Workload } from './workload.ts'

export interface Checked {
  readonly tensors: number
  readonly values: number
  /** Largest difference of a score from evaluation's, as part of the largest score; 0 where all is exact. */
  readonly deviation: number
}

/** By how much rounded sums may differ, as part of the largest value of the tensor. */
const TOLERANCE = 1e-5

/** Images whose tensors are kept: they are in a machine together only a few at a time. */
const KEPT = 32

/** What pictures should give, found out when it is asked for; several runs may share it. */
export class Golden {
  readonly workload: Workload
  readonly inputs: readonly Tensor[]
  private readonly evaluations = new Map<number, Evaluation>() // by picture
  private readonly results = new Map<number, Pick<Evaluation, 'scores' | 'class'>>() // by picture

  constructor(workload: Workload, inputs: readonly Tensor[]) {
    this.workload = workload
    this.inputs = inputs
  }

  /** With all tensors. */
  evaluation(image: number): Evaluation {
    const picture = image % this.inputs.length
    const known = this.evaluations.get(picture)
    if (known !== undefined) return known
    if (this.evaluations.size === KEPT) this.evaluations.delete(this.evaluations.keys().next().value!)
    const made = evaluate(this.workload, this.inputs[picture]!, true)
    this.evaluations.set(picture, made)
    this.results.set(picture, { scores: made.scores, class: made.class })
    return made
  }

  result(image: number): Pick<Evaluation, 'scores' | 'class'> {
    const picture = image % this.inputs.length
    const known = this.results.get(picture)
    if (known !== undefined) return known
    const { scores, class: best } = evaluate(this.workload, this.inputs[picture]!)
    const result = { scores, class: best }
    this.results.set(picture, result)
    return result
  }
}

/** `inputs[image % inputs.length]` is what a machine was given as image `image`. Any difference throws: a defect of the simulator. */
export class Verifier {
  private readonly golden: Golden
  private readonly workload: Workload
  private readonly tasks: ReadonlyMap<string, Task>
  private readonly rounded: ReadonlySet<string> // nodes that sum reals
  private readonly images = new Map<number, Map<string, Tensor>>() // what was observed of each
  private readonly apart = new Set<number>() // images with values that are rounded otherwise
  private readonly nodes = new Set<string>()
  private tensors = 0
  private values = 0

  constructor(golden: Golden) {
    const { workload } = golden
    this.golden = golden
    this.workload = workload
    this.tasks = new Map(tasksOf(workload).map((task) => [task.name, task]))
    this.rounded = new Set(workload.network.nodes.filter(sumsReals).map(({ name }) => name))
  }

  /** Takes a tensor as a machine observed it. */
  check(image: number, node: string, tensor: Tensor): void {
    const seen = this.seenOf(image)
    const should = this.apart.has(image) ? this.follow(seen, node) : this.golden.evaluation(image).tensors.get(node)!
    let at = firstDifference(tensor, should)
    if (at >= 0 && should.kind === 'real' && this.isRounded(seen, node)) {
      this.apart.add(image)
      at = firstApart(tensor, should)
    }
    if (at >= 0) {
      const [is, other] = [contents(tensor)[at], contents(should)[at]]
      throw new Error(`image ${image}, ${node}, word ${at}: ${is}, evaluation gives ${other}`)
    }
    seen.set(node, tensor)
    this.nodes.add(node)
    this.tensors++
    this.values += tensor.shape.channels * tensor.shape.height * tensor.shape.width
  }

  /** Takes all results of a run, whose tensors have been checked. Where bits decide, they are all that a result has. */
  finish(
    outputs: readonly { readonly image: number; readonly scores: readonly number[]; readonly class: number }[],
  ): Checked {
    let deviation = 0
    for (const output of outputs) {
      const apart = this.apart.has(output.image)
      const should = apart ? this.decided(output.image) : this.golden.result(output.image)
      const byScores = this.workload.network.decision.rule === 'argmax'
      const same = !byScores || should.scores.every((score, i) => score === output.scores[i])
      if (output.class !== should.class || !same)
        throw new Error(
          `image ${output.image}: class ${output.class}, evaluation gives ${should.class}, or scores differ`,
        )
      if (apart) deviation = Math.max(deviation, this.deviationOf(output))
    }
    const expected = outputs.length * this.nodes.size
    if (this.tensors !== expected) throw new Error(`${this.tensors} tensors were observed of ${expected}`)
    return { tensors: this.tensors, values: this.values, deviation }
  }

  /** Class of a picture: for images whose timing a machine only replayed. */
  classOf(picture: number): number {
    return this.golden.result(picture).class
  }

  /** The value of a node, given what was observed. */
  private follow(seen: ReadonlyMap<string, Tensor>, node: string): Tensor {
    const task = this.tasks.get(node)!
    return task.run(task.inputs.map((name) => seen.get(name) ?? this.follow(seen, name)))
  }

  /** Whether it is a sum of reals, or follows from one without anything observed between. */
  private isRounded(seen: ReadonlyMap<string, Tensor>, node: string): boolean {
    if (this.rounded.has(node)) return true
    return this.tasks.get(node)!.inputs.some((name) => !seen.has(name) && this.isRounded(seen, name))
  }

  private seenOf(image: number): Map<string, Tensor> {
    const known = this.images.get(image)
    if (known !== undefined) return known
    if (this.images.size === KEPT) this.images.delete(this.images.keys().next().value!)
    const made = new Map([['input', this.golden.inputs[image % this.golden.inputs.length]!]])
    this.images.set(image, made)
    return made
  }

  /** What the observed tensors of an image decide. */
  private decided(image: number): Pick<Evaluation, 'scores' | 'class'> {
    return decide(this.workload.network, this.seenOf(image))
  }

  private deviationOf({ image, scores }: { readonly image: number; readonly scores: readonly number[] }): number {
    const should = this.golden.result(image).scores
    const largest = Math.max(...should.map(Math.abs))
    return Math.max(...should.map((score, i) => Math.abs(score - scores[i]!))) / largest
  }
}

const sumsReals = ({ op }: Node): boolean => op.kind === 'mac' || (op.kind === 'pool' && op.pool === 'average')

const contents = (tensor: Tensor): Uint32Array | Int32Array | Float32Array =>
  tensor.kind === 'bits' ? tensor.words : tensor.data

function firstDifference(tensor: Tensor, should: Tensor): number {
  const [is, other] = [contents(tensor), contents(should)]
  if (is.length !== other.length) return 0
  for (let i = 0; i < is.length; i++) if (is[i] !== other[i]) return i
  return -1
}

/** The first value that differs by more than rounding. */
function firstApart(tensor: Tensor, should: Tensor): number {
  const [is, other] = [contents(tensor), contents(should)]
  if (is.length !== other.length) return 0
  let largest = 0
  for (let i = 0; i < other.length; i++) largest = Math.max(largest, Math.abs(other[i]!))
  for (let i = 0; i < is.length; i++) if (!(Math.abs(is[i]! - other[i]!) <= TOLERANCE * largest)) return i
  return -1
}
