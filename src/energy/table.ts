// Energy tables: what each action of each component costs, and what components draw at all times.

import { z } from 'zod'
import { checkSources, type Kind, provenance, sources } from '../config/cited.ts'
import { findConfig, header, loadWritten, pathFrom } from '../config/load.ts'
import { deepFreeze, type Mapping, parseWritten, placeAt, shownPath } from '../config/written.ts'
import { area, energy, power } from '../work/quantity.ts'
import { ertSchema, pricesOfErt } from './ert.ts'

export interface Price {
  /** Joules for one count; 0 where the action is declared free. */
  readonly energy: number
  /** What one count stands for. */
  readonly per?: string
  readonly kind: Kind
  readonly source: string
}

export interface StaticPower {
  /** Watts. */
  readonly power: number
  readonly kind: Kind
  readonly source: string
}

export interface Area {
  /** Square millimetres. */
  readonly area: number
  readonly kind: Kind
  readonly source: string
}

export interface EnergyTable {
  readonly name: string
  readonly title?: string
  /** File that it was read from, as messages show it. */
  readonly file: string
  /** Price by component and action. */
  readonly actions: Readonly<Record<string, Readonly<Record<string, Price>>>>
  readonly static: Readonly<Record<string, StaticPower>>
  /** For reports; nothing is priced by it. */
  readonly area: Readonly<Record<string, Area>>
  /** Citations by the short names that `source` uses. */
  readonly sources: Readonly<Record<string, string>>
}

const per = { per: z.string().exactOptional() }
const priced = z.strictObject({ energy: energy(), ...per, ...provenance })
const free = z.strictObject({ free: z.literal(true), ...per, ...provenance })
const price = z.union([priced, free]).transform((entry): Price => {
  if ('energy' in entry) return entry
  const { free: _, ...rest } = entry
  return { ...rest, energy: 0 }
})

export const energyTableSchema = z
  .strictObject({
    ...header,
    sources,
    /** Path of an Accelergy ERT whose prices go before those of `actions`. */
    ert: z.string().exactOptional(),
    actions: z.record(z.string(), z.record(z.string(), price)),
    static: z.record(z.string(), z.strictObject({ power: power(), ...provenance })).default({}),
    area: z.record(z.string(), z.strictObject({ area: area(), ...provenance })).default({}),
  })
  .superRefine(checkSources)

/** A table by the name of a shipped one or the path of a YAML file: one of ours, or an Accelergy ERT. */
export function loadEnergyTable(reference: string): EnergyTable {
  const file = shownPath(findConfig('energy', reference, { key: '' }))
  const tree = loadWritten('energy', reference)
  return deepFreeze({
    ...(tree.entries.has('ERT') ? pricesOfErt(parseWritten(ertSchema, tree)) : ownTable(tree)),
    file,
  })
}

function ownTable(tree: Mapping): Omit<EnergyTable, 'file'> {
  const { ert, ...table } = parseWritten(energyTableSchema, tree)
  if (ert === undefined) return table
  const place = placeAt(tree, ['ert'])
  const prices = pricesOfErt(parseWritten(ertSchema, loadWritten('energy', pathFrom(place, ert))))
  const actions: Record<string, Readonly<Record<string, Price>>> = { ...table.actions }
  for (const [component, own] of Object.entries(prices.actions)) actions[component] = { ...actions[component], ...own }
  return { ...table, actions, sources: { ...table.sources, ...prices.sources } }
}
