// What a sequencer of the PE array drives: rows of processing elements (PEs), one row for each output channel (kernel) at
// work, one column for each output pixel.

/** Pixels that the columns of an array work on together, and the windows that they see. */
export interface PixelGroup {
  /** By column: pixel of the tensor that the results are part of; columns from `active` on have none. */
  readonly pixels: Int32Array
  readonly active: number
  /** Position in the windows of the pool, which take their pixels one after another; 0 without pool. */
  readonly turn: number
  /** Whether the windows of the pool are complete with it. */
  readonly last: boolean
  /** By column: class of the padding that its window sees, for `levels`. */
  readonly border: Int32Array
}

export interface GroupTiming {
  /** Cycle behind the last one that reads the windows: they may be overwritten from it on. */
  readonly released: number
  /** Cycle in which the last result leaves. */
  readonly emitted: number
}

export interface Engine {
  /** Counters; every engine of a layer has the same. */
  readonly count: EngineCount
  /** Computes all that the rows have to do for `group`, whose windows lie in half `half` of the buffer, from cycle `start` on. */
  run(group: PixelGroup, half: number, start: number): GroupTiming
}

export interface EngineCount {
  /** Steps issued, and how many PEs were at work in them, all together. */
  steps: number
  peSteps: number
  /** Steps of PEs that had nothing to count: no kernel, no pixel, no term in the step, or a sum that was decided. */
  idleSteps: number
  /** The same of rows and of columns, and folds that rows have a kernel in. */
  rowSteps: number
  columnSteps: number
  rowFolds: number
  /** Folds begun, and those cut short. */
  folds: number
  cuts: number
  /** Bits that PEs counted under mask, and those of them that were needed for the results. */
  bits: number
  needed: number
  /** Neurons decided before their last step. */
  decided: number
  /** Sums that start from another kernel's, and sums kept for that. */
  baseReads: number
  baseWrites: number
  /** Comparisons with thresholds. */
  compares: number
  /** 2-D results computed, written to the buffers of rows, read from them, and additions of them to sums. */
  slices: number
  sliceWrites: number
  sliceReads: number
  additions: number
  /** Cycles of the convolvers of slices. */
  convolverSteps: number
}

export const noCount = (): EngineCount => ({
  steps: 0,
  peSteps: 0,
  idleSteps: 0,
  rowSteps: 0,
  columnSteps: 0,
  rowFolds: 0,
  folds: 0,
  cuts: 0,
  bits: 0,
  needed: 0,
  decided: 0,
  baseReads: 0,
  baseWrites: 0,
  compares: 0,
  slices: 0,
  sliceWrites: 0,
  sliceReads: 0,
  additions: 0,
  convolverSteps: 0,
})

/** Takes results as they leave. */
export interface ResultSink {
  /** Final bit, or sum where there is no threshold, of a kernel at a pixel. */
  put(pixel: number, kernel: number, value: number): void
}

/** Told of each fold whose results leave: for comparison with RTL. Bits by row, then column, the OR of the pool so far. */
export type EmissionListener = (cycle: number, bits: readonly number[]) => void
