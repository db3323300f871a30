// Energy = counts times prices, plus static power times time.

import type { Count } from '../sim/counters.ts'
import { didYouMean, InputError } from '../work/input-error.ts'
import type { EnergyTable, Price, StaticPower } from './table.ts'

export interface ComponentEnergy {
  readonly dynamic: number
  readonly static: number
}

/** Dynamic energy of a component for a layer. */
interface PricedWork {
  readonly layer: string
  readonly component: string
  readonly joules: number
}

/** Joules. */
export interface Energy {
  readonly total: number
  readonly dynamic: number
  readonly static: number
  /** By component; the parts sum to the total. */
  readonly components: Readonly<Record<string, ComponentEnergy>>
  /** Dynamic energy by layer and component. */
  readonly layers: Readonly<Record<string, Readonly<Record<string, number>>>>
}

/** Throws InputError for the first action or component that the table does not price: before anything is run. */
export function checkPrices(
  table: EnergyTable,
  actions: readonly Pick<Count, 'component' | 'action'>[],
  staticComponents: readonly string[],
): void {
  for (const { component, action } of actions) priceOf(table, component, action)
  for (const component of staticComponents) staticOf(table, component)
}

/**
 * Prices what a run of `seconds` counted. `staticComponents` draw their power all the time; one that is
 * there twice is named twice. `ownPower` (watts) and `ownEnergy` are of what the table does not know. Throws InputError
 * for a count or component that the table does not price.
 */
export function price(
  counts: readonly Count[],
  seconds: number,
  table: EnergyTable,
  staticComponents: readonly string[],
  ownPower: Readonly<Record<string, number>> = {},
  ownEnergy: readonly PricedWork[] = [],
): Energy {
  const dynamic = new Map<string, number>()
  const layers = new Map<string, Map<string, number>>()
  const priced = counts.map(({ layer, component, action, count }): PricedWork => {
    return { layer, component, joules: count * priceOf(table, component, action).energy }
  })
  for (const { layer, component, joules } of [...priced, ...ownEnergy]) {
    add(dynamic, component, joules)
    if (!layers.has(layer)) layers.set(layer, new Map())
    add(layers.get(layer)!, component, joules)
  }
  const still = new Map<string, number>()
  for (const component of staticComponents) add(still, component, staticOf(table, component).power * seconds)
  for (const [component, watts] of Object.entries(ownPower)) add(still, component, watts * seconds)
  const names = [...new Set([...dynamic.keys(), ...still.keys()])]
  const components = names.map((name): [string, ComponentEnergy] => [
    name,
    { dynamic: dynamic.get(name) ?? 0, static: still.get(name) ?? 0 },
  ])
  return {
    total: sum(dynamic) + sum(still),
    dynamic: sum(dynamic),
    static: sum(still),
    components: Object.fromEntries(components),
    layers: Object.fromEntries([...layers].map(([layer, parts]) => [layer, Object.fromEntries(parts)])),
  }
}

/** Price of one action; InputError where the table has none. */
export function priceOf(table: EnergyTable, component: string, action: string): Price {
  const found = own(own(table.actions, component), action)
  if (found !== undefined) return found
  const known = Object.entries(table.actions).flatMap(([name, actions]) =>
    Object.keys(actions).map((one) => `${name}.${one}`),
  )
  throw missing(table, 'actions', `${component}.${action}`, known, ', and it is not declared free')
}

function staticOf(table: EnergyTable, component: string): StaticPower {
  const found = own(table.static, component)
  if (found !== undefined) return found
  throw missing(table, 'static', component, Object.keys(table.static), '')
}

function missing(table: EnergyTable, part: string, name: string, known: readonly string[], detail: string) {
  const problem = `energy table '${table.name}' has no price for it${detail}${didYouMean(name, known)}`
  return new InputError(problem, { file: table.file, key: `${part}.${name}` })
}

const own = <T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined

const add = (sums: Map<string, number>, key: string, value: number): unknown =>
  sums.set(key, (sums.get(key) ?? 0) + value)

const sum = (parts: ReadonlyMap<string, number>): number => [...parts.values()].reduce((total, one) => total + one, 0)
