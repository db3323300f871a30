// Compares what a machine computed with what its workload should: every tensor of every
// layer, bit for bit, once for each distinct picture.

import { evaluate } from './evaluate.ts'
import type { Tensor } from './tensor.ts'
import type { Workload } from './workload.ts'

export interface Checked {
  readonly tensors: number
  readonly values: number
}

export class Verifier {
  private readonly workload: Workload
  private readonly inputs: readonly Tensor[]
  private readonly expected = new Map<number, ReadonlyMap<string, Tensor>>() // by picture, the latest few
  private readonly done = new Set<string>()
  private values = 0

  constructor(workload: Workload, inputs: readonly Tensor[]) {
    this.workload = workload
    this.inputs = inputs
  }

  /** Takes a tensor as a machine observed it. Throws where it is not what it should be: a defect of the simulator. */
  check(image: number, node: string, tensor: Tensor): void {
    const picture = image % this.inputs.length
    const key = `${picture} ${node}`
    if (this.done.has(key)) return
    this.done.add(key)
    const should = contents(this.expectedOf(picture).get(node)!)
    const is = contents(tensor)
    const differs = is.findIndex((value, i) => value !== should[i])
    if (differs >= 0 || is.length !== should.length)
      throw new Error(
        `picture ${picture}, ${node}: word ${differs} is ${is[differs]}, golden evaluation gives ${should[differs]}`,
      )
    this.values += tensor.shape.channels * tensor.shape.height * tensor.shape.width
  }

  /** Class that the workload gives a picture: for images whose timing a machine only replayed. */
  classOf(picture: number): number {
    return evaluate(this.workload, this.inputs[picture]!).class
  }

  get checked(): Checked {
    return { tensors: this.done.size, values: this.values }
  }

  // Pictures are in the machine together only a few at a time.
  private expectedOf(picture: number): ReadonlyMap<string, Tensor> {
    const known = this.expected.get(picture)
    if (known !== undefined) return known
    if (this.expected.size === KEPT) this.expected.delete(this.expected.keys().next().value!)
    const { tensors } = evaluate(this.workload, this.inputs[picture]!, true)
    this.expected.set(picture, tensors)
    return tensors
  }
}

const KEPT = 32

const contents = (tensor: Tensor): Uint32Array | Int32Array | Float32Array =>
  tensor.kind === 'bits' ? tensor.words : tensor.data
