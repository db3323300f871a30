import { describe, expect, it } from 'vitest'
import { loadDevice } from '../../../src/config/device.ts'
import { availableOn } from '../../../src/machines/fpga/fit.ts'
import type { Resources } from '../../../src/machines/machine.ts'
import { foldFor } from '../../../src/machines/streaming/fold.ts'
import { columnsToFold, divisors, foldCycles, rowsToFold } from '../../../src/machines/streaming/folding.ts'
import { foldReport, streaming } from '../../../src/machines/streaming/index.ts'
import type { StreamingSpec } from '../../../src/machines/streaming/spec.ts'
import { network } from '../../../src/model/load.ts'
import { encode } from '../../../src/work/evaluate.ts'
import { InputError } from '../../../src/work/input-error.ts'
import { workload } from '../../../src/work/lower.ts'
import type { Network } from '../../../src/work/network.ts'
import { RandomNetwork } from '../../work/random-network.ts'
import { PORT_WIDTH } from './small-machine.ts'
import { baseSpec, plansOf, sampleNetwork } from './specs.ts'

const networks: readonly (readonly [string, Network])[] = [
  ['a small network', sampleNetwork()],
  ['CNV', network('cnv-w1a1')],
  ['TFC', network('tfc-w1a1')],
  ['LFC', network('lfc-w1a1')],
]

const spec = (folding: StreamingSpec['folding'], device = 'xc7z045', style: 'rtl' | 'hls' = 'hls'): StreamingSpec => ({
  ...baseSpec,
  device: loadDevice(device),
  style,
  folding,
})

const planned = (net: Network, one: StreamingSpec) => foldFor(plansOf(net), one, PORT_WIDTH)

/** Whether a plan keeps within the shares of the device that can be routed. */
function withinCeilings(used: Resources, device: string): boolean {
  const { ceilings, ...rest } = loadDevice(device)
  return (['lut', 'ff', 'bram36', 'dsp'] as const).every((key) => used[key] <= rest[key].value * ceilings[key].value)
}

describe.each(networks)('folding %s', (_, net) => {
  it.each([10, 300, 3000])(
    'for %d images a second: every layer keeps up, by whole divisors, within the device',
    (fps) => {
      const { layers, interval, used } = planned(net, spec({ fps }))
      expect(interval).toBeLessThanOrEqual(baseSpec.clock / fps)
      expect(interval).toBe(Math.max(...layers.map(({ plan, folding }) => foldCycles(plan, folding))))
      for (const { plan, folding } of layers) {
        expect(rowsToFold(plan) % folding.pe).toBe(0)
        expect(columnsToFold(plan) % folding.simd).toBe(0)
        expect(foldCycles(plan, folding)).toBeLessThanOrEqual(baseSpec.clock / fps)
      }
      expect(withinCeilings(used, 'xc7z045')).toBe(true)
    },
  )

  it('takes no more hardware than a folding for a higher rate', () => {
    const luts = [10, 100, 1000, 10_000].map((fps) => planned(net, spec({ fps })).used.lut)
    expect(luts).toEqual(luts.toSorted((a, b) => a - b))
  })

  it.each(['xc7z020', 'xc7z045'])(
    'for the highest rate on %s: no shorter interval that a layer can have fits',
    (device) => {
      const plans = plansOf(net)
      const { interval, used } = planned(net, spec('max', device))
      expect(withinCeilings(used, device)).toBe(true)
      const shorter = new Set<number>()
      for (const plan of plans)
        for (const pe of divisors(rowsToFold(plan)))
          for (const simd of divisors(columnsToFold(plan))) {
            const cycles = foldCycles(plan, { pe, simd })
            if (cycles < interval) shorter.add(cycles)
          }
      for (const cycles of shorter) {
        // A rate a hair below the one of the interval, so that rounding does not exclude it.
        const fps = (baseSpec.clock / cycles) * (1 - 1e-12)
        expect(() => planned(net, spec({ fps }, device)), `${cycles} cycles`).toThrow(InputError)
      }
    },
  )

  it('says at which layer an impossible rate fails, and which is the highest', () => {
    const attempt = () => planned(net, spec({ fps: 200_000_000 }))
    expect(attempt).toThrow(InputError)
    expect(attempt).toThrow(
      /^machine.folding.fps: layer \w+ takes [\d,]+ cycles fully unfolded: expected at most [\d,]+ images\/s$/,
    )
  })
})

describe('a rate that a small device cannot reach', () => {
  it('is an error that names what overflows and by how much', () => {
    const attempt = () => planned(network('cnv-w1a1'), spec({ fps: 12_000 }, 'xc7z020'))
    expect(attempt).toThrow(InputError)
    expect(attempt).toThrow(
      /^machine.folding: does not fit xc7z020: [\d,]+ of 37,240 \(70 % of 53,200\) LUT, [\d,]+ too many/,
    )
  })
})

describe('a planned machine', () => {
  it.each(['rtl', 'hls'] as const)('streams at about the planned rate, %s', (style) => {
    const net = sampleNetwork()
    const one = spec({ fps: 20_000 }, 'xc7z045', style)
    const report = foldReport(workload(net), one)
    const pixels = new RandomNetwork('pictures', net.picture, net.encoding).pixels()
    const run = streaming.lower(workload(net), one).run({ inputs: [encode(net, pixels)], images: 2000 })
    expect(report.imagesPerSecond).toBeGreaterThanOrEqual(20_000)
    expect(run.cyclesPerImage).toBeGreaterThanOrEqual(report.interval)
    expect(run.cyclesPerImage).toBeLessThan(report.interval * 1.25)
    expect(report.available).toEqual(availableOn(loadDevice('xc7z045')))
    expect(run.resources!.used).toEqual(report.used)
  })
})
