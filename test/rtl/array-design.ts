// PE arrays as instances of the modules in hdl/, what their memories hold, and their input words.

import { copyBits } from '../../src/work/bit-range.ts'
import { wordsOf } from '../../src/work/tensor.ts'
import type { ArrayDesign, FoldRow, PixelGroup, SliceDesign } from './naive-array.ts'
import type { Contents, Design, Load, Loaded } from './verilog.ts'

/** Kinds of memory, as the modules number them. */
const FOLD_MEMORY = { step: 0, kernel: 1, last: 2, gather: 3, layer: 4 }
const SLICE_MEMORY = { slices: 0, last: 1, pick: 2, level: 3, layer: 4 }

type Parameters = Readonly<Record<string, number>>

const place = (kind: number, row: number, address: number, value: Uint32Array): Load => ({
  port: 'w',
  pe: row * 8 + kind,
  address,
  value,
})

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0)

/** Where each part begins if parts of these lengths follow one another. */
const starts = (lengths: readonly number[]): number[] => lengths.map((_, i) => sum(lengths.slice(0, i)))

function arrayDesign(module: string, parameters: Parameters, width: number, loadWidth: number): Design {
  const { ROWS, COLS } = parameters
  const values = Object.entries(parameters).map(([key, value]) => `.${key}(${value})`)
  return {
    inWidth: COLS! * (width + 1),
    outWidth: ROWS! * COLS!,
    units: 1,
    loadWidth,
    body: (unit) => `  ${module} #(${values.join(', ')}) array (.clk(clk), .rst(rst),
    .i_v(i_v), .i_r(i_r), .i_d(i_d), .o_v(o_v), .o_d(o_d), .l_we(w_we && l_unit == ${unit}),
    .l_kind(l_pe[2:0]), .l_row(l_pe[15:3]), .l_addr(l_addr), .l_d(l_w[${loadWidth - 1}:0]));`,
  }
}

const stepsOf = ({ folds }: ArrayDesign): number => sum(folds.map(({ gather }) => gather.length))

/** Builds an array for all designs of a shape, which holds any of them; returns what each is loaded into. */
export function onArrays(designs: readonly (ArrayDesign | SliceDesign)[]): Loaded[] {
  const arrays = new Map<string, Design>()
  for (const shape of new Set(designs.map(shapeOf))) {
    const own = designs.filter((design) => shapeOf(design) === shape)
    arrays.set(shape, own.every(isFolds) ? foldArray(own) : sliceArray(own.filter(isSlices)))
  }
  return designs.map((design) => ({
    design: arrays.get(shapeOf(design))!,
    contents: [isFolds(design) ? foldContents(design) : sliceContents(design)],
  }))
}

const isFolds = (design: ArrayDesign | SliceDesign): design is ArrayDesign => 'folds' in design
const isSlices = (design: ArrayDesign | SliceDesign): design is SliceDesign => !isFolds(design)

export function shapeOf(design: ArrayDesign | SliceDesign): string {
  const { rows, cols, lanes } = design
  if (isFolds(design)) return `${rows} x ${cols} PEs of ${lanes} lanes, ${design.width} bits`
  return `${rows} x ${cols} adders, ${lanes} lanes of ${design.convolvers} convolvers of ${design.taps} taps`
}

function foldArray(designs: readonly ArrayDesign[]): Design {
  const { rows, cols, width, lanes } = designs[0]!
  const most = (of: (design: ArrayDesign) => number): number => Math.max(...designs.map(of))
  const shape = { ROWS: rows, COLS: cols, W: width, L: lanes, N: most(({ terms }) => terms) }
  const sizes = {
    FOLDS: most(({ folds }) => folds.length),
    STEPS: most(stepsOf),
    POOL: most((each) => each.poolGroups),
  }
  return arrayDesign('pe_array', { ...shape, ...sizes }, width, Math.max(2 * width + 16, 16 * lanes, 64))
}

function foldContents({ width, terms, poolGroups, folds }: ArrayDesign): Contents {
  const firsts = starts(folds.map(({ gather }) => gather.length))
  const layer = [terms, Math.ceil(terms / width) - 1, folds.length - 1, poolGroups - 1]
  return [
    place(FOLD_MEMORY.layer, 0, 0, packed(layer, 16)),
    ...folds.flatMap(({ gather, rows: kernels }, f) => [
      place(FOLD_MEMORY.last, 0, f, Uint32Array.of(firsts[f]! + gather.length - 1)),
      ...gather.map((groups, s) => place(FOLD_MEMORY.gather, 0, firsts[f]! + s, packed(groups, 16))),
      ...kernels.flatMap((row, r) => [
        place(FOLD_MEMORY.kernel, r, f, kernelWord(row, terms)),
        ...row.steps.map((step, s) => place(FOLD_MEMORY.step, r, firsts[f]! + s, stepWord(step, width))),
      ]),
    ]),
  ]
}

function stepWord({ weights, mask, remaining }: FoldRow['steps'][number], width: number): Uint32Array {
  const word = new Uint32Array(wordsOf(2 * width + 16))
  copyBits(weights, 0, word, 0, width)
  copyBits(mask, 0, word, width, width)
  copyBits(Uint32Array.of(remaining), 0, word, 2 * width, 16)
  return word
}

