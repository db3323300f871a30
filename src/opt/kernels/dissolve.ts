// Fewer of the slices that stand for others, where slices may become farther ones.

import { apart, type Likeness } from './similar.ts'

/** One slice fewer that stands for others. */
export interface Step {
  /** Weights that change sign. */
  readonly cost: number
  /** Slices, and what stands for each from now on. */
  readonly moves: readonly (readonly [slice: number, target: number])[]
}

/**
 * Reverse greedy (M. Chrobak, C. Kenyon and N. Young, Information Processing Letters 97, 2006): always that target goes whose
 * slices reach the nearest others for the fewest weights, of equals the lowest, until one slice of each has no other near.
 * `uses` says how often each of `slices` comes, `standing` what stands for it.
 */
export function dissolve(
  slices: readonly number[],
  uses: readonly number[],
  standing: readonly number[],
  likeness: Likeness,
): Step[] {
  const position = new Map(slices.map((slice, i) => [slice, i]))
  const own = standing.map((target) => position.get(target)!)
  const targets = new Set(own.toSorted((a, b) => a - b))
  const distance = (a: number, b: number): number => apart(slices[a]!, slices[b]!, likeness)
  const nearest = (slice: number): number => {
    let [best, least] = [-1, likeness.distance + 1]
    for (const target of targets) {
      if (target === own[slice]) continue
      const near = distance(slice, target)
      if (near < least) [best, least] = [target, near]
    }
    return best
  }
  const next = slices.map((_, slice) => nearest(slice))
  const price = (slice: number): number =>
    next[slice] === -1 ? Infinity : uses[slice]! * (distance(slice, next[slice]!) - distance(slice, own[slice]!))
  const steps: Step[] = []
  for (;;) {
    const costs = new Float64Array(slices.length)
    for (const slice of own.keys()) costs[own[slice]!]! += price(slice)
    const gone = [...targets].reduce((best, target) => (best < 0 || costs[target]! < costs[best]! ? target : best), -1)
    if (gone < 0 || costs[gone] === Infinity) return steps
    targets.delete(gone)
    const moved = [...own.keys()].filter((slice) => own[slice] === gone)
    for (const slice of moved) own[slice] = next[slice]!
    for (const slice of own.keys()) if (next[slice] === gone || own[slice] === next[slice]) next[slice] = nearest(slice)
    steps.push({ cost: costs[gone]!, moves: moved.map((slice) => [slices[slice]!, slices[own[slice]!]!]) })
  }
}
