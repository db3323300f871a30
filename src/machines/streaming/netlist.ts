// A streaming machine as data: a chain of units with a FIFO between each two, from the
// DMA that reads pictures to the one that writes results. Resources are read off it;
// running builds it (run.ts).

import type { Kernel } from '../../sim/kernel.ts'
import type { Wires } from '../../sim/stream.ts'
import { MatrixVector } from '../../units/matrix-vector.ts'
import type { StreamUnit } from '../../units/pipeline.ts'
import { Pool } from '../../units/pool.ts'
import { WidthConverter } from '../../units/width-converter.ts'
import { InputError } from '../../work/input-error.ts'
import {
  anyMemory,
  blockMemory,
  converterLogic,
  dmaLogic,
  type Logic,
  type Memory,
  matrixVectorLogic,
  poolLogic,
  windowLogic,
} from '../fpga/resources.ts'
import type { LayerPlan } from './plan.ts'
import type { Folding, StreamingSpec } from './spec.ts'
import { type Style, styles } from './styles.ts'

export type Role = 'dma' | 'converter' | 'window' | 'matrix-vector' | 'pool'

/** A memory inside a unit, and how often a unit with these counters read and wrote it. */
export interface UnitMemory {
  readonly memory: Memory
  /** Level under which reports list its traffic, and the bits of one access; null where it is private to the unit. */
  readonly level: { readonly name: 'weights' | 'window'; readonly bits: number } | null
  reads(count: Readonly<Record<string, number>>): number
  writes(count: Readonly<Record<string, number>>): number
}

export interface UnitPlan {
  readonly name: string
  readonly layer: string
  readonly role: Role
  readonly logic: Logic
  readonly memories: readonly UnitMemory[]
  make(kernel: Kernel, wires: Wires, frames: number): StreamUnit
}

/** Values of a network node as they pass: words of whole elements, channels first, `channels` of them real. */
export interface Tap {
  readonly node: string
  readonly channels: number
  readonly rows: number
  readonly size: number
  readonly bits: number
}

export interface StreamPlan {
  readonly name: string
  readonly layer: string
  readonly width: number
  readonly depth: number
  readonly tap: Tap | null
}

/** `streams[i]` runs from `units[i]` to `units[i + 1]`. */
export interface Netlist {
  readonly units: readonly UnitPlan[]
  readonly streams: readonly StreamPlan[]
  /** Bits that enter and leave with each frame. */
  readonly bitsIn: number
  readonly bitsOut: number
}

export interface FoldedLayer {
  readonly plan: LayerPlan
  readonly folding: Folding
}

/** Layers that stand for the ends of the chain in reports. */
export const INPUT = 'input'
export const OUTPUT = 'output'

class Chain {
  readonly units: UnitPlan[] = []
  readonly streams: StreamPlan[] = []
  width: number
  bits: number // a frame

  private readonly style: Style
  private readonly fifo: number

  constructor(style: Style, fifo: number, width: number, bits: number) {
    this.style = style
    this.fifo = fifo
    this.width = width
    this.bits = bits
  }

  /** Appends a unit, and after it a FIFO of words of `width` bits. */
  add(unit: UnitPlan, width: number, depth: number | undefined, tap: Tap | null = null): void {
    this.units.push(unit)
    this.streams.push({ name: `${unit.name}.fifo`, layer: unit.layer, width, depth: depth ?? this.fifo, tap })
    this.width = width
  }

  /** Converters to words of `width` bits, through a common multiple where neither width divides the other. */
  convert(layer: string, width: number, depth?: number): void {
    if (width === this.width) {
      this.deepen(depth)
      return
    }
    const direct = width % this.width === 0 || this.width % width === 0
    if (!direct) this.convert(layer, (width * this.width) / gcd(width, this.width))
    this.checkWhole(layer, width)
    const words = this.bits / this.width
    const name = `${layer}.to${width}`
    const { converter } = this.style
    this.add(
      {
        name,
        layer,
        role: 'converter',
        logic: converterLogic(Math.max(width, this.width)),
        memories: [],
        make: (kernel, wires, frames) => new WidthConverter(name, kernel, converter, wires, words, frames),
      },
      width,
      depth,
    )
  }

  /** Throws InputError unless a frame is whole words of `width` bits. */
  checkWhole(layer: string, width: number): void {
    if (this.bits % width === 0) return
    throw new InputError(`a frame of ${this.bits} bits does not fill words of ${width}; choose other widths`, {
      key: `layer ${layer}`,
    })
  }

  // The last FIFO takes the depth that a converter's would have had.
  private deepen(depth: number | undefined): void {
    const last = this.streams.at(-1)
    if (last !== undefined && depth !== undefined) this.streams[this.streams.length - 1] = { ...last, depth }
  }
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))

