// Importer of `bnnref-fracbnn-1`: FracBNN's trained ResNet-20 as named tensors in one
// binary file. The topology is networks/fracbnn.ts; this maps its names to the file's.

import { z } from 'zod'
import { type Document, errorAt, parseWith } from '../work/document.ts'
import { didYouMean } from '../work/input-error.ts'
import type { Network } from '../work/network.ts'
import { BinFile, binKeys, mustEqual } from './model-file.ts'
import { fracBnnResnet20 } from './networks/fracbnn.ts'
import type { Parameters } from './parameters.ts'

const size = z
  .int()
  .min(1)
  .max(1 << 16)

const real = z.strictObject({
  name: z.string(),
  shape: z.array(size).min(1).max(2),
  dtype: z.literal('float32 little-endian'),
  offset: z.int().min(0),
})

const bits = z.strictObject({
  name: z.string(),
  shape: z.tuple([size, size, size, size]),
  dtype: z.literal('bits'),
  order: z.literal('[out][in][ky][kx]'),
  bits_per_row: size,
  bytes_per_row: size,
  offset: z.int().min(0),
})

const manifest = z.strictObject({
  format: z.literal('bnnref-fracbnn-1'),
  ...binKeys,
  semantics: z.string().optional(),
  tensors: z.array(z.discriminatedUnion('dtype', [real, bits])).min(1),
})

type Tensors = z.infer<typeof manifest>['tensors']

/** The network of a manifest already read as `document`. Throws InputError naming file, line and key. */
export function importFracBnn(document: Document): Network {
  const parsed = parseWith(manifest, document)
  const bin = new BinFile(document, parsed)
  const tensors = new NamedTensors(document, parsed.tensors, bin)
  const network = fracBnnResnet20(tensors, parsed.name, parsed.source)
  tensors.close()
  bin.close()
  mustEqual(document, ['weight_bits'], parsed.weight_bits, tensors.weightBits, 'bits of all weight tensors')
  return network
}

/** `layer1_0.bn1.scale` is the file's `layer1_0_bn1_weight`. */
const suffixes: Readonly<Record<string, string>> = {
  scale: 'weight',
  offset: 'bias',
  gate: 'threshold',
  shiftX: 'shift_x_bias',
  shiftY: 'shift_y_bias',
  slope: 'prelu_weight',
}

function fileName(name: string): string {
  if (name === 'linear') return 'linear_weight'
  const parts = name.split('.')
  const last = parts.pop()!
  return [...parts, suffixes[last] ?? last].join('_')
}

class NamedTensors implements Parameters {
  readonly weights = 'trained'
  weightBits = 0
  readonly #document: Document
  readonly #tensors: Tensors
  readonly #bin: BinFile
  readonly #positions = new Map<string, number>()
  readonly #used = new Set<string>()

  constructor(document: Document, tensors: Tensors, bin: BinFile) {
    this.#document = document
    this.#tensors = tensors
    this.#bin = bin
    tensors.forEach(({ name }, i) => {
      if (this.#positions.has(name)) throw errorAt(document, ['tensors', i, 'name'], `a second tensor named '${name}'`)
      this.#positions.set(name, i)
    })
  }

  binary(name: string, rows: number, channels: number, taps: number) {
    const { tensor, path } = this.#take(`${fileName(name)}_w`)
    if (tensor.dtype !== 'bits') throw errorAt(this.#document, [...path, 'dtype'], `expected bits, got ${tensor.dtype}`)
    const kernel = Math.sqrt(taps)
    const must = (key: string, got: unknown, expected: unknown, why: string) =>
      mustEqual(this.#document, [...path, key], got, expected, why)
    must('shape', tensor.shape, [rows, channels, kernel, kernel], 'the topology')
    must('bits_per_row', tensor.bits_per_row, channels * taps, 'product of the last three of shape')
    must('bytes_per_row', tensor.bytes_per_row, Math.ceil((channels * taps) / 8), 'whole bytes')
    this.weightBits += rows * channels * taps
    return this.#bin.binary({ offset: tensor.offset, rows, bytesPerRow: tensor.bytes_per_row, channels, taps }, path)
  }

  reals(name: string, count: number) {
    const { tensor, path } = this.#take(fileName(name))
    if (tensor.dtype === 'bits') throw errorAt(this.#document, [...path, 'dtype'], 'expected float32, got bits')
    const held = tensor.shape.reduce((a, b) => a * b, 1)
    mustEqual(this.#document, [...path, 'shape'], held, count, 'values that the topology has')
    return this.#bin.reals(tensor.offset, count, path)
  }

  integers(name: string): Int32Array {
    throw new Error(`bnnref-fracbnn-1 holds no integers, asked for ${name}`)
  }

  /** Throws InputError for a tensor that the topology has no use for. */
  close(): void {
    this.#tensors.forEach(({ name }, i) => {
      if (!this.#used.has(name)) {
        throw errorAt(this.#document, ['tensors', i, 'name'], `unknown tensor '${name}'${didYouMean(name, this.#used)}`)
      }
    })
  }

  #take(name: string) {
    const position = this.#positions.get(name)
    if (position === undefined) {
      throw errorAt(this.#document, ['tensors'], `missing tensor '${name}'${didYouMean(name, this.#positions.keys())}`)
    }
    this.#used.add(name)
    return { tensor: this.#tensors[position]!, path: ['tensors', position] }
  }
}
