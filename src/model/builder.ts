// Writes a network node by node, computing every output shape. Methods return the
// name of the node that they add, to be read by later ones.

import type { MacShape, Network, Node, Op, Sum, Weights } from '../work/network.ts'
import type { Shape } from '../work/tensor.ts'
import type { Parameters } from './parameters.ts'

export interface Window {
  readonly kernel: number
  readonly stride?: number
  /** Pixels on every side, or before and after; none by default. */
  readonly padding?: number | { readonly before: number; readonly after: number }
  /** 0 by default. */
  readonly padValue?: -1 | 0 | 1
}

type Padding = { readonly before: number; readonly after: number }

const sides = (padding: Window['padding'] = 0): Padding =>
  typeof padding === 'number' ? { before: padding, after: padding } : padding

const span = (size: number, kernel: number, stride: number, { before, after }: Padding) =>
  Math.floor((size + before + after - kernel) / stride) + 1

/** Per-channel numbers of one value. */
export const filled = (count: number, value: number): Float32Array => new Float32Array(count).fill(value)

export class NetworkBuilder {
  readonly parameters: Parameters
  readonly #nodes: Node[] = []
  readonly #shapes = new Map<string, Shape>()
  /** Terms of a multiply-accumulate's sum. */
  readonly #terms = new Map<string, number>()

  constructor(input: Shape, parameters: Parameters) {
    this.#shapes.set('input', input)
    this.parameters = parameters
  }

  /** Of a node added before, or of `input`. */
  shape(name: string): Shape {
    const shape = this.#shapes.get(name)
    if (shape === undefined) throw new Error(`no node named ${name}`)
    return shape
  }

  add(name: string, inputs: readonly string[], op: Op, output: Shape): string {
    if (this.#shapes.has(name)) throw new Error(`two nodes named ${name}`)
    this.#shapes.set(name, output)
    this.#nodes.push({ name, inputs, op, output })
    return name
  }

  /** Geometry of a convolution of `from` with `out` channels. */
  macShape(from: string, out: number, { kernel, stride = 1, padding, padValue = 0 }: Window): MacShape {
    const input = this.shape(from)
    const pad = sides(padding)
    const height = span(input.height, kernel, stride, pad)
    const width = span(input.width, kernel, stride, pad)
    const output = { channels: out, height, width }
    return { input, output, kernel, stride, padding: pad, padValue, depthwise: false }
  }

  mac(name: string, from: string, shape: MacShape, weights: Weights, sum: Sum, bias?: Float32Array): string {
    const op: Op = { kind: 'mac', shape, weights, sum, ...(bias && { bias }) }
    this.#terms.set(name, weights.taps * weights.channels)
    return this.add(name, [from], op, shape.output)
  }

  /** A convolution with +1/-1 weights. */
  binaryConv(name: string, from: string, out: number, window: Window, sum: Sum = 'dot'): string {
    const shape = this.macShape(from, out, window)
    const weights = this.parameters.binary(name, out, shape.input.channels, window.kernel ** 2)
    return this.mac(name, from, shape, weights, sum)
  }

  /** A convolution with real weights; seeded ones keep the variance of their input. */
  realConv(name: string, from: string, out: number, window: Window): string {
    const shape = this.macShape(from, out, window)
    return this.mac(name, from, shape, this.#real(name, out, shape.input.channels, window.kernel ** 2), 'dot')
  }

  /** Every channel convolved with its own kernel: given (one for all channels), or from the parameters. */
  depthwise(name: string, from: string, window: Window, kernel?: readonly number[]): string {
    const { channels } = this.shape(from)
    const shape = { ...this.macShape(from, channels, window), depthwise: true }
    const taps = window.kernel ** 2
    const weights: Weights =
      kernel === undefined
        ? this.#real(name, channels, 1, taps)
        : {
            kind: 'real',
            rows: channels,
            taps,
            channels: 1,
            data: Float32Array.from({ length: channels * taps }, (_, i) => kernel[i % taps]!),
          }
    return this.mac(name, from, shape, weights, 'dot')
  }

  /** A dense layer with real weights and a bias, over the whole of a square input. */
  realDense(name: string, from: string, out: number): string {
    const { channels, height } = this.shape(from)
    const weights = this.#real(name, out, channels, height ** 2)
    const bias = this.parameters.reals(`${name}.bias`, out, { mean: 0, deviation: 0.1 })
    return this.mac(name, from, this.macShape(from, out, { kernel: height }), weights, 'dot', bias)
  }

  #real(name: string, rows: number, channels: number, taps: number): Weights {
    const deviation = 1 / Math.sqrt(channels * taps)
    const data = this.parameters.reals(name, rows * channels * taps, { mean: 0, deviation })
    return { kind: 'real', rows, taps, channels, data }
  }

  threshold(name: string, from: string, level: Int32Array | Float32Array, inclusive: boolean): string {
    return this.add(name, [from], { kind: 'threshold', level, inclusive }, this.shape(from))
  }

  /** A folded batch normalisation that brings values of deviation `deviation` to about 1, and adds about `shift`. */
  batchNorm(name: string, from: string, deviation: number, shift = 0): string {
    const output = this.shape(from)
    const scale = this.parameters.reals(`${name}.scale`, output.channels, {
      mean: 1 / deviation,
      deviation: 0.1 / deviation,
    })
    const offset = this.parameters.reals(`${name}.offset`, output.channels, { mean: shift, deviation: 0.1 })
    return this.add(name, [from], { kind: 'affine', scale, offset }, output)
  }

  /** Batch norm of a binary convolution: its sums have a deviation of about the root of their terms. */
  binaryBatchNorm(name: string, conv: string): string {
    return this.batchNorm(name, conv, Math.sqrt(this.#terms.get(conv)!))
  }

  /** Seeded slopes are around 1/4, and the last shift takes back the mean that cutting the negative side adds. */
  rprelu(name: string, from: string): string {
    const output = this.shape(from)
    const reals = (part: string, mean: number) =>
      this.parameters.reals(`${name}.${part}`, output.channels, { mean, deviation: 0.1 })
    const op: Op = {
      kind: 'rprelu',
      shiftX: reals('shiftX', 0),
      slope: reals('slope', 0.25),
      shiftY: reals('shiftY', -0.3),
    }
    return this.add(name, [from], op, output)
  }

  relu(name: string, from: string): string {
    const output = this.shape(from)
    const none = filled(output.channels, 0)
    return this.add(name, [from], { kind: 'rprelu', shiftX: none, slope: none, shiftY: none }, output)
  }

  quantise2(name: string, from: string): string {
    return this.add(name, [from], { kind: 'quantise2' }, this.shape(from))
  }

  pool(name: string, from: string, pool: 'max' | 'average', { kernel, stride = kernel, padding }: Window): string {
    const { channels, height, width } = this.shape(from)
    const pad = sides(padding)
    const output = { channels, height: span(height, kernel, stride, pad), width: span(width, kernel, stride, pad) }
    return this.add(name, [from], { kind: 'pool', pool, window: kernel, stride, padding: pad }, output)
  }

  sum(name: string, from: readonly [string, string]): string {
    return this.add(name, from, { kind: 'add' }, this.shape(from[0]))
  }

  concat(name: string, from: readonly [string, string]): string {
    const [first, second] = [this.shape(from[0]), this.shape(from[1])]
    return this.add(name, from, { kind: 'concat' }, { ...first, channels: first.channels + second.channels })
  }

  finish(rest: Omit<Network, 'nodes' | 'input' | 'weights'>): Network {
    return { ...rest, weights: this.parameters.weights, input: this.shape('input'), nodes: this.#nodes }
  }
}
