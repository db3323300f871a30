// A network of floats becomes one of fixed-point numbers, node by node: what clip8 and add-bit-only have in common. Values
// behind binary layers are multiples of 2^-fraction in `bits` bits; sums keep their own unit until a scale brings them there.
// Nodes keep their names. What is added: `x.fixed` (quantised), `x.real` (back), `x.aligned` (in another unit), `x.sum`.

import { macOf } from '../../work/classifier.ts'
import { fixedRange } from '../../work/fixed.ts'
import { InputError, keyed } from '../../work/input-error.ts'
import { nodesOf, withNodes } from '../../work/lower.ts'
import type { IntegerWeights, Node, Op, RealWeights } from '../../work/network.ts'
import type { Shape } from '../../work/tensor.ts'
import type { Workload } from '../../work/workload.ts'
import { type Factors, powers, powerWeights, scalingOf, WIDEST } from './factors.ts'
import { type Follow, foldedInto, follow, isFoldable, type Limits, levelsOf } from './fold.ts'
import { affineOp, betweenUnits, rpreluOp, shiftOp } from './ops.ts'
import {
  type Fixed,
  inputValue,
  isFixedPoint,
  isWide,
  magnitudeOf,
  nameOf,
  PICTURE_BITS,
  pictureFraction,
  sumLimits,
  type Value,
} from './values.ts'

export interface FlowRules {
  /** Of the data between layers. */
  readonly bits: 8 | 16
  /** Of these, those behind the binary point. */
  readonly fraction: number
  /** What scales of batch norms and filters, and slopes of activations, become. */
  readonly scale: Factors
  readonly slope: Factors
  /** Weights of layers that have real ones, of the classifier and of all others: left so, or powers of two. */
  readonly stem: Ends
  readonly classifier: Ends
}

export type Ends = 'real' | 'power'

/** `workload` as `rules` have it. Nodes that read neither sums nor each other's fixed-point values stay as they are. */
export function fixedFlow(workload: Workload, rules: FlowRules): Workload {
  return withNodes(workload, new Flow(workload, rules).nodes())
}

type OpOf<K extends Op['kind']> = Extract<Op, { kind: K }>
type Place = Pick<Node, 'name' | 'output'>

class Flow {
  private readonly workload: Workload
  private readonly rules: FlowRules
  private readonly unit: number
  private readonly classifier: string | undefined
  private readonly before: readonly Node[]
  private readonly folded: ReadonlySet<string>
  private readonly readers = new Map<string, Node[]>()
  private readonly values = new Map<string, Value>()
  private readonly made: Node[] = []
  private readonly scaled = new Set<string>() // affines whose scale is in the weights before them

  constructor(workload: Workload, rules: FlowRules) {
    const { scores, bits = scores } = workload.network.decision
    this.workload = workload
    this.rules = rules
    this.unit = 2 ** -rules.fraction
    this.classifier = macOf(new Map(workload.network.nodes.map((node) => [node.name, node])), scores)?.name
    this.before = nodesOf(workload)
    const done = this.before.find(isFixedPoint)
    if (done) throw new InputError(`${done.name} is of fixed-point numbers already: one pass that makes them is enough`)
    this.folded = foldedInto(this.before, new Set([scores, bits]))
    for (const node of this.before)
      for (const name of node.inputs) this.readers.set(name, [...(this.readers.get(name) ?? []), node])
  }

  nodes(): Node[] {
    this.values.set('input', inputValue(this.workload.network.encoding))
    for (const node of this.before)
      this.values.set(
        node.name,
        keyed(node.name, () => this.rewrite(node)),
      )
    return this.made
  }

  private rewrite(node: Node): Value {
    const { op, inputs } = node
    const [first] = inputs.map((name) => this.values.get(name)!)
    if (op.kind === 'mac') return this.mac(node, op, first!)
    if (op.kind === 'gated-mac')
      return this.fixed(node, { ...op, thirds: true }, inputs, 1 / 3, sumLimits(op.weights, 'dot', magnitudeOf(first!)))
    if (op.kind === 'affine' || op.kind === 'rprelu') return this.elementwise(node, op, first!)
    if (op.kind === 'threshold') return this.threshold(node, op, first!)
    if (op.kind === 'quantise2') return this.quantise2(node, op, first!)
    if (op.kind === 'pool') return this.pool(node, op, first!)
    if (op.kind === 'add') return this.join(node, { ...op, bits: this.rules.bits })
    if (op.kind === 'concat') return first!.kind === 'bits' ? this.copy(node, 'bits') : this.join(node, op)
    throw new Error(`no rule for ${op.kind}`)
  }

  private mac(node: Node, op: OpOf<'mac'>, input: Value): Value {
    const { weights, sum, bias } = op
    if (weights.kind === 'binary') {
      if (bias !== undefined) return { kind: 'real', name: this.emit(node, op, [nameOf(input)]) }
      const unit = input.kind === 'fixed' ? input.unit : 1
      return this.fixed(node, op, [nameOf(input)], unit, sumLimits(weights, sum, magnitudeOf(input)))
    }
    const how = node.name === this.classifier ? this.rules.classifier : this.rules.stem
    if (weights.kind === 'real' && how === 'power' && !op.shape.depthwise) return this.power(node, op, weights)
    return this.copy(node, 'real')
  }

