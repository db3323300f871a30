// Points from experiment to document: what is the same as a run alone, what is kept, what fails.

import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { resolveExperiment } from '../../src/config/experiment.ts'
import { machines } from '../../src/machines/index.ts'
import { run } from '../../src/run.ts'
import { loadSweep } from '../../src/sweep/definition.ts'
import { Evaluator } from '../../src/sweep/evaluate.ts'
import { comparedWith, explore } from '../../src/sweep/explore.ts'
import { digestOf } from '../../src/sweep/key.ts'
import { Store } from '../../src/sweep/store.ts'
import { runSweep, type SweepProgress } from '../../src/sweep/sweep.ts'
import { version } from '../../src/version.ts'
import { problem, withFiles } from '../config/files.ts'

const experiment = `
network: lfc-w1a1
images: { count: 1 }
machine: lfc-z7020
energy: zynq-28nm
variants:
  - { name: slow, passes: [], set: { machine.clock: 50 MHz } }
  - { name: baseline, passes: [] }
`
const axes = 'grid:\n  machine.folding[2].pe: [4, 8, 5]\n  machine.clock: [100 MHz, 200 MHz]\n'

const sweepIn = (text = axes, folder = withFiles({ 'e.yaml': experiment })) => {
  writeFileSync(join(folder, 's.yaml'), `experiment: ./e.yaml\n${text}`)
  return { folder, sweep: loadSweep(join(folder, 's.yaml')) }
}

const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'))

describe('a sweep', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bnnsim-'))
  writeFileSync(join(folder, 'e.yaml'), experiment)
  const { sweep } = sweepIn(axes, folder)
  const store = join(folder, 'store')
  const seen: SweepProgress[] = []
  const swept = runSweep(sweep, { jobs: 1, store, finished: (progress) => seen.push(progress) })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('gives each point what a run of its settings gives', async () => {
    const { points } = await swept
    expect(points.map(({ settings }) => settings)).toEqual(
      [4, 8, 5].flatMap((pe) =>
        ['100 MHz', '200 MHz'].map((clock) => ({ 'machine.folding[2].pe': pe, 'machine.clock': clock })),
      ),
    )
    const set = ['machine.folding[2].pe=8', 'machine.clock=200 MHz']
    const alone = run(resolveExperiment(join(folder, 'e.yaml'), { set, machineSchemas: machines }), version)
    const { variants, ...names } = points[3]!
    expect(variants).toEqual(alone.variants.map(({ layers: _, ...variant }) => variant))
    expect(names).toMatchObject({ network: 'lfc-w1a1', weights: 'seeded', pictures: 'drawn' })
    expect(variants.map(({ name, speedup }) => [name, speedup])).toEqual([
      ['baseline', 1],
      ['slow', expect.closeTo(0.25, 2)],
    ])
  })

  it('records what is wrong with a point, and goes on', async () => {
    const { points } = await swept
    const wrong = points.filter(({ error }) => error !== undefined)
    expect(wrong.map(({ point }) => point)).toEqual([4, 5])
    expect(wrong[0]!.error).toMatch(
      /s\.yaml:3: grid\.machine\.folding\[2\]\.pe\[2\]: variant baseline: 5 does not divide/,
    )
    expect(seen.map(({ finished, points: all }) => [finished, all])).toEqual([1, 2, 3, 4, 5, 6].map((i) => [i, 6]))
  })

  it('knows the front and the best in its objectives', async () => {
    const { front, best, points } = await swept
    const figures = points.flatMap(({ point, variants }) =>
      variants.map((each) => ({
        place: { point, variant: each.name },
        costs: [each.latencySeconds, each.energyPerImageJoules],
      })),
    )
    const beaten = (costs: number[]) =>
      figures.some(({ costs: [a, b] }) => a! <= costs[0]! && b! <= costs[1]! && (a! < costs[0]! || b! < costs[1]!))
    expect(front).toEqual(
      expect.arrayContaining(figures.filter(({ costs }) => !beaten(costs)).map(({ place }) => place)),
    )
    expect(front).toHaveLength(figures.filter(({ costs }) => !beaten(costs)).length)
    expect(best[0]).toMatchObject({
      figure: 'latencySeconds',
      value: Math.min(...figures.map(({ costs }) => costs[0]!)),
    })
  })

  it('runs a variant once where points share it', async () => {
    await swept
    // `slow` has its own clock: two clocks give the same.
    expect(filesOf(store)).toHaveLength(2 * 2 + 2)
  })

  it('takes what is stored, makes anew what is damaged, and comes to the same', async () => {
    const first = await swept
    const files = filesOf(store)
    const marked = join(store, files[0]!)
    const result = JSON.parse(readFileSync(marked, 'utf8'))
    writeFileSync(marked, JSON.stringify({ ...result, latencySeconds: 1e-9 }))
    const second = await runSweep(sweep, { jobs: 1, store })
    expect(second.best[0]!.value).toBe(1e-9)
    for (const file of files) truncateSync(join(store, file), 10)
    expect(await runSweep(sweep, { jobs: 1, store })).toEqual(first)
    expect(filesOf(store)).toEqual(files)
  })

  it('needs no store', async () => {
    expect(await runSweep(sweep, { jobs: 1 })).toEqual(await swept)
  })
})

