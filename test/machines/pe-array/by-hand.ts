// Designs that are small enough to work out by hand: what they take and what they count, against numbers given.

import { expect } from 'vitest'
import type { LayerRun, MachineRun } from '../../../src/machines/machine.ts'
import { tablesOf } from '../../../src/machines/pe-array/layer.ts'
import { programOf } from '../../../src/machines/pe-array/program.ts'
import { type Design, designOf } from '../../../src/machines/pe-array/resources.ts'
import type { PeArraySpec } from '../../../src/machines/pe-array/spec.ts'
import { storesOf } from '../../../src/machines/pe-array/storage.ts'
import type { PassChoice } from '../../../src/opt/index.ts'
import type { BinaryWeights, Network } from '../../../src/work/network.ts'
import type { Shape } from '../../../src/work/tensor.ts'
import type { Workload } from '../../../src/work/workload.ts'
import { macShape, RandomNetwork, randomBinary } from '../../work/random-network.ts'
import { baseSpec, runChecked } from './small-array.ts'

export const IMAGES = 3

/** 2 x 3 PEs of 16 bits: loader 295 + 3 x 16 x (4 banks / 4 + 2 shifts), memories of 32 bits in 4 banks. */
export const spec: PeArraySpec = { ...baseSpec, array: { channels: 2, pixels: 3, bits: 16 } }
export const common = { loader: 295 + 144, sequencers: 295, dma: 2 * 600 }

/** Two tensors, and the next picture: a RAMB18 for each bank, as none is deeper. */
export const banks = { activations: 8, pictures: 8 }

const partNames = [
  'popcounts',
  'accumulators',
  'gather',
  'convolvers',
  'adders',
  'loader',
  'sequencers',
  'dma',
] as const

export type Numbers = Readonly<Record<string, number>>

const nonZero = (entries: readonly (readonly [string, number])[]): Numbers =>
  Object.fromEntries(
    entries.filter(([, value]) => value !== 0).map(([name, value]) => [name, Math.round(value * 1e6) / 1e6]),
  )

const rounded = (numbers: Numbers): Numbers => nonZero(Object.entries(numbers))

function designFor(work: Workload, spec: PeArraySpec): Design {
  const layers = programOf(work, spec).flatMap((step) => (step.kind === 'array' ? [tablesOf(step, spec)] : []))
  return designOf(
    layers,
    layers.map((layer) => storesOf(layer, spec)),
    spec,
  )
}

export const total = (numbers: Numbers): number => Object.values(numbers).reduce((sum, each) => sum + each, 0)

export interface Sizes {
  readonly logic: Numbers
  readonly lutram: Numbers
  readonly ramb18: Numbers
}

/** Runs three images, after having held what the design takes against `sizes`; parts and memories left out take nothing. */
export function runOn(network: Network, spec: PeArraySpec, passes: readonly PassChoice[], sizes: Sizes): MachineRun {
  const { run, work } = runChecked(network, spec, passes)
  const { logic, memories } = designFor(work, spec)
  const stored = Object.entries(memories)
  expect(nonZero(logic.map(({ lut }, i) => [partNames[i]!, lut]))).toEqual(rounded(sizes.logic))
  expect(nonZero(stored.map(([name, { lutram }]) => [name, lutram]))).toEqual(sizes.lutram)
  expect(nonZero(stored.map(([name, { ramb18 }]) => [name, ramb18]))).toEqual(sizes.ramb18)
  expect(run.resources!.used).toMatchObject({
    lut: Math.ceil(total(sizes.logic) + total(sizes.lutram) - 1e-9),
    lutram: total(sizes.lutram),
    bram36: Math.ceil(total(sizes.ramb18) / 2),
    dsp: 0,
  })
  return run
}

export const counted = ({ counts }: LayerRun, component: string, action: string): number =>
  counts.find((row) => row.component === component && row.action === action)?.count ?? 0

export interface PerImage {
  /** Cycles in which parts are at work; sequencers always are. */
  readonly active: Numbers
  /** Memories enabled. */
  readonly lutram: { readonly read: number; readonly write: number }
  readonly ramb18: { readonly read: number; readonly write: number }
}

export function expectCounts(layer: LayerRun, logic: Numbers, { active, lutram, ramb18 }: PerImage): void {
  const atWork = Object.entries(active).reduce((sum, [part, cycles]) => sum + logic[part]! * cycles * IMAGES, 0)
  const expected = atWork + logic.sequencers! * layer.cycles
  expect.soft(counted(layer, 'lut', 'active')).toBeCloseTo(expected, 4)
  expect.soft(counted(layer, 'lut', 'clocked')).toBeCloseTo(total(logic) * layer.cycles - expected, 4)
  const found = (component: string) => ({
    read: counted(layer, component, 'read') / IMAGES,
    write: counted(layer, component, 'write') / IMAGES,
  })
  expect.soft({ lutram: found('lutram'), ramb18: found('ramb18') }).toEqual({ lutram, ramb18 })
}

export interface Layer {
  readonly kernel: number
  readonly weights: BinaryWeights
  /** Of all kernels; without it, sums leave. */
  readonly level?: number
  readonly pool?: true
}

/** Layers of bits, one after another. */
export function chain(input: Shape, layers: readonly Layer[]): Network {
  const net = new RandomNetwork('by hand', input, { kind: 'thermometer', levels: 1 })
  return net.build(
    layers.reduce((from, { kernel, weights, level, pool }) => {
      const shape = macShape(net.shape(from), { channels: weights.rows, kernel })
      const sums = net.node({ kind: 'mac', shape, weights, sum: 'matches' }, [from], shape.output)
      if (level === undefined) return sums
      const levels = new Int32Array(weights.rows).fill(level)
      const bits = net.node({ kind: 'threshold', level: levels, inclusive: false }, [sums], shape.output)
      return pool ? net.pool(bits, 'max', 2) : bits
    }, 'input'),
  )
}

export const anyWeights = (rows: number, taps: number, channels: number): BinaryWeights =>
  randomBinary(
    new RandomNetwork('weights', { channels: 1, height: 1, width: 1 }, { kind: 'int8' }).random,
    rows,
    taps,
    channels,
  )