  /** Weights as powers of two: those of a scale that follows alone are rounded together with it. */
  private power(node: Node, op: OpOf<'mac'>, weights: RealWeights): Value {
    const input = this.narrowed(this.toFixed(node.inputs[0]!))
    const [next, ...others] = this.readers.get(node.name) ?? []
    const scale = next?.op.kind === 'affine' && others.length === 0 ? next.op.scale : undefined
    const terms = weights.taps * weights.channels
    const real = weights.data.map((weight, i) => weight * (scale?.[Math.floor(i / terms)] ?? 1))
    if (scale !== undefined) this.scaled.add(next!.name)
    const { data, unit } = powerWeights(real, terms, magnitudeOf(input))
    const { bias, ...rest } = op
    const integers: IntegerWeights = { ...weights, kind: 'integer', data }
    const sums: Op = { ...rest, weights: integers }
    const sumUnit = input.unit * unit
    if (bias === undefined)
      return this.fixed(node, sums, [input.name], sumUnit, sumLimits(integers, 'dot', magnitudeOf(input)))
    const name = this.emit({ ...node, name: `${node.name}.sum` }, sums, [input.name])
    const offset = Int32Array.from(bias, (value, o) => Math.round((value * (scale?.[o] ?? 1)) / sumUnit))
    const shift = new Int32Array(bias.length)
    return this.fixed(node, { kind: 'fixed-affine', shift, offset, bits: 32 }, [name], sumUnit, fixedRange(32))
  }

  private elementwise(node: Node, op: OpOf<'affine' | 'rprelu'>, before: Value): Value {
    const input = this.folded.has(node.name) ? this.shared(node.inputs[0]!, before) : before
    if (input.kind === 'real' || input.kind === 'bits') return this.copy(node, 'real')
    if (this.folded.has(node.name) && isFoldable(op) && !this.scaled.has(node.name)) {
      const of = input.kind === 'folded' ? input.of : input
      const steps: Follow = input.kind === 'folded' ? input.follow : (x) => Math.fround(x * of.unit)
      return { kind: 'folded', of, follow: follow(steps, op) }
    }
    const value = input as Fixed
    return op.kind === 'affine' ? this.affine(node, op, value) : this.rprelu(node, op, value)
  }

  /** Class scores keep all of their bits, and where only a sum's offset is left, its unit. */
  private affine(node: Node, { scale, offset }: OpOf<'affine'>, value: Fixed): Value {
    const scaled = this.scaled.has(node.name)
    const decides = node.name === this.workload.network.decision.scores
    const { name, unit } = scaled ? value : this.narrowed(value)
    const to = scaled && decides ? unit : this.unit
    const bits = decides ? 32 : this.rules.bits
    const scaling = scaled
      ? powers(betweenUnits(unit, to, scale.length, 'power'), WIDEST)
      : scalingOf(
          scale.map((s) => (s * unit) / to),
          this.rules.scale,
        )
    return this.fixed(node, affineOp(scaling, offset, to, bits), [name], to, fixedRange(bits))
  }

  private rprelu(node: Node, op: OpOf<'rprelu'>, value: Fixed): Value {
    const { name, unit } = this.narrowed(value)
    const { bits, slope } = this.rules
    return this.fixed(node, rpreluOp(op, unit, bits, slope), [name], unit, fixedRange(bits))
  }

  /** On integers, of integer levels: exact, whatever has been folded into it. */
  private threshold(node: Node, op: OpOf<'threshold'>, input: Value): Value {
    const value = this.shared(node.inputs[0]!, input)
    if (value.kind === 'fixed' && value.unit === 1 && op.level instanceof Int32Array) return this.copy(node, 'bits')
    if (value.kind === 'real') return this.copy(node, 'bits')
    if (value.kind === 'bits') throw new Error(`${node.name} reads bits`)
    const of = value.kind === 'folded' ? value.of : value
    const follow: Follow = value.kind === 'folded' ? value.follow : (x) => Math.fround(x * of.unit)
    this.emit(node, { kind: 'threshold', level: levelsOf(op, follow, of), inclusive: false }, [of.name])
    return { kind: 'bits', name: node.name }
  }

  private quantise2(node: Node, op: OpOf<'quantise2'>, input: Value): Value {
    const { level = Math.fround(2 / 3) } = op
    const own: Op = input.kind === 'fixed' ? { ...op, level: level / input.unit } : op
    return this.fixed(node, own, [nameOf(input)], 1, { low: -3, high: 3 })
  }

