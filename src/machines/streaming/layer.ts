// One streaming layer alone, between test patterns: sliding window, FIFO, matrix-vector
// unit. This is what the RTL reference simulates, and what `bnnsim layer` runs.

import seedrandom from 'seedrandom'
import { Kernel, type Order } from '../../sim/kernel.ts'
import { lanesOf, Stream } from '../../sim/stream.ts'
import { type Matrix, MatrixVector } from '../../units/matrix-vector.ts'
import { Handshake, type Pattern, PatternSink, PatternSource } from '../../units/test-pattern.ts'
import { InputError } from '../../work/input-error.ts'
import { hlsDepths, type StyleName, styles } from './styles.ts'

export interface LayerParameters {
  readonly style: StyleName
  /** Kernel width; 0 is a dense layer. */
  readonly kernel: number
  /** Input width and height; ignored by a dense layer. */
  readonly input: number
  readonly in: number
  readonly out: number
  readonly stride: number
  readonly pe: number
  readonly simd: number
  readonly frames: number
  /** Cycles in which input is offered. */
  readonly offered: Pattern
  /** Cycles in which output is accepted. */
  readonly accepted: Pattern
  readonly seed: string
  readonly order?: Order
}

export interface LayerTiming {
  /** Cycle of the first output word; cycle 0 is the first in which input is offered. */
  readonly firstOutputCycle: number
  /** Cycles to the end of the first frame. */
  readonly firstFrameCycles: number
  /** Mean and last interval between frame ends; null with a single frame. */
  readonly intervalMean: number | null
  readonly intervalLast: number | null
}

export interface LayerSimulation extends LayerTiming {
  /** What went in: words of `simd` bits. */
  readonly inputs: Uint32Array
  readonly matrix: Matrix
  readonly levels: Int32Array
  /** What came out: words of `pe` bits. */
  readonly outputs: readonly number[]
}

type LayerSize = Pick<LayerParameters, 'kernel' | 'input' | 'in' | 'out' | 'stride' | 'pe' | 'simd' | 'frames'>

/** Largest layers: what random values and results take in memory, and minutes at a few million steps a second. */
const largest = { columns: 2 ** 20, weightBits: 2 ** 28, inputWords: 2 ** 24, outputWords: 2 ** 24, steps: 2 ** 28 }

/** Throws InputError, keyed by flag, where the parameters make no layer, or one too large to simulate. */
export function checkLayer(layer: LayerSize): void {
  const refuse = (flag: string, problem: string): InputError => new InputError(problem, { key: `--${flag}` })
  if (layer.kernel > layer.input)
    throw refuse('kernel', `expected at most the input's ${layer.input}, got ${layer.kernel}`)
  if (layer.in % layer.simd !== 0) throw refuse('simd', `${layer.simd} does not divide the ${layer.in} input channels`)
  if (layer.out % layer.pe !== 0) throw refuse('pe', `${layer.pe} does not divide the ${layer.out} output channels`)
  const { columns } = sizesOf(layer)
  const count = (value: number): string => value.toLocaleString('en')
  if (columns > largest.columns)
    throw refuse('in', `${count(columns)} columns of the weight matrix, expected at most ${count(largest.columns)}`)
  if (columns * layer.out > largest.weightBits) {
    const most = Math.floor(largest.weightBits / columns)
    throw refuse('out', `expected at most ${count(most)} for ${count(largest.weightBits)} weights, got ${layer.out}`)
  }
  for (const [what, frame, most] of perFrame(layer)) {
    if (frame > most) throw refuse('input', `${count(frame)} ${what} a frame, expected at most ${count(most)}`)
    if (frame * layer.frames > most)
      throw refuse('frames', `expected at most ${count(Math.floor(most / frame))}, ${count(frame)} ${what} each`)
  }
}

/** What grows with the frames: 32-bit words of input and output, and steps of the matrix-vector unit. */
function perFrame(layer: LayerSize): readonly (readonly [what: string, frame: number, most: number])[] {
  const { size, outputs, columns } = sizesOf(layer)
  const { simd, pe } = layer
  const folds = layer.out / pe
  return [
    ['input words', size ** 2 * (layer.in / simd) * lanesOf(simd), largest.inputWords],
    ['output words', outputs ** 2 * folds * lanesOf(pe), largest.outputWords],
    ['steps', outputs ** 2 * folds * (columns / simd), largest.steps],
  ]
}

function sizesOf({ kernel, input, in: channels, stride }: LayerSize) {
  if (kernel === 0) return { size: 1, outputs: 1, columns: channels }
  return { size: input, outputs: Math.floor((input - kernel) / stride) + 1, columns: kernel * kernel * channels }
}

const randomWords = (count: number, bits: number, seed: string): Uint32Array => {
  const random = seedrandom(seed)
  const lanes = lanesOf(bits)
  const tail = bits % 32 === 0 ? 0xffffffff : 2 ** (bits % 32) - 1
  return Uint32Array.from({ length: count * lanes }, (_, i) => {
    const word = random.int32() >>> 0
    return i % lanes === lanes - 1 ? (word & tail) >>> 0 : word
  })
}

export function simulateLayer(layer: LayerParameters): LayerSimulation {
  const { kernel: k, simd, pe, frames, seed } = layer
  const dense = k === 0
  const { size, outputs, columns } = sizesOf(layer)
  const wordsPerPixel = layer.in / simd
  const matrix: Matrix = { rows: layer.out, columns, words: randomWords(layer.out, columns, `${seed}/weights`) }
  const random = seedrandom(`${seed}/levels`)
  const levels = Int32Array.from({ length: layer.out }, () => Math.floor(columns / 2 - 10 + random() * 20))
  const total = size * size * wordsPerPixel * frames
  const inputs = randomWords(total, simd, `${seed}/inputs`)

  const kernel = new Kernel(layer.order)
  const style = styles[layer.style](hlsDepths)
  const source = new PatternSource(kernel, simd, inputs, total, layer.offered)
  const sink = new PatternSink(kernel, pe, layer.accepted)
  const vectors = new Stream('vectors', kernel, { width: simd, depth: 2 })
  const wires = { input: source, output: vectors }
  if (dense) new Handshake('handshake', kernel, wires)
  else style.window('window', kernel, wires, { kernel: k, stride: layer.stride, size, outputs, wordsPerPixel }, frames)
  new MatrixVector(
    'matrix-vector',
    kernel,
    { ...style.matrixVector(simd), pe, simd, elementBits: 1, threshold: { levels, bits: 1 } },
    { input: vectors, output: sink },
    matrix,
    outputs * outputs,
    frames,
  )
  kernel.run()
  return {
    ...timing(sink.cycles, (outputs * outputs * layer.out) / pe, frames),
    inputs,
    matrix,
    levels,
    outputs: sink.taken,
  }
}

function timing(cycles: readonly number[], wordsPerFrame: number, frames: number): LayerTiming {
  if (cycles.length < wordsPerFrame * frames) throw new Error(`deadlock after ${cycles.length} output words`)
  const ends = Array.from({ length: frames }, (_, frame) => cycles[(frame + 1) * wordsPerFrame - 1]! + 1)
  const last = ends.at(-1)!
  return {
    firstOutputCycle: cycles[0]!,
    firstFrameCycles: ends[0]!,
    intervalMean: frames === 1 ? null : (last - ends[0]!) / (frames - 1),
    intervalLast: frames === 1 ? null : last - ends.at(-2)!,
  }
}
