// The array as 2-D convolvers: at each input channel, convolvers compute the results of the slices that kernels share, a
// buffer holds them, and each row adds to the sums of its kernels what they use. Convolvers are a block of channels ahead of
// the additions.
//
//   windows: | half | column | plane | channel |   the bits that a slice meets

import type { SharedSlices } from '../../work/workload.ts'
import {
  type EmissionListener,
  type Engine,
  type GroupTiming,
  noCount,
  type PixelGroup,
  type ResultSink,
} from './engine.ts'

export interface SliceSpec {
  readonly rows: number
  readonly columns: number
  /** Bits of a slice. */
  readonly taps: number
  readonly channels: number
  readonly kernels: number
  /** Input channels at once. */
  readonly lanes: number
  /** Slices of a channel computed each cycle. */
  readonly convolvers: number
  /** What a match counts in each bit plane of the activations. */
  readonly planes: readonly number[]
  readonly levels: Int32Array | null
  /** Cycles from the issue of an addition to its result. */
  readonly depth: number
}

/** From the last issue of convolvers to the first of the additions, beyond the next cycle. */
const CONVOLVER_LAG = 1

export class SliceEngine implements Engine {
  readonly count = noCount()

  private readonly spec: SliceSpec
  private readonly slices: SharedSlices
  private readonly windows: Uint32Array
  private readonly results: ResultSink
  private readonly listener: EmissionListener | undefined
  private readonly blockCycles: readonly number[] // of the convolvers, by block
  private readonly folds: number
  private readonly sums: Int32Array // of one column, by kernel
  private readonly pooled: Uint8Array // by kernel and column
  private readonly copies: number // of results, one for each row that uses them
  private readonly picks: Uint16Array // by channel, then kernel: place in `found`
  private readonly found: Int32Array // of one channel: the result of each slice, and what its complement has
  // Cycles behind the last additions of the last block and of the one before.
  private added = 0
  private addedBefore = 0

  constructor(
    spec: SliceSpec,
    slices: SharedSlices,
    windows: Uint32Array,
    results: ResultSink,
    listener?: EmissionListener,
  ) {
    this.spec = spec
    this.slices = slices
    this.windows = windows
    this.results = results
    this.listener = listener
    this.folds = Math.ceil(spec.kernels / spec.rows)
    this.blockCycles = blockCycles(spec, slices)
    this.sums = new Int32Array(spec.kernels)
    this.pooled = new Uint8Array(spec.kernels * spec.columns)
    this.copies = copiesOf(spec, slices)
    this.picks = picksOf(spec, slices)
    this.found = new Int32Array(2 * spec.kernels)
  }

  run(group: PixelGroup, half: number, start: number): GroupTiming {
    const timing = this.schedule(start)
    for (let column = 0; column < group.active; column++) this.compute(group, half, column)
    this.tally(group.active)
    if (this.listener !== undefined) this.emit(group, timing.emitted, this.listener)
    return timing
  }

  private schedule(start: number): GroupTiming {
    const { folds } = this
    let next = start // of the convolvers
    for (const cycles of this.blockCycles) {
      next = Math.max(next, this.addedBefore) + cycles
      const add = Math.max(this.added, next + CONVOLVER_LAG)
      this.addedBefore = this.added
      this.added = add + folds
    }
    return { released: next, emitted: this.added - 1 + this.spec.depth }
  }

  private compute(group: PixelGroup, half: number, column: number): void {
    const { channels, planes, levels, columns, kernels } = this.spec
    const { sums } = this
    sums.fill(0)
    const window = (half * columns + column) * planes.length * channels
    for (let plane = 0, at = window; plane < planes.length; plane++)
      for (let c = 0; c < channels; c++, at++) this.addChannel(c, this.windows[at]!, planes[plane]!)
    for (let kernel = 0; kernel < kernels; kernel++) {
      const sum = sums[kernel]!
      if (levels === null) {
        this.results.put(group.pixels[column]!, kernel, sum)
        continue
      }
      const at = kernel * columns + column
      const bit = sum > levels[group.border[column]! * kernels + kernel]! ? 1 : 0
      this.pooled[at] = (group.turn > 0 ? this.pooled[at]! : 0) | bit
      if (group.last) this.results.put(group.pixels[column]!, kernel, this.pooled[at]!)
    }
  }

