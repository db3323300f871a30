// A layer of a PE array in terms of the naive model (test/rtl/naive-array.ts): its masks, gathers and slices are derived
// from kernels and relations anew, and only the choice of rows is taken over.

import type { Group } from '../../../src/machines/pe-array/groups.ts'
import type { LayerPlan } from '../../../src/machines/pe-array/plan.ts'
import type { PeArraySpec } from '../../../src/machines/pe-array/spec.ts'
import type { Fold } from '../../../src/units/array/fold.ts'
import { getBit, setBit } from '../../../src/work/bits.ts'
import { type BitTensor, wordsOf } from '../../../src/work/tensor.ts'
import type * as Naive from '../../rtl/naive-array.ts'

const range = (length: number): number[] => Array.from({ length }, (_, i) => i)

const packed = (bits: readonly number[]): Uint32Array => {
  const words = new Uint32Array(wordsOf(bits.length))
  for (const [i, bit] of bits.entries()) if (bit === 1) setBit(words, 0, i, true)
  return words
}

/** Window of output pixel `pixel`, as bits in the order tap, channel or, for slices, channel, tap. */
function windowBits({ shape, channels, terms }: LayerPlan, pixel: number, input: BitTensor): Uint32Array {
  const { kernel, stride, padding, output, padValue } = shape
  const bit = (tap: number, c: number): number => {
    const y = Math.floor(pixel / output.width) * stride - padding.before + Math.floor(tap / kernel)
    const x = (pixel % output.width) * stride - padding.before + (tap % kernel)
    const inside = y >= 0 && y < shape.input.height && x >= 0 && x < shape.input.width
    if (!inside) return padValue === 1 ? 1 : 0
    return getBit(input.words, (y * shape.input.width + x) * wordsOf(channels), c)
  }
  const [taps, all] = [range(kernel ** 2), range(channels)]
  if (terms.kind === 'slices') return packed(all.flatMap((c) => taps.map((tap) => bit(tap, c))))
  return packed(taps.flatMap((tap) => all.map((c) => bit(tap, c))))
}

export const naiveGroups = (plan: LayerPlan, groups: readonly Group[], input: BitTensor): Naive.PixelGroup[] =>
  groups.map(({ windows, active }) => ({
    active: Array.from(windows, (_, column) => column < active),
    windows: Array.from(windows, (window, column) =>
      column < active ? windowBits(plan, window, input) : new Uint32Array(wordsOf(plan.bits)),
    ),
  }))

export function naiveArray(plan: LayerPlan, folds: readonly Fold[], { array, skip }: PeArraySpec): Naive.ArrayDesign {
  const { bits, terms, pool } = plan
  const rows = folds[0]!.rows.length
  const places = new Map<number, number>() // fold of each kernel
  for (const [f, fold] of folds.entries()) for (const row of fold.rows) if (row !== null) places.set(row.kernel, f)
  const lanes = array.bits / skip
  const parents = new Set(terms.kind === 'deltas' ? terms.relation.parent : [])
  const designed = folds.map((fold): Naive.Fold => {
    const counted = fold.rows.map((row) => (row === null ? new Set<number>() : termsOf(plan, row.kernel)))
    const groups = range(Math.ceil(bits / skip)).filter((group) =>
      counted.some((own) => range(skip).some((i) => own.has(group * skip + i))),
    )
    const gather = range(Math.max(1, Math.ceil(groups.length / lanes))).map((s) =>
      range(lanes).map((lane) => groups[s * lanes + lane] ?? 0),
    )
    const naiveRow = (kernel: number | undefined, r: number): Naive.FoldRow => {
      const relation = kernel === undefined ? undefined : relationOf(plan, kernel)
      const keep = kernel !== undefined && parents.has(kernel)
      const stop = keep ? undefined : terms.stop
      return {
        used: kernel !== undefined,
        delta: relation !== undefined,
        inverse: relation?.inverse ?? false,
        parent: relation === undefined ? 0 : places.get(relation.parent)!,
        distance: relation?.distance ?? 0,
        level: kernel === undefined ? 0 : plan.levels![kernel]!,
        stop: stop !== undefined,
        decision: stop?.decision ?? false,
        bound: stop?.bound ?? false,
        pool: stop?.pool ?? false,
        keep,
        steps: stepsOf(plan, kernel, counted[r]!, groups, gather.length, array.bits, skip),
      }
    }
    return { gather, rows: range(rows).map((r) => naiveRow(fold.rows[r]?.kernel, r)) }
  })
  return { rows, cols: array.pixels, width: array.bits, lanes, terms: bits, poolGroups: pool * pool, folds: designed }
}

function relationOf({ terms }: LayerPlan, kernel: number) {
  if (terms.kind !== 'deltas' || terms.relation.parent[kernel]! < 0) return undefined
  const { parent, inverse, distance } = terms.relation
  return { parent: parent[kernel]!, inverse: inverse[kernel] === 1, distance: distance[kernel]! }
}

/** Bits of the window that a kernel counts. */
function termsOf(plan: LayerPlan, kernel: number): Set<number> {
  const relation = relationOf(plan, kernel)
  const all = range(plan.bits)
  if (relation === undefined) return new Set(all)
  const { weights, words } = plan
  const bit = (of: number, i: number): number => getBit(weights, of * words, i)
  return new Set(all.filter((i) => (bit(kernel, i) !== bit(relation.parent, i)) !== relation.inverse))
}

function stepsOf(
  { weights, words }: LayerPlan,
  kernel: number | undefined,
  counted: ReadonlySet<number>,
  groups: readonly number[],
  steps: number,
  width: number,
  skip: number,
): Naive.FoldStep[] {
  const lanes = width / skip
  let remaining = counted.size
  return range(steps).map((s) => {
    const at = range(width).map((i) => {
      const group = groups[s * lanes + Math.floor(i / skip)]
      return group === undefined ? -1 : group * skip + (i % skip)
    })
    const mask = at.map((place) => Number(counted.has(place)))
    remaining -= mask.filter((bit) => bit === 1).length
    const own = at.map((place, i) => (mask[i] === 1 ? getBit(weights, kernel! * words, place) : 0))
    return { weights: packed(own), mask: packed(mask), remaining }
  })
}

export function naiveSliceArray(plan: LayerPlan, { array, convolvers }: PeArraySpec): Naive.SliceDesign {
  const { terms, taps, channels, kernels, pool } = plan
  if (terms.kind !== 'slices') throw new Error('no slices')
  const { first, values, use, inverse } = terms.slices
  return {
    rows: array.channels,
    cols: array.pixels,
    taps,
    lanes: Math.max(1, Math.floor(array.bits / taps)),
    convolvers,
    channels,
    kernels,
    slices: range(channels).map((c) => [...values.subarray(first[c]!, first[c + 1]!)]),
    use: range(kernels).map((kernel) => range(channels).map((c) => use[kernel * channels + c]!)),
    inverse: range(kernels).map((kernel) => range(channels).map((c) => inverse[kernel * channels + c] === 1)),
    levels: [...plan.levels!],
    poolGroups: pool * pool,
  }
}
