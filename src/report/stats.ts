// Statistics of runs for scripts that read gem5's `stats.txt`, and the same as JSON.
//
// Lines are laid out as gem5's text output is (its src/base/stats/text.cc): the name in 40 columns, the value in 12, the share
// and the sum of shares of an element in 10 each, the description and the unit.

import type { ResultDocument } from './result.ts'
import { type Dump, finalDump, type Stat } from './stats-dump.ts'

const BEGIN = '\n---------- Begin Simulation Statistics ----------\n'
const END = '\n---------- End Simulation Statistics   ----------\n'

/** Digits of values that are not whole. */
const DIGITS = 9
const FEWEST_DECIMALS = 6

/** Dumps of each variant in turn: those of `samples` that are its, and the one of its end. */
export const dumpsOf = ({ variants }: ResultDocument, samples: readonly Dump[] = []): Dump[] =>
  variants.flatMap((variant) => [...samples.filter((sample) => sample.variant === variant.name), finalDump(variant)])

/** A block for each dump. */
export const statsText = (dumps: readonly Dump[]): string =>
  dumps.map(({ stats }) => `${BEGIN}${stats.map(line).join('')}${END}`).join('')

/** `bnnsim-stats/1`: values by name in each dump, and once for all what the names mean. */
export function statsJson({ experiment, version }: ResultDocument, dumps: readonly Dump[]): string {
  const meanings = new Map<string, Pick<Stat, 'unit' | 'description'>>()
  for (const { stats } of dumps)
    for (const { name, unit, description } of stats) meanings.set(name, { unit, description })
  const rows = dumps.map(({ variant, cycle, final, stats }) => {
    const values = Object.fromEntries(stats.map(({ name, value }) => [name, value]))
    return `    ${JSON.stringify({ variant, cycle, final, stats: values })}`
  })
  const names = [...meanings].map(([name, meaning]) => `    ${JSON.stringify(name)}: ${JSON.stringify(meaning)}`)
  const head = { format: 'bnnsim-stats/1', experiment, version }
  const entries = Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`)
  return `{\n${entries.join('')}  "dumps": [\n${rows.join(',\n')}\n  ],\n  "statistics": {\n${names.join(',\n')}\n  }\n}\n`
}

function line({ name, value, unit, description, share }: Stat): string {
  const [own = '', upTo = ''] = share?.map((part) => `${(100 * part).toFixed(2)}%`) ?? []
  return `${name.padEnd(40)} ${valueText(value).padStart(12)} ${own.padStart(10)} ${upTo.padStart(10)} # ${description} (${unit})\n`
}

/** Never with an exponent: scripts look for digits and a point. */
function valueText(value: number): string {
  if (Number.isInteger(value)) return value.toFixed(0)
  const decimals = DIGITS - 1 - Math.floor(Math.log10(Math.abs(value)))
  return value.toFixed(Math.min(100, Math.max(FEWEST_DECIMALS, decimals)))
}
