// Sliding-window unit as high-level synthesis builds it: one loop whose iteration
// writes a window word and reads a new input word in the same step. A frame takes
// kernel * ROW steps that only read, then one block of max(WINDOW, rows read * ROW)
// steps per output row, with ROW = size * CF words, WINDOW = outputs * kernel^2 * CF
// words and CF = channels / SIMD words a pixel. While either side waits, both do.
// It keeps kernel + stride rows.

import type { Kernel } from '../sim/kernel.ts'
import type { Wires } from '../sim/stream.ts'
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

export class LockStepWindow extends Pipeline {
  readonly count = { bufferReads: 0, bufferWrites: 0 }

  private readonly geometry: WindowGeometry
  private readonly row: number
  private readonly window: number
  private readonly laneWidth: number
  private readonly rows: Uint32Array // ring of kernel + stride rows, by absolute row
  private taken = 0 // input words of this frame

  constructor(
    name: string,
    kernel: Kernel,
    spec: PipelineSpec,
    wires: Wires,
    geometry: WindowGeometry,
    frames: number,
  ) {
    const window = geometry.outputs * geometry.kernel ** 2 * geometry.wordsPerPixel
    super(name, kernel, spec, wires, frames, 2 * window + spec.lag + 1)
    this.geometry = geometry
    this.row = geometry.size * geometry.wordsPerPixel
    this.window = window
    this.laneWidth = (wires.input.width + 31) >>> 5
    this.rows = new Uint32Array((geometry.kernel + geometry.stride) * this.row * this.laneWidth)
  }

  protected accept(step: number): void {
    this.store(this.input.pop())
    this.acceptAt = step + 1
    const before = this.taken++
    const start = this.geometry.kernel * this.row
    if (before >= start) this.overlapped(before - start, step)
    else if (this.taken === start && this.reads(0) === 0) this.writeOnly(0, step + 1)
    if (this.taken < this.geometry.size * this.row) return
    this.taken = 0
    this.framesLeft--
  }

  protected position(into: number[]): void {
    into.push(this.taken)
  }

  /** Words read during the block of output row `y`: the rows it frees, and at the end those that no window uses. */
  private reads(y: number): number {
    const { size, kernel, stride, outputs } = this.geometry
    const rows = y < outputs - 1 ? stride : size - kernel - (outputs - 1) * stride
    return rows * this.row
  }

  // Iteration `past` after the start-up rows: it read the word just stored.
  private overlapped(past: number, step: number): void {
    const { stride, outputs } = this.geometry
    const y = Math.min(Math.floor(past / (stride * this.row)), outputs - 1)
    const at = past - y * stride * this.row
    const reads = this.reads(y)
    if (at < this.window) this.write(y, at, step)
    if (at < reads - 1) return
    for (let i = reads; i < this.window; i++) this.write(y, i, step + 1 + i - reads)
    this.acceptAt = step + 1 + Math.max(0, this.window - reads)
    if (y === outputs - 2 && this.reads(outputs - 1) === 0) this.writeOnly(outputs - 1, this.acceptAt)
  }

  // The last block when there is nothing left to read.
  private writeOnly(y: number, from: number): void {
    for (let i = 0; i < this.window; i++) this.write(y, i, from + i)
    this.acceptAt = from + this.window
  }

  private store(lane: number): void {
    const { kernel, stride } = this.geometry
    const at = (this.taken % ((kernel + stride) * this.row)) * this.laneWidth
    for (let i = 0; i < this.laneWidth; i++) this.rows[at + i] = this.input.words[lane + i]!
    this.count.bufferWrites++
  }

  private write(y: number, index: number, step: number): void {
    const { kernel, stride, wordsPerPixel } = this.geometry
    const word = index % wordsPerPixel
    const tap = Math.floor(index / wordsPerPixel)
    const kx = tap % kernel
    const ky = Math.floor(tap / kernel) % kernel
    const x = Math.floor(tap / kernel ** 2)
    const row = (y * stride + ky) % (kernel + stride)
    const from = (row * this.row + (x * stride + kx) * wordsPerPixel + word) * this.laneWidth
    const to = this.emit(step + this.lag)
    for (let i = 0; i < this.laneWidth; i++) this.words[to + i] = this.rows[from + i]!
    this.count.bufferReads++
  }
}
