// Points from experiment to document: what is the same as a run alone, what is kept, what fails.

import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { resolveExperiment } from '../../src/config/experiment.ts'
import { machines } from '../../src/machines/index.ts'
import { sweepCsv } from '../../src/report/sweep-csv.ts'
import { sweepText } from '../../src/report/sweep-text.ts'
import { run } from '../../src/run.ts'
import { besideGrid, explore } from '../../src/sweep/explore.ts'
import { runSweep, type SweepProgress } from '../../src/sweep/sweep.ts'
import { version } from '../../src/version.ts'
import { problem, withFiles } from '../config/files.ts'
import { axes, experiment, filesOf, sweepIn } from './samples.ts'

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
    expect(variants.map(({ name }) => name)).toEqual(['baseline', 'slow'])
    expect(variants[1]!.speedup).toBe(variants[0]!.latencySeconds / variants[1]!.latencySeconds)
    expect(variants[1]!.speedup).toBeLessThan(1)
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

it('keeps a variant once where points share it', async () => {
  const variants = (pe: number) =>
    `[{ name: baseline, passes: [] }, { name: a, passes: [], set: { machine.folding.0.pe: ${pe} } }]`
  const { sweep, folder } = sweepIn(`grid: { variants: [${variants(4)}, ${variants(8)}] }\n`)
  const store = join(folder, 'store')
  await runSweep(sweep, { jobs: 1, store })
  expect(filesOf(store)).toHaveLength(1 + 2)
})

it('records a variant that fails beside those that do not', async () => {
  const folder = withFiles({ 'e.yaml': experiment.replace('folding.0.pe: 4', 'folding.2.pe: 5') })
  const { sweep } = sweepIn('grid: { machine.clock: [60 MHz] }\n', folder)
  const document = await runSweep(sweep, { jobs: 1 })
  expect(document.points[0]!.variants.map(({ name }) => name)).toEqual(['baseline'])
  expect(document.points[0]!.failures).toEqual([
    { variant: 'slow', error: expect.stringContaining('5 does not divide') },
  ])
  expect(sweepCsv(document).split('\n')[2]).toMatch(/^0,60 MHz,slow,.*5 does not divide/)
  expect(sweepText(document)).toMatch(/1 point failed:\n {2}point 0: .*5 does not divide/s)
})

it('refuses an axis that a variant undoes', async () => {
  const folder = withFiles({ 'e.yaml': experiment.replace('machine.folding.0.pe: 4', 'machine.clock: 50 MHz') })
  const { sweep } = sweepIn('grid: { machine.clock: [1 MHz, 2 MHz] }\n', folder)
  await expect(runSweep(sweep, { jobs: 1 })).rejects.toThrow(
    /s\.yaml:2: grid\.machine\.clock\[0\]: variant slow sets machine\.clock, and so undoes machine\.clock/,
  )
})

it('has a front and a best for each network, and of equals the one on the front', async () => {
  const { sweep } = sweepIn(
    `set: { variants: [{ name: baseline, passes: [] }] }
objectives: { clockHz: max, energyPerImageJoules: min }
grid: { network: [lfc-w1a1, tfc-w1a1], seed: [1, 2], machine.folding.0.pe: [16, 32] }
list: [{ machine: lfc-z7020 }]
`.replace('list: [{ machine: lfc-z7020 }]\n', ''),
  )
  const { points, front, best } = await runSweep(sweep, { jobs: 1 })
  expect(best.map(({ network, figure }) => [network, figure])).toEqual([
    ['lfc-w1a1', 'clockHz'],
    ['lfc-w1a1', 'energyPerImageJoules'],
    ['tfc-w1a1', 'clockHz'],
    ['tfc-w1a1', 'energyPerImageJoules'],
  ])
  for (const { point, variant } of best) expect(front).toContainEqual({ point, variant })
  expect(new Set(front.map(({ point }) => points[point]!.network)).size).toBe(2)
})

it('says which objective no result has', async () => {
  const { sweep } = sweepIn('objectives: { memory.L1D.reads: min }\ngrid: { seed: [1] }\n')
  const document = await runSweep(sweep, { jobs: 1 })
  expect(document.front).toEqual([])
  expect(sweepText(document)).toMatch(/No result has memory\.L1D\.reads, so there is no front/)
})

