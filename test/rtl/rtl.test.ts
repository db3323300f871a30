// All RTL is built at once: what Verilator and the compiler need for the first design is most of what they need for all.

import seedrandom from 'seedrandom'
import { beforeAll, describe, expect, it } from 'vitest'
import { onArrays, shapeOf } from './array-design.ts'
import { layerSamples } from './array-layers.ts'
import type { ArrayRun } from './naive-array.ts'
import { randomSamples } from './random-arrays.ts'
import { FRAMES, layerSample, machineSamples, type Simulated, stalls, timingOf } from './samples.ts'
import { type Emitted, type Run, simulate, verilatorAbsent } from './verilator.ts'

const samples = [
  ...[0, 0, 1, 1, 2, 2, 3, 3, 3].map((kernel, i) => layerSample(`layer ${i}`, kernel)),
  ...machineSamples(7),
]

const randomly = (seed: string, share: number): string => {
  const random = seedrandom(seed)
  return `1${Array.from({ length: 250 }, () => Number(random() < share)).join('')}`
}
const always = '1'
const patterns = [always, randomly('random', 0.6), randomly('scarce', 0.1)]

const random = randomSamples()
const layers = layerSamples()
const arrays = [...random, ...layers]
const shapes = [...new Set(arrays.map(({ design }) => shapeOf(design)))]

/** Runs of the arrays: what is simulated here is offered input always. */
const tasks = [
  ...random.flatMap((sample) => patterns.map((offered) => ({ sample, offered, passes: 'random' }))),
  ...layers.map((sample) => ({ sample, offered: always, passes: sample.passes })),
]

/** Cycles that the RTL runs on after the last word is due: surplus words would show. */
const MARGIN = 200

const textOf = ({ emissions }: ArrayRun): string[] =>
  emissions.map(({ cycle, bits }) => `${cycle}: ${bits.map(Number).join('')}`)

function textOfRtl({ cycles, lanes }: Emitted, bits: number): string[] {
  const words = Math.ceil(bits / 32)
  return cycles.map((cycle, i) => {
    const bit = (at: number): number => (lanes[i * words + (at >>> 5)]! >>> (at & 31)) & 1
    return `${cycle}: ${Array.from({ length: bits }, (_, at) => bit(at)).join('')}`
  })
}

const emissionsOf = (runs: readonly ArrayRun[]): number =>
  runs.reduce((sum, { emissions }) => sum + emissions.length, 0)
const cutsOf = (runs: readonly ArrayRun[]): number => runs.reduce((sum, { cuts }) => sum + cuts, 0)

describe('the naive model of the PE array', () => {
  it.each(random.map((sample) => [sample.name, sample] as const))('gives what whole kernels give: %s', (_, sample) => {
    const { emissions, cuts } = sample.run(always)
    expect(emissions.map(({ bits }) => bits)).toEqual(sample.expected)
    expect(new Set(sample.expected.flat()).size, 'mixed outputs').toBe(2)
    if (sample.cuts) expect(cuts).toBeGreaterThan(0)
  })
})

describe('the simulated PE array', () => {
  it.each(shapes)('is the naive model: %s', (shape) => {
    for (const { name, design, ours, run } of layers) {
      if (shapeOf(design) !== shape) continue
      const naive = run(always)
      expect(textOf(ours), name).toEqual(textOf(naive))
      expect(ours.cuts, name).toBe(naive.cuts)
    }
  })

  it.each([...new Set(layers.map(({ passes }) => passes))])(
    'has mixed outputs, and cuts where they may be: %s',
    (list) => {
      const runs = layers.filter(({ passes }) => passes === list).map(({ ours }) => ours)
      const bits = runs.flatMap(({ emissions }) => emissions.flatMap((emission) => emission.bits))
      const share = bits.filter((bit) => bit).length / bits.length
      expect(Math.abs(share - 0.5)).toBeLessThan(0.35)
      if (list.includes('prune')) expect(cutsOf(runs)).toBeGreaterThan(emissionsOf(runs) / 100)
      else expect(cutsOf(runs)).toBe(0)
    },
  )
})

