// Search among variants that save the more the more they harm.

/**
 * Bisection between `low`, which fits, and `high`, which does not: the highest that is found to fit. `middle` says what to
 * try between two, undefined where they are near enough.
 */
export async function bisect(
  low: number,
  high: number,
  middle: (low: number, high: number) => number | undefined,
  fits: (value: number) => Promise<boolean>,
): Promise<number> {
  const value = middle(low, high)
  if (value === undefined) return low
  return (await fits(value)) ? bisect(value, high, middle, fits) : bisect(low, value, middle, fits)
}

/** One way to change a layer: operations that it saves, and what it does to the results of the network. */
export interface Choice {
  readonly saved: number
  readonly harm: number
}

/** Harms are counts of few pictures: what does less than this is no better for it. */
const LEAST_HARM = 1

/**
 * The way from no layer changed to all of them: by step, the choice of each layer, -1 for none. Each step changes the
 * choice of one layer for one that saves more, that which saves most for the harm that it adds.
 */
export function greedyPath(layers: readonly (readonly Choice[])[]): number[][] {
  const path = [layers.map(() => -1)]
  for (;;) {
    const at = path.at(-1)!
    let best = { rate: 0, layer: -1, choice: -1 }
    for (const [layer, choices] of layers.entries()) {
      const now = choices[at[layer]!] ?? { saved: 0, harm: 0 }
      for (const [choice, { saved, harm }] of choices.entries()) {
        const rate = (saved - now.saved) / Math.max(harm - now.harm, LEAST_HARM)
        if (rate > best.rate) best = { rate, layer, choice }
      }
    }
    if (best.layer < 0) return path
    path.push(at.with(best.layer, best.choice))
  }
}

/** Of the choices, those of which no other saves as much for as little harm. */
export function undominated<T extends Choice>(choices: readonly T[]): T[] {
  return choices.filter(
    ({ saved, harm }, i) =>
      !choices.some(
        (other, j) => other.saved >= saved && other.harm <= harm && (other.saved > saved || other.harm < harm || j < i),
      ),
  )
}
