// The two ways a streaming unit is built, as timing: our own RTL, whose cycles are
// checked against Verilator, and the loops of high-level synthesis (HLS), with the
// pipeline depths that reproduce the published boards. Wiring is the same for both.

import type { Kernel } from '../../sim/kernel.ts'
import type { Wires } from '../../sim/stream.ts'
import { matrixVectorLag } from '../../units/matrix-vector.ts'
import type { PipelineSpec, StreamUnit } from '../../units/pipeline.ts'
import type { PoolSpec } from '../../units/pool.ts'
import { LockStepWindow, type WindowGeometry } from '../../units/window-lockstep.ts'
import { RingWindow } from '../../units/window-ring.ts'

export interface PipelineDepths {
  readonly matrixVector: number
  readonly window: number
  readonly converter: number
  readonly pool: number
  readonly dma: number
}

/** Timing of every unit of one style. */
export interface Style {
  matrixVector(simd: number): PipelineSpec
  /** `depth`: cycles from a sum to its result. */
  elementwise(depth: number): PipelineSpec
  window(name: string, kernel: Kernel, wires: Wires, geometry: WindowGeometry, frames: number): StreamUnit
  readonly converter: PipelineSpec
  readonly pool: Omit<PoolSpec, 'window'>
  readonly dma: PipelineSpec
}

export const styleNames = ['rtl', 'hls'] as const
export type StyleName = (typeof styleNames)[number]

/** A loop of depth d asks for its word in its first step, has it in the second, and writes in its d-th. */
const loop = (depth: number, flushing = false): PipelineSpec => ({ lag: Math.max(1, depth - 2), flushing })

const registered: PipelineSpec = { lag: 1, flushing: true }

export const styles: Record<StyleName, (depths: PipelineDepths) => Style> = {
  rtl: () => ({
    matrixVector: (simd) => ({ lag: matrixVectorLag(simd), flushing: true }),
    elementwise: (depth) => ({ lag: depth, flushing: true }),
    window: (name, kernel, wires, geometry, frames) => new RingWindow(name, kernel, wires, geometry, frames),
    converter: registered,
    pool: { ...registered, readInterval: 1, overlapped: true },
    dma: registered,
  }),
  hls: (depths) => ({
    matrixVector: () => loop(depths.matrixVector),
    // A step to ask for the word, one to have it: `depth` from there to the result.
    elementwise: (depth) => loop(depth + 2),
    window: (name, kernel, wires, geometry, frames) =>
      new LockStepWindow(name, kernel, loop(depths.window), wires, geometry, frames),
    converter: loop(depths.converter),
    pool: { ...loop(depths.pool), readInterval: 2, overlapped: false },
    // One loop a burst: it runs out when the burst ends.
    dma: loop(depths.dma, true),
  }),
}

/** [derived] Depths with which a cycle-level model reproduces the CNV and LFC boards: see docs/model.md. */
export const hlsDepths: PipelineDepths = { matrixVector: 8, window: 4, converter: 3, pool: 3, dma: 3 }
