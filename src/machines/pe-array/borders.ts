// Classes of output pixels by which taps of their windows are padded: where padding counts nothing, each class has levels of
// its own.

import type { MacShape } from '../../work/network.ts'
import { paddedTaps } from '../../work/windows.ts'

export interface Borders {
  /** Padded taps of each class. */
  readonly classes: readonly (readonly number[])[]
  /** Class of each output pixel, row by row. */
  readonly of: Int32Array
}

/** One class where padding is an activation like any other, or 0 of an integer. */
export function bordersOf(shape: MacShape, ofBits: boolean): Borders {
  const { width, height } = shape.output
  const of = new Int32Array(width * height)
  const padded = shape.padding.before + shape.padding.after > 0
  if (!padded || !ofBits || shape.padValue !== 0) return { classes: [[]], of }
  const classes: number[][] = []
  const known = new Map<string, number>()
  for (let pixel = 0; pixel < of.length; pixel++) {
    const taps = paddedTaps(shape, Math.floor(pixel / width), pixel % width)
    const key = taps.join()
    if (!known.has(key)) {
      known.set(key, classes.length)
      classes.push(taps)
    }
    of[pixel] = known.get(key)!
  }
  return { classes, of }
}
