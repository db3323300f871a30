// Which candidates are better than others when there are several objectives.

import type { Objective } from './sweep-document.ts'

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
export const frontOf = (candidates: readonly Costs[]): number[] => frontsOf(candidates, 1).flat()

/** Front after front, `most` of them: each what no other dominates when those before it are left out. */
function frontsOf(candidates: readonly Costs[], most = Number.POSITIVE_INFINITY): number[][] {
  const fronts: { readonly members: number[]; readonly costs: (readonly number[])[] }[] = []
  for (const { costs, members } of grouped(candidates)) {
    // What dominates a group comes before it, and so does a member of its front that does.
    const place = fronts.findIndex((front) => !front.costs.some((other) => dominates(other, costs)))
    if (place < 0 && fronts.length < most) fronts.push({ members: [...members], costs: [costs] })
    if (place < 0) continue
    fronts[place]!.members.push(...members)
    fronts[place]!.costs.push(costs)
  }
  return fronts.map(({ members }) => members)
}

/** Candidates by equal costs, in the order of the first objective, then the second, and so on. */
function grouped(candidates: readonly Costs[]) {
  const groups = new Map<string, { readonly costs: readonly number[]; readonly members: number[] }>()
  for (const [i, costs] of candidates.entries()) {
    if (costs === null) continue
    const key = costs.join()
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { costs, members: [i] })
    else group.members.push(i)
  }
  return [...groups.values()].sort((a, b) => byCosts(a.costs, b.costs))
}

function byCosts(a: readonly number[], b: readonly number[]): number {
  const differing = a.findIndex((cost, i) => cost !== b[i])
  return differing < 0 ? 0 : a[differing]! - b[differing]!
}

/**
 * All candidates that have costs, best first: by front after front, and within one by how far neighbours are apart, so
 * that what is kept spreads along it (non-dominated sorting with crowding distance: Deb et al., "A Fast and Elitist
 * Multiobjective Genetic Algorithm: NSGA-II", IEEE Trans. Evol. Comput. 6(2), 2002). Of equals the first come first.
 */
export const ranked = (candidates: readonly Costs[]): number[] =>
  frontsOf(candidates).flatMap((front) => {
    const distance = crowding(front.map((i) => candidates[i]!))
    const places = front.map((i, place) => ({ i, distance: distance[place]! }))
    return places.sort((a, b) => compare(b.distance, a.distance) || a.i - b.i).map(({ i }) => i)
  })

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
