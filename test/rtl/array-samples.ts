// Seeded random PE arrays, with pixel groups whose windows resemble their kernels enough for kernels to end early.

import seedrandom, { type PRNG } from 'seedrandom'
import { inputWords } from './array-design.ts'
import {
  type ArrayDesign,
  type ArrayRun,
  bitAt,
  type Fold,
  type FoldRow,
  naiveFolds,
  naiveSlices,
  type PixelGroup,
  type SliceDesign,
} from './naive-array.ts'

/** Whole kernels, by fold and row: bits of 0 and 1; undefined where a row has none. */
type Kernels = (Uint8Array | undefined)[][]

export interface ArraySample {
  readonly name: string
  readonly design: ArrayDesign | SliceDesign
  /** Words of the input port. */
  readonly words: Uint32Array
  /** What the naive model does where input is offered as the pattern says. */
  run(offered: string): ArrayRun
}

export interface RandomSample extends ArraySample {
  /** Folds must be cut here. */
  readonly cuts: boolean
  /** What the whole kernels give, emission by emission. */
  readonly expected: readonly (readonly boolean[])[]
}

export interface FoldSampleSpec {
  readonly rows?: number
  readonly cols?: number
  readonly width: number
  readonly lanes?: number
  readonly terms: number
  readonly folds?: number
  /** Share of deltas among the kernels that have a predecessor. */
  readonly deltas?: number
  /** Ways in which kernels may end early. */
  readonly exits?: readonly ('decision' | 'bound' | 'pool')[]
  readonly poolGroups?: number
  /** Share of rows with a kernel, and of columns with a window. */
  readonly present?: number
  readonly cuts?: boolean
}

const GROUPS = 12

const draw = (random: PRNG, length: number, share = 0.5): Uint8Array =>
  Uint8Array.from({ length }, () => Number(random() < share))

const flipped = (bits: Uint8Array, flips: Uint8Array): Uint8Array => bits.map((bit, i) => bit ^ flips[i]!)

function toLanes(bits: Uint8Array): Uint32Array {
  const lanes = new Uint32Array(Math.ceil(bits.length / 32))
  for (const [i, bit] of bits.entries()) lanes[i >>> 5]! |= bit << (i & 31)
  return lanes
}

const pick = <T>(random: PRNG, from: readonly T[]): T => from[Math.floor(random() * from.length)]!

/** Windows that agree with one of the kernels in 10 to 90 % of their bits. */
function pixelGroups(random: PRNG, kernels: readonly Uint8Array[], cols: number, present: number): PixelGroup[] {
  return Array.from({ length: GROUPS }, () => ({
    active: Array.from({ length: cols }, () => random() < present),
    windows: Array.from({ length: cols }, () => {
      const kernel = pick(random, kernels)
      return toLanes(flipped(kernel, draw(random, kernel.length, 0.1 + 0.8 * random())))
    }),
  }))
}

export function foldSample(seed: string, spec: FoldSampleSpec): RandomSample {
  const random = seedrandom(seed)
  const { width, terms, rows = 1, cols = 1, lanes = 1, folds = 6, poolGroups = 1, present = 1, cuts = false } = spec
  const shape = { rows, cols, width, lanes, terms, poolGroups }
  const { kernels, design } = drawFolds(random, spec, shape, folds)
  const known = kernels.flat().filter((kernel) => kernel !== undefined)
  const groups = pixelGroups(random, known, cols, present)
  return {
    name: `folds ${JSON.stringify(spec)}`,
    design,
    words: inputWords(groups, terms, width),
    cuts,
    run: (offered) => naiveFolds(design, groups, offered),
    expected: expectedBits(groups, kernels, (f, r) => design.folds[f]!.rows[r]!.level, cols, poolGroups),
  }
}

