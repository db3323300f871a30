// Sliding-window unit as high-level synthesis builds it: one loop whose iteration
// writes a window word and reads a new input word in the same step. While either side
// waits, both do. A frame takes
//
//   kernel * ROW                        steps that only read, then for each output row
//   max(WINDOW, stride * ROW)           steps that write windows and read the next rows
//
// with ROW = size * CF words, WINDOW = outputs * kernel^2 * CF words, CF words a pixel.
// In the second part the loop counts in blocks that end one step early, and reads one
// word less than `stride` rows in each: the words left over are read in later blocks,
// just before they are needed (finn-hlslib, ConvolutionInputGenerator). It keeps
// kernel + stride rows.

import type { Kernel } from '../sim/kernel.ts'
import { lanesOf, type Wires } from '../sim/stream.ts'
import { Pipeline, type PipelineSpec } from './pipeline.ts'

export interface WindowGeometry {
  readonly kernel: number
  readonly stride: number
  /** Width and height of the input. */
  readonly size: number
  /** Width and height of the output. */
  readonly outputs: number
  /** Words a pixel. */
  readonly wordsPerPixel: number
}

/** Words in a row of input, and in the windows of a row of output. */
const rowWords = ({ size, wordsPerPixel }: WindowGeometry): number => size * wordsPerPixel
const windowWords = ({ outputs, kernel, wordsPerPixel }: WindowGeometry): number =>
  outputs * kernel ** 2 * wordsPerPixel

export class LockStepWindow extends Pipeline {
  readonly count = { bufferReads: 0, bufferWrites: 0 }

  private readonly geometry: WindowGeometry
  private readonly row: number
  private readonly window: number
  private readonly startUp: number
  private readonly block: number // steps, and of them those that read
  private readonly blockReads: number
  private readonly steps: number // of a frame
  private readonly laneWidth: number
  private readonly ring: Uint32Array // kernel + stride rows
  private at = 0 // step of this frame
  private read = 0 // words of this frame
  private written = 0

  constructor(
    name: string,
    kernel: Kernel,
    spec: PipelineSpec,
    wires: Wires,
    geometry: WindowGeometry,
    frames: number,
  ) {
    const window = windowWords(geometry)
    const reads = geometry.stride * rowWords(geometry)
    super(name, kernel, spec, wires, frames, geometry.outputs * Math.max(window, reads) + spec.lag + 1)
    const early = window >= reads ? 1 : 0
    this.geometry = geometry
    this.row = rowWords(geometry)
    this.window = window
    this.startUp = geometry.kernel * this.row
    this.block = Math.max(1, Math.max(window, reads) - early) // at least a step: one word, one window
    this.blockReads = reads - early
    this.steps = this.startUp + geometry.outputs * Math.max(window, reads)
    this.laneWidth = lanesOf(wires.input.width)
    this.ring = new Uint32Array((geometry.kernel + geometry.stride) * this.row * this.laneWidth)
  }

  protected accept(step: number): void {
    this.store(this.input.pop())
    this.acceptAt = step
    do this.advance(this.acceptAt++)
    while (!this.reads() && !this.complete())
    if (!this.complete()) return
    this.at = this.read = this.written = 0
    this.framesLeft--
    this.acceptAt += this.lag // the loop over a frame runs out before the next begins
  }

  protected position(into: number[]): void {
    into.push(this.at)
  }

  /** True if the next step takes a word. */
  private reads(): boolean {
    if (this.read === this.geometry.size * this.row) return false
    return this.at < this.startUp || this.at >= this.steps || this.blockStep() < this.blockReads
  }

  private complete(): boolean {
    const { size, outputs } = this.geometry
    return this.at >= this.steps && this.read === size * this.row && this.written === outputs * this.window
  }

  private blockStep(): number {
    return (this.at - this.startUp) % this.block
  }

  private advance(step: number): void {
    const inBlock = this.at >= this.startUp && (this.at >= this.steps || this.blockStep() < this.window)
    if (inBlock && this.written < this.geometry.outputs * this.window) this.write(step)
    this.at++
  }

  private store(lane: number): void {
    const { kernel, stride } = this.geometry
    const to = (this.read++ % ((kernel + stride) * this.row)) * this.laneWidth
    for (let i = 0; i < this.laneWidth; i++) this.ring[to + i] = this.input.words[lane + i]!
    this.count.bufferWrites++
  }

  private write(step: number): void {
    const { kernel, stride, wordsPerPixel } = this.geometry
    const y = Math.floor(this.written / this.window)
    const inRow = this.written++ % this.window
    const tap = Math.floor(inRow / wordsPerPixel)
    const row = (y * stride + (Math.floor(tap / kernel) % kernel)) % (kernel + stride)
    const column = Math.floor(tap / (kernel * kernel)) * stride + (tap % kernel)
    const from = (row * this.row + column * wordsPerPixel + (inRow % wordsPerPixel)) * this.laneWidth
    const to = this.emit(step + this.lag)
    for (let i = 0; i < this.laneWidth; i++) this.words[to + i] = this.ring[from + i]!
    this.count.bufferReads++
  }
}
