// Layers of bits, after passes, on PE arrays: as they are simulated here, and as designs of the RTL twin. Each sequencer is a
// design of its own, with a window buffer of its own. The twin has no bit planes (int8 activations) and no levels by class
// of border (padding that counts nothing): such layers are not among these.

import seedrandom, { type PRNG } from 'seedrandom'
import { foldsOf } from '../../src/machines/pe-array/folds.ts'
import { groupsOf } from '../../src/machines/pe-array/groups.ts'
import type { LayerPlan } from '../../src/machines/pe-array/plan.ts'
import { programOf } from '../../src/machines/pe-array/program.ts'
import type { PeArraySpec } from '../../src/machines/pe-array/spec.ts'
import { applyPasses, type PassChoice } from '../../src/opt/index.ts'
import { getBit, setBit } from '../../src/work/bits.ts'
import { workload } from '../../src/work/lower.ts'
import type { BinaryWeights, MacShape, Network } from '../../src/work/network.ts'
import { type BitTensor, bitTensor, type Shape, wordsOf } from '../../src/work/tensor.ts'
import { baseSpec, pass } from '../machines/pe-array/small-array.ts'
import { naiveArray, naiveGroups, naiveSliceArray } from '../units/array/naive.ts'
import { macShape, RandomNetwork } from '../work/random-network.ts'
import { inputWords } from './array-design.ts'
import { simulateFolds, simulateSlices } from './array-engines.ts'
import type { ArraySample } from './array-samples.ts'
import { type ArrayRun, naiveFolds, naiveSlices } from './naive-array.ts'

export interface LayerSample extends ArraySample {
  /** What is simulated here, where input is always offered. */
  readonly ours: ArrayRun
  /** List of passes. */
  readonly passes: string
}

interface LayerSpec {
  readonly channels: number
  readonly size: number
  readonly kernel: number
  readonly kernels: number
  readonly stride?: number
  readonly pad?: number
  readonly pool?: boolean
}

interface Layer {
  readonly network: Network
  readonly input: BitTensor
}

const pick = <T>(random: PRNG, from: readonly T[]): T => from[Math.floor(random() * from.length)]!

/** Squares of 2 by 2 pixels that are one of three, with one bit in ten flipped. */
function picture(random: PRNG, shape: Shape): BitTensor {
  const { channels, width, height } = shape
  const draw = (): boolean[] => Array.from({ length: channels }, () => random() < 0.5)
  const patterns = [draw(), draw(), draw()]
  const squares = Array.from({ length: width * height }, () => pick(random, patterns))
  const tensor = bitTensor(shape)
  for (let pixel = 0; pixel < width * height; pixel++) {
    const square = Math.floor(pixel / width / 2) * width + Math.floor((pixel % width) / 2)
    for (let c = 0; c < channels; c++)
      setBit(tensor.words, pixel * wordsOf(channels), c, squares[square]![c]! !== random() < 0.1)
  }
  return tensor
}

/** Kernels that resemble windows of the picture, or kernels before them, or the complement of such. */
function weightsFor(random: PRNG, { words, shape: size }: BitTensor, shape: MacShape): BinaryWeights {
  const { kernel, stride, padding, output } = shape
  const [taps, { channels: rows }, { channels }] = [kernel ** 2, output, size]
  const stride32 = wordsOf(channels)
  const weights = new Uint32Array(rows * taps * stride32)
  for (let row = 0; row < rows; row++) {
    const like = row > 0 && random() < 0.5 ? Math.floor(random() * row) : -1
    const [y, x] = [Math.floor(random() * output.height), Math.floor(random() * output.width)]
    const share = pick(random, like < 0 ? [0.02, 0.1, 0.25, 0.45] : [0, 0.01, 0.05, 0.2])
    const inverse = random() < 0.4
    for (let tap = 0; tap < taps; tap++) {
      const [line, column] = [
        y * stride - padding.before + Math.floor(tap / kernel),
        x * stride - padding.before + (tap % kernel),
      ]
      const inside = line >= 0 && line < size.height && column >= 0 && column < size.width
      for (let c = 0; c < channels; c++) {
        const seen = inside ? getBit(words, (line * size.width + column) * stride32, c) : 0
        const bit = like < 0 ? seen : getBit(weights, (like * taps + tap) * stride32, c)
        setBit(weights, (row * taps + tap) * stride32, c, (bit === 1) !== (inverse !== random() < share))
      }
    }
  }
  return { kind: 'binary', rows, taps, channels, words: weights }
}

