// Every unit of a streaming machine with plain models of what it computes.

import { MatrixVector } from '../../src/units/matrix-vector.ts'
import { Pool } from '../../src/units/pool.ts'
import { WidthConverter } from '../../src/units/width-converter.ts'
import { LockStepWindow, type WindowGeometry } from '../../src/units/window-lockstep.ts'
import { RingWindow } from '../../src/units/window-ring.ts'
import { bitOf, joined, randomWords, toLanes, type UnitCase } from './rig.ts'

/** Output size given, as a machine gives it. */
export const geometry = (kernel: number, stride: number, size: number, wordsPerPixel: number): WindowGeometry => ({
  kernel,
  stride,
  size,
  outputs: Math.floor((size - kernel) / stride) + 1,
  wordsPerPixel,
})

/** Window by window: kernel rows of pixels, all words of each. */
export function windowsOf(frame: readonly bigint[], g: WindowGeometry): bigint[] {
  const words: bigint[] = []
  for (let y = 0; y < g.outputs; y++)
    for (let x = 0; x < g.outputs; x++)
      for (let ky = 0; ky < g.kernel; ky++)
        for (let kx = 0; kx < g.kernel; kx++)
          for (let word = 0; word < g.wordsPerPixel; word++)
            words.push(frame[((y * g.stride + ky) * g.size + x * g.stride + kx) * g.wordsPerPixel + word]!)
  return words
}

const shown = (g: WindowGeometry): string =>
  `${g.kernel}x${g.kernel}/${g.stride} over ${g.size}x${g.size} of ${g.wordsPerPixel} words`

function windowCase(name: string, width: number, g: WindowGeometry, build: UnitCase['build']): UnitCase {
  const wordsIn = g.size ** 2 * g.wordsPerPixel
  return { name, inWidth: width, outWidth: width, wordsIn, build, model: (frame) => windowsOf(frame, g) }
}

export const lockStepWindow = (width: number, g: WindowGeometry, lag = 2, flushing = false): UnitCase =>
  windowCase(`lock-step window ${shown(g)}`, width, g, (kernel, wires, frames) => {
    return new LockStepWindow('window', kernel, { lag, flushing }, wires, g, frames)
  })

export const ringWindow = (width: number, g: WindowGeometry, rows = g.kernel + g.stride): UnitCase =>
  windowCase(`ring window ${shown(g)}, ${rows} rows`, width, g, (kernel, wires, frames) => {
    return new RingWindow('window', kernel, wires, g, frames, rows)
  })

export interface MatrixShape {
  readonly rows: number
  readonly columns: number
  readonly pe: number
  readonly simd: number
  /** 1 unless given. */
  readonly elementBits?: number
  /** Bits of a sum that leaves as it is; thresholds without it. */
  readonly scoreBits?: number
  readonly vectors?: number
  readonly lag?: number
  readonly flushing?: boolean
}

export function matrixVector(shape: MatrixShape): UnitCase {
  const { rows, columns, pe, simd, elementBits = 1, scoreBits, vectors = 3, lag = 4, flushing = true } = shape
  const weights = randomWords(`weights ${rows}x${columns}`, rows, columns)
  const matrix = { rows, columns, words: toLanes(weights, columns) }
  const spread = elementBits === 1 ? 1 : 64
  const middle = elementBits === 1 ? columns / 2 : 0
  const levels = Int32Array.from({ length: rows }, (_, row) => Math.floor(middle + (((row * 7) % 5) - 2) * spread))
  const threshold = scoreBits === undefined ? { levels, bits: 1 } : { levels: null, bits: scoreBits }
  const outBits = scoreBits ?? 1
  const sumOf = (row: number, vector: bigint): number => {
    let sum = 0
    for (let c = 0; c < columns; c++) {
      const weight = bitOf(weights[row]!, c)
      const element = BigInt.asIntN(8, vector >> BigInt(c * 8))
      if (elementBits === 1) sum += weight === bitOf(vector, c) ? 1 : 0
      else sum += weight === 1 ? Number(element) : -Number(element)
    }
    return sum
  }
  const output = (row: number, vector: bigint): bigint => {
    const sum = sumOf(row, vector)
    return scoreBits === undefined ? BigInt(sum > levels[row]! ? 1 : 0) : BigInt.asUintN(scoreBits, BigInt(sum))
  }
  const fold = columns / simd
  const kind = `${elementBits}-bit elements, ${scoreBits === undefined ? 'thresholds' : 'scores'}`
  return {
    name: `${flushing ? '' : 'non-flushing '}matrix-vector ${rows}x${columns} on ${pe}x${simd}, ${kind}, lag ${lag}`,
    inWidth: simd * elementBits,
    outWidth: pe * outBits,
    wordsIn: vectors * fold,
    build: (kernel, wires, frames) => {
      const spec = { lag, flushing, pe, simd, elementBits, threshold }
      return new MatrixVector('matrix-vector', kernel, spec, wires, matrix, vectors, frames)
    },
    model: (frame) =>
      Array.from({ length: (vectors * rows) / pe }, (_, word) => {
        const at = Math.floor(word / (rows / pe)) * fold
        const vector = joined(frame.slice(at, at + fold), simd * elementBits)
        const first = (word % (rows / pe)) * pe
        const outputs = Array.from({ length: pe }, (_, i) => output(first + i, vector))
        return joined(outputs, outBits)
      }),
  }
}

