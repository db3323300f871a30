// docs/reproduction.md shows what experiments of 8-bit data flow give.

import { expect, it } from 'vitest'
import { layerCycles, shownCycles, thousands, variants } from './data-flow.ts'

it('8-bit data flow takes the cycles that docs/reproduction.md shows of its smallest layer', () => {
  const [block, board] = ['block-1x1-7x512', 'raspberry-pi-4'] as const
  const cycles = layerCycles(block, board, ['direct-clip8']).map(thousands)
  expect(cycles).toEqual([shownCycles(block, board)[variants.indexOf('direct-clip8')]])
})
