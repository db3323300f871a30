// Every configuration that ships loads; and however its text is damaged, loading ends in a value or an InputError.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { loadCore } from '../../src/config/core.ts'
import { loadDevice } from '../../src/config/device.ts'
import { resolveExperiment } from '../../src/config/experiment.ts'
import { listConfigs, loadWritten } from '../../src/config/load.ts'
import { loadMemory } from '../../src/config/memory.ts'
import { plain } from '../../src/config/written.ts'
import { loadEnergyTable } from '../../src/energy/table.ts'
import { frequency } from '../../src/work/quantity.ts'
import { problem, withFiles } from './files.ts'

/** What a machine's own schema checks is tested beside the machine; here, any kind and entries will do. */
const anyMachine = Object.fromEntries(
  listConfigs('machines').map(({ name }) => {
    const { kind } = plain(loadWritten('machines', name)) as { kind: string }
    return [kind, { schema: z.looseObject({}), energyTable: () => 'zynq-28nm' }]
  }),
)

const loaders: Readonly<Record<string, (reference: string) => unknown>> = {
  devices: loadDevice,
  cores: (reference) => loadCore(reference),
  memories: (reference) => loadMemory(reference),
  energy: loadEnergyTable,
  machines: (reference) => plain(loadWritten('machines', reference)),
  experiments: (reference) => resolveExperiment(reference, { machineSchemas: anyMachine }),
}

const shipped = Object.keys(loaders).flatMap((folder) =>
  listConfigs(folder).map(({ name, title }): [string, string, string] => [folder, name, title]),
)

it.each(shipped)('configs/%s/%s loads, with a title', (folder, name, title) => {
  expect(loaders[folder]?.(name)).toMatchObject({ name })
  expect(title).not.toBe('')
})

const machineSchemas = { grid: { schema: z.strictObject({ clock: frequency(), rows: z.int() }) } }

const experiment = `# An experiment of which every part can go wrong.
extends: ./base.yaml
images: {from: 1, count: 20}
machine:
  extends: ./machine.yaml
  clock: 200 MHz
energy: zynq-28nm
variants:
  - {name: baseline, passes: []}
  - name: other
    passes: [share, &p {name: prune, rate: 10 %}, *p]
    set: {machine.clock: 100 MHz, energy: zynq-28nm}
`

const texts = [
  ...shipped
    .filter(([folder]) => folder === 'devices' || folder === 'energy')
    .map(([folder, name]) => ({ name, load: loaders[folder]!, text: shippedText(folder, name) })),
  {
    name: 'experiment',
    load: (reference: string) => resolveExperiment(reference, { machineSchemas }),
    text: experiment,
  },
]

function shippedText(folder: string, name: string): string {
  return readFileSync(fileURLToPath(new URL(`../../configs/${folder}/${name}.yaml`, import.meta.url)), 'utf8')
}

const tokens = [
  '{',
  '}',
  '[',
  ']',
  ': ',
  '- ',
  '&a ',
  '*a',
  '!!int ',
  '? ',
  '|',
  '"',
  "'",
  '\n',
  '\t',
  '#',
  'null',
  '~',
]
const words = [
  'extends: ./x.yaml',
  '__proto__: 1',
  'constructor: 2',
  'machine: x',
  '1e400',
  '.nan',
  '-1',
  '0x',
  '�',
  '\0',
]

function damage(text: string, random: seedrandom.PRNG): string {
  const at = Math.floor(random() * (text.length + 1))
  const lines = text.split('\n')
  const line = Math.floor(random() * lines.length)
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] ?? ''
  const ways = [
    () => text.slice(0, at) + pick(tokens) + text.slice(at),
    () => text.slice(0, at) + text.slice(at + 1 + Math.floor(random() * 8)),
    () => text.slice(0, at) + String.fromCharCode(32 + Math.floor(random() * 95)) + text.slice(at + 1),
    () => text.slice(0, at),
    () => lines.toSpliced(line, 1).join('\n'),
    () => lines.toSpliced(line, 0, lines[Math.floor(random() * lines.length)] ?? '').join('\n'),
    () => lines.toSpliced(line, 0, pick(words)).join('\n'),
    () => lines.toSpliced(line, 1, (lines[line] ?? '').replace(/[^:{, ]+\s*([,}]|$)/, `${pick(words)}$1`)).join('\n'),
  ]
  return ways[Math.floor(random() * ways.length)]?.() ?? text
}

/** The shipped files of a folder are damaged alike; the experiment has one of every part. */
const roundsOf = (name: string): number => (name === 'experiment' ? 150 : 75)

describe('damaged text', () => {
  it.each(texts)('of $name gives a value or an InputError', ({ name, load, text }) => {
    const random = seedrandom(`damage ${name}`)
    const folder = withFiles({
      'base.yaml': 'network: cnv-w1a1\nimages: {count: 3}\nmachine: ./machine.yaml',
      'machine.yaml': 'kind: grid\nclock: 1 MHz\nrows: 2',
    })
    const file = join(folder, 'x.yaml')
    const rounds = roundsOf(name)
    let refused = 0
    for (let round = 0; round < rounds; round++) {
      let damaged = text
      for (let times = 1 + Math.floor(random() * 3); times > 0; times--) damaged = damage(damaged, random)
      writeFileSync(file, damaged)
      // Any other exception fails the test.
      if (problem(() => load(file)) !== 'no error') refused++
    }
    expect(refused).toBeGreaterThan(rounds / 4)
    expect(refused).toBeLessThan(rounds)
  })
})
