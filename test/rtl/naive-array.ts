// The rules of the PE array as one would write them down: step by step, every PE by itself, with the recurrences of
// its sequencers. What the simulated arrays must agree with, cycle by cycle and bit by bit. Bits are least significant
// first in 32-bit lanes.

/** W bits of one kernel, those of them that are terms, and the terms of the kernel that are left after this step. */
export interface FoldStep {
  readonly weights: Uint32Array
  readonly mask: Uint32Array
  readonly remaining: number
}

/** What one row does in a fold. */
export interface FoldRow {
  readonly used: boolean
  /** It starts from the sum of the kernel of fold `parent` in the same row, or what that leaves of all terms. */
  readonly delta: boolean
  readonly inverse: boolean
  readonly parent: number
  /** Terms of a delta. */
  readonly distance: number
  /** A sum above it gives 1. */
  readonly level: number
  /** The kernel may end before its last step: by what its sum is sure to come to, by its parent's, by its pool window. */
  readonly stop: boolean
  readonly decision: boolean
  readonly bound: boolean
  readonly pool: boolean
  /** The sum is kept for kernels of later folds. */
  readonly keep: boolean
  readonly steps: readonly FoldStep[]
}

export interface Fold {
  /** The groups of width / lanes window bits that each step gathers, one a lane. */
  readonly gather: readonly (readonly number[])[]
  readonly rows: readonly FoldRow[]
}

export interface ArrayDesign {
  readonly rows: number
  readonly cols: number
  /** Bits a PE and step, in lanes that gather a group each. */
  readonly width: number
  readonly lanes: number
  /** Bits of a window. */
  readonly terms: number
  /** Consecutive pixel groups that share pool windows. */
  readonly poolGroups: number
  readonly folds: readonly Fold[]
}

export interface SliceDesign {
  readonly rows: number
  readonly cols: number
  /** Bits of a slice; a window has as many of each channel, one channel after another. */
  readonly taps: number
  /** Channels at once, and convolvers of each. */
  readonly lanes: number
  readonly convolvers: number
  readonly channels: number
  readonly kernels: number
  /** Distinct slices of each channel, bit t is tap t. */
  readonly slices: readonly (readonly number[])[]
  /** By kernel and channel: which slice, and whether its inverse. */
  readonly use: readonly (readonly number[])[]
  readonly inverse: readonly (readonly boolean[])[]
  /** By kernel: a sum above it gives 1. */
  readonly levels: readonly number[]
  readonly poolGroups: number
}

/** The window of each column, and whether it is there. */
export interface PixelGroup {
  readonly active: readonly boolean[]
  readonly windows: readonly Uint32Array[]
}

/** ROWS * COLS bits, that of a row and column at row * COLS + column. */
export interface Emission {
  readonly cycle: number
  readonly bits: readonly boolean[]
}

/** How many folds ended before their last step was issued. */
export interface ArrayRun {
  readonly emissions: Emission[]
  readonly cuts: number
}

export const bitAt = (bits: Uint32Array, i: number): number => (bits[i >>> 5]! >>> (i & 31)) & 1

/** Cycles from the issue of a step to the result that it decides: popcount tree of triples, a register every two levels. */
export function stepLatency(width: number): number {
  let levels = 0
  for (let triples = Math.ceil(width / 3); triples > 1; triples = Math.ceil(triples / 2)) levels++
  return Math.max(1, Math.ceil(levels / 2)) + 4
}

/** When the words of the pixel groups are taken: one a cycle where offered, a group once its half is free. */
class Input {
  private cycle = -1 // of the last word that was taken
  private readonly offered: string
  private readonly words: number

  constructor(offered: string, words: number) {
    this.offered = offered
    this.words = words
  }

  /** The cycle after that in which the last word of a group is taken. */
  full(free: number): number {
    for (let word = 0; word < this.words; word++) {
      let cycle = this.cycle + 1
      while (this.offered[cycle % this.offered.length] === '0') cycle++
      this.cycle = Math.max(cycle, free)
    }
    return this.cycle + 1
  }
}

/** Runs the groups through the fold array; `offered`: bit per cycle, repeated, when input is offered. */
export function naiveFolds(design: ArrayDesign, groups: readonly PixelGroup[], offered: string): ArrayRun {
  const latency = stepLatency(design.width)
  const input = new Input(offered, Math.ceil(design.terms / design.width))
  const emissions: Emission[] = []
  const ends: number[] = [] // of each group: the cycle in which the next may begin
  let cuts = 0
  let pool: boolean[][] = []
  for (const [g, group] of groups.entries()) {
    if (g % design.poolGroups === 0) pool = design.folds.map(() => Array(design.rows * design.cols).fill(false))
    let cycle = Math.max(input.full(ends[g - 2] ?? 0), ends[g - 1] ?? 0)
    const sums: number[][] = []
    for (const [f, fold] of design.folds.entries()) {
      const { decided, bits, finals } = evaluate(design, f, group, sums, pool[f]!)
      const steps = fold.gather.length
      sums.push(finals)
      pool[f] = pool[f]!.map((before, pe) => before || bits[pe]!)
      emissions.push({ cycle: cycle + Math.min(decided, steps - 1) + latency, bits })
      if (decided + latency < steps) cuts++
      cycle += Math.min(steps, decided + latency)
    }
    ends.push(cycle)
  }
  return { emissions, cuts }
}

