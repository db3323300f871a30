// Random networks of all that a builder makes, tiny, with what lowering meets seldom: values that several nodes read,
// nodes that read a value twice, channels that fill no word, levels that no number reaches.

import { NetworkBuilder, type Window } from '../../../src/model/builder.ts'
import type { Parameters } from '../../../src/model/parameters.ts'
import { seededParameters } from '../../../src/model/seeded.ts'
import type { Values } from '../../../src/work/check.ts'
import type { Decision, Network, Weights } from '../../../src/work/network.ts'
import type { Shape } from '../../../src/work/tensor.ts'
import { type Add, FixedSteps, type Growing } from './random-fixed.ts'
import { Dice, randomInput } from './random-input.ts'

/** Levels of thresholds that sums seldom or never reach. */
const EDGES = [Infinity, -Infinity, Number.NaN, 3e9, -3e9, 2 ** 31, -(2 ** 31), 32767, -32768, 0, -0, 0.5]

/** Nodes that read more channels than these are thresholds, so that networks stay small. */
const MOST_CHANNELS = 256

const encoded = { int8: 'int8', bit: 'bit', thermometer: 'bit', real: 'real' } as const

const seeded = seededParameters('random networks')

/** Streams of a network's own. */
const parametersOf = (seed: string): Parameters => ({
  weights: 'seeded',
  binary: (name, ...rest) => seeded.binary(`${seed}.${name}`, ...rest),
  integers: (name, ...rest) => seeded.integers(`${seed}.${name}`, ...rest),
  reals: (name, ...rest) => seeded.reals(`${seed}.${name}`, ...rest),
})

/** Mostly of 4 to 12 nodes; with `fixed`, mostly of fixed-point numbers. */
export function randomNetwork(seed: string, fixed = false): Network {
  const dice = new Dice(seed)
  const { picture, encoding, input } = randomInput(dice)
  const growth = new Growth(dice, new NetworkBuilder(input, parametersOf(seed)), encoded[encoding.kind], fixed)
  growth.grow(4 + dice.below(9))
  const decision = growth.decision()
  return growth.builder.finish({ name: seed, source: 'this test', picture, encoding, classes: ['any'], decision })
}

interface MacOptions {
  readonly out?: number
  readonly window?: Window
  readonly biased?: boolean
}

class Growth implements Growing {
  readonly builder: NetworkBuilder
  readonly dice: Dice
  private readonly values = new Map<string, Values>()
  private readonly fixed: FixedSteps | undefined
  private layers = 0

  constructor(dice: Dice, builder: NetworkBuilder, input: Values, fixed: boolean) {
    this.dice = dice
    this.builder = builder
    this.fixed = fixed ? new FixedSteps(this) : undefined
    this.values.set('input', input)
  }

  grow(nodes: number): void {
    const { dice, values } = this
    for (let last = 'input'; values.size <= nodes; ) {
      const from = dice.chance(0.8) ? last : dice.pick([...values.keys()])
      last = this.next(from)(from)
    }
    if (this.layers + (this.fixed?.layers ?? 0) === 0) (this.kind('input') === 'bit' ? this.binary : this.real)('input')
  }

  decision(): Decision {
    const { dice, values } = this
    const names = [...values.keys()].slice(1)
    const scores = dice.chance(0.7) ? names.at(-1)! : dice.pick(names)
    const bits = names.filter((name) => this.kind(name) === 'bit')
    if (bits.length === 0 || dice.chance(0.85)) return { rule: 'argmax', scores }
    return { rule: 'highest-bit', scores, bits: dice.pick(bits) }
  }

  private next(from: string): Add {
    const { dice } = this
    const kind = this.kind(from)
    const { channels } = this.shape(from)
    if (kind !== 'bit' && channels > MOST_CHANNELS) return this.threshold
    if (this.fixed !== undefined && kind !== 'bit' && dice.chance(0.7)) return dice.pick(this.fixed.following(kind))
    if (kind !== 'bit' && dice.chance(0.003)) return this.quantise
    if (kind === 'real' && channels % 32 === 0 && dice.chance(0.6))
      return dice.pick([this.residual, this.joined, this.joined])
    return dice.pick(this.following(kind))
  }

