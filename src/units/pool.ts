// Max pooling over bits: OR of a window's words, one word a pixel. Windows do not
// overlap. `overlapped` pushes each result as its window completes (RTL style);
// otherwise a row of windows is read first, then its results are written, and the
// next row is read when they have left (two loops of high-level synthesis).

import type { Kernel } from '../sim/kernel.ts'
import { lanesOf, type Wires } from '../sim/stream.ts'
import { Pipeline, type PipelineSpec } from './pipeline.ts'

export interface PoolSpec extends PipelineSpec {
  readonly window: number
  /** Steps between two input words. */
  readonly readInterval: number
  readonly overlapped: boolean
}

export class Pool extends Pipeline {
  readonly count = { words: 0, poolCompares: 0 }

  private readonly pooling: PoolSpec
  private readonly side: number
  private readonly laneWidth: number
  private readonly row: Uint32Array // one partial result per window of the row
  private taken = 0

  /** `size` is width and height of the input, a multiple of the window. */
  constructor(name: string, kernel: Kernel, spec: PoolSpec, wires: Wires, size: number, frames: number) {
    super(name, kernel, spec, wires, frames, size / spec.window + spec.lag + 1)
    this.pooling = spec
    this.side = size
    this.laneWidth = lanesOf(wires.input.width)
    this.row = new Uint32Array((size / spec.window) * this.laneWidth)
  }

  protected accept(step: number): void {
    const { window, readInterval, overlapped, lag } = this.pooling
    const x = this.taken % this.side
    const y = Math.floor(this.taken / this.side)
    const column = Math.floor(x / window)
    this.gather(this.input.pop(), column)
    this.taken++
    this.acceptAt = step + readInterval
    const lastRow = y % window === window - 1
    if (lastRow && overlapped && x % window === window - 1) this.send(column, step + lag)
    if (lastRow && !overlapped && x === this.side - 1) {
      const columns = this.side / window
      for (let i = 0; i < columns; i++) this.send(i, this.acceptAt + i + lag)
      this.acceptAt += columns + lag
    }
    if (this.taken < this.side * this.side) return
    this.taken = 0
    this.framesLeft--
  }

  protected position(into: number[]): void {
    into.push(this.taken)
  }

  private gather(lane: number, column: number): void {
    const at = column * this.laneWidth
    for (let i = 0; i < this.laneWidth; i++) this.row[at + i]! |= this.input.words[lane + i]!
    this.count.words++
    this.count.poolCompares += this.input.width
  }

  private send(column: number, step: number): void {
    const from = column * this.laneWidth
    const to = this.emit(step)
    for (let i = 0; i < this.laneWidth; i++) {
      this.words[to + i] = this.row[from + i]!
      this.row[from + i] = 0
    }
  }
}
