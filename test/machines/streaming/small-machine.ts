// Seeded random small networks, folded at random, and pictures for them.

import seedrandom from 'seedrandom'
import { loadDevice } from '../../../src/config/device.ts'
import { divisors, foldCycles } from '../../../src/machines/streaming/folding.ts'
import { planLayers } from '../../../src/machines/streaming/plan.ts'
import type { Folding, StreamingSpec } from '../../../src/machines/streaming/spec.ts'
import { hlsDepths, type StyleName } from '../../../src/machines/streaming/styles.ts'
import { workload } from '../../../src/work/lower.ts'
import type { Network } from '../../../src/work/network.ts'
import { intTensor, type Shape, type Tensor } from '../../../src/work/tensor.ts'
import type { Workload } from '../../../src/work/workload.ts'
import { RandomNetwork, randomBits } from '../../work/random-network.ts'

export const PORT_WIDTH = 64

/** Cycles that no layer exceeds for an image, where a folding allows. */
const SLOWEST = 1500

export interface SmallMachine {
  readonly network: Network
  readonly workload: Workload
  readonly spec: StreamingSpec & { readonly folding: Folding[] }
  readonly inputs: readonly Tensor[]
}

export interface Choices {
  readonly style: StyleName
  /** What the first layer reads. */
  readonly input: 'bits' | 'int8'
  /** What leaves the last layer: a bit or a score for each class; `map` has 64 bits for each pixel before the scores. */
  readonly output: 'bits' | 'scores' | 'map'
  /** Largest width and height of the input. */
  readonly size?: number
  /** Most PEs of a layer. */
  readonly pes?: number
}

/** Input shapes whose frames are whole words of the memory port, pixel by pixel. */
const inputShapes = {
  bits: [
    { channels: 4, sizes: [4, 8, 12] },
    { channels: 8, sizes: [4, 8, 12] },
    { channels: 6, sizes: [8] },
    { channels: 12, sizes: [8] },
    { channels: 16, sizes: [4, 6, 8, 10] },
    { channels: 32, sizes: [4, 6, 8, 10] },
    { channels: 192, sizes: [1] },
    { channels: 100, sizes: [1] },
  ],
  int8: [
    { channels: 1, sizes: [8] },
    { channels: 3, sizes: [8, 12] },
    { channels: 4, sizes: [4, 6, 10] },
    { channels: 2, sizes: [4, 6, 8] },
    { channels: 20, sizes: [1] },
  ],
} as const

export function smallMachine(seed: string, choices: Choices): SmallMachine {
  const random = seedrandom(`machine/${seed}`)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!
  const most = choices.size ?? 12
  const shapes: Shape[] = inputShapes[choices.input].flatMap(({ channels, sizes }) =>
    sizes.filter((size) => size <= most).map((size) => ({ channels, height: size, width: size })),
  )
  const input = pick(shapes)
  const network = randomChain(seed, input, choices, pick)
  const work = workload(network)
  const folding = planLayers(work, PORT_WIDTH).map((plan): Folding => {
    const simds = divisors(plan.inChannels).filter((simd) => simd <= 96)
    const pes = divisors(plan.matrix.rows).filter((pe) => pe <= (choices.pes ?? 64))
    const options = pes.flatMap((pe) => simds.map((simd) => ({ pe, simd })))
    const quick = options.filter((option) => foldCycles(plan, option) <= SLOWEST)
    return { ...pick(quick.length > 0 ? quick : options.slice(-1)), fifo: pick([1, 1, 2, 3, 9]) }
  })
  const spec = {
    device: loadDevice('xc7z045'),
    clock: 100e6,
    style: choices.style,
    depths: hlsDepths,
    memory: { readLatency: pick([0, 7, 60]), writeLatency: pick([0, 5, 60]) },
    fifo: pick([1, 2, 2, 3]),
    inputFifo: pick([1, 2, 32]),
    folding,
  }
  const draw = seedrandom(`inputs/${seed}`)
  const inputs = Array.from({ length: 3 }, () =>
    choices.input === 'bits' ? randomBits(draw, input) : randomPixels(draw, input),
  )
  return { network, workload: work, spec, inputs }
}

function randomPixels(random: () => number, shape: Shape): Tensor {
  const tensor = intTensor(shape)
  for (let i = 0; i < tensor.data.length; i++) tensor.data[i] = Math.floor(random() * 256) - 128
  return tensor
}

function randomChain(seed: string, input: Shape, choices: Choices, pick: <T>(from: readonly T[]) => T): Network {
  const encoding =
    choices.input === 'bits' ? ({ kind: 'thermometer', levels: 1 } as const) : ({ kind: 'int8' } as const)
  const net = new RandomNetwork(seed, input, encoding, input)
  let at = 'input'
  const layer = (channels: number, kernel: number, stride: number, scores: boolean): void => {
    const fanIn = net.shape(at).channels * kernel ** 2
    const pixels = at === 'input' && choices.input === 'int8'
    at = net.mac(at, { channels, kernel, stride, sum: pixels ? 'dot' : 'matches' })
    if (scores) return
    const size = Math.max(1, Math.sqrt(fanIn) * (pixels ? 40 : 0.35))
    at = net.threshold(at, pixels ? 0 : fanIn / 2, size)
  }
  const map = choices.output === 'map'
  const convolutions = net.shape('input').width === 1 ? 0 : pick(map ? [0, 1, 2] : [1, 2, 2, 3])
  for (let i = 0; i < convolutions; i++) {
    const { width } = net.shape(at)
    const kernel = pick([1, 2, 3, 3].filter((k) => k <= width))
    const strides = [1, 1, 2].filter((stride) => stride <= width - kernel + 1)
    layer(pick([4, 6, 8, 12, 16, 24]), kernel, pick(strides), false)
    const windows = [2, 3].filter((window) => net.shape(at).width % window === 0)
    if (windows.length > 0 && pick([true, false])) at = net.pool(at, 'max', pick(windows))
  }
  if (map) {
    layer(64, pick([1, 2, 3].filter((k) => k <= net.shape(at).width)), 1, false)
    return net.build(net.mac(at, { channels: 2, kernel: net.shape(at).width, sum: 'matches' }))
  }
  const whole = (): number => net.shape(at).width
  for (let i = pick(convolutions > 0 ? [0, 1, 2] : [1, 2, 3]); i > 0; i--)
    layer(pick([8, 24, 48, 64]), whole(), 1, false)
  layer(pick([2, 5, 10]), whole(), 1, choices.output === 'scores')
  const built = net.build(at)
  if (choices.output === 'scores') return built
  const sums = built.nodes.at(-2)!.name
  return { ...built, decision: { rule: 'highest-bit', scores: sums, bits: at } }
}
