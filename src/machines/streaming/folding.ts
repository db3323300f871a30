// Which foldings a layer can have, and checks of those that a configuration gives.

import { InputError } from '../../work/input-error.ts'
import type { FoldedLayer } from './netlist.ts'
import type { LayerPlan } from './plan.ts'
import type { Folding } from './spec.ts'

/** PEs must divide the rows of the layer's matrix. */
export const rowsToFold = (plan: LayerPlan): number => plan.matrix.rows

/** SIMD must divide the elements of a pixel, or of the whole vector of a dense layer. */
export const columnsToFold = (plan: LayerPlan): number => plan.inChannels

export const divisors = (n: number): number[] => {
  const found: number[] = []
  for (let d = 1; d <= n; d++) if (n % d === 0) found.push(d)
  return found
}

/** Steps that the layer's matrix-vector unit takes for an image: its interval when nothing holds it up. */
export const foldCycles = (plan: LayerPlan, { pe, simd }: { pe: number; simd: number }): number =>
  plan.outputs ** 2 * (plan.matrix.rows / pe) * (plan.matrix.columns / simd)

/** Joins plans and foldings; throws InputError where a folding does not divide its layer. */
export function checkFolding(plans: readonly LayerPlan[], foldings: readonly Folding[]): FoldedLayer[] {
  if (foldings.length !== plans.length)
    throw new InputError(
      `${foldings.length} entries for the ${plans.length} layers of the network (${plans.map((p) => p.name).join(', ')})`,
      { key: 'machine.folding' },
    )
  return plans.map((plan, i) => {
    const folding = foldings[i]!
    check(plan, folding.pe, rowsToFold(plan), `machine.folding.${i}.pe`)
    check(plan, folding.simd, columnsToFold(plan), `machine.folding.${i}.simd`)
    return { plan, folding }
  })
}

function check(plan: LayerPlan, value: number, whole: number, key: string): void {
  if (whole % value === 0) return
  const all = divisors(whole)
  const below = all.findLast((d) => d < value)
  const above = all.find((d) => d > value)
  const near = [below, above].filter((d) => d !== undefined).join(' or ')
  throw new InputError(`${value} does not divide the ${whole} of layer ${plan.name}; nearest: ${near}`, { key })
}