/** The first step after which all PEs are done (or Infinity), the bits that leave, and the sums of all steps. */
function evaluate(design: ArrayDesign, f: number, group: PixelGroup, sums: readonly number[][], pool: boolean[]) {
  const fold = design.folds[f]!
  let decided = 0
  const bits: boolean[] = []
  const finals: number[] = []
  for (let pe = 0; pe < design.rows * design.cols; pe++) {
    const row = fold.rows[Math.floor(pe / design.cols)]!
    const window = group.windows[pe % design.cols]!
    const there = row.used && group.active[pe % design.cols]!
    const pooled = design.poolGroups > 1 && pool[pe]!
    const parent = row.delta ? sums[row.parent]![pe]! : 0
    const base = row.inverse ? design.terms - parent : parent
    const least = base - row.distance
    const most = base + row.distance
    let sum = row.delta ? least : 0
    let done = there ? Number.POSITIVE_INFINITY : 0
    let one = false
    for (const [s, { weights, mask, remaining }] of row.steps.entries()) {
      const factor = row.delta ? 2 : 1
      sum += factor * matches(design, fold.gather[s]!, window, weights, mask)
      const high = sum + factor * remaining
      if (done !== Number.POSITIVE_INFINITY) continue
      const bound = row.bound && row.delta && (least > row.level || most <= row.level)
      const sure = row.decision && (sum > row.level || high <= row.level)
      if (row.stop && (sure || (s === 0 && (bound || (row.pool && pooled))))) done = s
      one = done === s && bound ? least > row.level : sum > row.level
    }
    finals.push(sum)
    bits.push(there && (one || pooled))
    decided = Math.max(decided, done)
  }
  return { decided, bits, finals }
}

function matches(
  { width, lanes }: ArrayDesign,
  gather: readonly number[],
  window: Uint32Array,
  weights: Uint32Array,
  mask: Uint32Array,
): number {
  const size = width / lanes
  let count = 0
  for (let i = 0; i < width; i++) {
    const at = gather[Math.floor(i / size)]! * size + (i % size)
    if (bitAt(mask, i) === 1 && bitAt(weights, i) === bitAt(window, at)) count++
  }
  return count
}

/** Cycles from the issue of an add to its result. */
const ADD_LATENCY = 4

/** Runs the groups through the slice array. */
export function naiveSlices(design: SliceDesign, groups: readonly PixelGroup[], offered: string): ArrayRun {
  const { rows, cols, lanes, convolvers, channels, slices, kernels, poolGroups } = design
  const blocks = Math.ceil(channels / lanes)
  const folds = Math.ceil(kernels / rows)
  const input = new Input(offered, blocks)
  const emissions: Emission[] = []
  const convolve: number[] = [] // first issue of each running block, and its cycles
  const cycles: number[] = []
  const add: number[] = []
  const free: number[] = [] // when the half of a group may be written
  let pool: boolean[][] = []
  for (const [g, group] of groups.entries()) {
    if (g % poolGroups === 0) pool = Array.from({ length: folds }, () => Array(rows * cols).fill(false))
    for (let b = 0; b < blocks; b++) {
      const j = g * blocks + b
      const most = Math.max(...slices.slice(b * lanes, (b + 1) * lanes).map(({ length }) => length))
      cycles[j] = Math.max(1, Math.ceil(most / convolvers))
      const full = b === 0 ? input.full(free[g - 2] ?? 0) : 0
      convolve[j] = Math.max(full, j > 0 ? convolve[j - 1]! + cycles[j - 1]! : 0, j > 1 ? add[j - 2]! + folds : 0)
      add[j] = Math.max(j > 0 ? add[j - 1]! + folds : 0, convolve[j]! + cycles[j]! + 1)
    }
    const last = (g + 1) * blocks - 1
    free.push(convolve[last]! + cycles[last]!)
    for (let f = 0; f < folds; f++) {
      const bits = Array.from({ length: rows * cols }, (_, pe) => {
        const kernel = f * rows + Math.floor(pe / cols)
        const column = pe % cols
        if (kernel >= kernels || !group.active[column]) return false
        const one = sliceSum(design, kernel, group.windows[column]!) > design.levels[kernel]!
        return one || (poolGroups > 1 && pool[f]![pe]!)
      })
      pool[f] = pool[f]!.map((before, pe) => before || bits[pe]!)
      emissions.push({ cycle: add[last]! + f + ADD_LATENCY, bits })
    }
  }
  return { emissions, cuts: 0 }
}

function sliceSum({ taps, channels, slices, use, inverse }: SliceDesign, kernel: number, window: Uint32Array): number {
  let sum = 0
  for (let channel = 0; channel < channels; channel++) {
    const slice = slices[channel]![use[kernel]![channel]!]!
    let count = 0
    for (let t = 0; t < taps; t++) if (((slice >>> t) & 1) === bitAt(window, channel * taps + t)) count++
    sum += inverse[kernel]![channel]! ? taps - count : count
  }
  return sum
}
