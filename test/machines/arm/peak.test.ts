// The most that each core can do, worked out by hand from its tables.

import { expect, it } from 'vitest'
import { loadCore } from '../../../src/config/core.ts'
import { peakBinaryMacs } from '../../../src/machines/arm/peak.ts'

it.each([
  ['cortex-a53', 128 / 3], // one pipe of 128 bits for all three
  ['cortex-a72', 128 / ((4 / 3 + 2 + 4 / 3) / 2)], // two
  ['neoverse-n1', 128 / (3 / 2)],
])('a %s does %f binary multiply-accumulates a cycle at most', (core, most) => {
  expect(peakBinaryMacs(loadCore(core))).toBeCloseTo(most, 10)
})

it('is bound by the slots of a cycle and by what one pipe alone can execute', () => {
  const config = loadCore('neoverse-n1')
  const { timing } = config.core
  const narrow = { ...config, core: { ...config.core, width: 1 } }
  expect(peakBinaryMacs(narrow)).toBeCloseTo(128 / 3, 10)
  const count = timing['vector-count']
  const one = { ...count.quad, pipes: count.quad.pipes.slice(0, 1), occupancy: 36 }
  const single = { ...config.core, timing: { ...timing, 'vector-count': { ...count, quad: one } } }
  expect(peakBinaryMacs({ ...config, core: single })).toBeCloseTo(128 / 3, 10)
})