describe.skipIf(verilatorAbsent())('the RTL in test/rtl/hdl, simulated by Verilator', () => {
  let ours: Simulated[][]
  let theirs: Emitted[][]
  let naive: ArrayRun[]
  let ofArrays: Emitted[]

  beforeAll(() => {
    ours = stalls.map((pattern) => samples.map((sample) => sample.run(pattern)))
    const streaming = ours.flatMap((round, r) =>
      round.map(({ words, timing }, d): Run => {
        const { firstFrameCycles, intervalMean } = timing
        const cycles = firstFrameCycles + (FRAMES - 1) * intervalMean! + MARGIN
        return { ...samples[d]!.hardware, ...stalls[r]!, words, cycles }
      }),
    )
    naive = tasks.map(({ sample, offered }) => sample.run(offered))
    const loaded = onArrays(tasks.map(({ sample }) => sample.design))
    const onPes = tasks.map(({ sample: { words }, offered }, i): Run => {
      const cycles = naive[i]!.emissions.at(-1)!.cycle + MARGIN
      return { ...loaded[i]!, offered, accepted: '1', words, cycles }
    })
    const emitted = simulate([...streaming, ...onPes])
    theirs = stalls.map((_, r) => emitted.slice(r * samples.length, (r + 1) * samples.length))
    ofArrays = emitted.slice(streaming.length)
  }, 180_000)

  it.each(samples.map(({ name }, d) => [name, d] as const))('is what we simulate: %s', (_, d) => {
    for (const [r, { name }] of stalls.entries()) {
      const our = ours[r]![d]!
      const rtl = theirs[r]![d]!
      expect(timingOf(rtl.cycles), name).toEqual(our.timing)
      expect(rtl.lanes, name).toEqual(our.emitted.lanes)
      if (our.emitted.cycles.length > 0) expect(rtl.cycles, name).toEqual(our.emitted.cycles)
    }
  })

  it('in every kind of unit, with mixed outputs, and under stalls that cost time', () => {
    const roles = new Set(samples.flatMap((sample) => sample.roles))
    expect([...roles].toSorted()).toEqual(['converter', 'dma', 'matrix-vector', 'pool', 'window'])
    const mixed = samples.filter((_, d) => new Set(ours[0]![d]!.emitted.lanes).size > 1)
    expect(mixed.length).toBe(samples.length)
    for (const [r, { name }] of stalls.entries()) {
      if (r === 0) continue
      const slower = samples.filter((_, d) => ours[r]![d]!.timing.intervalMean! > ours[0]![d]!.timing.intervalMean!)
      expect(slower.length, name).toBeGreaterThan(3)
    }
    const words = theirs.flat().reduce((sum, { cycles }) => sum + cycles.length, 0)
    console.info(`compared with RTL: ${samples.length} designs, ${stalls.length} stall patterns, ${words} output words`)
  })

  it.each(shapes)('is the naive model of the PE array: %s', (shape) => {
    for (const [i, { sample, offered }] of tasks.entries()) {
      if (shapeOf(sample.design) !== shape) continue
      const { rows, cols } = sample.design
      expect(textOfRtl(ofArrays[i]!, rows * cols), `${sample.name}, input ${offered}`).toEqual(textOf(naive[i]!))
    }
  })

  it('with input that is waited for', () => {
    const ends = (offered: string): number[] => random.map(({ run }) => run(offered).emissions.at(-1)!.cycle)
    const [whole, , scarce] = patterns.map(ends)
    for (const [i, end] of scarce!.entries()) expect(end).toBeGreaterThan(whole![i]!)
    const lists = [...new Set(tasks.map(({ passes }) => passes))].map((list) => {
      const runs = naive.filter((_, i) => tasks[i]!.passes === list)
      return `${list}: ${runs.length} runs, ${emissionsOf(runs)} emissions, ${cutsOf(runs)} cuts`
    })
    console.info(`compared with RTL: ${shapes.length} PE arrays; ${lists.join('; ')}; no differences`)
  })
})