  private addChannel(c: number, sequence: number, worth: number): void {
    const { taps, kernels } = this.spec
    const { first, values } = this.slices
    const { found, sums, picks } = this
    // Complemented, so that equal bits are ones; those beyond the taps are none.
    const other = ~sequence & (2 ** taps - 1)
    const end = first[c + 1]!
    for (let i = first[c]!, place = 0; i < end; i++, place += 2) {
      let v = values[i]! ^ other
      v -= (v >>> 1) & 0x55555555
      v = (v & 0x33333333) + ((v >>> 2) & 0x33333333)
      const matches = Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
      found[place] = matches * worth
      found[place + 1] = (taps - matches) * worth
    }
    const from = c * kernels
    for (let kernel = 0; kernel < kernels; kernel++) sums[kernel]! += found[picks[from + kernel]!]!
  }

  private tally(active: number): void {
    const { count, folds } = this
    const { channels, kernels, planes, taps, levels } = this.spec
    const slices = this.slices.values.length * planes.length * active
    count.folds += folds
    count.steps += folds * this.blockCycles.length
    count.rowSteps += kernels * this.blockCycles.length
    count.peSteps += kernels * this.blockCycles.length * active
    count.rowFolds += kernels
    const convolving = this.blockCycles.reduce((sum, each) => sum + each, 0)
    count.convolverSteps += convolving
    count.columnSteps += convolving * active
    count.slices += slices
    count.sliceWrites += this.copies * planes.length * active
    count.bits += slices * taps
    count.needed += slices * taps
    count.sliceReads += channels * planes.length * kernels * active
    count.additions += (channels * planes.length - 1) * kernels * active
    count.baseReads += (this.blockCycles.length - 1) * kernels * active
    count.baseWrites += this.blockCycles.length * kernels * active
    count.compares += levels === null ? 0 : kernels * active
  }

  private emit({ active }: PixelGroup, last: number, listener: EmissionListener): void {
    const { rows, columns, kernels } = this.spec
    for (let fold = 0; fold < this.folds; fold++) {
      const bits = Array.from({ length: rows * columns }, (_, i) => {
        const kernel = fold * rows + Math.floor(i / columns)
        const column = i % columns
        return kernel < kernels && column < active ? this.pooled[kernel * columns + column]! : 0
      })
      listener(last - this.folds + 1 + fold, bits)
    }
  }
}

/** Cycles that the slowest lane of each block takes: blocks of channels, plane after plane. */
function blockCycles(spec: SliceSpec, { first }: SharedSlices): number[] {
  const { channels, lanes, convolvers, planes } = spec
  const blocks = Array.from({ length: Math.ceil(channels / lanes) }, (_, block) => {
    const counts = Array.from({ length: Math.min(lanes, channels - block * lanes) }, (_, lane) => {
      const c = block * lanes + lane
      return first[c + 1]! - first[c]!
    })
    return Math.max(1, Math.ceil(Math.max(...counts) / convolvers))
  })
  return planes.flatMap(() => blocks)
}

/** Twice the place of the slice that a kernel uses at a channel, and 1 more for its complement. */
function picksOf({ channels, kernels }: SliceSpec, { use, inverse }: SharedSlices): Uint16Array {
  return Uint16Array.from({ length: channels * kernels }, (_, i) => {
    const at = (i % kernels) * channels + Math.floor(i / kernels)
    return 2 * use[at]! + inverse[at]!
  })
}

/** Rows that use each slice, all slices together. */
function copiesOf({ channels, kernels, rows }: SliceSpec, { first, use }: SharedSlices): number {
  const used = new Set<number>()
  for (let kernel = 0, at = 0; kernel < kernels; kernel++)
    for (let c = 0; c < channels; c++, at++) used.add((first[c]! + use[at]!) * rows + (kernel % rows))
  return used.size
}
