// A streaming machine as data: a chain of units with a FIFO between each two, from the
// DMA that reads pictures to the one that writes results. Resources are read off it;
// running builds it (run.ts).

import { InputError } from '../../work/input-error.ts'
import type { LayerPlan } from './plan.ts'
import type { Folding, StreamingSpec } from './spec.ts'
import { type Style, styles } from './styles.ts'
import {
  converterUnit,
  dmaUnit,
  elementwiseUnit,
  matrixVectorUnit,
  poolUnit,
  type UnitPlan,
  windowUnit,
} from './unit-plans.ts'

/** Values of a network node as they pass: words of whole elements, channels first, `channels` of them real. */
export interface Tap {
  readonly node: string
  readonly channels: number
  readonly rows: number
  readonly size: number
  readonly bits: number
  /** Float32 patterns. */
  readonly real: boolean
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
    this.add(converterUnit(layer, this.width, width, words, this.style), width, depth)
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
  chain.add(dmaUnit(`${INPUT}.dma`, INPUT, style, words), portWidth, undefined)
  chain.convert(INPUT, first.dense ? portWidth : first.inChannels * first.elementBits, spec.inputFifo)
  for (const layer of layers) addLayer(chain, layer, style)
  chain.convert(OUTPUT, portWidth, layers.at(-1)!.folding.fifo)
  chain.units.push(dmaUnit(`${OUTPUT}.dma`, OUTPUT, style, chain.bits / portWidth))
  return { units: chain.units, streams: chain.streams, bitsIn, bitsOut: chain.bits }
}

function addLayer(chain: Chain, { plan, folding }: FoldedLayer, style: Style): void {
  const { name, outputs, outputBits, matrix, dense, pool } = plan
  const { pe, simd, fifo } = folding
  chain.convert(name, simd * plan.elementBits)
  if (!dense) chain.add(windowUnit(plan, simd, style), simd * plan.elementBits, undefined)
  chain.bits = outputs ** 2 * matrix.rows * outputBits
  const whole = dense ? (folding.width ?? pe * outputBits) : matrix.rows * outputBits
  const direct = whole === pe * outputBits && pool === null
  const tap = { channels: plan.outChannels, rows: matrix.rows, size: outputs, bits: outputBits, real: plan.real }
  const units = [matrixVectorUnit(plan, folding, style)]
  if (plan.elementwise !== null) {
    chain.add(units[0]!, pe * plan.elementwise.sumBits, undefined)
    units.push(elementwiseUnit(plan, plan.elementwise, pe, style))
  }
  chain.add(units.at(-1)!, pe * outputBits, direct ? fifo : undefined, { ...tap, node: plan.node })
  chain.convert(name, whole, pool === null ? fifo : undefined)
  if (pool === null) return
  const size = outputs / pool.window
  chain.bits = size ** 2 * matrix.rows
  chain.add(poolUnit(plan, pool.window, style), whole, fifo, { ...tap, node: pool.node, size })
}
