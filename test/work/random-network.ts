// Seeded random networks, built node by node: for tests and benchmarks.

import seedrandom from 'seedrandom'
import { onesRow } from '../../src/work/bits.ts'
import type { BinaryWeights, Encoding, MacShape, Network, Node, Op, RealWeights } from '../../src/work/network.ts'
import { type BitTensor, bitTensor, elements, type Shape } from '../../src/work/tensor.ts'

export type Random = () => number

export interface MacOptions {
  readonly channels: number
  readonly kernel?: number
  readonly stride?: number
  readonly pad?: number
  readonly padValue?: -1 | 0 | 1
  readonly sum?: 'matches' | 'dot'
  readonly real?: boolean
}

const randomWord = (random: Random): number => Math.floor(random() * 2 ** 32)

/** Random words, of which each group of `wordsOf(channels)` has its unused bits 0. */
function randomWords(random: Random, groups: number, channels: number): Uint32Array {
  const mask = onesRow(channels)
  return Uint32Array.from({ length: groups * mask.length }, (_, i) => randomWord(random) & mask[i % mask.length]!)
}

export const randomBits = (random: Random, shape: Shape): BitTensor => ({
  ...bitTensor(shape),
  words: randomWords(random, shape.height * shape.width, shape.channels),
})

export const randomFloats = (random: Random, length: number, size = 1): Float32Array =>
  Float32Array.from({ length }, () => (2 * random() - 1) * size)

export const randomBinary = (random: Random, rows: number, taps: number, channels: number): BinaryWeights => ({
  kind: 'binary',
  rows,
  taps,
  channels,
  words: randomWords(random, rows * taps, channels),
})

export const randomReal = (random: Random, rows: number, taps: number, channels: number): RealWeights => ({
  kind: 'real',
  rows,
  taps,
  channels,
  data: randomFloats(random, rows * taps * channels, 1 / Math.sqrt(taps * channels)),
})

const slide = (size: number, window: number, stride: number, pad: number): number =>
  Math.floor((size + 2 * pad - window) / stride) + 1

export function macShape(
  input: Shape,
  { channels, kernel = 1, stride = 1, pad = 0, padValue = 0 }: MacOptions,
): MacShape {
  const output = {
    channels,
    height: slide(input.height, kernel, stride, pad),
    width: slide(input.width, kernel, stride, pad),
  }
  return { input, output, kernel, stride, padding: { before: pad, after: pad }, padValue, depthwise: false }
}

/** Grows a network whose parameters are random; every method returns the name of the node it adds. */
export class RandomNetwork {
  readonly random: Random
  private readonly name: string
  private readonly picture: Shape
  private readonly encoding: Encoding
  private readonly nodes: Node[] = []
  private readonly shapes = new Map<string, Shape>()

  constructor(name: string, picture: Shape, encoding: Encoding, input: Shape = picture) {
    this.random = seedrandom(name)
    this.name = name
    this.picture = picture
    this.encoding = encoding
    this.shapes.set('input', input)
  }

  shape(name: string): Shape {
    return this.shapes.get(name)!
  }

  node(op: Op, inputs: readonly string[], output: Shape): string {
    const name = `${op.kind}${this.nodes.length}`
    this.nodes.push({ name, inputs, op, output })
    this.shapes.set(name, output)
    return name
  }

  mac(from: string, options: MacOptions): string {
    const shape = macShape(this.shape(from), options)
    const make = options.real ? randomReal : randomBinary
    const weights = make(this.random, options.channels, shape.kernel * shape.kernel, shape.input.channels)
    return this.node({ kind: 'mac', shape, weights, sum: options.sum ?? 'dot' }, [from], shape.output)
  }

  gatedMac(from: string, options: MacOptions): string {
    const shape = macShape(this.shape(from), options)
    const weights = randomBinary(this.random, options.channels, shape.kernel * shape.kernel, shape.input.channels)
    const gate = randomFloats(this.random, options.channels, 5)
    return this.node({ kind: 'gated-mac', shape, weights, gate }, [from], shape.output)
  }

  /** Levels within `size` of `middle`; integers where the tensor holds integers. */
  threshold(from: string, middle = 0, size = 0.5): string {
    const output = this.shape(from)
    const level = randomFloats(this.random, output.channels, size).map((value) => value + middle)
    const op: Op = { kind: 'threshold', level: size >= 1 ? Int32Array.from(level) : level, inclusive: false }
    return this.node(op, [from], output)
  }

  /** Scales sums of `fanIn` terms to about one. */
  affine(from: string, fanIn: number): string {
    const output = this.shape(from)
    const scale = randomFloats(this.random, output.channels, 1 / Math.sqrt(fanIn))
    return this.node({ kind: 'affine', scale, offset: randomFloats(this.random, output.channels) }, [from], output)
  }

  rprelu(from: string): string {
    const output = this.shape(from)
    const make = (): Float32Array => randomFloats(this.random, output.channels, 0.5)
    return this.node({ kind: 'rprelu', shiftX: make(), slope: make(), shiftY: make() }, [from], output)
  }

  quantise2(from: string): string {
    return this.node({ kind: 'quantise2' }, [from], this.shape(from))
  }

  pool(from: string, pool: 'max' | 'average', window: number): string {
    const { channels, height, width } = this.shape(from)
    const output = { channels, height: slide(height, window, window, 0), width: slide(width, window, window, 0) }
    return this.node({ kind: 'pool', pool, window, stride: window, padding: { before: 0, after: 0 } }, [from], output)
  }

  add(...from: string[]): string {
    return this.node({ kind: 'add' }, from, this.shape(from[0]!))
  }

  concat(...from: string[]): string {
    const channels = from.reduce((sum, name) => sum + this.shape(name).channels, 0)
    return this.node({ kind: 'concat' }, from, { ...this.shape(from[0]!), channels })
  }

  pixels(): Uint8Array {
    return Uint8Array.from({ length: elements(this.picture) }, () => Math.floor(this.random() * 256))
  }

  build(scores: string): Network {
    const { name, picture, encoding, nodes } = this
    const classes = Array.from({ length: this.shape(scores).channels }, (_, i) => `class${i}`)
    const input = this.shape('input')
    const decision = { rule: 'argmax', scores } as const
    return { name, source: 'random', weights: 'seeded', picture, encoding, input, nodes, decision, classes }
  }
}