function drawFolds(
  random: PRNG,
  { deltas = 0, exits = [], present = 1 }: FoldSampleSpec,
  shape: Omit<ArrayDesign, 'folds'>,
  count: number,
): { kernels: Kernels; design: ArrayDesign } {
  const { rows, terms } = shape
  const kernels: Kernels = []
  const folds: Fold[] = []
  for (let f = 0; f < count; f++) {
    kernels.push([])
    const places = Array.from({ length: rows }, (_, r) => {
      const used = f === 0 || random() < present
      const earlier = kernels.slice(0, f).flatMap((fold, p) => (fold[r] && (p === f - 1 || p < count / 4) ? [p] : []))
      const delta = used && earlier.length > 0 && random() < deltas
      const parent = !delta ? 0 : random() < 0.3 ? earlier.at(-1)! : pick(random, earlier)
      const inverse = delta && random() < 0.3
      const flips = draw(random, terms, pick(random, [0, 1 / terms, 0.03, 0.1, 0.2]))
      const from = delta ? kernels[parent]![r]!.map((bit) => bit ^ Number(inverse)) : draw(random, terms)
      const kernel = used ? (delta ? flipped(from, flips) : from) : undefined
      kernels[f]![r] = kernel
      return { used, delta, inverse, parent, counted: delta ? flips : new Uint8Array(terms).fill(Number(used)), kernel }
    })
    const gather = gathered(random, shape, places)
    folds.push({
      gather,
      rows: places.map(({ counted, kernel, ...row }) => ({
        ...row,
        distance: row.delta ? counted.reduce((sum, bit) => sum + bit, 0) : 0,
        level: Math.round(terms * pick(random, [0.25, 0.3, 0.5, 0.7, 0.75])),
        stop: random() < 0.95,
        decision: exits.includes('decision') && random() < 0.95,
        bound: exits.includes('bound') && random() < 0.95,
        pool: exits.includes('pool') && random() < 0.95,
        keep: false,
        steps: rowSteps(random, shape, gather, counted, kernel),
      })),
    })
  }
  return {
    kernels,
    design: { ...shape, folds: folds.map((fold, f) => ({ ...fold, rows: kept(folds, fold.rows, f) })) },
  }
}

/** Rows with parents of later kernels run to the end, and their sums are kept. */
const kept = (folds: readonly Fold[], rows: readonly FoldRow[], f: number): FoldRow[] =>
  rows.map((row, r) => {
    const keep = folds.some((later) => later.rows[r]!.delta && later.rows[r]!.parent === f)
    return keep ? { ...row, keep, stop: false } : row
  })

/** The groups with a term that some row counts, in steps of one a lane; in half of the folds in any order. */
function gathered(
  random: PRNG,
  { width, lanes, terms }: Omit<ArrayDesign, 'folds'>,
  rows: readonly { readonly counted: Uint8Array }[],
): number[][] {
  const size = width / lanes
  const groups = Array.from({ length: Math.ceil(terms / size) }, (_, g) => g).filter((g) =>
    rows.some(({ counted }) => counted.subarray(g * size, (g + 1) * size).includes(1)),
  )
  const keys = groups.map((group) => ({ group, key: random() }))
  const order = random() < 0.5 ? groups : keys.toSorted((a, b) => a.key - b.key).map(({ group }) => group)
  const steps = Math.max(1, Math.ceil(groups.length / lanes))
  return Array.from({ length: steps }, (_, s) => Array.from({ length: lanes }, (_, l) => order[s * lanes + l] ?? 0))
}