/** Sums and what they may come to lie within -terms and 2 * terms: levels beyond say the same. */
function kernelWord(row: FoldRow, terms: number): Uint32Array {
  const flags = [row.used, row.delta, row.inverse, row.stop, row.keep, row.decision, row.bound, row.pool]
  const level = Math.max(-terms - 1, Math.min(2 * terms, row.level))
  const low = flags.reduce((word, flag, i) => word | (Number(flag) << i), row.parent << 8)
  return Uint32Array.of(low, (level << 16) | row.distance)
}

const blocksOf = ({ channels, lanes }: SliceDesign): number => Math.ceil(channels / lanes)
const foldsOf = ({ kernels, rows }: SliceDesign): number => Math.ceil(kernels / rows)

/** Convolver cycles of each block. */
const cyclesOf = (design: SliceDesign): number[] =>
  Array.from({ length: blocksOf(design) }, (_, b) => {
    const { lanes, convolvers, slices } = design
    const most = Math.max(...slices.slice(b * lanes, (b + 1) * lanes).map(({ length }) => length))
    return Math.max(1, Math.ceil(most / convolvers))
  })

function sliceArray(designs: readonly SliceDesign[]): Design {
  const { rows, cols, taps, lanes, convolvers } = designs[0]!
  const most = (of: (design: SliceDesign) => number): number => Math.max(...designs.map(of))
  const shape = { ROWS: rows, COLS: cols, TAPS: taps, LANES: lanes, V: convolvers }
  const blocks = { BLOCKS: most(blocksOf), NF: most(foldsOf), PICKS: most((each) => blocksOf(each) * foldsOf(each)) }
  const sizes = {
    POOL: most(({ poolGroups }) => poolGroups),
    CYCLES: most((each) => sum(cyclesOf(each))),
    DEPTH: most((each) => Math.max(...cyclesOf(each))),
  }
  const loadWidth = Math.max(convolvers * taps, 32 * lanes)
  return arrayDesign('slice_array', { ...shape, ...blocks, ...sizes }, lanes * taps, loadWidth)
}

function sliceContents(design: SliceDesign): Contents {
  const { rows, taps, lanes, convolvers, channels, kernels, poolGroups } = design
  const [blocks, folds, cycles] = [blocksOf(design), foldsOf(design), cyclesOf(design)]
  const firsts = starts(cycles)
  const across = (kernel: number): [number, number] => [kernel % rows, Math.floor(kernel / rows)]
  const layer = (blocks - 1) | ((folds - 1) << 12) | ((poolGroups - 1) << 24)
  return [
    place(SLICE_MEMORY.layer, 0, 0, Uint32Array.of(layer)),
    ...cycles.map((count, b) => place(SLICE_MEMORY.last, 0, b, Uint32Array.of(count - 1))),
    ...design.slices.flatMap((values, channel) =>
      Array.from({ length: Math.ceil(values.length / convolvers) }, (_, k) => {
        const at = firsts[Math.floor(channel / lanes)]! + k
        const word = packed(values.slice(k * convolvers, (k + 1) * convolvers), taps)
        return place(SLICE_MEMORY.slices, channel % lanes, at, word)
      }),
    ),
    ...Array.from({ length: folds * rows }, (_, kernel) => {
      const [row, fold] = across(kernel)
      const level = Math.max(-1, Math.min(channels * taps, design.levels[kernel] ?? 0))
      const used = kernel < kernels ? 0x80000000 : 0
      return place(SLICE_MEMORY.level, row, fold, Uint32Array.of((level & 0x7fffffff) | used))
    }),
    ...design.use.flatMap((slices, kernel) =>
      Array.from({ length: blocks }, (_, b) => {
        const [row, fold] = across(kernel)
        const picks = slices.slice(b * lanes, (b + 1) * lanes).map((slice, lane) => {
          const inverse = Number(design.inverse[kernel]![b * lanes + lane]!)
          return (1 << 25) | (inverse << 24) | ((slice % convolvers) << 12) | Math.floor(slice / convolvers)
        })
        return place(SLICE_MEMORY.pick, row, b * folds + fold, Uint32Array.from(picks))
      }),
    ),
  ]
}

/** Numbers of `width` bits side by side, the first lowest. */
function packed(values: readonly number[], width: number): Uint32Array {
  const word = new Uint32Array(wordsOf(values.length * width))
  for (const [i, value] of values.entries()) copyBits(Uint32Array.of(value), 0, word, i * width, width)
  return word
}

/** The input words of the groups: `width` bits of each column's window, then the columns' active bits. */
export function inputWords(groups: readonly PixelGroup[], terms: number, width: number): Uint32Array {
  const count = Math.ceil(terms / width)
  const cols = groups[0]!.windows.length
  const lanes = wordsOf(cols * (width + 1))
  const words = new Uint32Array(groups.length * count * lanes)
  for (const [g, { windows, active }] of groups.entries()) {
    for (let i = 0; i < count; i++) {
      const at = (g * count + i) * lanes * 32
      const bits = Math.min(width, terms - i * width)
      for (const [c, window] of windows.entries()) copyBits(window, i * width, words, at + c * width, bits)
      copyBits(packed(active.map(Number), 1), 0, words, at + cols * width, cols)
    }
  }
  return words
}
