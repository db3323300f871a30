// Element-wise steps behind a matrix-vector unit: a word of `pe` sums in, a word of `pe` results out, one word a step. All
// steps of a chain are one pipeline. Words of a pixel come in the order of folds: lane i of the k-th has channel k * pe + i.

import type { Kernel } from '../sim/kernel.ts'
import type { Wires } from '../sim/stream.ts'
import { copyBits } from '../work/bit-range.ts'
import { type ElementOp, elementOf } from '../work/element.ts'
import type { Element } from '../work/fixed.ts'
import { Pipeline, type PipelineSpec } from './pipeline.ts'

export type ElementStep =
  | ElementOp
  /** Of matches among `terms`, the dot product. */
  | { readonly kind: 'dot'; readonly terms: number }
  | { readonly kind: 'clamp'; readonly low: number; readonly high: number }

/** What leaves: the bit of a comparison, two's complement, or the pattern of a float32. */
export type ElementResult =
  | { readonly kind: 'bit'; readonly level: Int32Array | Float32Array; readonly inclusive: boolean }
  | { readonly kind: 'int'; readonly bits: number }
  | { readonly kind: 'real' }

export interface ElementwiseSpec extends PipelineSpec {
  readonly pe: number
  /** Of a pixel, a multiple of `pe`. */
  readonly channels: number
  /** Bits of a sum, two's complement. */
  readonly bits: number
  /** What each does, with parameters for every channel. */
  readonly steps: readonly ElementStep[]
  readonly result: ElementResult
  /** What the steps count for an element. */
  readonly operations: { readonly multiplications: number; readonly shifts: number }
}

export class Elementwise extends Pipeline {
  readonly count = { words: 0, multiplications: 0, shifts: 0, compares: 0 }

  private readonly spec: ElementwiseSpec
  private readonly elements: readonly Element[]
  private readonly resultBits: number
  private readonly field = new Uint32Array(1)
  private readonly integer = new Int32Array(this.field.buffer)
  private readonly real = new Float32Array(this.field.buffer)
  private readonly wordsPerFrame: number
  private taken = 0

  constructor(name: string, kernel: Kernel, spec: ElementwiseSpec, wires: Wires, pixels: number, frames: number) {
    super(name, kernel, spec, wires, frames, spec.lag + 1)
    this.spec = spec
    this.elements = spec.steps.map(stepOf)
    this.resultBits = resultBits(spec.result)
    this.wordsPerFrame = (pixels * spec.channels) / spec.pe
  }

  protected accept(step: number): void {
    const { pe, channels, operations, result } = this.spec
    this.compute(this.input.pop(), this.emit(step + this.lag), (this.taken * pe) % channels)
    this.acceptAt = step + 1
    this.count.words++
    this.count.multiplications += pe * operations.multiplications
    this.count.shifts += pe * operations.shifts
    if (result.kind === 'bit') this.count.compares += pe
    if (++this.taken < this.wordsPerFrame) return
    this.taken = 0
    this.framesLeft--
  }

  protected position(into: number[]): void {
    into.push(this.taken)
  }

  private compute(from: number, to: number, channel: number): void {
    const { pe, bits } = this.spec
    for (let i = 0; i < pe; i++) {
      copyBits(this.input.words, from * 32 + i * bits, this.field, 0, bits)
      let value = (this.integer[0]! << (32 - bits)) >> (32 - bits)
      for (const element of this.elements) value = element(value, channel + i)
      this.put(value, channel + i)
      copyBits(this.field, 0, this.words, to * 32 + i * this.resultBits, this.resultBits)
    }
  }

  private put(value: number, channel: number): void {
    const { result } = this.spec
    if (result.kind === 'int') this.integer[0] = value
    else if (result.kind === 'real') this.real[0] = value
    else {
      const level = result.level[channel]!
      this.field[0] = Number(result.inclusive ? value >= level : value > level)
    }
  }
}

/** Bits in which a result leaves. */
export const resultBits = (result: ElementResult): number =>
  result.kind === 'bit' ? 1 : result.kind === 'int' ? result.bits : 32

function stepOf(step: ElementStep): Element {
  if (step.kind === 'dot') return (x) => 2 * x - step.terms
  if (step.kind === 'clamp') return (x) => Math.max(step.low, Math.min(step.high, x))
  return elementOf(step)
}
