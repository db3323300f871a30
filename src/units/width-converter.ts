// Joins narrow words into wide ones or cuts wide words into narrow ones, first bits
// first: max(words in, words out) steps. With equal widths it only passes words on, as a
// DMA engine between a memory port and a stream does.

import type { Kernel } from '../sim/kernel.ts'
import { lanesOf, type Wires } from '../sim/stream.ts'
import { copyBits } from '../work/bit-range.ts'
import { Pipeline, type PipelineSpec } from './pipeline.ts'

export class WidthConverter extends Pipeline {
  readonly count = { wordsIn: 0, wordsOut: 0 }

  private readonly cuts: number // words out of each word in, or 0 when joining
  private readonly joins: number
  private readonly wordsPerFrame: number
  private readonly partial: Uint32Array
  private joined = 0
  private taken = 0

  /** One width must divide the other. `wordsPerFrame` are input words. */
  constructor(name: string, kernel: Kernel, spec: PipelineSpec, wires: Wires, wordsPerFrame: number, frames: number) {
    const [from, to] = [wires.input.width, wires.output.width]
    if (from % to !== 0 && to % from !== 0) throw new RangeError(`${name}: ${from} bits do not convert to ${to}`)
    const cuts = from >= to ? from / to : 0
    super(name, kernel, spec, wires, frames, Math.max(1, cuts) + spec.lag + 1)
    this.cuts = cuts
    this.joins = cuts > 0 ? 1 : to / from
    this.wordsPerFrame = wordsPerFrame
    this.partial = new Uint32Array(lanesOf(to))
  }

  protected accept(step: number): void {
    const lane = this.input.pop()
    this.count.wordsIn++
    if (this.cuts > 0) this.cut(lane, step)
    else this.join(lane, step)
    if (++this.taken < this.wordsPerFrame) return
    this.taken = 0
    this.framesLeft--
  }

  protected position(into: number[]): void {
    into.push(this.joined, this.taken)
  }

  private cut(lane: number, step: number): void {
    const width = this.output.width
    for (let i = 0; i < this.cuts; i++) {
      const to = this.emit(step + i + this.lag)
      copyBits(this.input.words, lane * 32 + i * width, this.words, to * 32, width)
    }
    this.count.wordsOut += this.cuts
    this.acceptAt = step + this.cuts
  }

  private join(lane: number, step: number): void {
    const width = this.input.width
    copyBits(this.input.words, lane * 32, this.partial, this.joined * width, width)
    this.acceptAt = step + 1
    if (++this.joined < this.joins) return
    this.joined = 0
    const to = this.emit(step + this.lag)
    for (let i = 0; i < this.partial.length; i++) this.words[to + i] = this.partial[i]!
    this.count.wordsOut++
  }
}
