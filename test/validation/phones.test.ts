// A network on the ARM machine against the board that ran it. docs/validation.md has the second image, and the larger networks:
// Takes a minute: with BNNSIM_LONG=1 only. `npx bnnsim run rpi4-quicknet-small rpi4-quicknet rpi4-quicknet-large`.

import { expect, it } from 'vitest'
import { resolveExperiment } from '../../src/config/experiment.ts'
import { machines } from '../../src/machines/index.ts'
import { run } from '../../src/run.ts'

/** Milliseconds, one thread of a Raspberry Pi 4 B (Bannink et al., MLSys 2021). */
const BOARD = 27.7

it.runIf(process.env.BNNSIM_LONG)(
  'QuickNetSmall takes about as long as on a Raspberry Pi 4',
  { timeout: 180_000 },
  () => {
    const set = ['images.count=1']
    const { variants } = run(resolveExperiment('rpi4-quicknet-small', { machineSchemas: machines, set }), 'test')
    const { latencySeconds, checked } = variants[0]!
    expect(Math.abs((1000 * latencySeconds) / BOARD - 1)).toBeLessThan(0.2)
    expect(checked.mismatches).toBe(0)
    expect(checked.deviation).toBeLessThan(1e-3)
  },
)
