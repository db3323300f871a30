// Seeded chains of layers with element-wise steps between them.

import seedrandom from 'seedrandom'
import { divisors, foldCycles } from '../../../src/machines/streaming/folding.ts'
import { planLayers } from '../../../src/machines/streaming/plan.ts'
import type { Folding } from '../../../src/machines/streaming/spec.ts'
import { addBitOnly } from '../../../src/opt/add-bit-only.ts'
import { clip8 } from '../../../src/opt/clip8.ts'
import { applyPasses } from '../../../src/opt/index.ts'
import { encode } from '../../../src/work/evaluate.ts'
import type { Network, Op } from '../../../src/work/network.ts'
import type { Tensor } from '../../../src/work/tensor.ts'
import type { Workload } from '../../../src/work/workload.ts'
import { RandomNetwork, randomFloats } from '../../work/random-network.ts'
import { PORT_WIDTH } from './small-machine.ts'

type Sum = 'matches' | 'dot'

/** Adds steps behind sums of a layer, which are within about `size` of `middle`; names the last. */
type Steps = (net: RandomNetwork, sums: string, middle: number, size: number) => string

const random = (net: RandomNetwork, count: number, low: number, high: number): Int32Array =>
  Int32Array.from({ length: count }, () => low + Math.floor(net.random() * (high - low + 1)))

const onto = (net: RandomNetwork, op: Op, from: string): string => net.node(op, [from], net.shape(from))

/** Batch norm to values of a few, of either sign. */
const norm: Steps = (net, sums, middle, size) => {
  const { channels } = net.shape(sums)
  const scale = randomFloats(net.random, channels, 6 / size)
  const offset = Float32Array.from(randomFloats(net.random, channels), (value, c) => value - middle * scale[c]!)
  return onto(net, { kind: 'affine', scale, offset }, sums)
}

export const floatSteps: Steps = (net, ...sums) => net.rprelu(norm(net, ...sums))

/** Two affines and an RPReLU: a layer of a network without batch norm, whose scale and mask multiply. */
export const twiceScaled: Steps = (net, ...sums) => net.rprelu(net.affine(norm(net, ...sums), 1))

export const multiplierSteps: Steps = (net, sums, middle, size) => {
  const { channels } = net.shape(sums)
  const multiplier = random(net, channels, -127, 127)
  const shift = new Int32Array(channels).fill(Math.round(Math.log2(size)))
  const offset = multiplier.map((factor, c) => -Math.round((factor * middle) / 2 ** shift[c]!))
  const scaled = onto(net, { kind: 'fixed-affine', multiplier, shift, offset, bits: 8 }, sums)
  const slope = random(net, channels, -127, 127)
  const parameters = {
    shiftX: random(net, channels, -8, 8),
    shiftY: random(net, channels, -8, 8),
    bits: 8,
  } as const
  return onto(net, { kind: 'fixed-rprelu', slope, shift: new Int32Array(channels).fill(7), ...parameters }, scaled)
}

export const shiftSteps: Steps = (net, sums, middle) => {
  const { channels } = net.shape(sums)
  const shift = random(net, channels, -4, 0)
  const offset = shift.map((s) => -Math.round(middle * 2 ** -s))
  const scaled = onto(net, { kind: 'fixed-affine', shift, offset, bits: 16 }, sums)
  const parameters = {
    shiftX: random(net, channels, -8, 8),
    shiftY: random(net, channels, -8, 8),
    bits: 16,
  } as const
  return onto(net, { kind: 'fixed-rprelu', shift: random(net, channels, 1, 16), ...parameters }, scaled)
}

export interface PostNetwork {
  readonly steps: Steps
  readonly sum: Sum
  /** What follows the last sums. */
  readonly scores: Steps
}

/** 3x3 over int8 pixels of 8 x 8 to 12 channels, 3x3 to 24, 2x2 pool, dense to 32, dense to 10 scores: steps behind each. */
export function postNetwork(seed: string, { steps, sum, scores }: PostNetwork): Network {
  const net = new RandomNetwork(seed, { channels: 3, height: 8, width: 8 }, { kind: 'int8' })
  const layer = (from: string, channels: number, kernel: number, then: Steps): string => {
    const terms = kernel ** 2 * net.shape(from).channels
    if (from === 'input') return then(net, net.mac(from, { channels, kernel }), 0, Math.sqrt(terms) * 74)
    const sums = net.mac(from, { channels, kernel, sum })
    return sum === 'dot' ? then(net, sums, 0, Math.sqrt(terms)) : then(net, sums, terms / 2, Math.sqrt(terms) / 2)
  }
  const sign = (from: string): string => net.threshold(from)
  const pooled = net.pool(sign(layer(sign(layer('input', 12, 3, steps)), 24, 3, steps)), 'max', 2)
  return net.build(layer(sign(layer(pooled, 32, 2, steps)), 10, 1, scores))
}

export const pictures = (network: Network, count: number): Tensor[] => {
  const net = new RandomNetwork(`pictures of ${network.name}`, network.picture, network.encoding)
  return Array.from({ length: count }, () => encode(network, net.pixels()))
}

const chosen = [addBitOnly, clip8].map(({ name, schema }) => ({ name, options: schema.parse({}) }))

/** The workload after one of the passes that give fixed-point steps. */
export const passed = (work: Workload, pass: 'add-bit-only' | 'clip8'): Workload =>
  applyPasses(
    work,
    chosen.filter(({ name }) => name === pass),
  )

/** Cycles that no layer takes for an image. */
const SLOWEST = 2000

/** A seeded folding with at most `pes` PEs where that is fast enough, and FIFOs of few words. */
export function foldingOf(work: Workload, seed: string, pes = 64): Folding[] {
  const draw = seedrandom(`folding ${seed}`)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(draw() * from.length)]!
  return planLayers(work, PORT_WIDTH).map((plan) => {
    const options = divisors(plan.matrix.rows).flatMap((pe) => divisors(plan.inChannels).map((simd) => ({ pe, simd })))
    const few = options.filter((option) => option.pe <= pes && foldCycles(plan, option) <= SLOWEST)
    return { ...pick(few), fifo: pick([1, 2, 5]) }
  })
}
