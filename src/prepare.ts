// A variant made ready to run: all that can be wrong with it shows here, before anything is simulated.

import type { Common } from './common.ts'
import { type Experiment, located, type Variant } from './config/experiment.ts'
import { checkPrices } from './energy/price.ts'
import { type EnergyTable, loadEnergyTable } from './energy/table.ts'
import { machines } from './machines/index.ts'
import type { Lowered } from './machines/machine.ts'
import { applyPasses, isLossy } from './opt/index.ts'
import type { Network } from './work/network.ts'
import type { Workload } from './work/workload.ts'

export interface Prepared {
  readonly variant: Variant
  /** What the machine's values must equal: the network's own where all passes are exact. */
  readonly expected: Workload
  /** Whether a pass may change values. */
  readonly lossy: boolean
  readonly machine: Lowered
  readonly table: EnergyTable
  /** Passes that change nothing in the network. */
  readonly idle: readonly string[]
  /** What the machine is made of. */
  readonly design: Readonly<Record<string, string>>
}

/** Network to workload, through the passes, onto the machine; and the prices of what it will count. */
export function prepare(experiment: Experiment, network: Network, variant: Variant, common: Common): Prepared {
  const table = loadEnergyTable(variant.energy)
  const { passes } = variant
  const plain = located(experiment, variant.name, 'network', () => common.workload(network))
  const entry = `variants[${experiment.variants.indexOf(variant)}].passes`
  const idle: string[] = []
  const applied = () => applyPasses(plain, passes, undefined, (pass) => idle.push(pass))
  const work = passes.length === 0 ? plain : located(experiment, variant.name, entry, applied)
  const machine = located(experiment, variant.name, 'network', () => lower(work, variant))
  checkPrices(table, machine.actions, machine.staticComponents)
  const { kind, spec } = variant.machine
  const design = machines[kind]!.design?.(spec) ?? {}
  const lossy = isLossy(passes)
  return { variant, expected: lossy ? work : plain, lossy, machine, table, idle, design }
}

const lower = (work: Workload, { machine: { kind, spec } }: Variant): Lowered => machines[kind]!.lower(work, spec)
