// Element-wise units in a machine: timing, what they cost, what they count.

import { describe, expect, it } from 'vitest'
import { loadDevice } from '../../../src/config/device.ts'
import { checkFolding } from '../../../src/machines/streaming/folding.ts'
import { foldReport, streaming } from '../../../src/machines/streaming/index.ts'
import { netlistOf } from '../../../src/machines/streaming/netlist.ts'
import { planLayers } from '../../../src/machines/streaming/plan.ts'
import type { Folding } from '../../../src/machines/streaming/spec.ts'
import { InputError } from '../../../src/work/input-error.ts'
import { workload } from '../../../src/work/lower.ts'
import type { Network, Op } from '../../../src/work/network.ts'
import { RandomNetwork } from '../../work/random-network.ts'
import { networks, specOf, styles, verified } from './post-machine.ts'
import {
  floatSteps,
  foldingOf,
  type PostNetwork,
  pictures,
  postNetwork,
  shiftSteps,
  twiceScaled,
} from './post-networks.ts'
import { PORT_WIDTH } from './small-machine.ts'

const identity = { multiplier: (c: number) => new Int32Array(c).fill(1), zeros: (c: number) => new Int32Array(c) }

/** Steps that change nothing, and the cycles from their operand to their result: multiplier, shift, quantised PReLU. */
const unchanging: readonly (readonly [string, readonly ((c: number) => Op)[], number])[] = [
  ['a shift', [(c) => ({ kind: 'fixed-affine', shift: identity.zeros(c), offset: identity.zeros(c), bits: 32 })], 1],
  [
    'a multiplier and a quantised PReLU',
    [
      (c) => ({
        kind: 'fixed-affine',
        multiplier: identity.multiplier(c),
        shift: identity.zeros(c),
        offset: identity.zeros(c),
        bits: 32,
      }),
      (c) => ({
        kind: 'fixed-rprelu',
        shiftX: identity.zeros(c),
        shift: identity.zeros(c),
        shiftY: identity.zeros(c),
        bits: 16,
      }),
    ],
    4,
  ],
]

/** 3x3 to 12 channels, dense to 10 scores; `steps` behind the first. */
function chainWith(steps: readonly ((channels: number) => Op)[]): Network {
  const net = new RandomNetwork('timing', { channels: 16, height: 8, width: 8 }, { kind: 'thermometer', levels: 1 })
  let at = net.mac('input', { channels: 12, kernel: 3, sum: 'matches' })
  for (const step of steps) at = net.node(step(12), [at], net.shape(at))
  const levels = Int32Array.from({ length: 12 }, (_, c) => 67 + c)
  const bits = net.node({ kind: 'threshold', level: levels, inclusive: false }, [at], net.shape(at))
  const weights = new RandomNetwork('weights', net.shape(bits), { kind: 'thermometer', levels: 1 })
  const last = weights.build(weights.mac('input', { channels: 10, kernel: 6, sum: 'matches' })).nodes[0]!
  return net.build(net.node(last.op, [bits], last.output))
}

describe('an element-wise unit in a machine', () => {
  const foldings: Folding[][] = [
    [
      { pe: 12, simd: 16 },
      { pe: 2, simd: 12 },
    ],
    [
      { pe: 3, simd: 4 },
      { pe: 64, simd: 4 },
    ],
    [
      { pe: 1, simd: 16 },
      { pe: 1, simd: 12 },
    ],
  ]
  const timing = (steps: readonly ((channels: number) => Op)[], style: 'rtl' | 'hls', folding: Folding[]) => {
    const network = chainWith(steps)
    const work = workload(network)
    const { run } = verified(work, specOf(style, folding), pictures(network, 2), 40)
    return { latency: run.latencyCycles, interval: run.intervalCycles, scores: run.outputs.map(({ scores }) => scores) }
  }

  it.each(unchanging)(
    '%s: adds its lag, the comparator and a FIFO once, and no cycle to the interval',
    (_, steps, depth) => {
      for (const folding of foldings) {
        const plain = timing([], 'rtl', folding)
        const more = timing(steps, 'rtl', folding)
        expect(more).toEqual({ ...plain, latency: plain.latency + depth + 1 + 1 })
        const { interval, scores } = timing([], 'hls', folding)
        expect(timing(steps, 'hls', folding)).toMatchObject({ interval, scores })
      }
    },
  )

  it('is skipped over exactly in a steady state', () => {
    let skipped = 0
    for (const style of styles) {
      const network = postNetwork('steady', networks['float steps, real scores']!)
      const work = workload(network)
      const inputs = pictures(network, 2)
      const lowered = streaming.lower(work, specOf(style, foldingOf(work, `steady ${style}`)))
      const { outputs: all, simulatedImages: _, ...plain } = lowered.run({ inputs, images: 240, fastForward: false })
      const { outputs, simulatedImages, ...fast } = lowered.run({ inputs, images: 240 })
      expect(fast).toEqual(plain)
      for (const output of outputs) expect(output).toEqual(all[output.image])
      if (simulatedImages < 120) skipped++
    }
    expect(skipped).toBeGreaterThan(0)
  })
})

