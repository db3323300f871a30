// stats.txt as a script reads it, and stats.json beside it.

import { describe, expect, it } from 'vitest'
import { resolveExperiment } from '../../src/config/experiment.ts'
import { machines } from '../../src/machines/index.ts'
import { passes } from '../../src/opt/index.ts'
import { layerFigures, pathPattern, variantFigures } from '../../src/report/figures.ts'
import type { ResultDocument } from '../../src/report/result.ts'
import { dumpsOf, statsJson, statsText } from '../../src/report/stats.ts'
import { finalDump } from '../../src/report/stats-dump.ts'
import { Samples } from '../../src/report/stats-samples.ts'
import { layerStatistics, variantStatistics } from '../../src/report/stats-table.ts'
import { run } from '../../src/run.ts'
import { InputError } from '../../src/work/input-error.ts'
import { prices, sampleDocument, tenImages } from './samples.ts'

/** Blocks of a gem5 file as most scripts read them: the first two words of each line. */
function readStats(text: string): Map<string, number>[] {
  const blocks: Map<string, number>[] = []
  for (const line of text.split('\n')) {
    if (line.startsWith('---------- Begin')) blocks.push(new Map())
    const [name, value] = line.split(/\s+/)
    if (name !== undefined && name !== '' && !line.startsWith('-')) blocks.at(-1)!.set(name, Number(value))
  }
  return blocks
}

const textOf = (document: ResultDocument) => statsText(dumpsOf(document))
const sample = sampleDocument()

describe('stats.txt', () => {
  const text = textOf(sample)
  const [baseline, fast] = readStats(text)

  it('is laid out as gem5 lays it out', () => {
    const [empty, begin, ...lines] = text.split('\n')
    expect([empty, begin]).toEqual(['', '---------- Begin Simulation Statistics ----------'])
    expect(lines.slice(0, 3)).toEqual([
      'simVariant::baseline                                1                       # Name of the variant (Count)',
      'simSeconds                               0.0000100000000                       # Number of seconds simulated (Second)',
      'simCycles                                        1000                       # Number of cycles simulated (Cycle)',
    ])
    expect(lines).toContain(
      'conv0.stalls::output                               20     20.00%     30.00% # Cycles in which it did not: what follows takes no more (Cycle)',
    )
    expect(text.split('\n---------- End Simulation Statistics   ----------\n')).toHaveLength(3)
    expect(text.endsWith('----------\n')).toBe(true)
    const body = text.split('\n').filter((line) => line !== '' && !line.startsWith('-'))
    for (const line of body)
      expect(line).toMatch(
        /^\S+ +-?[\d.]+( +[\d.]+% +[\d.]+%)? +# \S.* \(([A-Z][a-z]+|\([A-Z][a-z]+\/[A-Z][a-z]+\))\)$/,
      )
  })

  it('has totals of the run, whole where they count', () => {
    const expected = {
      'simVariant::baseline': 1,
      simCycles: 1000,
      simImages: 10,
      simFreq: 100e6,
      'operations::binaryMacs': 64 * 1200,
      'conv0.busy': 900,
      'conv0.stalls::idle': 70,
      'conv0.stalls::total': 100,
      'conv0.mem.weights.bytesRead': 7200,
      'mem.dram.writes': 40,
      'conv0.resources.lut.used': 100.25,
      'accuracy.correct': 3,
      lossy: 0,
    }
    for (const [name, value] of Object.entries(expected)) expect(baseline!.get(name), name).toBe(value)
    // 1 pJ x 1000 x 1200 LUTs, 4 pJ x 10 x 1200 reads, 0.5 W for 10 µs.
    expect(baseline!.get('energy::total')).toBeCloseTo(1.2e-6 + 48e-9 + 5e-6, 15)
    expect(baseline!.get('staticEnergy::total')).toBeCloseTo(5e-6, 15)
  })

  it('has a block for each variant', () => {
    expect(fast!.get('simVariant::fast')).toBe(1)
    expect(fast!.get('speedup')).toBe(2)
    expect([...fast!.keys()].filter((name) => name.startsWith('resources'))).toEqual([])
  })

  it('takes names that would end or divide others apart', () => {
    const [variant] = sample.variants
    const layers = variant!.layers.map((layer, i) => ({ ...layer, name: ['my conv', 'a::b#1'][i]! }))
    const names = [...readStats(statsText([finalDump({ ...variant!, name: 'x y', layers })]))[0]!.keys()]
    expect(names).toEqual(expect.arrayContaining(['simVariant::x%20y', 'my%20conv.cycles', 'a%3a%3ab%231.cycles']))
  })

  it('recovers counts that divide by no number of images', () => {
    for (let images = 1; images < 400; images += 9)
      for (const count of [images - 1, 3 * images + 1, 2 ** 45 - images]) {
        const variant = { ...sample.variants[0]!, images, operations: { binaryMacs: count / images } }
        const { stats } = finalDump(variant)
        expect(stats.find(({ name }) => name === 'operations::binaryMacs')!.value).toBe(count)
      }
  })
})

