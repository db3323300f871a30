// Checks that a network fits together before anything runs it: every tensor that a
// node reads exists, has the kind and the shape that its op needs, and every
// parameter has one entry per channel. Evaluation relies on this and checks no shapes.

import { didYouMean, InputError, keyed } from './input-error.ts'
import type { FixedBits, MacShape, Network, Op, OpKind, Weights } from './network.ts'
import { elements, type Shape, wordsOf } from './tensor.ts'
import type { Activation } from './workload.ts'

/** What a tensor holds: an activation that a multiply-accumulate can read, or wider integers. */
export type Values = Activation | 'int'

const encoded = { int8: 'int8', bit: 'bit', thermometer: 'bit', real: 'real' } as const

interface Read {
  readonly values: Values
  readonly shape: Shape
}

const text = ({ channels, height, width }: Shape): string => `${channels} x ${height} x ${width}`

function must(holds: boolean, problem: string): asserts holds {
  if (!holds) throw new InputError(problem)
}

function mustMatch(shape: Shape, wanted: Shape, what: string): void {
  must(text(shape) === text(wanted), `expected ${what} of ${text(wanted)}, got ${text(shape)}`)
}

function mustCover(parameters: Readonly<Record<string, ArrayLike<number> | undefined>>, { channels }: Shape): void {
  for (const [name, values] of Object.entries(parameters))
    if (values !== undefined)
      must(values.length === channels, `expected ${channels} values of ${name}, got ${values.length}`)
}

function mustSlide(input: Shape, output: Shape, window: number, op: Pick<MacShape, 'stride' | 'padding'>): void {
  const { before, after } = op.padding
  const places = (size: number): number => Math.floor((size + before + after - window) / op.stride) + 1
  mustMatch(
    output,
    { channels: output.channels, height: places(input.height), width: places(input.width) },
    'an output',
  )
}

function mustFit(shape: MacShape, weights: Weights, input: Read, output: Shape): void {
  const channels = shape.depthwise ? 1 : shape.input.channels
  const { rows, taps } = weights
  mustMatch(input.shape, shape.input, 'an input')
  mustMatch(shape.output, output, 'an output')
  mustSlide(shape.input, shape.output, shape.kernel, shape)
  const wanted = `${output.channels} x ${shape.kernel ** 2} x ${channels}`
  const given = `${rows} x ${taps} x ${weights.channels}`
  must(given === wanted, `expected weights of ${wanted} (rows x taps x channels), got ${given}`)
  must(!shape.depthwise || rows % shape.input.channels === 0, `${rows} rows do not divide among the input channels`)
  const [length, stored] =
    weights.kind === 'binary'
      ? [rows * taps * wordsOf(channels), weights.words.length]
      : [rows * taps * channels, weights.data.length]
  must(length === stored, `expected ${length} stored weights, got ${stored}`)
}

type Check<K extends OpKind> = (
  op: Extract<Op, { kind: K }>,
  inputs: readonly [Read, ...Read[]],
  output: Shape,
) => Values

const number = (input: Read): void => must(input.values !== 'bit', 'expected integers or reals to read, got bits')

const integer = ({ values }: Read): void =>
  must(values !== 'bit' && values !== 'real', `expected integers to read, got ${values === 'bit' ? 'bits' : 'reals'}`)

/** What fixed-point numbers are. */
const fixed = (bits: FixedBits): Values => (bits === 8 ? 'int8' : 'int')

/** Factors of fixed-point steps: their products stay within the width of the machines' lanes. */
function mustBeSmall(factors: Int32Array | undefined, what: string): void {
  must(factors?.every((factor) => Math.abs(factor) <= 127) ?? true, `expected ${what} within -127 to 127`)
}

