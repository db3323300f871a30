import { describe, expect, it } from 'vitest'
import { compared, resultJson, variantResult } from '../../src/report/result.ts'
import { sampleDocument, tenImages, variantRun } from './samples.ts'

const { layers, ...totals } = variantResult(variantRun(tenImages))

describe('variantResult', () => {
  it('gives times of the run, and rate and work per image', () => {
    expect(totals).toMatchObject({
      name: 'baseline',
      machine: 'toy-machine',
      energyTable: 'toy',
      clockHz: 100e6,
      images: 10,
      simulatedImages: 4,
      cyclesPerImage: 100,
      latencyCycles: 190,
      latencySeconds: 1.9e-6,
      totalCycles: 1000,
      totalSeconds: 1e-5,
      imagesPerSecond: 10 / 1e-5,
      speedup: 1,
      accuracy: { images: 4, pictures: 4, correct: 3 },
      checked: { tensors: 8, values: 1234, mismatches: 0 },
      operations: { binaryMacs: (64 * 1200) / 10, compares: 4, poolCompares: 0 },
      memory: {
        weights: { reads: 120, writes: 0, bytesRead: 960, bytesWritten: 0 },
        dram: { reads: 2, writes: 4, bytesRead: 8, bytesWritten: 16 },
      },
      perCycle: { binaryMacs: (64 * 1200) / 1000 },
      ofPeak: { binaryMacs: 0.6 },
      peak: { binaryMacs: 128 },
    })
  })

  it('spreads dynamic and static energy of the run over its images', () => {
    // 1200 busy cycles of 1000 LUTs at 1 pJ and 10 reads at 4 pJ; 0.5 W for 10 us.
    expect(totals.energy.lut).toBeCloseTo(120_000e-12, 20)
    expect(totals.energy.ramb18).toBeCloseTo(4_800e-12, 20)
    expect(totals.energy.toy).toBeCloseTo(500_000e-12, 20)
    expect(totals.staticEnergy).toEqual({ toy: totals.energy.toy })
    expect(totals.energyPerImageJoules).toBeCloseTo(624_800e-12, 20)
    expect(layers.map((each) => each.energyPerImageJoules)).toEqual([
      expect.closeTo(93_600e-12, 20),
      expect.closeTo(31_200e-12, 20),
    ])
  })

  it('separates the static part of a component that has both', () => {
    const run = variantRun(tenImages)
    const components = { dram: { dynamic: 3, static: 5 } }
    const { energy, staticEnergy } = variantResult({ ...run, energy: { ...run.energy, total: 8, components } })
    expect({ energy, staticEnergy }).toEqual({ energy: { dram: 0.8 }, staticEnergy: { dram: 0.5 } })
  })

  it('gives cycles of the layers, which sum, and their work per image', () => {
    expect(layers[1]).toMatchObject({
      name: 'fc1',
      cycles: 100,
      busy: 30,
      stalls: { fill: 60, input: 10, output: 0, idle: 0 },
      operations: { binaryMacs: 1920, compares: 2, poolCompares: 0 },
      memory: { weights: { reads: 30, bytesRead: 240 }, dram: { writes: 2, bytesWritten: 8 } },
      resources: { lut: { used: 100.25 }, bram36: { used: 1.5 } },
      perCycle: { binaryMacs: 19.2 },
      ofPeak: { binaryMacs: 0.15 },
    })
  })

  it('has no rates of what has no peak, or was not done', () => {
    const { peak: _, ...run } = tenImages
    expect(variantResult(variantRun(run)).layers[0]).not.toHaveProperty('perCycle')
    expect(variantResult(variantRun({ ...tenImages, peak: { realMacs: 4 } }))).not.toHaveProperty('ofPeak')
  })

  it('names resources beside what the device has, and leaves them out where there are none', () => {
    expect(totals.resources).toEqual({
      device: 'toy-device',
      lut: { used: 201, available: 1000 },
      lutram: { used: 20, available: 400 },
      ff: { used: 100, available: 2000 },
      bram36: { used: 3, available: 4 },
      dsp: { used: 0, available: 5 },
    })
    const { resources: _, ...run } = tenImages
    expect(variantResult(variantRun(run))).not.toHaveProperty('resources')
  })

  it('compares time per image, not cycles, with the baseline', () => {
    const fast = { ...tenImages, clockHz: 200e6, cyclesPerImage: 50 }
    expect(compared(variantResult(variantRun(fast)), totals).speedup).toBeCloseTo(4, 12)
    expect(compared(variantResult(variantRun(tenImages)), totals).speedup).toBe(1)
  })

  it('has no number correct without labels, and no mismatch where none is told', () => {
    const run = {
      ...variantRun(tenImages),
      accuracy: { images: 0, pictures: 0, correct: 0 },
      checked: { tensors: 1, values: 2 },
    }
    expect(variantResult(run)).toMatchObject({
      accuracy: { images: 0, pictures: 0, correct: null },
      checked: { tensors: 1, values: 2, mismatches: 0 },
    })
  })
})

describe('resultDocument', () => {
  const document = sampleDocument()

  it('says what ran', () => {
    const { variants, ...about } = document
    expect(about).toEqual({
      format: 'bnnsim-result/1',
      experiment: 'sample',
      title: 'Two layers of nothing',
      network: 'toy-net',
      weights: 'toy.json',
      pictures: 'drawn',
      machine: 'toy-machine',
      energyTable: 'toy',
      seed: 7,
      version: '1.2.3',
    })
    expect(variants.map(({ name, speedup }) => [name, speedup])).toEqual([
      ['baseline', 1],
      ['fast', 2],
    ])
  })

  it('comes back from its JSON, and is the same every time', () => {
    expect(JSON.parse(resultJson(document))).toEqual(document)
    expect(resultJson(sampleDocument())).toBe(resultJson(document))
  })
})
