// A network of floats becomes one of fixed-point numbers, node by node: what clip8 and add-bit-only have in common. Values
// behind binary layers are multiples of 2^-fraction in `bits` bits; sums keep their own unit until a scale brings them there.
// Nodes keep their names. What is added: `x.fixed` (quantised), `x.real` (back), `x.aligned` (in another unit), `x.sum`.

import { fixedRange } from '../../work/fixed.ts'
import { nodesOf, withNodes } from '../../work/lower.ts'
import type { Node, Op, RealWeights } from '../../work/network.ts'
import type { Workload } from '../../work/workload.ts'
import { type Factors, NOTHING, powerWeights, scalingOf } from './factors.ts'
import { type Follow, foldedInto, follow, isFoldable, levelsOf } from './fold.ts'
import { type Fixed, inputValue, inUnits, nameOf, PICTURE_BITS, pictureFraction, type Value } from './values.ts'

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

class Flow {
  private readonly workload: Workload
  private readonly rules: FlowRules
  private readonly unit: number
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
    this.before = nodesOf(workload)
    this.folded = foldedInto(this.before, new Set([scores, bits]))
    for (const node of this.before)
      for (const name of node.inputs) this.readers.set(name, [...(this.readers.get(name) ?? []), node])
  }

  nodes(): Node[] {
    this.values.set('input', inputValue(this.workload.network.encoding))
    for (const node of this.before) this.values.set(node.name, this.rewrite(node))
    return this.made
  }

  private rewrite(node: Node): Value {
    const { op, inputs } = node
    const [first] = inputs.map((name) => this.values.get(name)!)
    if (op.kind === 'mac') return this.mac(node, op, first!)
    if (op.kind === 'gated-mac') return this.fixed(node, { ...op, thirds: true }, inputs, 1 / 3, 16)
    if (op.kind === 'affine' || op.kind === 'rprelu') return this.elementwise(node, op, first!)
    if (op.kind === 'threshold') return this.threshold(node, op, first!)
    if (op.kind === 'quantise2') return this.quantise2(node, op, first!)
    if (op.kind === 'pool') return this.pool(node, op, first!)
    if (op.kind === 'add') return this.join(node, { ...op, bits: this.rules.bits })
    if (op.kind === 'concat') return first!.kind === 'bits' ? this.copy(node, 'bits') : this.join(node, op)
    const kind = first!.kind
    return kind === 'fixed' ? { ...first!, name: this.emit(node, op, inputs) } : this.copy(node, 'real')
  }

  private mac(node: Node, op: OpOf<'mac'>, input: Value): Value {
    const { weights, bias } = op
    if (input.kind === 'bits' || (weights.kind === 'binary' && input.kind === 'fixed')) {
      const unit = input.kind === 'fixed' ? input.unit : 1
      return bias === undefined ? this.fixed(node, op, [nameOf(input)], unit, 32) : this.copy(node, 'real')
    }
    const classifies = node.name === this.workload.network.decision.scores
    const how = classifies ? this.rules.classifier : this.rules.stem
    if (weights.kind === 'real' && how === 'power' && !op.shape.depthwise) return this.power(node, op, weights)
    this.emit(node, op, [this.real(node.inputs[0]!)])
    return { kind: 'real', name: node.name }
  }

  /** Weights as powers of two: those of a scale that follows alone are rounded together with it. */
  private power(node: Node, op: OpOf<'mac'>, weights: RealWeights): Value {
    const input = this.toFixed(node.inputs[0]!)
    const [next, ...others] = this.readers.get(node.name) ?? []
    const scale = next?.op.kind === 'affine' && others.length === 0 ? next.op.scale : undefined
    const terms = weights.taps * weights.channels
    const real = weights.data.map((weight, i) => weight * (scale?.[Math.floor(i / terms)] ?? 1))
    if (scale !== undefined) this.scaled.add(next!.name)
    const { data, unit } = powerWeights(real, terms, Math.max(input.high, -input.low))
    const { bias, ...rest } = op
    const integers = { ...rest, weights: { ...weights, kind: 'integer', data } } as OpOf<'mac'>
    const sumUnit = input.unit * unit
    if (bias === undefined) return this.fixed(node, integers, [input.name], sumUnit, 32)
    const sums = this.emit({ ...node, name: `${node.name}.sum` }, integers, [input.name])
    const offset = Int32Array.from(bias, (value) => Math.round(value / sumUnit))
    const shift = new Int32Array(bias.length)
    return this.fixed(node, { kind: 'fixed-affine', shift, offset, bits: 32 }, [sums], sumUnit, 32)
  }

  private elementwise(node: Node, op: OpOf<'affine' | 'rprelu'>, input: Value): Value {
    if (input.kind === 'real' || input.kind === 'bits') return this.copy(node, 'real')
    if (this.folded.has(node.name) && isFoldable(op) && !this.scaled.has(node.name)) {
      const of = input.kind === 'folded' ? input.of : input
      const before: Follow = input.kind === 'folded' ? input.follow : (x) => Math.fround(x * of.unit)
      return { kind: 'folded', of, follow: follow(before, op) }
    }
    const value = input as Fixed
    return op.kind === 'affine' ? this.affine(node, op, value) : this.rprelu(node, op, value)
  }

  private affine(node: Node, { scale, offset }: OpOf<'affine'>, { name, unit }: Fixed): Value {
    const factors = Float64Array.from(scale, (s) => ((this.scaled.has(node.name) ? 1 : s) * unit) / this.unit)
    const { bits } = this.rules
    const op: Op = {
      kind: 'fixed-affine',
      ...scalingOf(factors, this.scaled.has(node.name) ? 'power' : this.rules.scale),
      offset: inUnits(offset, this.unit, 16),
      bits,
    }
    return this.fixed(node, op, [name], this.unit, bits)
  }

  /** In the unit of its input. */
  private rprelu(node: Node, { shiftX, slope, shiftY }: OpOf<'rprelu'>, { name, unit }: Fixed): Value {
    const { bits } = this.rules
    const none = slope.every((each) => each === 0)
    const scaling = none ? { shift: new Int32Array(slope.length).fill(NOTHING) } : scalingOf(slope, this.rules.slope)
    const { multiplier, ...shifts } = scaling as ReturnType<typeof scalingOf>
    const op: Op = {
      kind: 'fixed-rprelu',
      ...shifts,
      ...(multiplier && { slope: multiplier }),
      shiftX: inUnits(shiftX, unit, bits),
      shiftY: inUnits(shiftY, unit, 16),
      bits,
    }
    return this.fixed(node, op, [name], unit, bits)
  }

  /** On integers, of integer levels: exact, whatever has been folded into it. */
  private threshold(node: Node, op: OpOf<'threshold'>, input: Value): Value {
    const value = input.kind === 'real' && this.isShared(node.inputs[0]!) ? this.toFixed(node.inputs[0]!) : input
    if (value.kind === 'fixed' && value.unit === 1 && op.level instanceof Int32Array) return this.copy(node, 'bits')
    if (value.kind === 'real') return this.copy(node, 'bits')
    if (value.kind === 'bits') throw new Error(`${node.name} reads bits`)
    const of = value.kind === 'folded' ? value.of : value
    const follow: Follow = value.kind === 'folded' ? value.follow : (x) => x * of.unit
    this.emit(node, { kind: 'threshold', level: levelsOf(op, follow, of), inclusive: false }, [of.name])
    return { kind: 'bits', name: node.name }
  }

  private quantise2(node: Node, op: OpOf<'quantise2'>, input: Value): Value {
    if (input.kind === 'fixed') {
      const { level = Math.fround(2 / 3) } = op
      this.emit(node, { ...op, level: level / input.unit }, [input.name])
    } else this.emit(node, op, node.inputs)
    return { kind: 'bits', name: node.name }
  }

  private pool(node: Node, op: OpOf<'pool'>, input: Value): Value {
    if (input.kind === 'bits') return this.copy(node, 'bits')
    if (input.kind === 'real' && !this.leadsToFixed(node.name)) return this.copy(node, 'real')
    const value = this.toFixed(node.inputs[0]!)
    if (op.pool === 'max') return { ...value, name: this.emit(node, op, [value.name]) }
    const { bits } = this.rules
    const area = op.window ** 2
    const byShift = Number.isInteger(Math.log2(op.window)) && value.high <= fixedRange(bits).high
    if (byShift && this.leadsToFixed(node.name))
      return { ...value, name: this.emit(node, { ...op, bits }, [value.name]) }
    const sums: Op = { ...op, pool: 'sum' }
    const shift = Math.max(0, Math.ceil(Math.log2((area * value.high) / fixedRange(16).high)))
    const unit = value.unit / area
    if (shift === 0) return this.fixed(node, sums, [value.name], unit, 16)
    const name = this.emit({ ...node, name: `${node.name}.sum` }, sums, [value.name])
    const channels = node.output.channels
    const narrow: Op = {
      kind: 'fixed-affine',
      shift: new Int32Array(channels).fill(shift),
      offset: new Int32Array(channels),
      bits: 16,
    }
    return this.fixed(node, narrow, [name], unit * 2 ** shift, 16)
  }

  /** Sums and concatenations: all in the unit of the data between layers, or in the one that all have. */
  private join(node: Node, op: Op): Value {
    const values = node.inputs.map((name) => this.toFixed(name))
    const same = values.every(({ unit }) => unit === values[0]!.unit)
    const unit = same ? values[0]!.unit : this.unit
    const names = values.map((value) => this.aligned(value, unit))
    return this.fixed(node, op, names, unit, this.rules.bits)
  }

  /** The value in another unit. */
  private aligned(value: Fixed, unit: number): string {
    if (value.unit === unit) return value.name
    const from = this.made.find(({ name }) => name === value.name)!
    const scaling = scalingOf(new Float64Array(from.output.channels).fill(value.unit / unit), this.rules.scale)
    const op: Op = {
      kind: 'fixed-affine',
      ...scaling,
      offset: new Int32Array(from.output.channels),
      bits: this.rules.bits,
    }
    const name = `${value.name}.aligned`
    if (!this.made.some((node) => node.name === name)) this.emit({ ...from, name }, op, [value.name])
    return name
  }

  /** The value as fixed-point numbers: quantised where it is real. */
  private toFixed(name: string): Fixed {
    const value = this.values.get(name)!
    if (value.kind === 'fixed') return value
    if (value.kind !== 'real') throw new Error(`${name} is ${value.kind}`)
    const picture = name === 'input'
    const bits = picture ? PICTURE_BITS : this.rules.bits
    const fraction = picture ? pictureFraction(this.workload.network.encoding) : this.rules.fraction
    const output = picture ? this.workload.network.input : this.before.find((node) => node.name === name)!.output
    const node: Node = { name: `${name}.fixed`, inputs: [name], op: { kind: 'quantise', fraction, bits }, output }
    const fixed = this.fixed(node, node.op, [value.name], 2 ** -fraction, bits)
    this.values.set(name, fixed)
    return fixed
  }

  /** Name of the value as reals. */
  private real(name: string): string {
    const value = this.values.get(name)!
    if (value.kind !== 'fixed' || name === 'input') return nameOf(value)
    const known = `${name}.real`
    if (this.made.some((node) => node.name === known)) return known
    const { output } = this.made.find((node) => node.name === value.name)!
    const { channels } = output
    const op: Op = {
      kind: 'affine',
      scale: new Float32Array(channels).fill(value.unit),
      offset: new Float32Array(channels),
    }
    return this.emit({ name: known, inputs: [], op, output }, op, [value.name])
  }

  /** Whether something else than a threshold needs the value as fixed-point numbers. */
  private isShared(name: string): boolean {
    return (this.readers.get(name) ?? []).some(({ op }) => op.kind === 'add' || op.kind === 'concat')
  }

  /** Whether something but real layers reads it. */
  private leadsToFixed(name: string): boolean {
    return (this.readers.get(name) ?? []).some(({ op }) => op.kind !== 'mac' && op.kind !== 'affine')
  }

  private fixed(node: Node, op: Op, inputs: readonly string[], unit: number, bits: 8 | 16 | 32): Fixed {
    return { kind: 'fixed', name: this.emit(node, op, inputs), unit, ...fixedRange(bits) }
  }

  private copy(node: Node, kind: 'real' | 'bits'): Value {
    const names = node.inputs.map((name) => (kind === 'real' ? this.real(name) : nameOf(this.values.get(name)!)))
    return { kind, name: this.emit(node, node.op, names) }
  }

  private emit({ name, output }: Node, op: Op, inputs: readonly string[]): string {
    this.made.push({ name, inputs, op, output })
    return name
  }
}