function layerOf(seed: string, { channels, size, kernels, pool = false, ...options }: LayerSpec): Layer {
  const random = seedrandom(seed)
  const input = { channels, height: size, width: size }
  const net = new RandomNetwork(seed, input, { kind: 'thermometer', levels: 1 })
  const bits = picture(random, input)
  const shape = macShape(input, { ...options, channels: kernels, padValue: -1 })
  const weights = weightsFor(random, bits, shape)
  const sum = pick(random, ['matches', 'dot'] as const)
  const mac = net.node({ kind: 'mac', shape, weights, sum }, ['input'], shape.output)
  const terms = weights.taps * channels
  const level = Int32Array.from({ length: kernels }, () => {
    const matches = Math.round(terms * pick(random, [0.3, 0.4, 0.5, 0.6, 0.7]))
    return sum === 'matches' ? matches : 2 * matches - terms
  })
  const last = net.node({ kind: 'threshold', level, inclusive: random() < 0.5 }, [mac], shape.output)
  return { network: net.build(pool ? net.pool(last, 'max', 2) : last), input: bits }
}

const layers: readonly LayerSpec[] = [
  { channels: 5, size: 6, kernel: 3, kernels: 12, pool: true },
  { channels: 16, size: 4, kernel: 3, kernels: 20, pad: 1 },
  { channels: 12, size: 7, kernel: 3, kernels: 9, stride: 2, pad: 1, pool: true },
  { channels: 40, size: 4, kernel: 1, kernels: 6, pool: true },
  { channels: 40, size: 6, kernel: 3, kernels: 10, pool: true },
  { channels: 20, size: 4, kernel: 4, kernels: 24 },
]

type Lists = Readonly<Record<string, readonly PassChoice[]>>

const foldPasses = (trees: number): Lists => ({
  none: [],
  prune: [pass('prune-inclusion')],
  'prune by pool': [pass('prune-inclusion', { decision: false })],
  reuse: [pass('reuse-kernels')],
  'reuse, prune by bound': [pass('reuse-kernels'), pass('prune-inclusion', { decision: false, pool: false })],
  'reuse in trees, prune': [pass('reuse-kernels', { trees, order: 'path' }), pass('prune-inclusion')],
})

const slicePasses: Lists = {
  share: [pass('share-results')],
  'share equal slices': [pass('share-results', { share: 'repeated' })],
}

/** Of the slices that share results. */
const TAPS = 9

const spec = (channels: number, pixels: number, bits: number, other: Partial<PeArraySpec>): PeArraySpec => ({
  ...baseSpec,
  array: { channels, pixels, bits },
  ...other,
})

const foldSpecs = [
  spec(1, 1, 8, { skip: 1 }),
  spec(1, 1, 64, { skip: 64 }),
  spec(2, 2, 16, { skip: 4 }),
  spec(2, 1, 32, { skip: 4 }),
  spec(4, 2, 8, { skip: 8 }),
  spec(3, 4, 8, { skip: 4, rows: 'independent' }),
]

const sliceSpecs = [
  spec(1, 1, 9, { convolvers: 8 }),
  spec(2, 2, 20, { convolvers: 3 }),
  spec(4, 1, 40, { convolvers: 1 }),
]

/** What the sequencers do of each layer with kernels of these widths after each list of passes. */
const samplesOf = (
  spec: PeArraySpec,
  lists: Lists,
  kernels: readonly number[],
  ofPlan: (plan: LayerPlan, input: BitTensor) => Omit<LayerSample, 'name' | 'passes'>[],
): LayerSample[] =>
  Object.entries(lists).flatMap(([passes, chosen]) =>
    layers.flatMap((layer, i) => {
      if (!kernels.includes(layer.kernel)) return []
      const { network, input } = layerOf(`layer ${i} ${JSON.stringify(spec.array)}`, layer)
      const [step] = programOf(applyPasses(workload(network), chosen), spec)
      if (step?.kind !== 'array') throw new Error(`${passes}, layer ${i} is not on the array`)
      return ofPlan(step.plan, input).map((sample, row) => ({
        ...sample,
        name: `${passes}, layer ${i}${spec.rows === 'independent' ? `, row ${row}` : ''}`,
        passes,
      }))
    }),
  )

const onFolds = (spec: PeArraySpec): LayerSample[] =>
  samplesOf(spec, foldPasses(Math.max(2, spec.array.channels)), [1, 3, 4], (plan, input) => {
    const groups = naiveGroups(plan, groupsOf(plan, spec), input)
    const words = inputWords(groups, plan.bits, spec.array.bits)
    return foldsOf(plan, spec).map((own) => {
      const design = naiveArray(plan, own, spec)
      const ours = simulateFolds(plan, own, spec, input)
      return { design, words, ours, run: (offered) => naiveFolds(design, groups, offered) }
    })
  })

const onSlices = (spec: PeArraySpec): LayerSample[] =>
  samplesOf(spec, slicePasses, [3], (plan, input) => {
    const groups = naiveGroups(plan, groupsOf(plan, spec), input)
    const design = naiveSliceArray(plan, spec)
    const words = inputWords(groups, plan.bits, design.lanes * TAPS)
    const ours = simulateSlices(plan, spec, input)
    return [{ design, words, ours, run: (offered) => naiveSlices(design, groups, offered) }]
  })

export const layerSamples = (): LayerSample[] => [...foldSpecs.flatMap(onFolds), ...sliceSpecs.flatMap(onSlices)]