const checks: { readonly [K in OpKind]: Check<K> } = {
  mac: ({ shape, weights, sum, bias }, [input], output) => {
    mustFit(shape, weights, input, output)
    mustCover({ bias }, output)
    const padded = shape.padding.before > 0 || shape.padding.after > 0
    const binary = weights.kind === 'binary'
    const whole = weights.kind === 'integer'
    must(input.values !== 'int' || whole, 'expected an activation to read, got sums')
    must(!binary || input.values !== 'real', 'binary weights need bits or integers to read, got reals')
    must(!whole || input.values !== 'real', 'integer weights need integers to read, got reals')
    must(binary || input.values !== 'bit', `${weights.kind} weights need integers or reals to read, got bits`)
    must(!binary || !shape.depthwise, 'a depthwise convolution needs real weights')
    must(!whole || bias === undefined, 'integer weights have no bias')
    must(sum === 'dot' || input.values === 'bit', 'matches can be counted on bits only')
    must(sum === 'dot' || !padded || shape.padValue !== 0, 'matches cannot be counted under zero padding')
    return weights.kind !== 'real' && bias === undefined ? 'int' : 'real'
  },
  'gated-mac': ({ shape, weights, gate, thirds }, [input], output) => {
    mustFit(shape, weights, input, output)
    mustCover({ gate }, output)
    must(input.values === 'two-bit', `expected two-bit activations to read, got ${input.values}`)
    must(!shape.depthwise, 'a gated convolution cannot be depthwise')
    return thirds === true ? 'int' : 'real'
  },
  threshold: ({ level }, [input], output) => {
    number(input)
    mustMatch(input.shape, output, 'an input')
    mustCover({ level }, output)
    return 'bit'
  },
  affine: ({ scale, offset }, [input], output) => {
    number(input)
    mustMatch(input.shape, output, 'an input')
    mustCover({ scale, offset }, output)
    return 'real'
  },
  rprelu: ({ shiftX, slope, shiftY }, [input], output) => {
    number(input)
    mustMatch(input.shape, output, 'an input')
    mustCover({ shiftX, slope, shiftY }, output)
    return 'real'
  },
  quantise2: (_op, [input], output) => {
    number(input)
    mustMatch(input.shape, output, 'an input')
    return 'two-bit'
  },
  quantise: ({ bits }, [input], output) => {
    must(input.values === 'real', `expected reals to read, got ${input.values}`)
    mustMatch(input.shape, output, 'an input')
    return fixed(bits)
  },
  'fixed-affine': ({ multiplier, shift, negative, offset, bits }, [input], output) => {
    integer(input)
    mustMatch(input.shape, output, 'an input')
    mustCover({ multiplier, shift, negative, offset }, output)
    mustBeSmall(multiplier, 'multipliers')
    return fixed(bits)
  },
  'fixed-rprelu': ({ shiftX, slope, shift, negative, shiftY, bits }, [input], output) => {
    integer(input)
    mustMatch(input.shape, output, 'an input')
    mustCover({ shiftX, slope, shift, negative, shiftY }, output)
    mustBeSmall(slope, 'slopes')
    if (bits === 8) mustBeSmall(shiftX, 'shiftX')
    return fixed(bits)
  },
  pool: (op, [input], output) => {
    mustSlide(input.shape, output, op.window, op)
    must(input.shape.channels === output.channels, 'pooling keeps the number of channels')
    must(op.bits === undefined || op.pool === 'average', `a pool of kind ${op.pool} has no bits`)
    if (op.pool === 'max') return input.values
    if (op.pool === 'sum' || op.bits !== undefined) integer(input)
    else number(input)
    if (op.pool === 'sum') return 'int'
    if (op.bits === undefined) return 'real'
    must(
      Number.isInteger(Math.log2(op.window)),
      `an average by a shift needs a window of 1, 2, 4 or 8, got ${op.window}`,
    )
    return fixed(op.bits)
  },
  add: ({ bits }, inputs, output) => {
    for (const input of inputs) {
      if (bits === undefined) number(input)
      else integer(input)
      mustMatch(input.shape, output, 'an input')
    }
    if (bits !== undefined) return fixed(bits)
    return inputs.some((input) => input.values === 'real') ? 'real' : 'int'
  },
  concat: (_op, inputs, output) => {
    const channels = inputs.reduce((sum, input) => sum + input.shape.channels, 0)
    for (const { shape } of inputs) mustMatch({ ...output, channels: shape.channels }, shape, 'an output')
    mustMatch(output, { ...output, channels }, 'an output')
    const values = inputs[0].values
    must(
      inputs.every((input) => input.values === values),
      'the joined tensors differ in what they hold',
    )
    return values
  },
}

const check = <K extends OpKind>(
  op: Extract<Op, { kind: K }>,
  inputs: readonly [Read, ...Read[]],
  output: Shape,
): Values => checks[op.kind as K](op, inputs, output)

/** What `input` and every node of `network` hold, by name. Throws InputError, naming the node, where it does not fit. */
export function checkNetwork(network: Network): Map<string, Values> {
  const reads = new Map<string, Read>()
  const within = (name: string, body: () => void): void => keyed(`${network.name}.${name}`, body)
  within('input', () => reads.set('input', checkInput(network)))
  for (const node of network.nodes)
    within(node.name, () => {
      must(!reads.has(node.name), 'there is another node of this name before it')
      const [first, ...rest] = node.inputs.map((name) => known(reads, name))
      must(first !== undefined, 'the node reads nothing')
      reads.set(node.name, { values: check(node.op, [first, ...rest], node.output), shape: node.output })
    })
  const { scores, bits } = network.decision
  within('decision', () => {
    for (const name of [scores, bits ?? scores]) known(reads, name)
  })
  return new Map(Array.from(reads, ([name, { values }]) => [name, values]))
}

function checkInput({ picture, encoding, input }: Network): Read {
  if (encoding.kind === 'bit') {
    const flat = { channels: elements(picture), height: 1, width: 1 }
    mustMatch(input, flat, 'a flattened picture')
  } else {
    const planes = encoding.kind === 'thermometer' ? encoding.levels : 1
    mustMatch(input, { ...picture, channels: picture.channels * planes }, 'an encoded picture')
  }
  if (encoding.kind === 'real') mustCover({ mean: encoding.mean, deviation: encoding.deviation }, picture)
  return { values: encoded[encoding.kind], shape: input }
}

function known(reads: ReadonlyMap<string, Read>, name: string): Read {
  const read = reads.get(name)
  if (read === undefined) throw new InputError(`no node '${name}' before it${didYouMean(name, reads.keys())}`)
  return read
}