  private pool(node: Node, op: OpOf<'pool'>, input: Value): Value {
    if (input.kind === 'bits') return this.copy(node, 'bits')
    if (input.kind === 'real' && !this.leadsToFixed(node.name)) return this.copy(node, 'real')
    const whole = this.toFixed(node.inputs[0]!)
    if (op.pool === 'max') return { ...whole, name: this.emit(node, op, [whole.name]) }
    const value = this.narrowed(whole)
    const { bits } = this.rules
    const area = op.window ** 2
    const between = value.unit <= this.unit && value.high <= fixedRange(bits).high // and no sums
    if (between && Number.isInteger(Math.log2(op.window)) && this.leadsToFixed(node.name))
      return { ...value, name: this.emit(node, { ...op, bits }, [value.name]) }
    const sums: Op = { ...op, pool: 'sum' }
    const shift = Math.max(0, Math.ceil(Math.log2((area * value.high) / fixedRange(16).high)))
    const unit = value.unit / area
    if (shift === 0) return this.fixed(node, sums, [value.name], unit, fixedRange(16))
    const name = this.emit({ ...node, name: `${node.name}.sum` }, sums, [value.name])
    const narrow = shiftOp(node.output.channels, shift, 16)
    return this.fixed(node, narrow, [name], unit * 2 ** shift, fixedRange(16))
  }

  /** Sums and concatenations: all in the unit of the data between layers, or in the one that all have. */
  private join(node: Node, op: Op): Value {
    const values = node.inputs.map((name) => this.narrowed(this.toFixed(name)))
    const same = values.every(({ unit }) => unit === values[0]!.unit)
    const unit = same ? values[0]!.unit : this.unit
    const all = values.map((value) => (value.unit === unit ? value : this.aligned(value)))
    const joined = { low: Math.min(...all.map(({ low }) => low)), high: Math.max(...all.map(({ high }) => high)) }
    const limits = op.kind === 'concat' ? joined : fixedRange(this.rules.bits)
    const names = all.map(({ name }) => name)
    return this.fixed(node, op, names, unit, limits)
  }

  /** The value in the unit of the data between layers. */
  private aligned(value: Fixed): Fixed {
    const { bits, scale } = this.rules
    const output = this.outputOf(value.name)
    const factors = betweenUnits(value.unit, this.unit, output.channels, isWide(value) ? 'power' : scale)
    const scaling = isWide(value) ? powers(factors, WIDEST) : scalingOf(factors, scale)
    const op = affineOp(scaling, new Float32Array(output.channels), this.unit, bits)
    const name = `${value.name}.aligned`
    if (!this.made.some((node) => node.name === name)) this.emit({ name, output }, op, [value.name])
    return { kind: 'fixed', name, unit: this.unit, ...fixedRange(bits) }
  }

  /** Sums of a finer unit than that of the data between layers, brought to it where they may take more than 16 bits. */
  private narrowed(value: Fixed): Fixed {
    return isWide(value) && value.unit < this.unit ? this.aligned(value) : value
  }

  private outputOf(name: string): Shape {
    return this.made.find((node) => node.name === name)?.output ?? this.workload.network.input
  }

  /** The value as fixed-point numbers: quantised where it is real. */
  private toFixed(name: string): Fixed {
    const value = this.values.get(name)!
    if (value.kind === 'fixed') return value
    if (value.kind !== 'real') throw new Error(`${name} is ${value.kind}`)
    const picture = name === 'input'
    const bits = picture ? PICTURE_BITS : this.rules.bits
    const fraction = picture ? pictureFraction(this.workload.network.encoding) : this.rules.fraction
    const node = { name: `${name}.fixed`, output: this.outputOf(name) }
    const fixed = this.fixed(node, { kind: 'quantise', fraction, bits }, [name], 2 ** -fraction, fixedRange(bits))
    this.values.set(name, fixed)
    return fixed
  }

  /** Name of the value as reals. */
  private real(name: string): string {
    const value = this.values.get(name)!
    if (name === 'input') return name
    if (value.kind !== 'fixed') return nameOf(value)
    const known = `${name}.real`
    if (this.made.some((node) => node.name === known)) return known
    const output = this.outputOf(value.name)
    const scale = new Float32Array(output.channels).fill(value.unit)
    const op: Op = { kind: 'affine', scale, offset: new Float32Array(output.channels) }
    return this.emit({ name: known, output }, op, [value.name])
  }

  /** The value as fixed-point numbers where something else needs it so: signs are of what is stored. */
  private shared(name: string, value: Value): Value {
    const joins = (this.readers.get(name) ?? []).some(({ op }) => op.kind === 'add' || op.kind === 'concat')
    return value.kind === 'real' && joins ? this.toFixed(name) : value
  }

  /** Whether something but real layers reads it. */
  private leadsToFixed(name: string): boolean {
    return (this.readers.get(name) ?? []).some(({ op }) => op.kind !== 'mac' && op.kind !== 'affine')
  }

  private fixed(node: Place, op: Op, inputs: readonly string[], unit: number, { low, high }: Limits): Fixed {
    return { kind: 'fixed', name: this.emit(node, op, inputs), unit, low, high }
  }

  private copy(node: Node, kind: 'real' | 'bits'): Value {
    const names = node.inputs.map((name) => (kind === 'real' ? this.real(name) : nameOf(this.values.get(name)!)))
    return { kind, name: this.emit(node, node.op, names) }
  }

  private emit({ name, output }: Place, op: Op, inputs: readonly string[]): string {
    this.made.push({ name, inputs, op, output })
    return name
  }
}
