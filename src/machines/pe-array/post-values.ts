// What post-processing lanes compute, element by element, in the arithmetic of network.ts: fixed-point steps as they are
// defined there, reals rounded to float32 after each operation.

import { setBit } from '../../work/bits.ts'
import { type ElementOp, elementOf } from '../../work/element.ts'
import { type Element, sumElement } from '../../work/fixed.ts'
import type { Node } from '../../work/network.ts'
import {
  bitTensor,
  type IntTensor,
  intTensor,
  type RealTensor,
  realTensor,
  type Tensor,
  wordsOf,
} from '../../work/tensor.ts'
import type { LayerPlan } from './plan.ts'
import type { PostPlan } from './post-plan.ts'

type Numbers = IntTensor | RealTensor

/** Computes pixels `from` to `to` - 1. */
type Run = (from: number, to: number) => void

/** The lanes behind a layer, for one image. */
export class PostValues {
  /** Sums as the PEs give them, for pixels that have not been computed. */
  readonly sums: IntTensor
  private readonly tensors: Map<string, Tensor>
  private readonly runs: readonly Run[]
  private readonly leaving: readonly string[]

  /** `known` has what was computed before. */
  constructor({ name, shape, clamp }: LayerPlan, post: PostPlan, known: ReadonlyMap<string, Tensor>) {
    this.sums = intTensor(shape.output)
    this.tensors = new Map<string, Tensor>([[name, this.sums]])
    for (const each of post.reads) this.tensors.set(each.name, known.get(each.name)!)
    const { sums } = this
    const clamped: Run[] =
      clamp === null ? [] : [mapped(sums, sums, (x) => Math.max(clamp.low, Math.min(clamp.high, x)))]
    this.runs = [...clamped, ...post.steps.map((node) => this.step(node, post.reals.has(node.name)))]
    this.leaving = [...post.writes.map((each) => each.name), ...(post.bits === null ? [] : [post.bits.name])]
  }

  /** Computes all steps of `count` pixels from `first` on, whose sums are there. */
  compute(first: number, count: number): void {
    for (const run of this.runs) run(first, first + count)
  }

  /** What leaves the lanes: values that are written, and bits. */
  results(): Map<string, Tensor> {
    return new Map(this.leaving.map((name) => [name, this.tensors.get(name)!]))
  }

  private step({ name, op, inputs, output }: Node, real: boolean): Run {
    const read = inputs.map((input) => this.numbers(input))
    const [from] = read
    if (op.kind === 'threshold') {
      const bits = bitTensor(output)
      this.tensors.set(name, bits)
      return (first, last) => {
        for (let pixel = first; pixel < last; pixel++)
          for (let c = 0; c < output.channels; c++) {
            const x = from!.data[pixel * output.channels + c]!
            const bit = op.inclusive ? x >= op.level[c]! : x > op.level[c]!
            if (bit) setBit(bits.words, pixel * wordsOf(output.channels), c, true)
          }
      }
    }
    const to = real ? realTensor(output) : intTensor(output)
    this.tensors.set(name, to)
    if (op.kind === 'concat') return joined(read, to)
    if (op.kind === 'add') return added(read, to, op.bits === undefined ? (a, b) => a + b : sumElement(op.bits))
    return mapped(from!, to, elementOf(op as ElementOp)) // all others that lanes take have had their turn
  }

  private numbers(name: string): Numbers {
    const tensor = this.tensors.get(name)
    if (tensor === undefined || tensor.kind === 'bits') throw new Error(`no numbers ${name} for the lanes`)
    return tensor
  }
}

function mapped({ data: from, shape: { channels } }: Numbers, { data: to }: Numbers, element: Element): Run {
  return (first, last) => {
    for (let pixel = first; pixel < last; pixel++)
      for (let c = 0; c < channels; c++) to[pixel * channels + c] = element(from[pixel * channels + c]!, c)
  }
}

/** One term after another. */
function added(terms: readonly Numbers[], to: Numbers, sum: (a: number, b: number) => number): Run {
  const { channels } = to.shape
  const [start, ...rest] = terms.map(({ data }) => data)
  return (first, last) => {
    for (let i = first * channels; i < last * channels; i++) {
      to.data[i] = start![i]!
      for (const term of rest) to.data[i] = sum(to.data[i]!, term[i]!)
    }
  }
}

function joined(parts: readonly Numbers[], { data: to, shape: { channels: all } }: Numbers): Run {
  return (first, last) => {
    let start = 0
    for (const { data, shape } of parts) {
      const { channels } = shape
      for (let pixel = first; pixel < last; pixel++)
        for (let c = 0; c < channels; c++) to[pixel * all + start + c] = data[pixel * channels + c]!
      start += channels
    }
  }
}
