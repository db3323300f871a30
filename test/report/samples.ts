// Small runs whose every figure can be worked out by hand.

import { price } from '../../src/energy/price.ts'
import type { EnergyTable } from '../../src/energy/table.ts'
import type { LayerRun, MachineRun } from '../../src/machines/machine.ts'
import {
  compared,
  type ResultDocument,
  resultDocument,
  type VariantRun,
  variantResult,
} from '../../src/report/result.ts'

const cited = { kind: 'assumed', source: 'test' } as const

/** 1 pJ a LUT and clock, 4 pJ a read of block RAM, 0.5 W for the device. */
export const prices: EnergyTable = {
  name: 'toy',
  file: 'toy.yaml',
  actions: { lut: { active: { energy: 1e-12, ...cited } }, ramb18: { read: { energy: 4e-12, ...cited } } },
  static: { toy: { power: 0.5, ...cited } },
  area: {},
  sources: {},
}

const traffic = (reads: number, writes: number, bytes: number) => ({
  reads,
  writes,
  bytesRead: reads * bytes,
  bytesWritten: writes * bytes,
})

function layer(name: string, busy: number, stalls: Record<string, number>, images: number): LayerRun {
  return {
    name,
    cycles: 1000,
    busy,
    stalls,
    operations: { binaryMacs: 64 * busy, compares: 2 * images, poolCompares: 0 },
    memory: { weights: traffic(busy, 0, 8), dram: traffic(images, 2 * images, 4) },
    counts: [
      { layer: name, component: 'lut', action: 'active', count: 1000 * busy },
      { layer: name, component: 'ramb18', action: 'read', count: 10 * busy },
    ],
    resources: { lut: 100.25, lutram: 10, ff: 50, bram36: 1.5, dsp: 0 },
  }
}

/** Ten images in 1000 cycles of 100 MHz. */
export const tenImages: MachineRun = {
  clockHz: 100e6,
  images: 10,
  simulatedImages: 4,
  totalCycles: 1000,
  latencyCycles: 190,
  intervalCycles: 90,
  cyclesPerImage: 100,
  outside: { layers: 1, steps: 5, macs: 0.25 },
  perImage: { cycles: [190, ...Array<number>(9).fill(90)], neededMacs: [60, ...Array<number>(9).fill(80)] },
  layers: [
    layer('conv0', 900, { fill: 10, input: 0, output: 20, idle: 70 }, 10),
    layer('fc1', 300, { fill: 600, input: 100, output: 0, idle: 0 }, 10),
  ],
  peak: { binaryMacs: 128 },
  outputs: [],
  staticComponents: ['toy'],
  ownPower: {},
  resources: {
    used: { lut: 201, lutram: 20, ff: 100, bram36: 3, dsp: 0 },
    available: { lut: 1000, lutram: 400, ff: 2000, bram36: 4, dsp: 5 },
    device: 'toy-device',
  },
}

export function variantRun(run: MachineRun, name = 'baseline'): VariantRun {
  const counts = run.layers.flatMap((each) => each.counts)
  return {
    name,
    passes: name === 'baseline' ? '' : 'toy-pass {}',
    lossy: false,
    machine: 'toy-machine',
    design: { style: 'plain' },
    energyTable: prices.name,
    run,
    energy: price(counts, run.totalCycles / run.clockHz, prices, run.staticComponents),
    accuracy: { images: 4, pictures: 4, correct: 3 },
    checked: { tensors: 8, values: 1234, mismatches: 0 },
  }
}

/** The run of ten images, and a variant with twice the clock. */
export function sampleDocument(): ResultDocument {
  const baseline = variantResult(variantRun(tenImages))
  const { resources: _, ...fast } = { ...tenImages, clockHz: 200e6 }
  return resultDocument({
    experiment: { name: 'sample', title: 'Two layers of nothing', seed: 7, weights: 'somewhere/toy.json', images: {} },
    network: { name: 'toy-net', weights: 'trained' },
    machine: { name: 'toy-machine' },
    energy: 'toy',
    version: '1.2.3',
    variants: [baseline, compared(variantResult(variantRun(fast, 'fast')), baseline)],
  })
}