/** Wires folded layers to one another and to the memory port of `portWidth` bits. */
export function netlistOf(layers: readonly FoldedLayer[], spec: StreamingSpec, portWidth: number): Netlist {
  const style = styles[spec.style](spec.depths)
  const first = layers[0]!.plan
  const bitsIn = first.size ** 2 * first.inChannels * first.elementBits
  const chain = new Chain(style, spec.fifo, portWidth, bitsIn)
  chain.checkWhole(INPUT, portWidth)
  const words = bitsIn / portWidth
  chain.add(dma(`${INPUT}.dma`, INPUT, style, words), portWidth, undefined)
  chain.convert(INPUT, first.dense ? portWidth : first.inChannels * first.elementBits, spec.inputFifo)
  for (const layer of layers) addLayer(chain, layer, style)
  chain.convert(OUTPUT, portWidth, layers.at(-1)!.folding.fifo)
  chain.units.push(dma(`${OUTPUT}.dma`, OUTPUT, style, chain.bits / portWidth))
  return { units: chain.units, streams: chain.streams, bitsIn, bitsOut: chain.bits }
}

function dma(name: string, layer: string, style: Style, words: number): UnitPlan {
  return {
    name,
    layer,
    role: 'dma',
    logic: dmaLogic,
    memories: [],
    make: (kernel, wires, frames) => new WidthConverter(name, kernel, style.dma, wires, words, frames),
  }
}

function addLayer(chain: Chain, { plan, folding }: FoldedLayer, style: Style): void {
  const { name, outputs, outputBits, matrix, dense, pool } = plan
  const { pe, simd, fifo } = folding
  chain.convert(name, simd * plan.elementBits)
  if (!dense) chain.add(windowUnit(plan, simd, style), simd * plan.elementBits, undefined)
  chain.bits = outputs ** 2 * matrix.rows * outputBits
  const whole = dense ? (folding.width ?? pe * outputBits) : matrix.rows * outputBits
  const direct = whole === pe * outputBits && pool === null
  const tap = { channels: plan.outChannels, rows: matrix.rows, size: outputs, bits: outputBits }
  chain.add(matrixVectorUnit(plan, folding, style), pe * outputBits, direct ? fifo : undefined, {
    ...tap,
    node: plan.node,
  })
  chain.convert(name, whole, pool === null ? fifo : undefined)
  if (pool === null) return
  const size = outputs / pool.window
  chain.bits = size ** 2 * matrix.rows
  chain.add(poolUnit(plan, pool.window, style), whole, fifo, { ...tap, node: pool.node, size })
}

function windowUnit(plan: LayerPlan, simd: number, style: Style): UnitPlan {
  const { kernel: k, stride, size, outputs } = plan
  const wordsPerPixel = plan.inChannels / simd
  const name = `${plan.name}.window`
  const memory = anyMemory(simd * plan.elementBits, (k + stride) * size * wordsPerPixel)
  return {
    name,
    layer: plan.name,
    role: 'window',
    logic: windowLogic,
    memories: [
      {
        memory,
        level: { name: 'window', bits: simd * plan.elementBits },
        reads: (count) => count.bufferReads!,
        writes: (count) => count.bufferWrites!,
      },
    ],
    make: (kernel, wires, frames) =>
      style.window(name, kernel, wires, { kernel: k, stride, size, outputs, wordsPerPixel }, frames),
  }
}

function matrixVectorUnit(plan: LayerPlan, { pe, simd }: Folding, style: Style): UnitPlan {
  const { matrix, elementBits, levels, outputBits, outputs } = plan
  const synapseFold = matrix.columns / simd
  const neuronFold = matrix.rows / pe
  const name = `${plan.name}.matrix-vector`
  const levelBits = levels === null ? 0 : plan.accumulatorBits
  return {
    name,
    layer: plan.name,
    role: 'matrix-vector',
    logic: matrixVectorLogic(pe, simd, elementBits, plan.accumulatorBits),
    memories: [
      {
        memory: times(pe, blockMemory(simd, neuronFold * synapseFold)),
        level: { name: 'weights', bits: pe * simd },
        reads: (count) => count.steps!,
        writes: none,
      },
      {
        memory: anyMemory(simd * elementBits, synapseFold),
        level: null,
        reads: (count) => count.steps! - count.vectors! * synapseFold,
        writes: (count) => count.vectors! * synapseFold,
      },
      {
        memory: times(pe, anyMemory(levelBits, neuronFold)),
        level: null,
        reads: (count) => count.compares! / pe,
        writes: none,
      },
    ],
    make: (kernel, wires, frames) =>
      new MatrixVector(
        name,
        kernel,
        { ...style.matrixVector(simd), pe, simd, elementBits, threshold: { levels, bits: outputBits } },
        wires,
        matrix,
        outputs ** 2,
        frames,
      ),
  }
}

const none = (): number => 0

/** One such memory in each of `n` PEs, all accessed together. */
const times = (n: number, { ramb18, lutram, perAccess }: Memory): Memory => ({
  ramb18: n * ramb18,
  lutram: n * lutram,
  perAccess: n * perAccess,
})

function poolUnit(plan: LayerPlan, window: number, style: Style): UnitPlan {
  const name = `${plan.name}.pool`
  const memory = anyMemory(plan.matrix.rows, plan.outputs / window)
  const spec = { ...style.pool, window }
  return {
    name,
    layer: plan.name,
    role: 'pool',
    logic: poolLogic(plan.matrix.rows),
    memories: [{ memory, level: null, reads: (count) => count.words!, writes: (count) => count.words! }],
    make: (kernel, wires, frames) => new Pool(name, kernel, spec, wires, plan.outputs, frames),
  }
}
