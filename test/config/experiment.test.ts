import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Experiment, resolvedYaml, resolveExperiment } from '../../src/config/experiment.ts'
import { count, frequency } from '../../src/work/quantity.ts'
import { exactly, problem, withFiles } from './files.ts'

const machineSchemas = {
  grid: { schema: z.strictObject({ clock: frequency(), rows: count(1).default(4), device: z.unknown().optional() }) },
  stream: { schema: z.strictObject({ clock: frequency(), depth: count() }), energyTable: () => 'cortex-a53-28nm' },
}
const passSchemas = {
  share: { schema: z.strictObject({ distance: count().default(0) }) },
  prune: { schema: z.strictObject({}) },
}

const texts = {
  'machines/grid.yaml': 'title: A grid\nkind: grid\nclock: 100 MHz',
  'machines/stream.yaml': 'kind: stream\nclock: 50 MHz\ndepth: 2',
  'tables/mine.yaml': 'sources: {}\nactions: {}',
  'small.yaml': ['network: cnv-w1a1', 'images: {count: 3}', 'machine: machines/grid.yaml', 'energy: zynq-28nm'].join(
    '\n',
  ),
  'full.yaml': [
    'extends: small.yaml',
    'title: Everything',
    'seed: 7',
    'weights: models/cnv.bnn',
    'images: {file: images/test.bin, from: 10, count: 5}',
    'machine: {clock: 200 MHz, device: {extends: xc7z020}}',
    'variants:',
    '  - {name: baseline, passes: []}',
    '  - {name: shared, passes: [prune, {name: share, distance: 2}]}',
    '  - name: fast',
    '    passes: []',
    '    set: {machine.clock: 250 MHz, energy: ./tables/mine.yaml}',
    '  - name: other',
    '    passes: [share]',
    '    set:',
    '      machine: ./machines/stream.yaml',
    '      machine.depth: 9',
  ].join('\n'),
}

function resolve(folder: string, file: string, ...set: string[]): Experiment {
  return resolveExperiment(join(folder, file), { set, machineSchemas, passSchemas })
}

describe('resolveExperiment', () => {
  it('fills in what a short file leaves out', () => {
    const { resolved, ...experiment } = resolve(withFiles(texts), 'small.yaml')
    expect(experiment).toEqual({
      name: 'small',
      network: 'cnv-w1a1',
      seed: 1,
      images: { from: 0, count: 3 },
      variants: [
        {
          name: 'baseline',
          passes: [],
          machine: { name: 'grid', title: 'A grid', kind: 'grid', spec: { clock: 100_000_000, rows: 4 } },
          energy: 'zynq-28nm',
        },
      ],
    })
    expect(resolved.machine).toEqual({ name: 'grid', title: 'A grid', kind: 'grid', clock: '100 MHz' })
  })

  it('gives each variant its passes, machine and energy table', () => {
    const folder = withFiles(texts)
    const { variants, ...experiment } = resolve(folder, 'full.yaml')
    expect(experiment).toMatchObject({
      name: 'full',
      title: 'Everything',
      seed: 7,
      weights: join(folder, 'models/cnv.bnn'),
      images: { file: join(folder, 'images/test.bin'), from: 10, count: 5 },
    })
    expect(variants.map(({ name }) => name)).toEqual(['baseline', 'shared', 'fast', 'other'])
    expect(variants[1]?.passes).toEqual([
      { name: 'prune', options: {} },
      { name: 'share', options: { distance: 2 } },
    ])
    expect(variants[3]?.passes).toEqual([{ name: 'share', options: { distance: 0 } }])
    expect(variants.map(({ machine }) => machine.spec)).toMatchObject([
      { clock: 200_000_000, device: { name: 'xc7z020' } },
      { clock: 200_000_000 },
      { clock: 250_000_000 },
      { clock: 50_000_000, depth: 9 },
    ])
    expect(variants[3]?.machine).toEqual({ name: 'stream', kind: 'stream', spec: { clock: 50_000_000, depth: 9 } })
    expect(variants.map(({ energy }) => energy)).toEqual([
      'zynq-28nm',
      'zynq-28nm',
      join(folder, 'tables/mine.yaml'),
      'zynq-28nm',
    ])
  })

  it("takes the machine's own energy table where none is named", () => {
    const text = 'network: x\nimages: {count: 1}\nmachine: machines/stream.yaml'
    const folder = withFiles({ ...texts, 'own.yaml': text })
    expect(resolve(folder, 'own.yaml').variants[0]?.energy).toBe('cortex-a53-28nm')
    expect(resolve(folder, 'own.yaml').resolved).not.toHaveProperty('energy')
    expect(resolve(folder, 'own.yaml', 'energy=zynq-28nm').variants[0]?.energy).toBe('zynq-28nm')
  })

  it('freezes everything', () => {
    const experiment = resolve(withFiles(texts), 'full.yaml')
    const walk = (part: unknown): void => {
      if (typeof part !== 'object' || part === null) return
      expect(Object.isFrozen(part)).toBe(true)
      Object.values(part).forEach(walk)
    }
    walk(experiment)
  })

  it('applies flags before variants', () => {
    const folder = withFiles(texts)
    const flags = ['machine.clock=1 GHz', 'images.count=1', 'seed=2', 'variants.1.passes=[prune]']
    const { variants, images, seed } = resolve(folder, 'full.yaml', ...flags)
    expect({ count: images.count, seed }).toEqual({ count: 1, seed: 2 })
    expect(variants[1]?.passes).toEqual([{ name: 'prune', options: {} }])
    expect(variants.map(({ machine }) => machine.spec)).toMatchObject([
      { clock: 1_000_000_000 },
      { clock: 1_000_000_000 },
      { clock: 250_000_000 },
      { clock: 50_000_000 },
    ])
  })

  it('sees the paths of flags from the working directory', () => {
    const flags = ['energy=configs/energy/zynq-28nm.yaml', 'weights=a/b.bnn', 'network=./c.onnx']
    const { variants, weights, network } = resolve(withFiles(texts), 'small.yaml', ...flags)
    expect(variants[0]?.energy).toBe(join(process.cwd(), 'configs/energy/zynq-28nm.yaml'))
    expect({ weights, network }).toEqual({
      weights: join(process.cwd(), 'a/b.bnn'),
      network: join(process.cwd(), 'c.onnx'),
    })
  })

  it('takes pass names and options as they are without pass schemas', () => {
    const experiment = resolveExperiment(join(withFiles(texts), 'full.yaml'), { machineSchemas })
    expect(experiment.variants[1]?.passes[1]).toEqual({ name: 'share', options: { distance: 2 } })
  })
})

