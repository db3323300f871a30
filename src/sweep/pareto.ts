// Which candidates are better than others when there are several objectives.

import type { Objective } from '../report/sweep-document.ts'

/** Values of a candidate in all objectives, made so that less is better; null where it has no such figure. */
export type Costs = readonly number[] | null

export const costsOf = (values: readonly (number | undefined)[], objectives: readonly Objective[]): Costs => {
  const costs = values.map((value, i) =>
    value === undefined ? Number.NaN : objectives[i]!.goal === 'min' ? value : -value,
  )
  return costs.some(Number.isNaN) ? null : costs
}

/** No worse in any objective, and better in one. */
export const dominates = (a: readonly number[], b: readonly number[]): boolean =>
  a.every((cost, i) => cost <= b[i]!) && a.some((cost, i) => cost < b[i]!)

/** Candidates that no other dominates, best in the first objective first; of equals, all. */
export function frontOf(candidates: readonly Costs[]): number[] {
  const sorted = candidates
    .flatMap((costs, i) => (costs === null ? [] : [{ costs, i }]))
    .sort((a, b) => byCosts(a.costs, b.costs) || a.i - b.i)
  // What dominates a candidate comes before it, and so does a member of the front that does.
  const front: typeof sorted = []
  for (const each of sorted) if (!front.some(({ costs }) => dominates(costs, each.costs))) front.push(each)
  return front.map(({ i }) => i)
}

function byCosts(a: readonly number[], b: readonly number[]): number {
  const differing = a.findIndex((cost, i) => cost !== b[i])
  return differing < 0 ? 0 : a[differing]! - b[differing]!
}

/**
 * All candidates that have costs, best first: by front after front, and within one by how far neighbours are apart, so
 * that what is kept spreads along it (non-dominated sorting with crowding distance: Deb et al., "A Fast and Elitist
 * Multiobjective Genetic Algorithm: NSGA-II", IEEE Trans. Evol. Comput. 6(2), 2002).
 */
export function ranked(candidates: readonly Costs[]): number[] {
  const left = [...candidates]
  const order: number[] = []
  for (let front = frontOf(left); front.length > 0; front = frontOf(left)) {
    const distance = crowding(front.map((i) => candidates[i]!))
    const places = front.map((i, place) => ({ i, distance: distance[place]! }))
    order.push(...places.sort((a, b) => compare(b.distance, a.distance) || a.i - b.i).map(({ i }) => i))
    for (const i of front) left[i] = null
  }
  return order
}

/** Infinite ones are equal. */
const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1)

/** Of each member of a front: the sum, over objectives, of its neighbours' distance as part of the whole range. */
function crowding(front: readonly (readonly number[])[]): number[] {
  const distance = front.map(() => 0)
  for (const objective of front[0]!.keys()) {
    const order = front.map((_, i) => i).sort((a, b) => front[a]![objective]! - front[b]![objective]! || a - b)
    const cost = (place: number) => front[order[place]!]![objective]!
    const range = cost(order.length - 1) - cost(0)
    for (const [place, i] of order.entries()) {
      const inner = place > 0 && place < order.length - 1
      distance[i]! += inner ? (range === 0 ? 0 : (cost(place + 1) - cost(place - 1)) / range) : Number.POSITIVE_INFINITY
    }
  }
  return distance
}