describe('stats.json', () => {
  it('has the values of stats.txt, exact, and what names mean', () => {
    const json = JSON.parse(statsJson(sample, dumpsOf(sample)))
    expect(json).toMatchObject({ format: 'bnnsim-stats/1', experiment: 'sample', version: '1.2.3' })
    const text = readStats(textOf(sample))
    expect(json.dumps).toHaveLength(2)
    json.dumps.forEach(({ variant, cycle, final, stats }: (typeof json.dumps)[number], i: number) => {
      expect([variant, cycle, final]).toEqual([sample.variants[i]!.name, 1000, true])
      expect(Object.keys(stats)).toEqual([...text[i]!.keys()])
      for (const [name, value] of text[i]!) {
        expect(Math.abs(value - stats[name])).toBeLessThanOrEqual(1e-8 * Math.abs(value))
        expect(Object.keys(json.statistics[name])).toEqual(['unit', 'description'])
      }
    })
  })
})

describe('the table of statistics', () => {
  const set = [
    'machine=pe-array-z7100',
    'machine.others=host',
    'machine.post={lanes: 4}',
    'network=layer-3x3-14x256-s2',
    'images.count=2',
  ]
  const document = run(resolveExperiment('demo', { machineSchemas: machines, passSchemas: passes, set }), 'test')

  it('has every figure, or says why not', () => {
    expect(Object.keys(variantStatistics).sort()).toEqual(Object.keys(variantFigures).sort())
    expect(Object.keys(layerStatistics).sort()).toEqual(Object.keys(layerFigures).sort())
    const absent = [variantStatistics, layerStatistics].flatMap((table) =>
      Object.entries<unknown>(table).flatMap(([key, rule]) => (typeof rule === 'string' ? [key] : [])),
    )
    expect([...new Set(absent)].sort()).toEqual(
      [
        'design.{choice}',
        'energyPerImageJoules',
        'energyTable',
        'machine',
        'name',
        'passes',
        'resources.device',
      ].sort(),
    )
  })

  it('leaves no number of a real result out', () => {
    const all = { ...variantStatistics, ...layerStatistics }
    const left = Object.entries(all).filter(([, rule]) => typeof rule === 'string')
    const absent = left.map(([key]) => pathPattern(key))
    const numbers = (value: object, path = ''): string[] =>
      Object.entries(value).flatMap(([key, inner]) =>
        typeof inner === 'object' && inner !== null
          ? numbers(inner, `${path}${key}.`)
          : inner === null
            ? []
            : [path + key],
      )
    for (const { layers, ...variant } of document.variants) {
      const [block] = readStats(statsText([finalDump({ ...variant, layers })]))
      const paths = [variant, ...layers].flatMap((each) => numbers(each))
      const known = paths.filter((path) => !absent.some((pattern) => pattern.test(path)))
      const totals = [...block!.keys()].filter((name) => name.endsWith('::total')).length
      expect(block!.size).toBe(1 + known.length + totals)
      expect([...block!.values()].every(Number.isFinite)).toBe(true)
    }
  })
})

describe('dumps on the way', () => {
  const base = { machineSchemas: machines, set: ['images.count=2'] }
  const experiment = resolveExperiment('demo', {
    ...base,
    set: [...base.set, 'network=tfc-w1a1', 'machine=lfc-z7020', 'machine.folding=max'],
  })
  const samples = new Samples(50)
  const document = run(experiment, 'test', { samples })
  const blocks = readStats(statsText(dumpsOf(document, samples.dumps)))

  it('come before the one of the end, which has all they have', () => {
    const cycles = blocks.map((block) => block.get('simCycles')!)
    expect(cycles.length).toBeGreaterThan(2)
    expect(cycles).toEqual([...cycles].sort((a, b) => a - b))
    expect(cycles.slice(0, -1).every((cycle, i) => cycle === 50 * (i + 1))).toBe(true)
    const names = new Set(blocks.at(-1)!.keys())
    for (const block of blocks) for (const name of block.keys()) expect(names, name).toContain(name)
  })

  it('do not change the result', () => {
    expect(run(experiment, 'test')).toEqual(document)
  })

  it('are of the variant that they were taken in', () => {
    const both = sampleDocument()
    const taken = new Samples(500)
    const { images, ...rest } = tenImages
    taken.of('fast', prices).sample({ ...rest, images: 3, totalCycles: 500 })
    const dumps = dumpsOf(both, taken.dumps)
    expect(dumps.map(({ variant, cycle, final }) => [variant, cycle, final])).toEqual([
      ['baseline', 1000, true],
      ['fast', 500, false],
      ['fast', 1000, true],
    ])
    const [, sampled] = readStats(statsText(dumps))
    expect(sampled!.get('simImages')).toBe(3)
    expect(sampled!.get('conv0.busy')).toBe(900)
    expect(sampled!.has('latencyCycles')).toBe(false)
    expect(images).toBe(10)
  })

  it('are refused where they are too many to keep, with an interval that may do', () => {
    const few = new Samples(5, 100)
    const take = () => few.of('baseline', prices).sample({ ...tenImages, totalCycles: 500 })
    take()
    expect(take).toThrow(InputError)
    expect(take).toThrow(/^--interval: more than 100 statistics in \d dumps by cycle 500 .* such as 50$/)
  })
})
