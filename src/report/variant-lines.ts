// What a text report says of a variant below its tables, a line each; empty where there is nothing to say.

import { variantFigures } from './figures.ts'
import { resourceNames } from './resource-figures.ts'
import type { Spread, VariantResult } from './result.ts'
import { counted, fixed, number, numbers, percent, unbroken, wrapped } from './table.ts'

export function outsideLine({ outside }: VariantResult): string {
  if (outside === undefined) return ''
  const { layers, steps, macs } = outside
  const part = `${counted(layers, 'layer')}, ${percent(macs)} % of the multiply-accumulates, and ${counted(steps, 'other step')}`
  return wrapped(`Left to a host, and in none of these figures: ${part}.`)
}

export function spreadLine({ spread }: VariantResult): string {
  if (spread === undefined || spread.cycles.deviation + spread.neededMacs.deviation === 0) return ''
  const range = ({ least, most, deviation }: Spread): string =>
    `${fixed(least, 0)} to ${fixed(most, 0)}, deviation ${fixed(deviation, 0)}`
  return wrapped(`Images differ: cycles ${range(spread.cycles)}; needed MACs ${range(spread.neededMacs)}.`)
}

/** The split, and the parts of at least a hundredth, the largest first. */
export function energyLine({ energyPerImageJoules: total, energy, staticEnergy }: VariantResult): string {
  const { unit, scale } = variantFigures.energyPerImageJoules.shown
  const still = Object.values(staticEnergy).reduce((sum, part) => sum + part, 0)
  const [all, moving, standing] = numbers([total, total - still, still].map((joules) => joules * scale))
  const parts = Object.entries(energy)
    .filter(([, joules]) => joules > 0 && joules >= total / 100)
    .sort(([, a], [, b]) => b - a)
    .map(([component, joules]) => unbroken(`${component} ${percent(joules / total)} %`))
  const split = `${moving} dynamic, in the layers, and ${standing} static, drawn all the time`
  return wrapped(`Energy: ${all} ${unit}, ${split}. Mostly ${parts.join(', ')}.`)
}

export function resourceLine({ resources }: VariantResult): string {
  if (resources === undefined) return ''
  const parts = resourceNames.map((name) => {
    const { used, available } = resources[name]
    return unbroken(`${number(used)} of ${number(available)} ${name.toUpperCase()} (${percent(used / available)} %)`)
  })
  return wrapped(`Resources of the ${resources.device}: ${parts.join(', ')}.`)
}

export function checkLine({ lossy, checked: { tensors, values, mismatches, deviation } }: VariantResult): string {
  if (tensors === 0) return wrapped('Values: none was compared with the golden evaluation.')
  const golden = lossy ? 'the evaluation of the network that its passes leave' : 'the golden evaluation'
  const verdict = mismatches === 0 ? `all equal to ${golden}` : `${number(mismatches)} NOT equal to ${golden}`
  const apart =
    deviation === 0
      ? ''
      : ` Sums of reals are rounded in another order: scores differ by up to ${deviation.toExponential(1)} of the largest.`
  return wrapped(`Values: ${counted(tensors, 'tensor')}, ${counted(values, 'value')}, ${verdict}.${apart}`)
}