describe('resolvedYaml', () => {
  it.each([
    ['small.yaml', []],
    ['full.yaml', []],
    ['full.yaml', ['machine.rows=9', 'energy=zynq-28nm', 'title="200"', 'variants[3].set={machine.clock: 1 MHz}']],
  ])('of %s gives the same experiment, wherever it lies', (file, set) => {
    const experiment = resolve(withFiles(texts), file, ...set)
    const elsewhere = withFiles({})
    writeFileSync(join(elsewhere, 'resolved.yaml'), resolvedYaml(experiment))
    const again = resolve(elsewhere, 'resolved.yaml')
    expect(again).toEqual(experiment)
    expect(resolvedYaml(again)).toBe(resolvedYaml(experiment))
  })
})

describe('errors', () => {
  const base = texts['small.yaml']
  it.each([
    [`${base}\nmachin: x`, "e.yaml:5: machin: unknown key 'machin'; did you mean 'machine'?"],
    [
      'network: x\nimages: {count: 1}\nmachine: machines/grid.yaml',
      'e.yaml:1: energy: missing; expected the name or path of an energy table',
    ],
    [
      base.replace('zynq-28nm', 'zync-28nm'),
      "e.yaml:4: energy: no 'zync-28nm' in configs/energy; did you mean 'zynq-28nm'?",
    ],
    [base.replace('zynq-28nm', 'a/b.yaml'), 'e.yaml:4: energy: no such file: a/b.yaml'],
    [base.replace('count: 3', 'count: 0'), 'e.yaml:2: images.count: expected a whole number of at least 1, got 0'],
    [
      base.replace('machines/grid.yaml', '{extends: machines/grid.yaml, kind: gird}'),
      "e.yaml:3: machine.kind: expected one of grid, stream, got 'gird'; did you mean 'grid'?",
    ],
    [
      base.replace('machines/grid.yaml', '{extends: machines/grid.yaml, clok: 1}'),
      "e.yaml:3: machine.clok: unknown key 'clok'; did you mean 'clock'?",
    ],
    [
      base.replace('machines/grid.yaml', 'machines/bad.yaml'),
      "machines/bad.yaml:3: clock: expected a frequency such as '200 MHz', got 5",
    ],
    [base.replace('machines/grid.yaml', '{clock: 1 MHz}'), 'e.yaml:3: machine.kind: missing; expected a string'],
    [
      `${base}\nvariants: [{name: a, passes: []}]`,
      "e.yaml:5: variants: expected a variant named 'baseline' with no passes, got a list of 1",
    ],
    [
      `${base}\nvariants: [{name: baseline, passes: [prune]}]`,
      "e.yaml:5: variants: expected a variant named 'baseline' with no passes, got a list of 1",
    ],
    [
      `${base}\nvariants:\n- {name: baseline, passes: []}\n- {name: baseline, passes: []}`,
      'e.yaml:5: variants: expected a different name for each, got a list of 2',
    ],
    [
      `${base}\nvariants:\n- {name: baseline, passes: []}\n- {name: b, passes: [shaer]}`,
      "e.yaml:7: variants[1].passes[0]: expected one of share, prune, got 'shaer'; did you mean 'share'?",
    ],
    [
      `${base}\nvariants:\n- {name: baseline, passes: []}\n- {name: b, passes: [{name: share, distanse: 1}]}`,
      "e.yaml:7: variants[1].passes[0].distanse: unknown key 'distanse'; did you mean 'distance'?",
    ],
    [
      `${base}\nvariants:\n- {name: baseline, passes: []}\n- name: b\n  passes: []\n  set:\n    machine.clock: 1`,
      "e.yaml:10: variants[1].set.machine.clock: expected a frequency such as '200 MHz', got 1",
    ],
    [
      `${base}\nvariants:\n- {name: baseline, passes: []}\n- name: b\n  passes: []\n  set:\n    seed: 1`,
      'e.yaml:10: variants[1].set.seed: a variant sets machine, an entry below it such as machine.clock, or energy',
    ],
    [
      `${base}\nvariants:\n- {name: baseline, passes: []}\n- name: b\n  passes: []\n  set: {energy: 3}`,
      'e.yaml:9: variants[1].set.energy: expected the name or path of an energy table',
    ],
  ])('name file, line and key: %#', (text, message) => {
    const folder = withFiles({ ...texts, 'machines/bad.yaml': 'kind: grid\n\nclock: 5', 'e.yaml': text })
    expect(problem(() => resolve(folder, 'e.yaml'), folder)).toMatch(exactly(message))
  })

  it('say of numbers what is the matter, once', () => {
    const folder = withFiles(texts)
    const message = (flag: string) => problem(() => resolve(folder, 'small.yaml', flag), folder)
    const most = '--set images.count: expected a whole number of at most 2,147,483,647, got'
    const least = '--set images.count: expected a whole number of at least 1, got'
    expect(message('images.count=1e30')).toBe(`${most} 1e+30`)
    expect(message('images.count=2147483648')).toBe(`${most} 2147483648`)
    expect(message('images.count=2147483647')).toBe('no error')
    expect(message('images.count=-1e30')).toBe(`${least} -1e+30`)
    expect(message('images.count=.nan')).toBe(`${least} .nan`)
    expect(message('images.count=.inf')).toBe(`${least} .inf`)
    expect(message('machine.clock=999999 GHz')).toBe(
      '--set machine.clock: expected a frequency of at most 100 GHz, got "999999 GHz"',
    )
    expect(message('machine.clock=100 GHz')).toBe('no error')
  })

  it('say that there are no passes where there are none', () => {
    const folder = withFiles(texts)
    const none = () => resolveExperiment(join(folder, 'full.yaml'), { machineSchemas, passSchemas: {} })
    expect(problem(none, folder)).toBe('full.yaml:9: variants[1].passes[0]: this version has no passes')
  })

  it('name the flag', () => {
    const folder = withFiles(texts)
    expect(problem(() => resolve(folder, 'small.yaml', 'machine.clock=7'), folder)).toBe(
      "--set machine.clock: expected a frequency such as '200 MHz', got 7",
    )
    expect(problem(() => resolve(folder, 'small.yaml', 'machine.row=7'), folder)).toBe(
      "--set machine.row: unknown key 'row'; did you mean 'rows'?",
    )
    expect(problem(() => resolve(folder, 'small.yaml', 'energy=zynq'), folder)).toMatch(/^--set energy: no 'zynq' in/)
  })
})