it('tells what is in force where a point leaves an entry alone', async () => {
  const { sweep } = sweepIn('list: [{ seed: 5 }, { images.count: 2 }]\n')
  const { points } = await runSweep(sweep, { jobs: 1 })
  expect(points.map(({ settings }) => settings)).toEqual([{ seed: 5, 'images.count': 1 }, { 'images.count': 2 }])
})

it('is not refused for points at its start, however many are wrong', async () => {
  const clocks = Array.from({ length: 101 }, (_, i) => `${i} MHz`)
  const { sweep } = sweepIn(
    `grid: { machine.folding.2.pe: [0, 4], machine.clock: [${clocks}] }\nwhen: machine.clock <= 1e6 || machine.folding[2].pe == 0\n`,
  )
  const { points } = await runSweep(sweep, { jobs: 1 })
  expect(points.filter(({ error }) => error === undefined).map(({ point }) => point)).toEqual([102])
})

it('of no points, or of too many, is wrong itself', async () => {
  const none = sweepIn(`${axes}when: machine.clock > '1 GHz'\nexplore: { points: 2, fidelity: [{ seed: 1 }] }\n`)
  await expect(runSweep(none.sweep, { jobs: 1 })).rejects.toThrow('s.yaml:5: when: no point fulfils all conditions')
  await expect(explore(none.sweep, { jobs: 1 })).rejects.toThrow('when: no point fulfils all conditions')
  const seeds = Array.from({ length: 1001 }, (_, i) => i)
  const many = sweepIn(`grid: { seed: [${seeds}], images.count: [${seeds}] }\n`)
  await expect(runSweep(many.sweep, { jobs: 1 })).rejects.toThrow(/s\.yaml.*: 1002001 points; expected at most 1000000/)
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
    expect(besideGrid(explored, grid).search!.grid).toEqual({
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

  it('refuses a fidelity that is wrong, or that undoes an axis, before anything runs', async () => {
    const wrong = sweepIn(`${axes}explore: { points: 4, fidelity: [{ imgs: 1 }] }\n`)
    await expect(explore(wrong.sweep, { jobs: 1, finished: () => expect.fail() })).rejects.toThrow(
      /explore\.fidelity\[0\]\.imgs: unknown key/,
    )
    const text = `${axes}explore: { points: 4, fidelity: [{ machine.clock: 1 MHz }] }\n`
    expect(problem(() => sweepIn(text))).toMatch(/fidelity\[0\]\.machine\.clock: machine\.clock would undo the axis/)
  })

  it('says so where a fidelity leaves nothing to compare by', async () => {
    const { sweep } = sweepIn(`${axes}objectives: { intervalCycles: min }
explore: { points: 4, fidelity: [{ images.count: 1 }] }
set: { images.count: 2 }
`)
    await expect(explore(sweep, { jobs: 1 })).rejects.toThrow(
      /explore\.fidelity\[0\]: no result has all of intervalCycles/,
    )
  })

  it('is not led astray by a variant that no axis changes', async () => {
    const slower = Array.from(
      { length: 8 },
      (_, i) => `[{ name: baseline, passes: [] }, { name: a, passes: [], set: { machine.clock: ${i + 20} MHz } }]`,
    )
    const { sweep } = sweepIn(`grid: { variants: [${slower}] }
objectives: { latencySeconds: min }
explore: { points: 8, keep: 0.25, fidelity: [{ seed: 2 }] }
`)
    // The baseline is the same, and better, in all points: it says nothing about them.
    const { points } = await explore(sweep, { jobs: 1 })
    expect(points.map(({ point }) => point)).toEqual([6, 7])
  })

  it('needs to be told how', async () => {
    const { sweep } = sweepIn()
    await expect(explore(sweep, { jobs: 1 })).rejects.toThrow('explore: missing')
    expect(problem(() => sweepIn('explore: { points: 1, fidelity: [{ seed: 1 }] }'))).toMatch(/explore\.points: /)
  })
})
