// The energy tables of cores: each prices what its core counts, and follows the voltage that it names.

import { describe, expect, it } from 'vitest'
import { loadCore } from '../../src/config/core.ts'
import { listConfigs, loadWritten } from '../../src/config/load.ts'
import { plain } from '../../src/config/written.ts'
import { checkPrices, priceOf } from '../../src/energy/price.ts'
import { loadEnergyTable } from '../../src/energy/table.ts'
import { countsOf, staticComponents } from '../../src/machines/arm/figures.ts'
import { ArmSystem } from '../../src/machines/arm/system.ts'

interface ArmMachine {
  readonly kind: string
  readonly core: string | { readonly energy?: string }
}

const cores = listConfigs('cores').map(({ name }) => name)
const machines = listConfigs('machines')
  .map(({ name }) => ({ name, ...(plain(loadWritten('machines', name)) as ArmMachine) }))
  .filter(({ kind }) => kind === 'arm')

const tableOf = ({ core }: ArmMachine): string => (typeof core === 'string' ? loadCore(core).energy : core.energy!)

describe('an energy table prices every action', () => {
  const actions = countsOf(new ArmSystem(loadCore('cortex-a53')))

  it.each(cores)('of core %s', (core) => {
    expect(() => checkPrices(loadEnergyTable(loadCore(core).energy), actions, staticComponents)).not.toThrow()
  })

  it.each(machines)('of machine $name', (machine) => {
    expect(() => checkPrices(loadEnergyTable(tableOf(machine)), actions, staticComponents)).not.toThrow()
  })
})

it('mobile-in-order has a table of its own, of C times V squared on the line through two published voltages', () => {
  const table = tableOf(machines.find(({ name }) => name === 'mobile-in-order')!)
  expect(table).toBe('cortex-a53-mobile-28nm')
  const volts = 1.0 + ((1.5 - 1.2) / (1.416 - 1.2)) * (1.125 - 1.0)
  expect(priceOf(loadEnergyTable(table), 'core', 'cycle').energy).toBeCloseTo(100e-12 * volts ** 2, 12)
  expect(priceOf(loadEnergyTable('cortex-a53-28nm'), 'core', 'cycle').energy).toBeCloseTo(100e-12, 12)
})
