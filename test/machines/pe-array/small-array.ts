// Seeded small networks of binary layers, PE arrays of odd shapes for them, and runs that are checked value by value.

import seedrandom from 'seedrandom'
import { loadDevice } from '../../../src/config/device.ts'
import type { MachineRun, RunOptions } from '../../../src/machines/machine.ts'
import { peArray } from '../../../src/machines/pe-array/index.ts'
import type { PeArraySpec } from '../../../src/machines/pe-array/spec.ts'
import { applyPasses, isLossy, type PassChoice, passes } from '../../../src/opt/index.ts'
import { encode } from '../../../src/work/encode.ts'
import { workload } from '../../../src/work/lower.ts'
import type { BinaryWeights, Encoding, Network } from '../../../src/work/network.ts'
import type { Tensor } from '../../../src/work/tensor.ts'
import { type Checked, Golden, Verifier } from '../../../src/work/verify.ts'
import type { Workload } from '../../../src/work/workload.ts'
import { similarKernels } from '../../opt/similar-kernels.ts'
import { macShape, RandomNetwork, randomBinary } from '../../work/random-network.ts'

export const baseSpec: PeArraySpec = {
  device: loadDevice('xc7z100'),
  clock: 200e6,
  array: { channels: 4, pixels: 3, bits: 16 },
  skip: 16,
  rows: 'lock-step',
  convolvers: 2,
  activations: { width: 32, banks: 4 },
  depths: { fold: 4, add: 4, read: 2 },
  weights: 'on-chip',
  dma: { latency: 60 },
  others: 'refuse',
}

export const pass = (name: string, options: object = {}): PassChoice => ({
  name,
  options: passes[name]!.schema.parse(options),
})

export class Dice {
  private readonly random: () => number

  constructor(seed: string) {
    this.random = seedrandom(seed)
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)]!
  }
}

/**
 * One that fits any network here: odd numbers of rows and columns, groups of 1 bit to all of a PE's. Where slices are shared,
 * PEs hold the widest.
 */
export function randomSpec(seed: string, chosen: readonly PassChoice[] = []): PeArraySpec {
  const dice = new Dice(`spec ${seed}`)
  const shares = chosen.some(({ name }) => name === 'share-results')
  const bits = dice.pick(shares ? [25, 32, 40, 50, 64] : [8, 16, 24, 32, 40, 64])
  return {
    ...baseSpec,
    array: { channels: dice.pick([1, 2, 3, 5, 8]), pixels: dice.pick([1, 2, 3, 4, 5]), bits },
    skip: dice.pick([1, 2, 4, 8, 12, 32, 64, bits].filter((skip) => bits % skip === 0)),
    rows: dice.pick(['lock-step', 'independent']),
    convolvers: dice.pick([1, 2, 5, 16]),
    activations: { width: dice.pick([1, 8, 32, 64]), banks: dice.pick([1, 2, 3, 8]) },
    weights: dice.pick(['on-chip', 'streamed'] as const),
    dma: { latency: dice.pick([0, 7, 60]) },
  }
}

export interface Choices {
  readonly first: 'int8' | 'bits'
  /** Thresholds of integers only, exclusive or not; else of reals as well. */
  readonly thresholds: 'int' | 'any'
  /** Whether padding may count nothing, which gives borders levels of their own. */
  readonly zeroPadding?: boolean
}

/** Up to three convolutions, some of them padded, strided or pooled, and a dense layer, which yields scores or bits. */
export function randomNetwork(seed: string, choices: Choices): Network {
  return new Growth(seed, choices).network()
}

class Growth {
  private readonly dice: Dice
  private readonly choices: Choices
  private readonly net: RandomNetwork
  private at = 'input'
  private readonly counts = new Set<string>() // macs that yield matches

  constructor(seed: string, choices: Choices) {
    this.dice = new Dice(`network ${seed}`)
    this.choices = choices
    const { dice } = this
    const picture = { channels: dice.pick([1, 3]), height: dice.pick([4, 6, 7]), width: dice.pick([4, 6, 7]) }
    const levels = dice.pick([1, 7, 11])
    const encoding: Encoding = choices.first === 'int8' ? { kind: 'int8' } : { kind: 'thermometer', levels }
    const channels = picture.channels * (choices.first === 'int8' ? 1 : levels)
    this.net = new RandomNetwork(`growth ${seed}`, picture, encoding, { ...picture, channels })
  }

  network(): Network {
    const { net, dice } = this
    for (let left = dice.pick([1, 2, 3]); left > 0; left--) this.convolution()
    const { height, width } = net.shape(this.at)
    const kernel = Math.min(height, width)
    const scores = this.mac(dice.pick([3, 10]), kernel, 1, 0, 0)
    if (dice.pick([true, false])) return net.build(scores)
    const bits = this.threshold(scores, kernel, false)
    return { ...net.build(bits), decision: { rule: 'highest-bit', scores, bits } }
  }

