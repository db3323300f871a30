// What follows a multiply-accumulate that its kernel does along: ReLU, scale and offset.

import type { Node, Op } from '../../work/network.ts'
import type { Lowering } from './lower.ts'

/** What is done to a sum before it is stored. */
export interface Chain {
  readonly absorbed: readonly Node[]
  readonly relu: boolean
  readonly affine: Extract<Op, { kind: 'affine' }> | undefined
}

/** `relu first`: sum, ReLU, affine, as binary kernels have it; else sum, affine, ReLU. */
export function chainOf(name: string, order: 'relu first' | 'affine first', lowering: Lowering): Chain {
  const affine = (from: string) => lowering.follower(from, 'affine')
  if (order === 'affine first') {
    const first = affine(name)
    const relu = reluAfter(first?.name ?? name, lowering)
    const absorbed = [first, relu].filter((node) => node !== undefined)
    return { absorbed, relu: relu !== undefined, affine: first?.op }
  }
  const relu = reluAfter(name, lowering)
  const last = affine(relu?.name ?? name)
  if (last === undefined) return { absorbed: [], relu: false, affine: undefined }
  return { absorbed: relu === undefined ? [last] : [relu, last], relu: relu !== undefined, affine: last.op }
}

function reluAfter(name: string, lowering: Lowering): Node | undefined {
  const node = lowering.follower(name, 'rprelu')
  if (node === undefined) return
  const { shiftX, slope, shiftY } = node.op
  return [shiftX, slope, shiftY].every((values) => values.every((value) => value === 0)) ? node : undefined
}