  /** As often as they are to occur. */
  private following(kind: Values): readonly Add[] {
    const { binary, real, dense, depthwise, signed, norm, threshold, activation, max, average, sum, concat } = this
    if (kind === 'bit') return [...times(5, binary), max, concat]
    if (kind === 'two-bit') return [binary, average]
    const numbers = [...times(2, norm), ...times(3, threshold), activation, max, average, sum, concat]
    if (kind === 'int') return [...numbers, ...times(2, threshold)]
    if (kind === 'real') return [...numbers, real, dense, depthwise]
    return [...numbers, binary, ...times(6, signed), ...times(10, real), depthwise, dense]
  }

  kind(name: string): Values {
    return this.values.get(name)!
  }

  shape(name: string): Shape {
    return this.builder.shape(name)
  }

  fresh(what: string): string {
    return `${what}${this.values.size}`
  }

  made(name: string, kind: Values): string {
    this.values.set(name, kind)
    return name
  }

  /** Every place of it lies on pixels of `from`, at least in part. */
  window(from: string): Window {
    const { dice } = this
    const { height, width } = this.shape(from)
    const least = Math.min(height, width)
    const kernel = dice.chance(0.2) ? least : dice.pick([1, 2, 3, 3, 3, 4])
    const missing = Math.max(0, kernel - least)
    const before = Math.min(kernel - 1, Math.max(Math.ceil(missing / 2), dice.below(3)))
    const after = Math.min(kernel - 1, Math.max(missing - before, dice.chance(0.7) ? before : dice.below(3)))
    return { kernel, stride: dice.pick([1, 1, 2, 3]), padding: { before, after } }
  }

  /** Mostly another value that fits, if there is any; else `from` itself. */
  beside(from: string, fits: (name: string) => boolean): string {
    const others = [...this.values.keys()].filter((name) => name !== from && this.sameSize(name, from) && fits(name))
    return others.length === 0 || this.dice.chance(0.1) ? from : this.dice.pick(others)
  }

  private sameSize(a: string, b: string): boolean {
    const [one, other] = [this.shape(a), this.shape(b)]
    return one.height === other.height && one.width === other.width
  }

  private mac(from: string, kind: Weights['kind'], options: MacOptions = {}): string {
    const { dice, builder } = this
    const { out = dice.channels(), window = this.window(from), biased = dice.chance(0.1) } = options
    const bits = this.kind(from) === 'bit'
    const padValue = bits ? dice.pick([0, 0, 0, 1, -1] as const) : dice.chance(0.05) ? 1 : 0
    const shape = builder.macShape(from, out, { padValue, ...window })
    const name = this.fresh(kind === 'binary' ? 'bconv' : 'conv')
    const whole = shape.padding.before + shape.padding.after === 0 || shape.padValue !== 0
    const sum = bits && whole && dice.chance(0.4) ? 'matches' : 'dot'
    const bias = biased ? this.reals(`${name}.bias`, out, 1) : undefined
    const make = kind === 'binary' ? this.binaryWeights : this.realWeights
    const weights = make(name, out, shape.input.channels, shape.kernel ** 2)
    this.layers++
    return this.made(builder.mac(name, from, shape, weights, sum, bias), kind === 'binary' && !biased ? 'int' : 'real')
  }

  private readonly binaryWeights = (name: string, rows: number, channels: number, taps: number): Weights =>
    this.builder.parameters.binary(name, rows, channels, taps)

  /** Every other time integers, most of 8 bits. */
  private readonly realWeights = (name: string, rows: number, channels: number, taps: number): Weights => {
    const whole = this.dice.chance(0.5)
    const data = this.reals(name, rows * channels * taps, whole ? this.dice.pick([2, 60]) : 0.5)
    return { kind: 'real', rows, taps, channels, data: whole ? data.map(Math.round) : data }
  }

  private reals(name: string, count: number, deviation: number, mean = 0): Float32Array {
    return this.builder.parameters.reals(name, count, { mean, deviation })
  }

  private readonly binary: Add = (from) => this.mac(from, 'binary')
  private readonly real: Add = (from) => this.mac(from, 'real')
  private readonly signed: Add = (from) => this.threshold(this.binary(from))

  private readonly dense: Add = (from) => {
    const { height, width } = this.shape(from)
    if (height !== width) return this.real(from)
    this.layers++
    return this.made(this.builder.realDense(this.fresh('dense'), from, this.dice.channels()), 'real')
  }

  private readonly depthwise: Add = (from) => {
    this.layers++
    return this.made(this.builder.depthwise(this.fresh('depth'), from, this.window(from)), 'real')
  }

