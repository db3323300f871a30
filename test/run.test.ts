// A whole experiment: everything that can be wrong shows before anything is simulated.

import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
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

describe('what shows only when an experiment is put together names the place to change', () => {
  const two = (set: string) =>
    `variants:\n  - { name: baseline, passes: [] }\n  - { name: b, passes: [], set: ${set} }\n`
  const folding = '[{ pe: 1, simd: 1 }, { pe: 1, simd: 1 }, { pe: 7, simd: 1 }, { pe: 1, simd: 1 }]'
  const pe = '7 does not divide the 1024 of layer fc2; nearest: 4 or 8'
  const four = 'for the 4 layers of the network (fc0, fc1, fc2, fc3)'
  const cnv = '  extends: cnv-z7020\n'

  it.each<[string, string, string[], string]>([
    [
      'a network',
      base.replace('lfc-w1a1', 'lfc-w1a'),
      [],
      "e.yaml:1: network: no network named 'lfc-w1a'; did you mean 'lfc-w1a1'?",
    ],
    [
      'a network of a flag',
      base,
      ['network=lfc-w1a'],
      "--set network: no network named 'lfc-w1a'; did you mean 'lfc-w1a1'?",
    ],
    [
      'a folding',
      base.replace('machine: lfc-z7020', `machine:\n  extends: lfc-z7020\n  folding: ${folding}`),
      [],
      `e.yaml:5: machine.folding[2].pe: ${pe}`,
    ],
    ['a folding of a flag', base, ['machine.folding[2].pe=7'], `--set machine.folding[2].pe: ${pe}`],
    [
      'an extended folding',
      base.replace('machine: lfc-z7020', 'machine: m.yaml'),
      [],
      `m.yaml:3: folding[2].pe: ${pe}`,
    ],
    [
      'a shipped folding',
      base.replace('machine: lfc-z7020', `machine:\n${cnv}`),
      [],
      `configs/machines/cnv-z7020.yaml:5: folding: 9 entries ${four}`,
    ],
    [
      "a variant's folding",
      base + two('{ machine.folding: [] }'),
      [],
      `e.yaml:7: variants[1].set.machine.folding: 0 entries ${four}`,
    ],
    ["a variant's machine", base + two('{ machine: m.yaml }'), [], `m.yaml:3: folding[2].pe: variant b: ${pe}`],
    [
      'a file of pictures',
      base.replace('{ count', '{ file: e.yaml, count'),
      [],
      'e.yaml:2: images.file: FOLDER/e.yaml: expected pictures: CIFAR-10 binary',
    ],
    [
      'pictures of another shape',
      base.replace('{ count', '{ file: p.ppm, count'),
      [],
      'e.yaml:2: images.file: FOLDER/p.ppm: lfc-w1a1 takes pictures of 1 x 28 x 28, got 3 x 1 x 1',
    ],
    ['a file of pictures of a flag', base, ['images.file=no.bin'], `--set images.file: ${resolve('no.bin')}: `],
    ['weights', `${base}weights: nope.json`, [], 'e.yaml:5: weights: FOLDER/nope.json: '],
    ['a file of a network', base.replace('lfc-w1a1', 'bad.json'), [], 'e.yaml:1: network: FOLDER/bad.json:1: format: '],
    ['an operation that no unit does', base.replace('lfc-w1a1', 'reactnet-a'), [], 'e.yaml:1: network: layer '],
    [
      'an operation of a variant',
      base.replace('lfc-w1a1', 'reactnet-a') + two('{}'),
      [],
      'e.yaml:1: network: variant baseline: layer ',
    ],
  ])('%s', (_, text, set, message) => {
    const m = `extends: lfc-z7020\nclock: 100 MHz\nfolding: ${folding}\n`
    const folder = withFiles({
      'e.yaml': text,
      'm.yaml': m,
      'bad.json': '{ "format": "x" }',
      'p.ppm': 'P6 1 1 255 abc',
    })
    const options = { machineSchemas: machines, set }
    const got = problem(() => run(resolveExperiment(join(folder, 'e.yaml'), options), '0'))
    const shown = got
      .replaceAll(`${process.cwd()}/configs`, 'configs')
      .replace(`${folder}/`, '')
      .replaceAll(folder, 'FOLDER')
    expect(shown.slice(0, message.length)).toBe(message)
  })
})
