// Which output pixels the columns of the array work on together, in which order, and what reading their windows and writing
// their results takes of the memory of activations. Its words are spread over banks in turn; each bank gives or takes one a cycle.

import type { PixelGroup } from '../../units/array/engine.ts'
import type { Shape } from '../../work/tensor.ts'
import type { LayerPlan } from './plan.ts'
import type { PeArraySpec } from './spec.ts'

export interface Traffic {
  /** Cycles: words in the fullest bank. */
  readonly cycles: number
  readonly words: number
}

export interface Group extends PixelGroup {
  /** By column: output pixel of the convolution, before the pool. */
  readonly windows: Int32Array
  readonly read: Traffic
  readonly write: Traffic
}

/** The buffer takes a word of each column a cycle, so that a group takes at least as many cycles as its windows have words. */
export function groupsOf(plan: LayerPlan, { array, activations }: Pick<PeArraySpec, 'array' | 'activations'>): Group[] {
  const words = windowWords(plan, array.bits)
  const { shape, pool, borders, output } = plan
  const { pixels: columns } = array
  const turns = pool * pool
  const groups: Group[] = []
  for (let first = 0; first < output.width * output.height; first += columns) {
    const active = Math.min(columns, output.width * output.height - first)
    const pixels = Int32Array.from({ length: columns }, (_, i) => (i < active ? first + i : -1))
    for (let turn = 0; turn < turns; turn++) {
      const windows = pixels.map((pixel) => (pixel < 0 ? -1 : windowOf(pixel, turn, plan)))
      const last = turn === turns - 1
      groups.push({
        pixels,
        active,
        turn,
        last,
        windows,
        border: windows.map((window) => (window < 0 ? 0 : borders.of[window]!)),
        read: atLeast(words, traffic(inputsOf(windows, shape), plan.channels * plan.inputBits, activations)),
        write: last ? traffic([...pixels.subarray(0, active)], output.channels * plan.outputBits, activations) : none,
      })
    }
  }
  return groups
}

const atLeast = (cycles: number, traffic: Traffic): Traffic => ({
  ...traffic,
  cycles: Math.max(cycles, traffic.cycles),
})

const none: Traffic = { cycles: 0, words: 0 }

/** Input channels at once where slices are shared: as many slices as the bits of a PE take. */
export const lanesOf = ({ taps }: LayerPlan, bits: number): number => Math.floor(bits / taps)

/** Words of a window: terms one after another, or where slices are shared the lanes of a block of channels. */
export function windowWords(plan: LayerPlan, bits: number): number {
  const words = plan.terms.kind === 'slices' ? plan.channels / lanesOf(plan, bits) : plan.bits / bits
  return Math.ceil(words) * plan.planes.length
}

/** Output pixel of the convolution for a pixel behind the pool. */
function windowOf(pixel: number, turn: number, { pool, output, shape }: LayerPlan): number {
  const y = Math.floor(pixel / output.width) * pool + Math.floor(turn / pool)
  const x = (pixel % output.width) * pool + (turn % pool)
  return y * shape.output.width + x
}

/** Input pixels that the windows see, each once. */
function inputsOf(windows: Int32Array, { input, output, kernel, stride, padding }: LayerPlan['shape']): number[] {
  const seen = new Set<number>()
  for (const window of windows) {
    if (window < 0) continue
    const top = Math.floor(window / output.width) * stride - padding.before
    const left = (window % output.width) * stride - padding.before
    for (let y = Math.max(0, top); y < Math.min(input.height, top + kernel); y++)
      for (let x = Math.max(0, left); x < Math.min(input.width, left + kernel); x++) seen.add(y * input.width + x)
  }
  return [...seen]
}

/** Words that a tensor takes: each pixel begins one. */
export const tensorWords = ({ channels, height, width: columns }: Shape, elementBits: number, width: number): number =>
  height * columns * Math.ceil((channels * elementBits) / width)

/** Pixels of `bits` each begin a word of their own. */
function traffic(pixels: readonly number[], bits: number, { width, banks }: PeArraySpec['activations']): Traffic {
  if (bits === 0) return none
  const words = Math.ceil(bits / width)
  const load = new Int32Array(banks)
  for (const pixel of pixels) for (let word = 0; word < words; word++) load[(pixel * words + word) % banks]!++
  return { cycles: Math.max(1, ...load), words: pixels.length * words }
}