  private readonly norm: Add = (from) => {
    const deviation = this.kind(from) === 'real' ? 1 : this.dice.pick([5, 30])
    return this.made(this.builder.batchNorm(this.fresh('norm'), from, deviation), 'real')
  }

  private readonly threshold: Add = (from) => {
    const { dice } = this
    const name = this.fresh('bits')
    const whole = this.kind(from) !== 'real'
    const edges = dice.chance(0.3)
    const level = this.reals(`${name}.level`, this.shape(from).channels, whole ? 8 : 0.5).map((value) => {
      if (edges && dice.chance(0.2)) return dice.pick(EDGES)
      return whole ? Math.round(2 * value) / 2 : value
    })
    const typed = whole && dice.chance(0.4) ? Int32Array.from(level) : level
    return this.made(this.builder.threshold(name, from, typed, dice.chance(0.5)), 'bit')
  }

  private readonly sign: Add = (from) => {
    const name = this.fresh('sign')
    const level = this.reals(`${name}.level`, this.shape(from).channels, 0.1)
    return this.made(this.builder.threshold(name, from, level, true), 'bit')
  }

  private readonly activation: Add = (from) => {
    const kind = this.dice.pick(['rprelu', 'relu', 'prelu'] as const)
    const name = this.fresh(kind)
    if (kind !== 'prelu') return this.made(this.builder[kind](name, from), 'real')
    const output = this.shape(from)
    const none = new Float32Array(output.channels)
    const slope = this.reals(`${name}.slope`, output.channels, 0.2, 0.25)
    return this.made(
      this.builder.add(name, [from], { kind: 'rprelu', shiftX: none, slope, shiftY: none }, output),
      'real',
    )
  }

  private readonly quantise: Add = (from) => this.made(this.builder.quantise2(this.fresh('quantised'), from), 'two-bit')

  private readonly max: Add = (from) =>
    this.made(this.builder.pool(this.fresh('max'), from, 'max', this.window(from)), this.kind(from))

  private readonly average: Add = (from) =>
    this.made(this.builder.pool(this.fresh('average'), from, 'average', this.window(from)), 'real')

  /** Of two values, seldom three, now and then of integers and reals. */
  private readonly sum: Add = (from) => {
    const { dice } = this
    const real = this.kind(from) === 'real'
    const fits = (name: string): boolean => {
      const kind = this.kind(name)
      const same = this.shape(name).channels === this.shape(from).channels
      return same && kind !== 'bit' && ((kind === 'real') === real || dice.chance(0.1))
    }
    const others = Array.from({ length: dice.chance(0.05) ? 2 : 1 }, () => this.beside(from, fits))
    return this.add(dice.chance(0.5) ? [from, ...others] : [...others, from])
  }

  private add(terms: readonly string[]): string {
    const kind = terms.some((name) => this.kind(name) === 'real') ? 'real' : 'int'
    return this.made(this.builder.add(this.fresh('add'), terms, { kind: 'add' }, this.shape(terms[0]!)), kind)
  }

  /** Mostly of channels that the kernels take. */
  private readonly concat: Add = (from) => {
    const { dice } = this
    const kind = this.kind(from)
    const unit = dice.chance(0.1) ? 1 : kind === 'bit' ? 32 : 8
    const fits = (name: string): boolean => this.kind(name) === kind && this.shape(name).channels % unit === 0
    if (!fits(from)) return from
    const other = this.beside(from, fits)
    return dice.chance(0.5) ? this.join(from, other) : this.join(other, from)
  }

  private join(a: string, b: string): string {
    return this.made(this.builder.concat(this.fresh('join'), [a, b]), this.kind(a))
  }

  /** A block of a residual network: on reals. */
  private readonly residual: Add = (from) => {
    const { dice } = this
    const options = { out: this.shape(from).channels, window: { kernel: 3, padding: 1 }, biased: false }
    const branch = this.norm(this.mac(this.sign(from), 'binary', options))
    const sum = this.add(dice.chance(0.5) ? [branch, from] : [from, branch])
    const value = dice.chance(0.6) ? this.activation(sum) : sum
    return dice.chance(0.6) ? this.sign(value) : value
  }

  /** Sums side by side, or one of them twice. */
  private readonly joined: Add = (from) => {
    const { dice } = this
    const first = this.sum(from)
    const value = this.activation(this.join(first, dice.chance(0.2) ? first : this.sum(from)))
    return dice.chance(0.6) ? this.sign(value) : value
  }
}

const times = (count: number, add: Add): Add[] => Array.from({ length: count }, () => add)
