// The units of a streaming machine as data: what each occupies, its memories, and how to build it.

import type { Kernel } from '../../sim/kernel.ts'
import type { Wires } from '../../sim/stream.ts'
import { Elementwise } from '../../units/elementwise.ts'
import { MatrixVector } from '../../units/matrix-vector.ts'
import type { StreamUnit } from '../../units/pipeline.ts'
import { Pool } from '../../units/pool.ts'
import { WidthConverter } from '../../units/width-converter.ts'
import {
  anyMemory,
  blockMemory,
  converterLogic,
  dmaLogic,
  type Logic,
  lanesLogic,
  type Memory,
  matrixVectorLogic,
  poolLogic,
  windowLogic,
} from '../fpga/resources.ts'
import type { LayerPlan } from './plan.ts'
import type { ElementwisePlan } from './post.ts'
import type { Folding } from './spec.ts'
import type { Style } from './styles.ts'

export type Role = 'dma' | 'converter' | 'window' | 'matrix-vector' | 'elementwise' | 'pool'

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

export function dmaUnit(name: string, layer: string, style: Style, words: number): UnitPlan {
  return {
    name,
    layer,
    role: 'dma',
    logic: dmaLogic,
    memories: [],
    make: (kernel, wires, frames) => new WidthConverter(name, kernel, style.dma, wires, words, frames),
  }
}

/** From words of `from` bits to words of `to`. */
export function converterUnit(layer: string, from: number, to: number, words: number, style: Style): UnitPlan {
  const name = `${layer}.to${to}`
  return {
    name,
    layer,
    role: 'converter',
    logic: converterLogic(Math.max(from, to)),
    memories: [],
    make: (kernel, wires, frames) => new WidthConverter(name, kernel, style.converter, wires, words, frames),
  }
}

export function windowUnit(plan: LayerPlan, simd: number, style: Style): UnitPlan {
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

export function matrixVectorUnit(plan: LayerPlan, { pe, simd }: Folding, style: Style): UnitPlan {
  const { matrix, elementBits, levels, outputs } = plan
  const bits = plan.elementwise?.sumBits ?? plan.outputBits
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
        { ...style.matrixVector(simd), pe, simd, elementBits, threshold: { levels, bits } },
        wires,
        matrix,
        outputs ** 2,
        frames,
      ),
  }
}

export function elementwiseUnit(plan: LayerPlan, elementwise: ElementwisePlan, pe: number, style: Style): UnitPlan {
  const { sumBits: bits, steps, result, operations, units, depth, parameterBits } = elementwise
  const name = `${plan.name}.elementwise`
  const channels = plan.matrix.rows
  const spec = { ...style.elementwise(depth), pe, channels, bits, steps, result, operations }
  return {
    name,
    layer: plan.name,
    role: 'elementwise',
    logic: lanesLogic(units, pe),
    memories: [
      {
        memory: times(pe, anyMemory(parameterBits, channels / pe)),
        level: null,
        reads: (count) => count.words!,
        writes: none,
      },
    ],
    make: (kernel, wires, frames) => new Elementwise(name, kernel, spec, wires, plan.outputs ** 2, frames),
  }
}

const none = (): number => 0

/** One such memory in each of `n` PEs, all accessed together. */
const times = (n: number, { ramb18, lutram, perAccess }: Memory): Memory => ({
  ramb18: n * ramb18,
  lutram: n * lutram,
  perAccess: n * perAccess,
})

export function poolUnit(plan: LayerPlan, window: number, style: Style): UnitPlan {
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