function rowSteps(
  random: PRNG,
  { width, lanes }: Omit<ArrayDesign, 'folds'>,
  gather: readonly (readonly number[])[],
  counted: Uint8Array,
  kernel: Uint8Array | undefined,
): FoldRow['steps'] {
  const size = width / lanes
  const left = Uint8Array.from(counted)
  let remaining = counted.reduce((sum, bit) => sum + bit, 0)
  return gather.map((groups) => {
    const at = Array.from({ length: width }, (_, i) => groups[Math.floor(i / size)]! * size + (i % size))
    const mask = Uint8Array.from(at, (place) => {
      const counts = left[place] ?? 0
      left[place] = 0 // lanes behind the last group gather the first once more
      return counts
    })
    // What is masked may hold anything.
    const weights = Uint8Array.from(at, (place, i) => (mask[i] === 1 ? kernel![place]! : Number(random() < 0.5)))
    remaining -= mask.reduce((sum, bit) => sum + bit, 0)
    return { weights: toLanes(weights), mask: toLanes(mask), remaining }
  })
}

export interface SliceSampleSpec {
  readonly rows?: number
  readonly cols?: number
  readonly taps?: number
  readonly lanes: number
  readonly convolvers: number
  readonly channels: number
  readonly kernels: number
  /** Distinct slices of a channel, at most. */
  readonly distinct: number
  readonly poolGroups?: number
  readonly present?: number
}

export function sliceSample(seed: string, spec: SliceSampleSpec): RandomSample {
  const random = seedrandom(seed)
  const { rows = 1, cols = 1, taps = 9, poolGroups = 1, present = 1, channels, kernels: count, distinct } = spec
  const slices = Array.from({ length: channels }, () => {
    const values = Array.from({ length: 1 + Math.floor(random() * distinct) }, () => Math.floor(random() * 2 ** taps))
    return [...new Set(values)]
  })
  const use = Array.from({ length: count }, () => slices.map(({ length }) => Math.floor(random() * length)))
  const inverse = use.map((channel) => channel.map(() => random() < 0.4))
  const levels = use.map(() => Math.round(channels * taps * pick(random, [0.45, 0.5, 0.55, 0.7])))
  const shape = { rows, cols, taps, channels, poolGroups, kernels: count }
  const { lanes, convolvers } = spec
  const design: SliceDesign = { ...shape, lanes, convolvers, slices, use, inverse, levels }
  const kernels = use.map((channel, kernel) =>
    Uint8Array.from({ length: channels * taps }, (_, i) => {
      const at = Math.floor(i / taps)
      const value = slices[at]![channel[at]!]!
      return ((value >>> (i % taps)) & 1) ^ Number(inverse[kernel]![at]!)
    }),
  )
  const groups = pixelGroups(random, kernels, cols, present)
  const folds = Array.from({ length: Math.ceil(count / rows) }, (_, f) =>
    Array.from({ length: rows }, (_, r) => kernels[f * rows + r]),
  )
  return {
    name: `slices ${JSON.stringify(spec)}`,
    design,
    words: inputWords(groups, channels * taps, lanes * taps),
    cuts: false,
    run: (offered) => naiveSlices(design, groups, offered),
    expected: expectedBits(groups, folds, (f, r) => levels[f * rows + r]!, cols, poolGroups),
  }
}

/** Whole kernels against whole windows, ORed over what a pool window has seen. */
function expectedBits(
  groups: readonly PixelGroup[],
  kernels: Kernels,
  level: (fold: number, row: number) => number,
  cols: number,
  poolGroups: number,
): boolean[][] {
  const ones = (g: number, f: number, r: number, c: number): boolean => {
    const kernel = kernels[f]![r]
    if (!kernel || !groups[g]!.active[c]) return false
    const sum = kernel.reduce((count, bit, i) => count + Number(bit === bitAt(groups[g]!.windows[c]!, i)), 0)
    return sum > level(f, r)
  }
  return groups.flatMap(({ active }, g) =>
    kernels.map((rows, f) =>
      rows.flatMap((_, r) =>
        Array.from({ length: cols }, (_, c) => {
          const first = g - (g % poolGroups)
          const seen = Array.from({ length: g - first + 1 }, (_, i) => ones(first + i, f, r, c))
          return active[c]! && seen.includes(true)
        }),
      ),
    ),
  )
}
