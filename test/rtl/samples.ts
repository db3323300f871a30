// Seeded random layers and machines whose simulation is compared with that of the RTL.

import seedrandom from 'seedrandom'
import { checkFolding, divisors } from '../../src/machines/streaming/folding.ts'
import { type LayerTiming, simulateLayer } from '../../src/machines/streaming/layer.ts'
import { netlistOf } from '../../src/machines/streaming/netlist.ts'
import { planLayers } from '../../src/machines/streaming/plan.ts'
import { Kernel } from '../../src/sim/kernel.ts'
import { Stream } from '../../src/sim/stream.ts'
import { type Pattern, PatternSink, PatternSource } from '../../src/units/test-pattern.ts'
import { PORT_WIDTH, smallMachine } from '../machines/streaming/small-machine.ts'
import type { Emitted } from './verilator.ts'
import { type LayerShape, type Loaded, layerDesign, netlistDesign } from './verilog.ts'

/** Bits over cycle mod length: when input is offered, and output accepted. */
export interface Stalls {
  readonly name: string
  readonly offered: string
  readonly accepted: string
}

const blocksOf64 = '1'.repeat(64) + '0'.repeat(64)
const randomly = (seed: string, share: number, length: number): string => {
  const random = seedrandom(seed)
  return `1${Array.from({ length }, () => (random() < share ? '1' : '0')).join('')}`
}

export const stalls: readonly Stalls[] = [
  { name: 'none', offered: '1', accepted: '1' },
  { name: 'outI:8', offered: '1', accepted: '10000000' },
  { name: 'outB:64', offered: '1', accepted: blocksOf64 },
  { name: 'inB:64', offered: blocksOf64, accepted: '1' },
  { name: 'random', offered: randomly('offered', 0.6, 251), accepted: randomly('accepted', 0.5, 241) },
  { name: 'scarce', offered: randomly('rare', 0.15, 509), accepted: randomly('rarer', 0.3, 127) },
]

const patternOf =
  (bits: string): Pattern =>
  (cycle) => {
    const period = bits.length
    let ahead = 0
    while (bits[(cycle + ahead) % period] !== '1') ahead++
    return cycle + ahead
  }

/** A design, and how this project simulates it. */
export interface Sample {
  readonly name: string
  readonly hardware: Loaded
  /** Kinds of its units. */
  readonly roles: readonly string[]
  /** Words that leave it with each frame. */
  readonly wordsOut: number
  run(stalls: Stalls): Simulated
}

export interface Simulated {
  /** What went in, as words of the design's input width. */
  readonly words: Uint32Array
  /** What came out. `cycles` is empty where only `timing` is known. */
  readonly emitted: Emitted
  readonly timing: LayerTiming
}

export const FRAMES = 3

/** The figures of the reference, from the cycles in which words left. */
export function timingOf(cycles: readonly number[]): LayerTiming {
  const perFrame = cycles.length / FRAMES
  const end = (frame: number): number => cycles[(frame + 1) * perFrame - 1]! + 1
  return {
    firstOutputCycle: cycles[0]!,
    firstFrameCycles: end(0),
    intervalMean: (end(FRAMES - 1) - end(0)) / (FRAMES - 1),
    intervalLast: end(FRAMES - 1) - end(FRAMES - 2),
  }
}

/** A layer as `bnnsim layer` simulates it. */
export function layerSample(seed: string, kernel: number): Sample {
  const random = seedrandom(seed)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!
  const channels = pick([4, 9, 10, 24, 35, 64, 80])
  const out = pick([6, 16, 20, 33])
  const dense = kernel === 0
  const shape: LayerShape = {
    kernel,
    input: dense ? 1 : kernel + pick([0, 1, 2, 3, 5]),
    in: dense ? channels * pick([1, 3, 8]) : channels,
    out,
    stride: dense ? 1 : pick([1, 1, 2]),
    pe: pick(divisors(out)),
    simd: pick(divisors(channels)),
  }
  const simulate = ({ offered, accepted }: Stalls) => {
    const patterns = { offered: patternOf(offered), accepted: patternOf(accepted) }
    return simulateLayer({ ...shape, ...patterns, style: 'rtl', frames: FRAMES, seed })
  }
  const { matrix, levels } = simulate(stalls[0]!)
  return {
    name: `layer ${JSON.stringify(shape)}`,
    hardware: layerDesign(shape, matrix, levels),
    roles: dense ? ['matrix-vector'] : ['window', 'matrix-vector'],
    wordsOut: simulate(stalls[0]!).outputs.length / FRAMES,
    run: (pattern) => {
      const { inputs, outputs, firstOutputCycle, firstFrameCycles, intervalMean, intervalLast } = simulate(pattern)
      return {
        words: inputs,
        emitted: { cycles: [], lanes: [...outputs] },
        timing: { firstOutputCycle, firstFrameCycles, intervalMean, intervalLast },
      }
    },
  }
}

/** A whole machine of the RTL style, from the words of the memory port to those that go back to it. */
function machineSample(seed: string): Sample {
  const { workload, spec } = smallMachine(seed, { style: 'rtl', input: 'bits', output: 'map', size: 10, pes: 16 })
  // Without the layer that decides, of which a frame would give one word.
  const layers = checkFolding(planLayers(workload, PORT_WIDTH), spec.folding).slice(0, -1)
  const netlist = netlistOf(layers, spec, PORT_WIDTH)
  const random = seedrandom(`${seed}/words`)
  const words = Uint32Array.from({ length: (netlist.bitsIn / 32) * FRAMES }, () => random.int32())
  const shapes = layers.map(({ plan: { kernel, stride, matrix }, folding: { pe, simd } }) =>
    [kernel, stride, `${matrix.rows}x${matrix.columns}`, pe, simd].join(' '),
  )
  return {
    name: `machine of ${netlist.units.length} units, ${shapes.join(' | ')}`,
    hardware: netlistDesign(layers, spec, PORT_WIDTH),
    roles: netlist.units.map(({ role }) => role),
    wordsOut: netlist.bitsOut / PORT_WIDTH,
    run: ({ offered, accepted }) => {
      const kernel = new Kernel()
      const total = (netlist.bitsIn / PORT_WIDTH) * FRAMES
      const source = new PatternSource(kernel, PORT_WIDTH, words, total, patternOf(offered))
      const sink = new PatternSink(kernel, PORT_WIDTH, patternOf(accepted))
      const streams = netlist.streams.map(({ name, width, depth }) => new Stream(name, kernel, { width, depth }))
      netlist.units.forEach((unit, i) => {
        unit.make(kernel, { input: streams[i - 1] ?? source, output: streams[i] ?? sink }, FRAMES)
      })
      kernel.run()
      return { words, emitted: { cycles: sink.cycles, lanes: sink.taken }, timing: timingOf(sink.cycles) }
    },
  }
}

/** The first `count` random machines of at least seven units whose frames give several words; every other one pools. */
export function machineSamples(count: number): Sample[] {
  const samples: Sample[] = []
  for (let i = 0; samples.length < count; i++) {
    const sample = machineSample(`rtl ${i}`)
    const pools = samples.length % 2 === 0 || sample.roles.includes('pool')
    if (pools && sample.roles.length >= 7 && sample.wordsOut >= 4) samples.push(sample)
  }
  return samples
}
