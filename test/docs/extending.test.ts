// docs/extending.md: its pieces of code are whole files that work, its commands give what it shows.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { MachineRun } from '../../src/machines/machine.ts'
import { loadNetwork } from '../../src/model/load.ts'
import { loadPictures } from '../../src/model/pictures.ts'
import { applyPasses } from '../../src/opt/index.ts'
import { encode, golden } from '../../src/work/evaluate.ts'
import { workload } from '../../src/work/lower.ts'
import { kernelsOf, sequencesOf } from '../../src/work/sequences.ts'
import { passContract } from '../opt/contract.ts'
import { flatSlices } from './extending/flat-slices.ts'
import { oneEngine } from './extending/one-engine.ts'
import { commands, outputOf, page, sourceAs, timeless } from './extending.ts'

const text = readFileSync(page, 'utf8')
const pieces = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code!)

describe('docs/extending.md', () => {
  it.each(commands())('shows what bnnsim $command prints', async ({ command, shown }) => {
    expect(timeless(shown!)).toBe(timeless(await outputOf(command)))
  })

  it('shows the files that are tested here', () => {
    expect(commands()).toHaveLength(2)
    expect(pieces.join('\n')).toBe(`${sourceAs('flat-slices.ts', 'opt')}\n${sourceAs('one-engine.ts', 'machines')}`)
  })
})

passContract(flatSlices, [{ odd: 2 }])

describe('flat-slices', () => {
  it('leaves no slice with few odd weights', () => {
    const before = workload(loadNetwork('cnv-cifar10'))
    const after = applyPasses(before, [{ name: 'flat-slices', options: { odd: 1 } }], { 'flat-slices': flatSlices })
    const ones = after.layers.flatMap((layer) => {
      const weights = kernelsOf(layer)
      return weights === undefined ? [] : [...sequencesOf(weights)].map((slice) => onesIn(slice))
    })
    expect(ones.filter((count) => count === 1 || count === 8)).toEqual([])
    expect(ones.filter((count) => count === 2).length).toBeGreaterThan(1000)
  })
})

const onesIn = (slice: number): number => slice.toString(2).replaceAll('0', '').length

describe('one-engine', () => {
  const spec = oneEngine.schema.parse({ clock: '100 MHz', lanes: 1000, luts: 7 })

  it('takes products by lanes, rounded up, layer after layer', () => {
    const network = loadNetwork('lfc-w1a1') // four dense layers: 784 to 1024, 1024, 1024 and 10
    const { pictures } = loadPictures('drawn', network.picture, { count: 2 })
    const inputs = pictures.map(({ pixels }) => encode(network, pixels))
    const { layers, ...run }: MachineRun = oneEngine.lower(workload(network), spec).run({ inputs, images: 3 })
    const cycles = 803 + 1049 + 1049 + 11
    expect(run).toMatchObject({ cyclesPerImage: cycles, totalCycles: 3 * cycles, latencyCycles: cycles })
    expect(layers.map(({ busy }) => busy / 3)).toEqual([803, 1049, 1049, 11])
    expect(layers.flatMap(({ counts }) => counts.map(({ count }) => count / 21))).toEqual([803, 1049, 1049, 11])
    expect(run.outputs.map((output) => output.class)).toEqual(
      [0, 1, 0].map((picture) => golden(network, inputs[picture]!).class),
    )
  })

  it('refuses what it has no unit for', () => {
    expect(() => oneEngine.lower(workload(loadNetwork('quicknet-small')), spec)).toThrow(/multiplies no reals/)
    const chosen = [{ name: 'share-results', options: { share: 'inverse' } }]
    const shared = applyPasses(workload(loadNetwork('cnv-cifar10')), chosen)
    expect(() => oneEngine.lower(shared, spec)).toThrow(/^conv0: one-engine computes all terms/)
  })
})