describe('lanes behind a layer', () => {
  /** Of a dense layer that leaves through `steps`, folded to `pe` lanes. */
  const unitOf = (steps: PostNetwork['scores'], pe: number, style: 'rtl' | 'hls' = 'rtl') => {
    const work = workload(postNetwork('cost', { steps: floatSteps, sum: 'matches', scores: steps }))
    const folding = foldingOf(work, 'cost').map((each, i) => (i === 3 ? { ...each, pe } : each))
    const spec = specOf(style, folding)
    const plans = planLayers(work, PORT_WIDTH)
    const last = plans.at(-1)!.name
    const netlist = netlistOf(checkFolding(plans, folding), spec, PORT_WIDTH)
    const { resources } = foldReport(work, spec).layers.at(-1)!
    return { unit: netlist.units.find(({ role, layer }) => role === 'elementwise' && layer === last), resources }
  }

  it('take 151 LUT and 12 DSP each for two multipliers and a PReLU', () => {
    expect(unitOf(twiceScaled, 1).unit!.logic).toMatchObject({ lut: 151, dsp: 12 })
    expect(unitOf(twiceScaled, 8).unit!.logic).toMatchObject({ lut: 8 * 151, dsp: 8 * 12 })
    expect(unitOf(twiceScaled, 8).resources.dsp).toBe(96)
  })

  it('take 64 LUT and no DSP each for a shift and a quantised PReLU', () => {
    expect(unitOf(shiftSteps, 1).unit!.logic).toMatchObject({ lut: 64, dsp: 0 })
    expect(unitOf(shiftSteps, 16).unit!.logic).toMatchObject({ lut: 16 * 64, dsp: 0 })
    expect(unitOf(shiftSteps, 16).resources.dsp).toBe(0)
  })

  it('are none where sums leave as they are', () => {
    const { unit, resources } = unitOf((_, sums) => sums, 8)
    expect(unit).toBeUndefined()
    expect(resources.dsp).toBe(0)
  })

  it('cost what is published in either style', () => {
    const [lanes, parameters] = [8, 2 * 32]
    const [less, more] = styles.map((style) =>
      [floatSteps, twiceScaled].map((steps) => unitOf(steps, lanes, style).resources),
    )
    for (const [one, two] of [less!, more!]) {
      expect(two!.lut - one!.lut).toBe(lanes * (47 + parameters))
      expect(two!.dsp - one!.dsp).toBe(lanes * 4)
    }
  })

  it('must fit the DSPs of the device', () => {
    const work = workload(postNetwork('fit', { steps: floatSteps, sum: 'matches', scores: twiceScaled }))
    const folding = foldingOf(work, 'fit', 4).map((each, i) => (i === 3 ? { ...each, pe: 64 } : each))
    const spec = { ...specOf('rtl', folding), device: loadDevice('xc7z020') }
    const attempt = () => streaming.lower(work, spec)
    expect(attempt).toThrow(InputError)
    const others = folding.slice(0, 3).reduce((sum, { pe }) => sum + 8 * pe, 0)
    expect(attempt).toThrow(`dsp ${768 + others} of 220 (${548 + others} too many)`)
    // 80 % of 220.
    const { used } = foldReport(work, { ...spec, folding: 'max' })
    expect(used.dsp).toBeGreaterThan(0)
    expect(used.dsp).toBeLessThanOrEqual(176)
  })

  it('count a multiplication or shift of each element in each unit, and DSPs at work a word', () => {
    const images = 6
    const network = postNetwork('counts', { steps: twiceScaled, sum: 'matches', scores: shiftSteps })
    const work = workload(network)
    const folding = foldingOf(work, 'counts')
    const { run } = verified(work, specOf('rtl', folding), pictures(network, 2), images)
    const of = (i: number) => run.layers.find(({ name }) => name === work.layers[i]!.name)!
    const elements = [12 * 36, 24 * 16, 32].map((per) => per * images)
    for (const [i, count] of elements.entries()) {
      expect(of(i).operations).toMatchObject({ multiplications: 3 * count, shifts: 0, compares: count })
      const dsp = of(i).counts.find(({ component }) => component === 'dsp')
      expect(dsp).toMatchObject({ action: 'active', count: 12 * count })
    }
    // Rows of the last layer are padded to the memory port.
    expect(of(3).operations).toMatchObject({ multiplications: 0, shifts: 2 * 64 * images, compares: 0 })
    expect(of(3).counts.some(({ component }) => component === 'dsp')).toBe(false)
    expect(streaming.lower(work, specOf('rtl', folding)).actions).toContainEqual({ component: 'dsp', action: 'active' })
  })
})
