// The table of single layers in docs/validation.md: all of it with BNNSIM_LONG=1, which takes minutes, else one layer.
// Where instructions lie in memory changes a time by up to 0.1 %.

import { expect, it } from 'vitest'
import { layers, milliseconds, shown, shownMilliseconds, table } from './dabnn-layers.ts'

const WITHIN = 0.005

const deviation = (layer: number): number =>
  Math.abs(milliseconds(layers[layer]!.experiment) / shownMilliseconds()[layer]! - 1)

it('ratios and differences follow from the times', () => {
  expect(shown()).toBe(table(shownMilliseconds()))
})

it('14x14x256 with stride 2 takes as long as docs/validation.md says', { timeout: 60_000 }, () => {
  expect(deviation(3)).toBeLessThan(WITHIN)
})

it.runIf(process.env.BNNSIM_LONG)('every layer does', { timeout: 300_000 }, () => {
  expect(layers.map((_, layer) => deviation(layer)).filter((one) => one >= WITHIN)).toEqual([])
})
