// Fixed-point steps at random: of all shifts, some without multiplications, results at both ends now and then.

import type { NetworkBuilder, Window } from '../../../src/model/builder.ts'
import type { Values } from '../../../src/work/check.ts'
import type { FixedBits, IntegerWeights, Op } from '../../../src/work/network.ts'
import type { Shape } from '../../../src/work/tensor.ts'
import type { Dice } from './random-input.ts'

/** Adds a node or several that follow the value, and gives the last one's. */
export type Add = (from: string) => string

/** A network that grows. */
export interface Growing {
  readonly dice: Dice
  readonly builder: NetworkBuilder
  kind(name: string): Values
  shape(name: string): Shape
  fresh(what: string): string
  made(name: string, kind: Values): string
  window(from: string): Window
  beside(from: string, fits: (name: string) => boolean): string
}

export class FixedSteps {
  /** Multiply-accumulates that were added. */
  layers = 0
  private readonly growing: Growing
  /** Values of 16 bits. */
  private readonly narrow = new Set<string>()

  constructor(growing: Growing) {
    this.growing = growing
  }

  /** As often as they are to occur, behind numbers. */
  following(kind: Values): readonly Add[] {
    const { affine, rprelu, sum, average, sums, product } = this
    if (kind === 'real') return [this.quantise]
    return [affine, affine, affine, rprelu, rprelu, sum, sum, average, sums, product, product]
  }

  private step(what: string, inputs: readonly string[], op: Op, bits: FixedBits, output: Shape): string {
    const { growing, narrow } = this
    const name = growing.builder.add(growing.fresh(what), inputs, op, output)
    if (bits !== 32) narrow.add(name)
    return growing.made(name, bits === 8 ? 'int8' : 'int')
  }

  private readonly quantise: Add = (from) => {
    const { dice, shape } = this.of(from)
    const bits = dice.pick([8, 16] as const)
    const fraction = bits === 8 ? signed(dice, 5) : 4 + dice.below(10)
    return this.step('quantise', [from], { kind: 'quantise', fraction, bits }, bits, shape)
  }

  private readonly affine: Add = (from) => this.affineTo(from, this.growing.dice.pick([8, 8, 16, 16, 32]))

  /** To 32 bits without negative factors, which the machine refuses. */
  private affineTo(from: string, bits: FixedBits): string {
    const { dice, shape } = this.of(from)
    const { channels } = shape
    const multiplied = dice.chance(0.5)
    const shift = shifts(dice, channels, multiplied ? 4 : -1)
    const offset = drawn(channels, () => signed(dice, dice.chance(0.05) ? 2 ** 30 : 50))
    const op: Op = {
      ...{ kind: 'fixed-affine', shift, offset, bits },
      ...(multiplied && { multiplier: drawn(channels, () => signed(dice, 127)) }),
      ...(bits !== 32 && negatives(dice, channels)),
    }
    return this.step('affine', [from], op, bits, shape)
  }

  private readonly rprelu: Add = (from) => {
    const { dice, shape } = this.of(from)
    const { channels } = shape
    const bits = dice.pick([8, 16] as const)
    const sloped = dice.chance(0.4)
    const shift = shifts(dice, channels, sloped ? 5 : 0)
    const offset = () => signed(dice, bits === 16 && dice.chance(0.02) ? 1e5 : 30)
    const op: Op = {
      ...{ kind: 'fixed-rprelu', shiftX: drawn(channels, offset), shift, shiftY: drawn(channels, offset), bits },
      ...(sloped && { slope: drawn(channels, () => signed(dice, 127)) }),
      ...negatives(dice, channels),
    }
    return this.step('rprelu', [from], op, bits, shape)
  }

  /** Of two values, seldom three. */
  private readonly sum: Add = (from) => {
    const { growing } = this
    const { dice, shape } = this.of(from)
    const fits = (name: string): boolean =>
      growing.shape(name).channels === shape.channels && growing.kind(name).startsWith('int')
    const others = Array.from({ length: dice.chance(0.1) ? 2 : 1 }, () => growing.beside(from, fits))
    const bits = dice.pick([8, 16, 16, 32] as const)
    return this.step('add', [from, ...others], { kind: 'add', bits }, bits, shape)
  }

  private readonly average: Add = (from) => {
    const { dice } = this.growing
    const bits = dice.pick([8, 16, 16, 32] as const)
    const window = this.growing.window(from)
    if (!Number.isInteger(Math.log2(window.kernel))) return this.sums(from)
    return this.pooled(from, window, 'average', bits)
  }

  private readonly sums: Add = (from) => this.pooled(from, this.growing.window(from), 'sum')

  private pooled(from: string, window: Window, pool: 'average' | 'sum', bits?: FixedBits): string {
    const { shape } = this.of(from)
    const { output, kernel, stride, padding } = this.growing.builder.macShape(from, shape.channels, window)
    const op: Op = { kind: 'pool', pool, window: kernel, stride, padding, ...(bits && { bits }) }
    return this.step(pool, [from], op, bits ?? 32, output)
  }

  /** A layer with integer weights; evaluation has no exact sums of wider values. */
  private readonly product: Add = (from) => {
    const { growing, narrow } = this
    const { dice, builder } = growing
    if (growing.kind(from) !== 'int8' && !narrow.has(from)) return this.product(this.affineTo(from, 16))
    const out = dice.channels()
    const shape = builder.macShape(from, out, growing.window(from))
    const weights = integerWeights(dice, out, shape.kernel ** 2, shape.input.channels)
    this.layers++
    return growing.made(builder.mac(growing.fresh('integers'), from, shape, weights, 'dot'), 'int')
  }

  private of(from: string): { dice: Dice; shape: Shape } {
    return { dice: this.growing.dice, shape: this.growing.shape(from) }
  }
}

const signed = (dice: Dice, most: number): number => dice.below(2 * most + 1) - most

const drawn = (count: number, one: () => number): Int32Array => Int32Array.from({ length: count }, one)

/** Mostly small ones, so that values neither vanish nor saturate all. */
const shifts = (dice: Dice, count: number, least: number): Int32Array =>
  drawn(count, () => (dice.chance(0.1) ? signed(dice, 16) : least + dice.below(6)))

const negatives = (dice: Dice, count: number): { negative?: Uint8Array } =>
  dice.chance(0.5) ? {} : { negative: Uint8Array.from({ length: count }, () => dice.below(2)) }

/** Powers of two and 0, or any. */
function integerWeights(dice: Dice, rows: number, taps: number, channels: number): IntegerWeights {
  const powers = dice.chance(0.6)
  const most = dice.pick([4, 15])
  const one = () => (powers ? signed(dice, 1) * 2 ** dice.below(most) : signed(dice, 2 ** most - 1))
  return { kind: 'integer', rows, taps, channels, data: drawn(rows * taps * channels, one) }
}
