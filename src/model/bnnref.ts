// Importer of `bnnref-1`: a JSON manifest of a chain of binary layers beside a binary
// file of weight rows and int32 thresholds. Semantics: bit 1 is +1; a layer's
// value is its popcount of matches (the first convolution's: the signed sum of int8
// inputs) and its bit is value > threshold. Layer names are the manifest's.

import { z } from 'zod'
import { type Document, errorAt, parseWith } from '../work/document.ts'
import type { Network } from '../work/network.ts'
import type { Shape } from '../work/tensor.ts'
import { elements } from '../work/tensor.ts'
import { type Chain, type ChainLayer, chainNetwork } from './chain.ts'
import { BinFile, binKeys, mustEqual } from './model-file.ts'
import type { Parameters } from './parameters.ts'

/** No dimension of a network in use comes near; larger ones are damage. */
const size = z
  .int()
  .min(1)
  .max(1 << 16)
/** Values of the largest picture taken: 4096 x 4096 grey pixels. */
const largestPicture = 1 << 24

const offset = z.int().min(0)
const pair = z.tuple([size, size])

const weights = z.strictObject({
  offset,
  rows: size,
  bits_per_row: size,
  bytes_per_row: size,
  order: z.enum(['[out][in][ky][kx]', '[out][in]']),
})

const threshold = z.strictObject({
  offset,
  count: size,
  dtype: z.literal('int32 little-endian'),
  rule: z.literal('bit = pre > thr'),
})

const common = {
  index: z.int().min(0),
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'expected letters, digits, - and _'),
  in_channels: size,
  out_channels: size,
  weights,
  threshold: threshold.optional(),
  pre_activation: z.string().optional(),
  output: z.enum(['bits', 'scores', 'bits+scores']),
}

const pooling = z.strictObject({ type: z.literal('max2x2'), note: z.string().optional(), out_hw: pair })

const layer = z.discriminatedUnion('type', [
  z.strictObject({
    ...common,
    type: z.literal('conv2d'),
    kernel: pair,
    stride: z.literal(1),
    padding: z.literal('valid'),
    in_hw: pair,
    out_hw: pair,
    pool_after: pooling.nullable(),
  }),
  z.strictObject({ ...common, type: z.literal('dense'), pool_after: z.null() }),
])

const manifest = z.strictObject({
  format: z.literal('bnnref-1'),
  ...binKeys,
  classes: z.array(z.string()).min(1),
  input: z.strictObject({
    shape: z
      .union([z.tuple([size, size, size]), z.tuple([size])])
      .refine(
        (shape) => shape.reduce((a, b) => a * b, 1) <= largestPicture,
        `expected at most ${largestPicture} values`,
      ),
    planes: z.string().optional(),
    from: z.string().optional(),
    to: z.string().optional(),
  }),
  output_rule: z.string().optional(),
  layers: z.array(layer).min(1),
})

type Manifest = z.infer<typeof manifest>
type Layer = z.infer<typeof layer>

/** The network of a manifest already read as `document`. Throws InputError naming file, line and key. */
export function importBnnref(document: Document): Network {
  const parsed = parseWith(manifest, document)
  const { picture, input, encoding } = inputOf(parsed, document)
  const chain: Chain = {
    name: parsed.name,
    source: parsed.source,
    picture,
    encoding,
    layers: checkedLayers(parsed, input, document),
    classes: parsed.classes,
  }
  const bin = new BinFile(document, parsed)
  const network = chainNetwork(chain, fileParameters(parsed, bin))
  bin.close()
  return network
}

/** Three dimensions are planes that become int8; one is a flattened square picture of bits. */
function inputOf(
  { input: { shape } }: Manifest,
  document: Document,
): Pick<Chain, 'picture' | 'encoding'> & {
  input: Shape
} {
  const [first, height, width] = shape
  if (height !== undefined && width !== undefined) {
    const picture = { channels: first, height, width }
    return { picture, input: picture, encoding: { kind: 'int8' } }
  }
  const side = Math.round(Math.sqrt(first))
  mustEqual(document, ['input', 'shape'], first, side * side, 'a flattened square picture')
  const picture = { channels: 1, height: side, width: side }
  return { picture, input: { channels: first, height: 1, width: 1 }, encoding: { kind: 'bit' } }
}

