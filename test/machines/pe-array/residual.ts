// Small residual networks of binary layers for arrays with post-processing lanes, and checked runs of them.

import type { MachineRun, RunOptions } from '../../../src/machines/machine.ts'
import { peArray } from '../../../src/machines/pe-array/index.ts'
import type { PeArraySpec } from '../../../src/machines/pe-array/spec.ts'
import { evaluate } from '../../../src/work/evaluate.ts'
import { workload } from '../../../src/work/lower.ts'
import type { Network, Op } from '../../../src/work/network.ts'
import type { Tensor } from '../../../src/work/tensor.ts'
import { Golden, Verifier } from '../../../src/work/verify.ts'
import type { Workload } from '../../../src/work/workload.ts'
import { macShape, RandomNetwork, randomBinary, randomFloats } from '../../work/random-network.ts'
import { baseSpec, pictures } from './small-array.ts'

/** All lanes of a layer here, so that nothing is left for a host. */
export const laneSpec = (lanes: number, change: Partial<PeArraySpec> = {}): PeArraySpec => ({
  ...baseSpec,
  post: { lanes },
  ...change,
})

/** Arithmetic of what follows a layer: reals, 8 bits with factors, or 16 bits with shifts alone. */
export type Arithmetic = 'real' | 'fixed8' | 'shift16'

/** Grows residual networks of one arithmetic. */
export class Residual extends RandomNetwork {
  private readonly arithmetic: Arithmetic

  constructor(name: string, arithmetic: Arithmetic, channels = 20, height = 4, width = 5) {
    super(name, { channels, height, width }, { kind: 'thermometer', levels: 1 })
    this.arithmetic = arithmetic
  }

  conv(from: string, channels: number, kernel = 3): string {
    const pad = kernel === 3 ? 1 : 0
    const shape = macShape(this.shape(from), { channels, kernel, pad })
    const weights = randomBinary(this.random, channels, kernel ** 2, shape.input.channels)
    return this.node({ kind: 'mac', shape, weights, sum: 'dot' }, [from], shape.output)
  }

  scale(from: string): string {
    const { channels } = this.shape(from)
    const { arithmetic } = this
    if (arithmetic === 'real') return this.affine(from, 20)
    const bits = arithmetic === 'fixed8' ? 8 : 16
    const [shift, offset] = [this.integers(channels, 0, bits === 8 ? 7 : 4), this.integers(channels, -20, 20)]
    const op: Op =
      bits === 8
        ? { kind: 'fixed-affine', multiplier: this.integers(channels, -127, 127), shift, offset, bits }
        : { kind: 'fixed-affine', shift: shift.map((each) => each - 2), offset, bits }
    return this.node(op, [from], this.shape(from))
  }

  sum(...from: string[]): string {
    if (this.arithmetic === 'real') return this.add(...from)
    const bits = this.arithmetic === 'fixed8' ? 8 : 16
    return this.node({ kind: 'add', bits }, from, this.shape(from[0]!))
  }

  activation(from: string): string {
    const { channels } = this.shape(from)
    if (this.arithmetic === 'real') return this.rprelu(from)
    const [shiftX, shiftY] = [this.integers(channels, -30, 30), this.integers(channels, -30, 30)]
    const shift = this.integers(channels, 0, 7)
    const op: Op =
      this.arithmetic === 'fixed8'
        ? { kind: 'fixed-rprelu', shiftX, slope: this.integers(channels, -127, 127), shift, shiftY, bits: 8 }
        : { kind: 'fixed-rprelu', shiftX, shift: this.integers(channels, 0, 16), shiftY, bits: 16 }
    return this.node(op, [from], this.shape(from))
  }

  sign(from: string): string {
    return this.threshold(from, 0, this.arithmetic === 'real' ? 0.5 : 20)
  }

  /** A factor for each channel, with no offset. */
  mask(from: string): string {
    const { channels } = this.shape(from)
    const scale = randomFloats(this.random, channels)
    return this.node({ kind: 'affine', scale, offset: new Float32Array(channels) }, [from], this.shape(from))
  }

  private integers(length: number, low: number, high: number): Int32Array {
    return Int32Array.from({ length }, () => low + Math.floor(this.random() * (high - low + 1)))
  }
}

/** Two blocks of ReActNet-18 behind a first layer, and a last layer whose scaled sums are the scores. */
export function blocks(name: string, arithmetic: Arithmetic, channels = 12): Network {
  const net = new Residual(name, arithmetic)
  let value = net.activation(net.scale(net.conv('input', channels)))
  for (let block = 0; block < 2; block++)
    value = net.activation(net.sum(net.scale(net.conv(net.sign(value), channels)), value))
  return net.build(net.scale(net.conv(net.sign(value), 5, 4)))
}

/** A block of ReActNet-A that doubles the channels: two layers on the same bits, joined, and a layer that reads the result. */
export function doubling(name: string, arithmetic: Arithmetic, channels = 9): Network {
  const net = new Residual(name, arithmetic)
  const value = net.activation(net.scale(net.conv('input', channels)))
  const bits = net.sign(value)
  const [a, b] = ['a', 'b'].map(() => net.sum(net.scale(net.conv(bits, channels, 1)), value))
  const both = net.activation(net.concat(a!, b!))
  const next = net.sum(net.scale(net.conv(net.sign(both), 2 * channels)), both)
  return net.build(next)
}

/** The workload with sums of all binary layers saturated. */
export const saturated = (work: Workload, bits = 8): Workload => ({
  ...work,
  layers: work.layers.map((layer) => ({ ...layer, accumulator: { ...layer.accumulator, bits, saturate: true } })),
})

function bytes(tensor: Tensor): Buffer {
  const { buffer, byteOffset, byteLength } = tensor.kind === 'bits' ? tensor.words : tensor.data
  return Buffer.from(buffer, byteOffset, byteLength)
}

export interface Ran {
  readonly run: MachineRun
  /** Nodes observed of the first image, in order. */
  readonly seen: readonly string[]
}

/** Runs two pictures three times over, and compares all that leaves layers with evaluation, reals bit for bit. */
export function runWork(work: Workload, spec: PeArraySpec, options: Partial<RunOptions> = {}): Ran {
  const inputs = pictures(work.network, 2)
  const verifier = new Verifier(new Golden(work, inputs))
  const expected = inputs.map((input) => evaluate(work, input, true).tensors)
  const seen: string[] = []
  const observe: RunOptions['observe'] = (image, node, tensor) => {
    if (image === 0) seen.push(node)
    verifier.check(image, node, tensor)
    const other = expected[image % inputs.length]!.get(node)!
    if (bytes(tensor).compare(bytes(other)) !== 0) throw new Error(`image ${image}: ${node} differs in its last bits`)
  }
  const run = peArray.lower(work, spec).run({ inputs, images: 3, ...options, observe })
  verifier.finish(run.outputs)
  return { run, seen }
}

export const runNetwork = (network: Network, spec: PeArraySpec, options: Partial<RunOptions> = {}): Ran =>
  runWork(workload(network), spec, options)