it('whose points are all no experiment is wrong itself', async () => {
  const { sweep } = sweepIn('grid: { machine.clok: [1 MHz, 2 MHz] }\n')
  await expect(runSweep(sweep, { jobs: 1 })).rejects.toThrow(
    /s\.yaml:2: grid\.machine\.clok\[0\]: .*did you mean 'clock'/,
  )
})

it('sets a number that has its source by its value', async () => {
  const { sweep } = sweepIn('set: { machine: raspberry-pi-3 }\ngrid: { machine.core.l2.bytes: [256 KiB] }\n')
  await expect(runSweep(sweep, { jobs: 1 })).rejects.toThrow(/expected machine\.core\.l2\.bytes\.value/)
})

describe('a key', () => {
  it('differs with every value, wherever it lies, but not with the order of keys', () => {
    const values = [
      0,
      '0',
      false,
      null,
      [],
      {},
      [0],
      [[0]],
      { a: 0 },
      { b: 0 },
      { a: [0] },
      new Uint8Array(1),
      new Int8Array(1),
      new Uint8Array(2),
      [1, 23],
      [12, 3],
      ['a', 'b'],
      ['ab'],
    ]
    expect(new Set(values.map(digestOf)).size).toBe(values.length)
    expect(digestOf({ a: 1, b: [2] })).toBe(digestOf({ b: [2], a: 1 }))
    expect(digestOf({ a: 1, b: undefined })).toBe(digestOf({ a: 1 }))
  })

  it('changes with weights, pictures, prices and settings, not with names or other variants', () => {
    const folder = withFiles({
      'e.yaml': experiment,
      'renamed.yaml': experiment.replace('slow', 'slower'),
      'prices.yaml':
        'extends: zynq-28nm\nactions: { lut: { active: { energy: 1 nJ, kind: assumed, source: s } } }\nsources: { s: S }\n',
    })
    const store = new Store(join(folder, 'store'))
    const evaluator = new Evaluator(store, false)
    const kept = (file: string, path: string, value: unknown) => {
      const settings = path === '' ? [] : [{ path, value, place: { file: join(folder, file), key: path } }]
      const outcome = evaluator.evaluate({ experiment: join(folder, file), settings, variant: 'baseline' })
      expect(outcome).not.toHaveProperty('error')
      return filesOf(store.folder).length
    }
    expect(kept('e.yaml', '', 0)).toBe(1)
    expect(kept('renamed.yaml', '', 0)).toBe(1)
    expect(kept('e.yaml', 'title', 'other')).toBe(1)
    expect(kept('e.yaml', 'seed', 2)).toBe(2)
    expect(kept('e.yaml', 'images.from', 0)).toBe(2)
    expect(kept('e.yaml', 'images.from', 1)).toBe(3)
    expect(kept('e.yaml', 'energy', './prices.yaml')).toBe(4)
    expect(kept('e.yaml', 'machine.clock', '99 MHz')).toBe(5)
  })
})

describe('an exploration', () => {
  const text = `${axes}explore: { points: 20, keep: 0.5, fidelity: [{ images.count: 1 }, { images.count: 2 }] }\nset: { images.count: 3 }\n`

  it('runs ever fewer points at ever higher fidelity, and can be set beside the whole space', async () => {
    const { sweep } = sweepIn(text)
    const explored = await explore(sweep, { jobs: 1 })
    expect(explored.search).toEqual({
      seed: 1,
      space: 6,
      rungs: [
        { settings: { 'images.count': 1 }, points: 6, kept: 3 },
        { settings: { 'images.count': 2 }, points: 3, kept: 2 },
        { settings: {}, points: 2, kept: 2 },
      ],
    })
    expect(explored.points.flatMap(({ variants }) => variants.map(({ images }) => images))).toEqual([3, 3, 3, 3])
    const grid = await runSweep(sweep, { jobs: 1 })
    const ran = explored.points.map(({ point }) => point)
    expect(comparedWith(explored, grid).search!.grid).toEqual({
      points: 6,
      front: grid.front.length,
      found: grid.front.filter(({ point }) => ran.includes(point)).length,
    })
  })

  it('draws by its seed, only what the conditions leave', async () => {
    const drawn = async (seed: number) => {
      const clocks = Array.from({ length: 300 }, (_, i) => `${i + 1} MHz`)
      const { sweep } = sweepIn(
        `seed: ${seed}
grid: { machine.clock: [${clocks}] }
when: machine.clock % 2e6 == 1e6
explore: { points: 4, keep: 0.9, fidelity: [{ images.count: 1 }] }
`,
      )
      const { points } = await explore(sweep, { jobs: 1 })
      return points.map(({ settings }) => Number.parseInt(String(settings['machine.clock']), 10))
    }
    const points = await drawn(1)
    expect(points).toHaveLength(4)
    expect(points.every((clock) => clock % 2 === 1)).toBe(true)
    expect(await drawn(1)).toEqual(points)
    expect(await drawn(2)).not.toEqual(points)
  })

  it('needs to be told how', async () => {
    const { sweep } = sweepIn()
    await expect(explore(sweep, { jobs: 1 })).rejects.toThrow('explore: missing')
    expect(problem(() => sweepIn('explore: { points: 1, fidelity: [{ seed: 1 }] }'))).toMatch(/explore\.points: /)
  })
})
