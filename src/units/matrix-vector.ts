// Matrix-vector-threshold unit: PE processing elements of SIMD synapses each. A row
// of the matrix takes SF = columns / SIMD steps, and the NF = rows / PE groups of
// rows follow one another, so a vector takes NF * SF steps. Its SF input words are
// taken during the first group and kept in the one vector buffer for the others:
// no input is taken then.

import type { Kernel } from '../sim/kernel.ts'
import type { Wires } from '../sim/stream.ts'
import { copyBits } from '../work/bit-range.ts'
import { standingProduct } from '../work/popcount.ts'
import { wordsOf } from '../work/tensor.ts'
import { Pipeline, type PipelineSpec } from './pipeline.ts'
import { Threshold, type ThresholdSpec } from './threshold.ts'

/** Binary weights as the unit's memories hold them: row r starts at word r * wordsOf(columns), columns in stream order. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly words: Uint32Array
}

export interface MatrixVectorSpec extends PipelineSpec {
  readonly pe: number
  readonly simd: number
  /** Bits of an input element: 1 for XNOR-popcount, 8 for signed integers that are added or subtracted. */
  readonly elementBits: number
  readonly threshold: ThresholdSpec
}

/** Registers inside an XNOR-popcount tree of `simd` bits: three XNORs a leaf, one register every two adder levels and at the end. */
export function popcountStages(simd: number): number {
  const levels = Math.ceil(Math.log2(Math.ceil(simd / 3)))
  return levels < 1 ? 1 : Math.floor((levels - 1) / 2) + 1
}

/** Lag of the RTL unit: weight read, popcount stages, accumulate, compare. */
export const matrixVectorLag = (simd: number): number => popcountStages(simd) + 3

const signedByte = (words: Uint32Array, byte: number): number => (words[byte >>> 2]! << (24 - 8 * (byte & 3))) >> 24

export class MatrixVector extends Pipeline {
  readonly count = { vectors: 0, steps: 0, binaryMacs: 0, integerMacs: 0, compares: 0 }

  private readonly spec: MatrixVectorSpec
  private readonly matrix: Matrix
  private readonly threshold: Threshold
  private readonly synapseFold: number
  private readonly neuronFold: number
  private readonly vectorsPerFrame: number
  private readonly vector: Uint32Array // bits packed, or one signed byte a word
  private readonly product: (sums: Int32Array) => void
  private readonly sums: Int32Array
  private taken = 0 // input words of the current vector
  private vectors = 0 // finished in the current frame

  constructor(
    name: string,
    kernel: Kernel,
    spec: MatrixVectorSpec,
    wires: Wires,
    matrix: Matrix,
    vectorsPerFrame: number,
    frames: number,
  ) {
    const synapseFold = matrix.columns / spec.simd
    const neuronFold = matrix.rows / spec.pe
    super(name, kernel, spec, wires, frames, neuronFold + Math.ceil((spec.lag + 1) / synapseFold) + 1)
    this.spec = spec
    this.matrix = matrix
    this.threshold = new Threshold(spec.threshold)
    this.synapseFold = synapseFold
    this.neuronFold = neuronFold
    this.vectorsPerFrame = vectorsPerFrame
    const { vector, product } = spec.elementBits === 1 ? matches(matrix) : signedSums(matrix)
    this.vector = vector
    this.product = product
    this.sums = new Int32Array(matrix.rows)
  }

  protected accept(step: number): void {
    this.store(this.input.pop())
    this.acceptAt = step + 1
    if (++this.taken < this.synapseFold) return
    this.taken = 0
    this.acceptAt += (this.neuronFold - 1) * this.synapseFold
    this.multiply(step)
    if (++this.vectors < this.vectorsPerFrame) return
    this.vectors = 0
    this.framesLeft--
  }

  protected position(into: number[]): void {
    into.push(this.taken, this.vectors)
  }

  private store(lane: number): void {
    const { simd, elementBits } = this.spec
    const first = this.taken * simd
    if (elementBits === 1) copyBits(this.input.words, lane * 32, this.vector, first, simd)
    else for (let i = 0; i < simd; i++) this.vector[first + i] = signedByte(this.input.words, lane * 4 + i)
  }

  private multiply(step: number): void {
    const { pe, simd, elementBits } = this.spec
    const steps = this.neuronFold * this.synapseFold
    this.product(this.sums)
    for (let group = 0; group < this.neuronFold; group++) {
      const lane = this.emit(step + group * this.synapseFold + this.lag)
      this.threshold.apply(this.sums, group * pe, pe, this.words, lane)
    }
    this.count.vectors++
    this.count.steps += steps
    this.count[elementBits === 1 ? 'binaryMacs' : 'integerMacs'] += steps * pe * simd
    if (this.spec.threshold.levels !== null) this.count.compares += this.matrix.rows
  }
}

/** A vector's place, and what puts its product with all rows into `sums`. */
interface Arithmetic {
  readonly vector: Uint32Array
  readonly product: (sums: Int32Array) => void
}

/** Counts the columns in which row and vector agree. */
function matches({ rows, columns, words }: Matrix): Arithmetic {
  const product = standingProduct({ kind: 'binary', rows, taps: 1, channels: columns, words })
  return { vector: product.columns, product: (sums) => product.run(1, columns, 0, sums, 0) }
}

/** Adds or subtracts the vector's signed elements, one to a word. */
function signedSums({ rows, columns, words }: Matrix): Arithmetic {
  const stride = wordsOf(columns)
  const vector = new Uint32Array(columns)
  const values = new Int32Array(vector.buffer)
  const signs = new Int8Array(rows * columns)
  for (let row = 0; row < rows; row++)
    for (let c = 0; c < columns; c++)
      signs[row * columns + c] = ((words[row * stride + (c >>> 5)]! >>> (c & 31)) & 1) === 1 ? 1 : -1
  const product = (sums: Int32Array): void => {
    for (let row = 0, at = 0; row < rows; row++) {
      let sum = 0
      for (let c = 0; c < columns; c++) sum = (sum + Math.imul(signs[at++]!, values[c]!)) | 0
      sums[row] = sum
    }
  }
  return { vector, product }
}
