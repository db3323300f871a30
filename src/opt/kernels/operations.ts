// Operations of convolutions that are sums of 2-D results: as they are, and with the results that slices share.

import type { Workload } from '../../work/workload.ts'
import { slicedKernels } from './slices.ts'

/** Of one image. A padded term counts like any other, and one of an activation of several bits counts once. */
export interface Operations {
  /** 2-D results: sums over the taps at one input channel. */
  readonly results: number
  /** Terms of these: XNORs of a bit of activation and one of weight. */
  readonly terms: number
  /** Additions of 2-D results. Those of a complement are subtracted: what they are subtracted from is constant. */
  readonly additions: number
}

export interface LayerOperations {
  readonly layer: string
  /** Every kernel computes its own results. */
  readonly baseline: Operations
  /** As the layer's terms have it. */
  readonly shared: Operations
}

/** What is counted as one operation. */
export const rules = {
  results: { summary: '2-D results alone', count: ({ results }: Operations) => results },
  bits: {
    summary: 'XNORs and additions within 2-D results, and additions of results',
    count: ({ results, terms, additions }: Operations) => terms + (terms - results) + additions,
  },
} as const

export type Rule = keyof typeof rules

/** Share of the operations that need not be done, by the rule: 0 where there were none. */
export function removed(rule: Rule, { baseline, shared }: Omit<LayerOperations, 'layer'>): number {
  const { count } = rules[rule]
  return count(baseline) === 0 ? 0 : 1 - count(shared) / count(baseline)
}

/** Of the layers with kernels that have comparable slices, dense or shared, and of all of them together. */
export function operationsOf({ layers }: Workload): {
  readonly layers: readonly LayerOperations[]
  readonly all: LayerOperations
} {
  const counted = layers.flatMap((layer): LayerOperations[] => {
    const weights = slicedKernels(layer)
    const { name, shape, terms } = layer
    if (weights === undefined || terms.kind === 'deltas') return []
    const { rows, taps, channels } = weights
    const pixels = shape.output.height * shape.output.width
    const each = (results: number): Operations => ({
      results: pixels * results,
      terms: pixels * results * taps,
      additions: pixels * rows * (channels - 1),
    })
    const slices = rows * channels
    return [
      {
        layer: name,
        baseline: each(slices),
        shared: each(terms.kind === 'slices' ? terms.slices.values.length : slices),
      },
    ]
  })
  const all = {
    layer: 'all',
    baseline: sumOf(counted.map(({ baseline }) => baseline)),
    shared: sumOf(counted.map(({ shared }) => shared)),
  }
  return { layers: counted, all }
}

const sumOf = (parts: readonly Operations[]): Operations =>
  parts.reduce(
    (sum, { results, terms, additions }) => ({
      results: sum.results + results,
      terms: sum.terms + terms,
      additions: sum.additions + additions,
    }),
    { results: 0, terms: 0, additions: 0 },
  )
