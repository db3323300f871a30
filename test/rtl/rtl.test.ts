import { beforeAll, describe, expect, it } from 'vitest'
import { FRAMES, layerSample, machineSamples, type Simulated, stalls, timingOf } from './samples.ts'
import { type Emitted, simulate, verilatorAbsent } from './verilator.ts'

const samples = [
  ...[0, 0, 1, 1, 2, 2, 3, 3, 3].map((kernel, i) => layerSample(`layer ${i}`, kernel)),
  ...machineSamples(7),
]

/** Cycles that the RTL runs on after the last word is due: surplus words would show. */
const MARGIN = 100

describe.skipIf(verilatorAbsent())('the RTL in test/rtl/hdl, simulated by Verilator', () => {
  let ours: Simulated[][]
  let theirs: Emitted[][]

  beforeAll(() => {
    ours = stalls.map((pattern) => samples.map((sample) => sample.run(pattern)))
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
})