export const widthConverter = (from: number, to: number, wordsIn: number, lag = 1, flushing = true): UnitCase => ({
  name: `${flushing ? '' : 'non-flushing '}width converter ${from} to ${to} bits, lag ${lag}`,
  inWidth: from,
  outWidth: to,
  wordsIn,
  build: (kernel, wires, frames) => new WidthConverter('converter', kernel, { lag, flushing }, wires, wordsIn, frames),
  model: (frame) => {
    const all = joined(frame, from)
    const mask = (1n << BigInt(to)) - 1n
    return Array.from({ length: (wordsIn * from) / to }, (_, i) => (all >> BigInt(i * to)) & mask)
  },
})

export interface PoolShape {
  readonly width: number
  readonly size: number
  readonly window: number
  readonly overlapped: boolean
  readonly lag?: number
  readonly readInterval?: number
  readonly flushing?: boolean
}

export function orPool({ width, size, window, overlapped, lag = 1, ...rest }: PoolShape): UnitCase {
  const { readInterval = overlapped ? 1 : 2, flushing = overlapped } = rest
  const outputs = size / window
  return {
    name: `${overlapped ? 'overlapped' : 'two-loop'} pool ${window}x${window} over ${size}x${size}, lag ${lag}`,
    inWidth: width,
    outWidth: width,
    wordsIn: size ** 2,
    build: (kernel, wires, frames) => {
      const spec = { lag, flushing, window, readInterval, overlapped }
      return new Pool('pool', kernel, spec, wires, size, frames)
    },
    model: (frame) =>
      Array.from({ length: outputs ** 2 }, (_, i) => {
        let word = 0n
        for (let y = 0; y < window; y++)
          for (let x = 0; x < window; x++)
            word |= frame[(Math.floor(i / outputs) * window + y) * size + (i % outputs) * window + x]!
        return word
      }),
  }
}

export const cases: readonly UnitCase[] = [
  lockStepWindow(8, geometry(3, 1, 5, 1)),
  lockStepWindow(40, geometry(3, 1, 6, 3)),
  lockStepWindow(8, geometry(2, 2, 7, 2)),
  lockStepWindow(8, geometry(1, 2, 5, 2), 1),
  lockStepWindow(8, geometry(1, 1, 3, 1), 5),
  lockStepWindow(8, geometry(3, 2, 8, 1)),
  lockStepWindow(8, geometry(3, 3, 11, 2)),
  lockStepWindow(8, geometry(4, 1, 4, 2)),
  lockStepWindow(8, geometry(3, 1, 5, 2), 3, true),
  ringWindow(8, geometry(3, 1, 5, 1)),
  ringWindow(40, geometry(3, 1, 6, 3)),
  ringWindow(8, geometry(3, 1, 6, 1), 3),
  ringWindow(8, geometry(2, 2, 7, 2)),
  ringWindow(8, geometry(1, 2, 5, 2)),
  ringWindow(8, geometry(1, 4, 8, 1)),
  ringWindow(8, geometry(3, 2, 8, 1), 6),
  ringWindow(8, geometry(4, 1, 4, 2)),
  matrixVector({ rows: 12, columns: 36, pe: 4, simd: 6 }),
  matrixVector({ rows: 40, columns: 70, pe: 40, simd: 35, lag: 7 }),
  matrixVector({ rows: 6, columns: 10, pe: 1, simd: 10, lag: 1 }),
  matrixVector({ rows: 8, columns: 8, pe: 8, simd: 8, lag: 5 }),
  matrixVector({ rows: 12, columns: 36, pe: 3, simd: 12, flushing: false, lag: 6 }),
  matrixVector({ rows: 5, columns: 33, pe: 5, simd: 1, flushing: false }),
  matrixVector({ rows: 6, columns: 12, pe: 3, simd: 3, elementBits: 8 }),
  matrixVector({ rows: 4, columns: 9, pe: 2, simd: 9, elementBits: 8, scoreBits: 16, flushing: false }),
  matrixVector({ rows: 10, columns: 40, pe: 5, simd: 8, scoreBits: 16 }),
  widthConverter(8, 8, 12),
  widthConverter(64, 64, 15, 3, false),
  widthConverter(64, 8, 4),
  widthConverter(192, 24, 3, 2, false),
  widthConverter(5, 40, 16),
  widthConverter(24, 192, 16, 1, false),
  widthConverter(33, 66, 8, 4),
  orPool({ width: 8, size: 6, window: 2, overlapped: true }),
  orPool({ width: 70, size: 6, window: 3, overlapped: true, lag: 3 }),
  orPool({ width: 8, size: 3, window: 1, overlapped: true, flushing: false }),
  orPool({ width: 8, size: 6, window: 2, overlapped: false }),
  orPool({ width: 70, size: 6, window: 3, overlapped: false, lag: 2 }),
]