  private convolution(): void {
    const { net, dice, choices } = this
    const { height, width } = net.shape(this.at)
    const pixels = this.at === 'input' && choices.first === 'int8'
    const pad = dice.pick([0, 1])
    const kernel = dice.pick([1, 2, 3, 3].filter((k) => k > pad && k <= Math.min(height, width) + 2 * pad))
    const padValue = pixels ? 0 : dice.pick(choices.zeroPadding === false ? ([-1, 1] as const) : ([-1, 0, 1] as const))
    const sums = this.mac(dice.pick([3, 8, 20, 33, 40]), kernel, dice.pick([1, 1, 2]), pad, padValue)
    this.at = this.threshold(sums, kernel, pixels)
    const out = net.shape(this.at)
    if (out.height % 2 === 0 && out.width % 2 === 0 && dice.pick([true, true, false]))
      this.at = net.pool(this.at, 'max', 2)
  }

  private mac(channels: number, kernel: number, stride: number, pad: number, padValue: -1 | 0 | 1): string {
    const { net, dice, choices, at } = this
    const input = net.shape(at)
    const shape = macShape(input, { channels, kernel, stride, pad, padValue })
    const pixels = at === 'input' && choices.first === 'int8'
    const sum = pixels || (pad > 0 && padValue === 0) ? 'dot' : dice.pick(['matches', 'dot'] as const)
    const weights = this.weights(kernel ** 2, input.channels, channels)
    const name = net.node({ kind: 'mac', shape, weights, sum }, [at], shape.output)
    if (sum === 'matches') this.counts.add(name)
    return name
  }

  private weights(taps: number, channels: number, rows: number): BinaryWeights {
    const { net, dice } = this
    if (rows <= 4 || dice.pick([true, false])) return randomBinary(net.random, rows, taps, channels)
    return similarKernels(`${net.random()}`, rows, taps, channels)
  }

  /** Levels about the middle of the sums, some of them out of reach. */
  private threshold(from: string, kernel: number, pixels: boolean): string {
    const { net, dice, choices } = this
    const output = net.shape(from)
    const terms = net.shape(this.at).channels * kernel ** 2
    const matches = this.counts.has(from)
    const spread = Math.sqrt(terms) * (pixels ? 70 : matches ? 0.7 : 1.4)
    const real = choices.thresholds === 'any' && dice.pick([true, false])
    const draw = (): number => (matches ? terms / 2 : 0) + (2 * net.random() - 1) * spread
    const edges = [1e9, -1e9, ...(real ? [Infinity, -Infinity] : [])]
    const level = Array.from({ length: output.channels }, () => {
      const value = net.random() < 0.05 ? dice.pick(edges) : draw()
      return real && net.random() < 0.5 ? value : Math.round(value)
    })
    const typed = real ? Float32Array.from(level) : Int32Array.from(level)
    return net.node({ kind: 'threshold', level: typed, inclusive: dice.pick([true, false]) }, [from], output)
  }
}

/** Pictures of a network, encoded. */
export function pictures(network: Network, count: number): Tensor[] {
  const net = new RandomNetwork(`pictures of ${network.name}`, network.picture, network.encoding)
  return Array.from({ length: count }, () => encode(network, net.pixels()))
}

export interface Run {
  readonly run: MachineRun
  readonly checked: Checked
  /** Nodes observed of the first image, in order. */
  readonly seen: readonly string[]
  /** The workload that ran. */
  readonly work: Workload
}

/** Runs two pictures three times over; every value is that of the network itself, or after lossy passes of the workload. */
export function runChecked(
  network: Network,
  spec: PeArraySpec,
  chosen: readonly PassChoice[] = [],
  options: Partial<RunOptions> = {},
): Run {
  const plain = workload(network)
  const work = applyPasses(plain, chosen)
  const inputs = options.inputs ?? pictures(network, 2)
  const verifier = new Verifier(new Golden(isLossy(chosen) ? work : plain, inputs))
  const seen: string[] = []
  const run = peArray.lower(work, spec).run({
    inputs,
    images: 3,
    ...options,
    observe: (image, node, tensor) => {
      if (image === 0) seen.push(node)
      verifier.check(image, node, tensor)
    },
  })
  return { run, checked: verifier.finish(run.outputs), seen, work }
}

export const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0)

export const layerOf = ({ layers }: MachineRun, name: string): MachineRun['layers'][number] =>
  layers.find((layer) => layer.name === name)!
