// The buffer of windows: what each column sees, in two halves, in the layouts of fold-engine.ts and slice-engine.ts.

import { HALVES } from '../../units/array/loader.ts'
import { copyBits } from '../../work/bit-range.ts'
import { getBit } from '../../work/bits.ts'
import { type Tensor, wordsOf } from '../../work/tensor.ts'
import type { Group } from './groups.ts'
import type { LayerPlan } from './plan.ts'

export class Windows {
  readonly words: Uint32Array
  private readonly plan: LayerPlan
  private readonly perPlane: number
  private readonly ones = Uint32Array.of(0xffffffff)

  constructor(plan: LayerPlan, columns: number) {
    this.plan = plan
    this.perPlane = plan.terms.kind === 'slices' ? plan.channels : plan.words
    this.words = new Uint32Array(HALVES * columns * plan.planes.length * this.perPlane)
  }

  /** Puts the windows of `group` into a half. */
  fill({ windows, active }: Group, half: number, input: Tensor): void {
    const { plan, perPlane, words } = this
    const size = plan.planes.length * perPlane
    const first = half * windows.length * size
    words.fill(0, first, first + windows.length * size)
    for (let column = 0; column < active; column++) this.window(windows[column]!, first + column * size, input)
  }

  private window(window: number, at: number, input: Tensor): void {
    const { kernel, stride, padding, output, input: size } = this.plan.shape
    const top = Math.floor(window / output.width) * stride - padding.before
    const left = (window % output.width) * stride - padding.before
    for (let tap = 0, ky = 0; ky < kernel; ky++)
      for (let kx = 0; kx < kernel; kx++, tap++) {
        const [y, x] = [top + ky, left + kx]
        const inside = y >= 0 && y < size.height && x >= 0 && x < size.width
        this.tap(tap, inside ? y * size.width + x : -1, at, input)
      }
  }

  /** Channels of one pixel, -1 for a padded one. */
  private tap(tap: number, pixel: number, at: number, input: Tensor): void {
    const { plan, perPlane } = this
    const { channels } = plan
    if (pixel < 0 && plan.shape.padValue !== 1) return
    const slices = plan.terms.kind === 'slices'
    if (input.kind === 'bits' && !slices && pixel >= 0) {
      copyBits(input.words, pixel * wordsOf(channels) * 32, this.words, at * 32 + tap * channels, channels)
      return
    }
    for (let c = 0; c < channels; c++) {
      const value = pixel < 0 ? -1 : valueAt(input, pixel, c)
      for (let plane = 0; plane < plan.planes.length; plane++) {
        if (((value >> plane) & 1) === 0) continue
        const start = at + plane * perPlane
        if (slices) this.words[start + c]! |= 1 << tap
        else copyBits(this.ones, 0, this.words, start * 32 + tap * channels + c, 1)
      }
    }
  }
}

/** A bit, or an integer whose bits are its planes. */
function valueAt(input: Tensor, pixel: number, channel: number): number {
  const { channels } = input.shape
  if (input.kind === 'bits') return getBit(input.words, pixel * wordsOf(channels), channel)
  return input.data[pixel * channels + channel]!
}
