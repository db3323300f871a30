// A whole experiment: everything that can be wrong shows before anything is simulated.

import { join } from 'node:path'
import { expect, it } from 'vitest'
import { resolveExperiment } from '../src/config/experiment.ts'
import { machines } from '../src/machines/index.ts'
import { run } from '../src/run.ts'
import { problem, withFiles } from './config/files.ts'

const base = 'network: lfc-w1a1\nimages: { count: 2 }\nmachine: lfc-z7020\nenergy: zynq-28nm\n'

function experiment(text: string, files: Readonly<Record<string, string>> = {}) {
  const folder = withFiles({ 'e.yaml': base + text, ...files })
  return resolveExperiment(join(folder, 'e.yaml'), { machineSchemas: machines })
}

it('refuses a later variant before the first has run', () => {
  let images = 0
  const hooks = { progress: () => images++, finished: () => images++ }
  const variants = 'variants:\n  - { name: baseline, passes: [] }\n'
  const unpriced = { 't.yaml': 'sources: { s: S }\nactions: {}\n' }
  const tables = experiment(`${variants}  - { name: other, passes: [], set: { energy: t.yaml } }\n`, unpriced)
  expect(problem(() => run(tables, '0', hooks))).toMatch(/actions\.lut\.active: energy table 't' has no price for it/)
  const folding = experiment(`${variants}  - { name: other, passes: [], set: { machine.folding: [] } }\n`)
  expect(problem(() => run(folding, '0', hooks))).toMatch(/machine\.folding: 0 entries for the 4 layers/)
  expect(images).toBe(0)
})

it('has no accuracy where weights are random', () => {
  const { variants } = run(experiment(''), '0')
  expect(variants[0]!.accuracy).toEqual({ images: 0, pictures: 0, correct: null })
  expect(variants[0]!.checked).toMatchObject({ tensors: 8, mismatches: 0 })
})
