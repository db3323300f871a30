// Sliding-window unit of the RTL style: a ring of rows that one side fills while the
// other reads windows from it, each at one word a cycle. A window row is read once
// its kernel rows are complete; reading the last window of an output row frees the
// rows that no later window needs. Words leave through an output register.
//
//   ring: rows `base` .. `base + rowsHeld - 1` complete, then the row being written

import type { Kernel } from '../sim/kernel.ts'
import { lanesOf, type Wires, type WordReader, type WordWriter } from '../sim/stream.ts'
import { Activity, type State, states } from './activity.ts'
import type { StreamUnit } from './pipeline.ts'
import type { WindowGeometry } from './window-lockstep.ts'

export class RingWindow implements StreamUnit {
  readonly name: string
  readonly count = { bufferReads: 0, bufferWrites: 0 }
  readonly cycles: Record<State, number>

  private readonly kernel: Kernel
  private readonly activity: Activity
  private readonly geometry: WindowGeometry
  private readonly input: WordReader
  private readonly output: WordWriter
  private readonly laneWidth: number
  private readonly row: number // words
  private readonly ringRows: number
  private readonly ring: Uint32Array
  private readonly register: Uint32Array
  private registerFull = false
  private writeAt = 0 // word of the ring
  private writeColumn = 0
  private rowsHeld = 0
  private base = 0 // ring row of the window's top
  private debt = 0 // rows to free that have not arrived yet
  private window = 0 // word of the current output row's windows
  private outputRow = 0
  private framesLeft: number // to be read from the ring
  private wordsLeft: number // to be written to it
  private wokenAt = -1

  /** `ringRows` of kernel + stride let reading and writing overlap fully. */
  constructor(
    name: string,
    kernel: Kernel,
    wires: Wires,
    geometry: WindowGeometry,
    frames: number,
    ringRows = geometry.kernel + geometry.stride,
  ) {
    this.name = name
    this.kernel = kernel
    this.activity = new Activity(name, kernel.tracer)
    this.cycles = this.activity.cycles
    this.geometry = geometry
    this.input = wires.input.readBy(this)
    this.output = wires.output.writtenBy(this)
    this.laneWidth = lanesOf(wires.input.width)
    this.row = geometry.size * geometry.wordsPerPixel
    this.ringRows = ringRows
    this.ring = new Uint32Array(ringRows * this.row * this.laneWidth)
    this.register = new Uint32Array(this.laneWidth)
    this.framesLeft = frames
    this.wordsLeft = frames * geometry.size * this.row
    kernel.schedule(0, this)
  }

  wake(): void {
    const now = this.kernel.now
    if (this.wokenAt === now) return
    this.wokenAt = now
    const held = this.rowsHeld // what the read side sees this cycle
    const pushes = this.registerFull && this.output.writable
    if (pushes) this.output.push(this.register, 0)
    const reads = this.framesLeft > 0 && held >= this.geometry.kernel && (!this.registerFull || pushes)
    const writes = this.wordsLeft > 0 && held < this.ringRows && this.input.ready
    if (reads) this.free(this.read())
    else if (pushes) this.registerFull = false
    if (writes) this.write()
    this.payDebt()
    this.activity.become(this.stateAfter(reads || writes), now)
    if (reads || writes || pushes) this.kernel.schedule(1, this)
  }

  get state(): State {
    return this.activity.state
  }

  settle(at: number): void {
    this.activity.settle(at)
  }

  close(at: number): void {
    this.activity.close(at)
  }

  signature(into: number[]): void {
    const { writeColumn, rowsHeld, debt, window, outputRow, registerFull } = this
    into.push(states.indexOf(this.activity.state), writeColumn, rowsHeld, debt, window, outputRow, registerFull ? 1 : 0)
  }

  skip(frames: number): void {
    this.framesLeft -= frames
    this.wordsLeft -= frames * this.geometry.size * this.row
  }

  private stateAfter(moved: boolean): State {
    if (moved) return 'busy'
    if (this.registerFull) return 'output'
    if (this.framesLeft === 0) return 'idle'
    return this.activity.starved
  }

  private write(): void {
    const from = this.input.pop()
    const to = this.writeAt * this.laneWidth
    for (let i = 0; i < this.laneWidth; i++) this.ring[to + i] = this.input.words[from + i]!
    this.count.bufferWrites++
    this.wordsLeft--
    this.writeAt = this.writeAt === this.ringRows * this.row - 1 ? 0 : this.writeAt + 1
    if (++this.writeColumn < this.row) return
    this.writeColumn = 0
    this.rowsHeld++
  }

  /** Reads a window word into the output register. Returns the rows that it was the last to need. */
  private read(): number {
    const { kernel, stride, size, outputs, wordsPerPixel } = this.geometry
    const word = this.window % wordsPerPixel
    const tap = Math.floor(this.window / wordsPerPixel)
    const row = (this.base + (Math.floor(tap / kernel) % kernel)) % this.ringRows
    const column = Math.floor(tap / kernel ** 2) * stride + (tap % kernel)
    const from = (row * this.row + column * wordsPerPixel + word) * this.laneWidth
    for (let i = 0; i < this.laneWidth; i++) this.register[i] = this.ring[from + i]!
    this.registerFull = true
    this.count.bufferReads++
    if (++this.window < outputs * kernel ** 2 * wordsPerPixel) return 0
    this.window = 0
    if (++this.outputRow < outputs) return stride
    this.outputRow = 0
    this.framesLeft--
    return size - (outputs - 1) * stride
  }

  private free(rows: number): void {
    this.debt += rows
  }

  // A row that completes in this very cycle can be freed in it.
  private payDebt(): void {
    const paid = Math.min(this.debt, this.rowsHeld)
    this.debt -= paid
    this.rowsHeld -= paid
    this.base = (this.base + paid) % this.ringRows
  }
}
