// Dumps: the statistics of a variant, at the end of its run or at a cycle on the way there.

import { leaves } from './csv.ts'
import { pathPattern } from './figures.ts'
import { names } from './names.ts'
import type { LayerResult, VariantResult } from './result.ts'
import { layerStatistics, type Statistic, type StatisticsOf, type Unit, variantStatistics } from './stats-table.ts'

export interface Stat {
  readonly name: string
  readonly value: number
  readonly unit: Unit
  readonly description: string
  /** Of an element of a vector: its part of the whole, and that of all up to it. */
  readonly share?: readonly [own: number, upTo: number]
}

export interface Dump {
  readonly variant: string
  /** Cycles that had passed. */
  readonly cycle: number
  /** Whether the run had ended. */
  readonly final: boolean
  readonly stats: readonly Stat[]
}

/** What is known of a variant, with figures that are of one of `images`. */
export type Known = Pick<VariantResult, 'name' | 'totalCycles'> &
  Partial<VariantResult> & { readonly layers: readonly LayerResult[] }

/** Those that end a variant's run. */
export const finalDump = (variant: VariantResult): Dump => dumpOf(variant, variant.images, true)

/** `images` is what figures of one image are multiplied by. */
export function dumpOf({ layers, ...variant }: Known, images: number, final: boolean): Dump {
  const { name, totalCycles } = variant
  const stats = [
    { name: `simVariant::${word(name)}`, value: 1, unit: 'Count', description: 'Name of the variant' } as const,
    ...statsOf(variant, variantFinder, '', images),
    ...layers.flatMap((layer) => statsOf(layer, layerFinder, `${word(layer.name)}.`, images)),
  ]
  return { variant: name, cycle: totalCycles, final, stats }
}

/** A name without what ends or divides names in a line of statistics. */
const word = (name: string): string =>
  name.replaceAll(/[\s#%:]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`)

type Table = StatisticsOf<Record<string, unknown>>

/** Finds the statistic of a figure by its path, and what stands in braces there. */
class Finder {
  readonly rules: readonly { readonly pattern: RegExp; readonly rule: Statistic }[]
  private readonly found = new Map<string, { readonly rule: Statistic; readonly own: string } | null>()

  constructor(table: Table) {
    this.rules = Object.entries(table).flatMap(([key, rule]) =>
      typeof rule === 'string' ? [] : [{ pattern: pathPattern(key), rule }],
    )
  }

  /** Null where the figure is no statistic. */
  find(path: string): { readonly rule: Statistic; readonly own: string } | null {
    const known = this.found.get(path)
    if (known !== undefined) return known
    const first = this.rules.find(({ pattern }) => pattern.test(path))
    const match = first === undefined ? null : { rule: first.rule, own: first.pattern.exec(path)![1] ?? '' }
    this.found.set(path, match)
    return match
  }
}

const variantFinder = new Finder(variantStatistics)
const layerFinder = new Finder(layerStatistics)

/** In the order of the table. */
function statsOf(figures: object, finder: Finder, prefix: string, images: number): Stat[] {
  const byRule = new Map(finder.rules.map(({ rule }): [Statistic, Stat[]] => [rule, []]))
  for (const [path, value] of leaves(figures)) {
    const match = value === null ? null : finder.find(path)
    if (match === null) continue
    const { rule, own } = match
    byRule.get(rule)!.push({ ...described(rule, own, prefix), value: totalOf(value, rule, images) })
  }
  return [...byRule].flatMap(([rule, stats]) =>
    rule.parts === true && stats.length > 0 ? shared(stats, described(rule, 'total', prefix)) : stats,
  )
}

function totalOf(value: string | number | null, { perImage, unit }: Statistic, images: number): number {
  if (typeof value !== 'number') return value === 'true' ? 1 : 0
  if (perImage === undefined) return value
  return unit === 'Joule' ? value * images : counted(value * images)
}

/** Of counts, which are whole: what dividing by images and multiplying again takes off them. */
const ROUNDING = 1e-12

function counted(value: number): number {
  const whole = Math.round(value)
  return Math.abs(value - whole) <= ROUNDING * Math.abs(whole) ? whole : value
}

function described({ name, unit, description }: Statistic, own: string, prefix: string): Omit<Stat, 'value'> {
  const meaning = own === '' ? undefined : meaningOf(name, own)
  return {
    name: prefix + name.replace('{}', word(own)),
    unit,
    description: meaning === undefined ? description : `${description}: ${meaning}`,
  }
}

/** What `own` stands for, in a few words, where it does not say so. */
function meaningOf(name: string, own: string): string | undefined {
  if (name.startsWith('mem.')) return names.level[own]?.label ?? own
  return name.startsWith('stalls::') ? names.reason[own]?.meaning : undefined
}

/** With shares of the whole, and the whole behind them. */
function shared(stats: readonly Stat[], total: Omit<Stat, 'value'>): Stat[] {
  const whole = stats.reduce((sum, { value }) => sum + value, 0)
  let upTo = 0
  const elements = stats.map((stat): Stat => {
    if (whole === 0) return stat
    upTo += stat.value / whole
    return { ...stat, share: [stat.value / whole, upTo] }
  })
  return [...elements, { ...total, value: counted(whole) }]
}