function checkedLayers(parsed: Manifest, input: Shape, document: Document): ChainLayer[] {
  let shape = input
  let bits = 0
  const names = new Set<string>()
  const layers = parsed.layers.map((one, i) => {
    if (names.has(one.name)) throw errorAt(document, ['layers', i, 'name'], `a second layer named '${one.name}'`)
    names.add(one.name)
    shape = checkLayer(one, i, shape, document)
    bits += one.out_channels * one.weights.bits_per_row
    checkOutput(one, i, i === parsed.layers.length - 1, document)
    return chainLayer(one)
  })
  mustEqual(document, ['weight_bits'], parsed.weight_bits, bits, 'rows times bits_per_row of all layers')
  mustEqual(document, ['classes'], parsed.classes.length, elements(shape), 'one class for each score')
  return layers
}

const chainLayer = (one: Layer): ChainLayer => ({
  name: one.name,
  out: one.out_channels,
  ...(one.type === 'conv2d' && { window: { kernel: one.kernel[0] } }),
  thresholds: one.threshold !== undefined,
  pool: one.pool_after !== null,
})

/** Checks layer `i` against the shape that it reads and gives the shape that it leaves. */
function checkLayer(one: Layer, i: number, input: Shape, document: Document): Shape {
  const must = (keys: readonly string[], got: unknown, expected: unknown, why: string) =>
    mustEqual(document, ['layers', i, ...keys], got, expected, why)
  must(['index'], one.index, i, 'position in the list')
  must(['in_channels'], one.in_channels, input.channels, 'channels of what it reads')
  let taps = 1
  let output: Shape = { channels: one.out_channels, height: 1, width: 1 }
  if (one.type === 'conv2d') {
    const kernel = one.kernel[0]
    must(['in_hw'], one.in_hw, [input.height, input.width], 'size of what it reads')
    must(['kernel'], one.kernel, [kernel, kernel], 'a square kernel')
    if (kernel > Math.min(input.height, input.width)) must(['kernel'], kernel, input.height, 'at most its input')
    output = { channels: one.out_channels, height: input.height - kernel + 1, width: input.width - kernel + 1 }
    must(['out_hw'], one.out_hw, [output.height, output.width], 'no padding')
    taps = kernel * kernel
    if (one.pool_after !== null) {
      if (Math.min(output.height, output.width) < 2) must(['pool_after'], one.pool_after, null, 'too small to pool')
      output = { ...output, height: output.height >> 1, width: output.width >> 1 }
      must(['pool_after', 'out_hw'], one.pool_after.out_hw, [output.height, output.width], '2x2 at stride 2')
    }
  } else {
    must(['type'], elements(input), input.channels, 'a dense layer reads 1x1 pixels')
  }
  must(['weights', 'rows'], one.weights.rows, one.out_channels, 'out_channels')
  must(['weights', 'bits_per_row'], one.weights.bits_per_row, one.in_channels * taps, 'in_channels times taps')
  must(['weights', 'bytes_per_row'], one.weights.bytes_per_row, Math.ceil(one.weights.bits_per_row / 8), 'whole bytes')
  must(['weights', 'order'], one.weights.order, one.type === 'conv2d' ? '[out][in][ky][kx]' : '[out][in]', one.type)
  if (one.threshold) must(['threshold', 'count'], one.threshold.count, one.out_channels, 'out_channels')
  return output
}

function checkOutput(one: Layer, i: number, last: boolean, document: Document): void {
  const allowed = last ? (one.threshold ? 'bits+scores' : 'scores') : 'bits'
  mustEqual(document, ['layers', i, 'output'], one.output, allowed, last ? 'the last layer' : 'not the last layer')
  if (!last && !one.threshold)
    throw errorAt(document, ['layers', i], 'missing threshold: only the last layer may lack it')
  if (last && one.pool_after) throw errorAt(document, ['layers', i, 'pool_after'], 'expected null for the last layer')
}

function fileParameters(parsed: Manifest, bin: BinFile): Parameters {
  const indexOf = (name: string) => parsed.layers.findIndex((one) => one.name === name)
  return {
    weights: 'trained',
    binary(name, rows, channels, taps) {
      const i = indexOf(name)
      const { offset, bytes_per_row: bytesPerRow } = parsed.layers[i]!.weights
      return bin.binary({ offset, rows, bytesPerRow, channels, taps }, ['layers', i, 'weights'])
    },
    integers(name, count) {
      const i = indexOf(name.replace(/\.bits$/, ''))
      return bin.integers(parsed.layers[i]!.threshold!.offset, count, ['layers', i, 'threshold'])
    },
    reals(name) {
      throw new Error(`bnnref-1 holds no real values, asked for ${name}`)
    },
  }
}
