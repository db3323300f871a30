import { beforeAll, describe, expect, it } from 'vitest'
import { FRAMES, layerSample, machineSample, type Simulated, stalls, timingOf } from './samples.ts'
import { type Emitted, simulate, verilatorAbsent } from './verilator.ts'

const samples = [
  ...[0, 0, 1, 1, 2, 2, 3, 3, 3].map((kernel, i) => layerSample(`layer ${i}`, kernel)),
  ...[0, 1, 2, 3, 4, 5].map((i) => machineSample(`rtl ${i}`)),
]

/** Cycles that the RTL runs on after the last word is due: surplus words would show. */
const MARGIN = 100

describe.skipIf(verilatorAbsent())('the RTL in test/rtl/hdl, simulated by Verilator', () => {
  const ours: Simulated[][] = stalls.map((pattern) => samples.map((sample) => sample.run(pattern)))
  let theirs: Emitted[][]

  beforeAll(() => {
    const rounds = ours.map((round, r) =>
      round.map(({ words, timing }) => {
        const { firstFrameCycles, intervalMean } = timing
        const cycles = firstFrameCycles + (FRAMES - 1) * intervalMean! + MARGIN
        return { offered: stalls[r]!.offered, accepted: stalls[r]!.accepted, words, cycles }
      }),
    )
    theirs = simulate(
      samples.map(({ design }) => design),
      rounds,
    )
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

  it('and the samples say something: outputs are mixed, and every stall pattern costs some of them time', () => {
    for (const [d, { name }] of samples.entries())
      expect(new Set(ours[0]![d]!.emitted.lanes).size, name).toBeGreaterThan(1)
    for (const [r, { name }] of stalls.entries()) {
      if (r === 0) continue
      const slower = samples.filter((_, d) => ours[r]![d]!.timing.intervalMean! > ours[0]![d]!.timing.intervalMean!)
      expect(slower.length, name).toBeGreaterThan(0)
    }
  })
})
