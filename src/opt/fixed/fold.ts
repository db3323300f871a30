// Steps between integers and a threshold that only move its level: a mask, a batch norm, an activation. Exact: the level is
// searched for with the very float32 operations that it stands for.

import { elementOf } from '../../work/element.ts'
import type { Node, Op } from '../../work/network.ts'

/** Value of a channel after the steps so far. */
export type Follow = (value: number, channel: number) => number

type Foldable = Extract<Op, { kind: 'affine' | 'rprelu' }>

/** Whether a larger input never gives a smaller result, so that it can be part of a level. */
export const isFoldable = (op: Op): op is Foldable =>
  (op.kind === 'affine' && op.scale.every((scale) => scale > 0)) ||
  (op.kind === 'rprelu' && op.slope.every((slope) => slope >= 0))

/** The step behind those before it. */
export function follow(before: Follow, op: Foldable): Follow {
  const element = elementOf(op)
  return (x, c) => element(before(x, c), c)
}

/** Integers that a value can have. */
export interface Limits {
  readonly low: number
  readonly high: number
}

/** By channel the largest integer within `limits` that stays below the threshold: bit = integer > level. */
export function levelsOf(
  { level, inclusive }: Extract<Op, { kind: 'threshold' }>,
  value: Follow,
  { low, high }: Limits,
): Int32Array {
  return Int32Array.from({ length: level.length }, (_, c) => {
    const passes = (x: number): boolean => (inclusive ? value(x, c) >= level[c]! : value(x, c) > level[c]!)
    let [below, above] = [Math.max(low - 1, -(2 ** 31)), high + 1] // the first integer that passes is in (below, above]
    while (above - below > 1) {
      const middle = Math.floor((below + above) / 2)
      if (passes(middle)) above = middle
      else below = middle
    }
    return above - 1
  })
}

/** Names of nodes behind which there are thresholds alone, perhaps with other such nodes between. */
export function foldedInto(nodes: readonly Node[], deciding: ReadonlySet<string>): Set<string> {
  const readers = new Map<string, Node[]>()
  for (const node of nodes) for (const name of node.inputs) readers.set(name, [...(readers.get(name) ?? []), node])
  const folded = new Set<string>()
  for (const node of [...nodes].reverse()) {
    const after = readers.get(node.name) ?? []
    const leads = after.length > 0 && after.every(({ name, op }) => op.kind === 'threshold' || folded.has(name))
    if (leads && !deciding.has(node.name) && isFoldable(node.op)) folded.add(node.name)
  }
  return folded
}
