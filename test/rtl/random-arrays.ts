// The random arrays that are compared with RTL.

import {
  type FoldSampleSpec,
  foldSample,
  type RandomSample,
  type SliceSampleSpec,
  sliceSample,
} from './array-samples.ts'

const all = ['decision', 'bound', 'pool'] as const

/**
 * What layers do not make: rows and columns that are absent anywhere, gathers in any order, a single fold, rows of a fold
 * that may end in different ways. On arrays that layers use as well, save the last.
 */
export const randomSamples = (): RandomSample[] => [
  ...(
    [
      { width: 8, lanes: 8, terms: 61, folds: 1, exits: ['decision'], poolGroups: 3 },
      {
        width: 8,
        lanes: 8,
        terms: 640,
        folds: 2,
        exits: ['decision', 'pool'],
        poolGroups: 4,
        present: 0.7,
        cuts: true,
      },
      {
        width: 16,
        lanes: 4,
        rows: 2,
        cols: 2,
        terms: 250,
        folds: 12,
        deltas: 0.7,
        exits: all,
        poolGroups: 4,
        present: 0.8,
      },
      { width: 8, rows: 4, cols: 2, terms: 288, folds: 8, deltas: 0.6, exits: all, present: 0.7, cuts: true },
      { width: 8, lanes: 2, cols: 4, terms: 8, folds: 5, deltas: 0.9, exits: all },
    ] satisfies FoldSampleSpec[]
  ).map((spec, i) => foldSample(`folds ${i}`, spec)),
  ...(
    [
      { lanes: 2, convolvers: 3, channels: 5, kernels: 10, distinct: 5, rows: 2, cols: 2, present: 0.7, poolGroups: 4 },
      { lanes: 4, convolvers: 1, channels: 3, kernels: 1, distinct: 5, rows: 4, cols: 1, present: 0.8 },
      { lanes: 2, convolvers: 1, channels: 9, kernels: 2, distinct: 3, rows: 2, poolGroups: 2, taps: 25 },
    ] satisfies SliceSampleSpec[]
  ).map((spec, i) => sliceSample(`slices ${i}`, spec)),
]
