// What a step makes of one element, for machines that compute element by element: reals rounded to float32 after each
// operation, as steps.ts has them, integers as fixed.ts does.

import { affineElement, type Element, rpreluElement } from './fixed.ts'
import type { Op } from './network.ts'

/** Steps that take one value and its channel. */
export type ElementOp = Extract<Op, { kind: 'affine' | 'rprelu' | 'fixed-affine' | 'fixed-rprelu' }>

const { fround } = Math

/** Result for a value and its channel. */
export function elementOf(op: ElementOp): Element {
  if (op.kind === 'fixed-affine') return affineElement(op)
  if (op.kind === 'fixed-rprelu') return rpreluElement(op)
  if (op.kind === 'affine') {
    const { scale, offset } = op
    return (x, c) => fround(fround(x * scale[c]!) + offset[c]!)
  }
  const { shiftX, slope, shiftY } = op
  return (x, c) => {
    const t = fround(x + shiftX[c]!)
    return fround((t > 0 ? t : fround(t * slope[c]!)) + shiftY[c]!)
  }
}
