// What holds for the samples of every machine, whatever it is.

import { expect, it } from 'vitest'
import { price } from '../../src/energy/price.ts'
import { type EnergyTable, loadEnergyTable } from '../../src/energy/table.ts'
import type { Lowered, MachineRun, RunOptions, Sample } from '../../src/machines/machine.ts'

export interface SampledCase {
  readonly name: string
  readonly machine: Lowered
  readonly options: Pick<RunOptions, 'inputs' | 'images'>
  /** Name of the energy table. */
  readonly energy: string
  /** Samples at the very cycles, else at the end of what cannot be cut. */
  readonly exact: boolean
  /** Cycles that layers account for in a sample of `cycles`, and by how many they may be off. */
  readonly accounted: (sample: Sample) => readonly number[]
  readonly inFlight: number
}

export const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0)

interface Sampled {
  readonly run: MachineRun
  readonly samples: readonly Sample[]
}

function sampled({ machine, options }: SampledCase, cycles: number, more: Partial<RunOptions> = {}): Sampled {
  const samples: Sample[] = []
  // A sample keeps what it says: it is compared after the run.
  const interval = { cycles, sample: (sample: Sample) => samples.push(sample) }
  const run = machine.run({ ...options, ...more, interval })
  return { run, samples }
}

/** Every count of a sample or run by name, joules by component. */
function countsOf(from: Sample, table: EnergyTable): Map<string, number> {
  const { layers, images, totalCycles, clockHz, staticComponents, ownPower, ownEnergy } = from
  const counts = layers.flatMap((layer) => layer.counts)
  const priced = price(counts, totalCycles / clockHz, table, staticComponents, ownPower, ownEnergy)
  return new Map([
    ['images', images],
    ...Object.entries(priced.components).map(([name, { dynamic }]) => [`energy ${name}`, dynamic] as const),
    ...layers.flatMap(({ name, cycles, busy, stalls, operations, memory }) => {
      const own = { cycles, busy, ...stalls, ...operations }
      const moved = Object.entries(memory).flatMap(([level, traffic]) =>
        Object.entries(traffic).map(([key, value]) => [`${level}.${key}`, value] as const),
      )
      return [...Object.entries(own), ...moved].map(([key, value]) => [`${name} ${key}`, value] as const)
    }),
  ])
}

/** Counts of `later` that are less than they were. Sums of fractions may lose their last bits. */
const shrunk = (earlier: ReadonlyMap<string, number>, later: ReadonlyMap<string, number>): string[] =>
  [...earlier].flatMap(([key, value]) => {
    const now = later.get(key) ?? 0
    return value <= now + 1e-9 * Math.abs(value) ? [] : [`${key}: ${value} then ${now}`]
  })

/** Intervals that a run of `total` cycles is cut into: few and many, with and without a remainder. */
const intervalsOf = (total: number): number[] => [Math.ceil(total / 3), Math.floor(total / 25)]

export function samplingContract(each: SampledCase): void {
  const plain = each.machine.run({ ...each.options, fastForward: false })
  const intervals = intervalsOf(plain.totalCycles)
  const runs = intervals.map((cycles) => ({ cycles, ...sampled(each, cycles) }))

  const table = loadEnergyTable(each.energy)

  it('leave the result as it is', () => {
    for (const { run } of runs) expect(run).toEqual(plain)
    const { outputs: few, simulatedImages: _, ...fast } = each.machine.run(each.options)
    const { outputs: all, simulatedImages: __, ...slow } = runs[0]!.run
    expect(slow).toEqual(fast)
    expect(all).toEqual(expect.arrayContaining([...few]))
  })

  it('are taken once an interval, before the end', () => {
    for (const { cycles, samples } of runs) {
      const at = samples.map(({ totalCycles }) => totalCycles)
      for (const cycle of at) expect(cycle).toBeLessThan(plain.totalCycles)
      const turns = at.map((cycle) => Math.floor(cycle / cycles))
      expect(turns).toEqual([...new Set(turns)].sort((a, b) => a - b))
      if (!each.exact) expect(turns.length).toBeGreaterThan(0)
      else
        expect(at).toEqual(
          Array.from({ length: Math.ceil(plain.totalCycles / cycles) - 1 }, (_, i) => (i + 1) * cycles),
        )
    }
  })

  it('never count less than before, nor more than the whole', () => {
    for (const { run, samples } of runs) {
      const counts = [...samples, run].map((one) => countsOf(one, table))
      expect(counts.slice(1).flatMap((later, i) => shrunk(counts[i]!, later))).toEqual([])
    }
  })

  it('account for the cycles that have passed, and no others', () => {
    for (const { samples } of runs)
      for (const sample of samples)
        for (const cycles of each.accounted(sample)) {
          expect(cycles).toBeGreaterThan(sample.totalCycles - each.inFlight - 1e-6)
          expect(cycles).toBeLessThan(sample.totalCycles + each.inFlight + 1e-6)
        }
  })

  it('count images when their results are there', () => {
    for (const { samples } of runs)
      for (const { images, totalCycles } of samples)
        if (each.exact || totalCycles !== plain.latencyCycles)
          expect(images > 0).toBe(totalCycles >= plain.latencyCycles)
  })

  it('say of a cycle what they say of it at any interval', () => {
    const fine = runs.at(-1)!
    const coarse = sampled(each, 3 * fine.cycles)
    const known = new Map(fine.samples.map((sample) => [sample.totalCycles, sample]))
    const both = coarse.samples.filter(({ totalCycles }) => known.has(totalCycles))
    expect(both.length).toBeGreaterThan(coarse.samples.length / 2)
    for (const sample of both) expect(sample).toEqual(known.get(sample.totalCycles))
  })

  it('do not know the order of events within a cycle', () => {
    const { cycles, samples } = runs.at(-1)!
    expect(sampled(each, cycles, { order: { shuffle: 'samples' } }).samples).toEqual(samples)
  })
}
