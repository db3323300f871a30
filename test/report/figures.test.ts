// The table of figures against documents of real runs, and docs/results.md against the table.

import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { evaluatePasses } from '../../src/cli/eval-passes.ts'
import { resolveExperiment } from '../../src/config/experiment.ts'
import { machines } from '../../src/machines/index.ts'
import { evaluateImages } from '../../src/model/eval.ts'
import { loadNetwork } from '../../src/model/load.ts'
import { loadPictures } from '../../src/model/pictures.ts'
import { passes } from '../../src/opt/index.ts'
import { evaluationFigures } from '../../src/report/evaluation-figures.ts'
import { pathPattern, resultFigures } from '../../src/report/figures.ts'
import { names } from '../../src/report/names.ts'
import { resultsPage } from '../../src/report/page.ts'
import type { LayerResult } from '../../src/report/result.ts'
import { run } from '../../src/run.ts'
import { sampleDocument } from './samples.ts'

/** Paths of all values inside, entries of lists as `[]`. */
function pathsIn(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((each) => pathsIn(each, `${path}[]`)))]
  if (typeof value !== 'object' || value === null) return [path]
  const inner = path === '' ? '' : `${path}.`
  return Object.entries(value).flatMap(([key, each]) => pathsIn(each, inner + key))
}

function match(paths: readonly string[], keys: readonly string[]) {
  const patterns = keys.map((key) => ({ key, pattern: pathPattern(key) }))
  return {
    undescribed: paths.filter((path) => patterns.filter(({ pattern }) => pattern.test(path)).length !== 1),
    absent: patterns.filter(({ pattern }) => !paths.some((path) => pattern.test(path))).map(({ key }) => key),
  }
}

const complete = { undescribed: [], absent: [] }
const document = run(resolveExperiment('demo', { machineSchemas: machines }), 'test')
const onCore = run(
  resolveExperiment('demo', {
    machineSchemas: machines,
    set: ['machine=mobile-in-order-decode', 'energy=cortex-a53-mobile-28nm'],
  }),
  'test',
)

const onArray = run(
  resolveExperiment('demo', {
    machineSchemas: machines,
    passSchemas: passes,
    set: [
      'machine=pe-array-z7100',
      'variants=[{name: baseline, passes: []}, {name: shared, passes: [share-results, {name: reuse-kernels, trees: 16}]}]',
    ],
  }),
  'test',
)

const withHost = run(
  resolveExperiment('demo', {
    machineSchemas: machines,
    set: ['machine=pe-array-z7100', 'machine.others=host', 'network=layer-3x3-14x256-s2'],
  }),
  'test',
)

const withLanes = run(
  resolveExperiment('demo', {
    machineSchemas: machines,
    passSchemas: passes,
    set: [
      'machine=pe-array-z7100',
      'machine.others=host',
      'machine.post={lanes: 4}',
      'network=layer-3x3-14x256-s2',
      'variants=[{name: baseline, passes: []}, {name: shifts, passes: [add-bit-only]}]',
    ],
  }),
  'test',
)

describe('the table of figures', () => {
  it('describes every entry of real results, once, and nothing else', () => {
    const paths = new Set([document, onCore, onArray, withHost, withLanes].flatMap((each) => pathsIn(each)))
    expect(match([...paths], Object.keys(resultFigures))).toEqual(complete)
  })

  it('describes every entry of an evaluation, and nothing else', async () => {
    const network = loadNetwork('tfc-w1a1')
    const pictures = loadPictures('drawn', network.picture, { count: 2 })
    const keys = Object.keys(evaluationFigures)
    const plain = pathsIn(await evaluateImages(network, pictures))
    expect(match(plain, keys).undescribed).toEqual([])
    const block = loadNetwork('block-3x3-7x512')
    const drawn = loadPictures('drawn', block.picture, { count: 1 })
    const clipped = [{ name: 'clip8', options: { fraction: 7, clip: true } }]
    const run = { stopped: () => false, onProgress: () => {} }
    const withPasses = pathsIn(await evaluatePasses(block, drawn, clipped, run))
    expect(match(withPasses, keys)).toEqual(complete)
    const added = withPasses.filter((path) => !plain.includes(path))
    expect(added.every((path) => /^(passes|unchanged|saturated)/.test(path))).toBe(true)
  })

  it('notices an entry that is new and one that is gone', () => {
    const { seed: _, ...changed } = { ...sampleDocument(), mood: 'good' }
    expect(match(pathsIn(changed), Object.keys(resultFigures))).toEqual({ undescribed: ['mood'], absent: ['seed'] })
  })

  it('describes every name in braces that occurs, components apart', () => {
    const layers = [document, onCore, onArray, withHost, withLanes].flatMap(({ variants }) =>
      variants.flatMap(({ layers }) => layers),
    )
    const occurring = (of: (layer: LayerResult) => object) => [
      ...new Set(layers.flatMap((each) => Object.keys(of(each)))),
    ]
    const operations = [...occurring(({ operations }) => operations), 'realMacs'] // of larger networks
    expect(operations.sort()).toEqual(Object.keys(names.operation).sort())
    expect(occurring(({ memory }) => memory).sort()).toEqual(Object.keys(names.level).sort())
    expect(occurring(({ stalls }) => stalls).sort()).toEqual(Object.keys(names.reason).sort())
  })

  it('is what docs/results.md says', () => {
    const file = new URL('../../docs/results.md', import.meta.url)
    const page = existsSync(file) ? readFileSync(file, 'utf8') : ''
    expect(page === resultsPage(), 'docs/results.md is out of date: run `npm run docs`').toBe(true)
  })
})

describe('a real result', () => {
  const { layers, ...whole } = document.variants[0]!
  const total = (parts: readonly number[]) => parts.reduce((sum, part) => sum + part, 0)

  it('has layers whose cycles are busy or stalled', () => {
    for (const { cycles, busy, stalls } of layers) {
      expect(busy + total(Object.values(stalls))).toBe(cycles)
      expect(cycles).toBe(whole.totalCycles)
    }
  })

  it('sums from its layers and components', () => {
    const { energy, staticEnergy, energyPerImageJoules: joules } = whole
    const relative = (value: number, to: number) => Math.abs(value / to - 1)
    expect(relative(total(Object.values(energy)), joules)).toBeLessThan(1e-12)
    const dynamic = total(layers.map((each) => each.energyPerImageJoules))
    expect(relative(dynamic + total(Object.values(staticEnergy)), joules)).toBeLessThan(1e-12)
    for (const [name, count] of Object.entries(whole.operations)) {
      expect(total(layers.map(({ operations }) => operations[name] ?? 0))).toBeCloseTo(count, 6)
    }
    for (const [level, traffic] of Object.entries(whole.memory)) {
      expect(total(layers.map(({ memory }) => memory[level]?.bytesRead ?? 0))).toBeCloseTo(traffic.bytesRead, 6)
    }
  })
})
