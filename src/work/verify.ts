// Compares what a machine computed with what its workload should: every tensor of every
// layer and every result, bit for bit, of every image that it simulated.

import { type Evaluation, evaluate } from './evaluate.ts'
import type { Tensor } from './tensor.ts'
import type { Workload } from './workload.ts'

export interface Checked {
  readonly tensors: number
  readonly values: number
}

/** Evaluations kept: pictures are in a machine together only a few at a time. */
const KEPT = 32

/** `inputs[image % inputs.length]` is what a machine was given as image `image`. Any difference throws: a defect of the simulator. */
export class Verifier {
  private readonly workload: Workload
  private readonly inputs: readonly Tensor[]
  private readonly kept = new Map<number, Evaluation>() // by picture
  private readonly results = new Map<number, Pick<Evaluation, 'scores' | 'class'>>()
  private readonly nodes = new Set<string>()
  private tensors = 0
  private values = 0

  constructor(workload: Workload, inputs: readonly Tensor[]) {
    this.workload = workload
    this.inputs = inputs
  }

  /** Takes a tensor as a machine observed it. */
  check(image: number, node: string, tensor: Tensor): void {
    const should = contents(this.evaluation(image).tensors.get(node)!)
    const is = contents(tensor)
    const at = is.length === should.length ? is.findIndex((value, i) => value !== should[i]) : 0
    if (at >= 0) throw new Error(`image ${image}, ${node}, word ${at}: ${is[at]}, evaluation gives ${should[at]}`)
    this.nodes.add(node)
    this.tensors++
    this.values += tensor.shape.channels * tensor.shape.height * tensor.shape.width
  }

  /** Takes all results of a run, whose tensors have been checked. Where bits decide, they are all that a result has. */
  finish(
    outputs: readonly { readonly image: number; readonly scores: readonly number[]; readonly class: number }[],
  ): Checked {
    const byScores = this.workload.network.decision.rule === 'argmax'
    for (const output of outputs) {
      const should = this.result(output.image % this.inputs.length)
      const same = !byScores || should.scores.every((score, i) => score === output.scores[i])
      if (output.class !== should.class || !same)
        throw new Error(
          `image ${output.image}: class ${output.class}, evaluation gives ${should.class}, or scores differ`,
        )
    }
    const expected = outputs.length * this.nodes.size
    if (this.tensors !== expected) throw new Error(`${this.tensors} tensors were observed of ${expected}`)
    return { tensors: this.tensors, values: this.values }
  }

  /** Class of a picture: for images whose timing a machine only replayed. */
  classOf(picture: number): number {
    return this.result(picture).class
  }

  private result(picture: number): Pick<Evaluation, 'scores' | 'class'> {
    return this.results.get(picture) ?? this.keep(picture, evaluate(this.workload, this.inputs[picture]!))
  }

  private keep(picture: number, { scores, class: best }: Evaluation): Pick<Evaluation, 'scores' | 'class'> {
    const result = { scores, class: best }
    this.results.set(picture, result)
    return result
  }

  private evaluation(image: number): Evaluation {
    const picture = image % this.inputs.length
    const known = this.kept.get(picture)
    if (known !== undefined) return known
    if (this.kept.size === KEPT) this.kept.delete(this.kept.keys().next().value!)
    const made = evaluate(this.workload, this.inputs[picture]!, true)
    this.kept.set(picture, made)
    this.keep(picture, made)
    return made
  }
}

const contents = (tensor: Tensor): Uint32Array | Int32Array | Float32Array =>
  tensor.kind === 'bits' ? tensor.words : tensor.data
