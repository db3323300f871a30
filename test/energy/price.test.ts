import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { checkPrices, price, priceOf } from '../../src/energy/price.ts'
import { loadEnergyTable } from '../../src/energy/table.ts'
import type { Count } from '../../src/sim/counters.ts'
import { problem } from '../config/files.ts'

const table = loadEnergyTable('zynq-28nm')
const one = (component: string, action: string, count: number, layer = 'a'): Count => ({
  layer,
  component,
  action,
  count,
})

describe('price', () => {
  it('is zero for nothing', () => {
    expect(price([], 0, table, [])).toEqual({ total: 0, dynamic: 0, static: 0, components: {}, layers: {} })
  })

  it('is count times price for one count, and power times time for one component', () => {
    expect(price([one('lut', 'active', 1000)], 5, table, [])).toEqual({
      total: 1000 * 0.4e-12,
      dynamic: 1000 * 0.4e-12,
      static: 0,
      components: { lut: { dynamic: 1000 * 0.4e-12, static: 0 } },
      layers: { a: { lut: 1000 * 0.4e-12 } },
    })
    expect(price([], 0.5, table, ['processing-system'], { xc7z045: 0.22 })).toEqual({
      total: 0.11 + 0.7,
      dynamic: 0,
      static: 0.11 + 0.7,
      components: { 'processing-system': { dynamic: 0, static: 0.7 }, xc7z045: { dynamic: 0, static: 0.11 } },
      layers: {},
    })
  })

  it('adds a component up over its actions and layers, and one named twice twice', () => {
    const counts = [one('ramb18', 'read', 3), one('ramb18', 'write', 2), one('ramb18', 'read', 5, 'b')]
    const energy = price(counts, 1, table, ['ddr3-chip', 'ddr3-chip'])
    expect(energy.components.ramb18?.dynamic).toBeCloseTo(10 * 10e-12, 24)
    expect(energy.components['ddr3-chip']).toEqual({ dynamic: 0, static: 0.14 })
    expect(energy.layers.a?.ramb18).toBeCloseTo(5 * 10e-12, 24)
    expect(energy.layers.b?.ramb18).toBeCloseTo(5 * 10e-12, 24)
  })

  it('moves a picture over DDR3 for the sum of its parts', () => {
    const bits = 8 * 32 * 32 * 3
    const counts = [one('dram', 'readBit', bits), one('dram-phy', 'bit', bits), one('dram', 'activate', bits / 512)]
    // 11.0 + 7.5 + 3.3 pJ a bit when every activation serves 64 bytes.
    expect(price(counts, 0, table, []).total).toBeCloseTo(bits * 21.8e-12, 18)
  })

  it('costs nothing for what is declared free, but names it', () => {
    expect(price([one('ff', 'clocked', 1e9)], 1, table, []).components).toEqual({ ff: { dynamic: 0, static: 0 } })
  })

  it('splits into components and layers that sum to the whole, and is linear', () => {
    const random = seedrandom('price')
    const actions = Object.entries(table.actions).flatMap(([component, of]) =>
      Object.keys(of).map((action) => [component, action] as const),
    )
    for (let round = 0; round < 50; round++) {
      const counts = Array.from({ length: 1 + Math.floor(random() * 30) }, () => {
        const [component, action] = actions[Math.floor(random() * actions.length)]!
        return one(component, action, Math.floor(random() * 1e6), `layer${Math.floor(random() * 4)}`)
      })
      const energy = price(counts, 1e-3, table, ['processing-system', 'ddr3-chip'], { xc7z020: 0.15 })
      const components = Object.values(energy.components)
      const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
      expect(sum(components.map((part) => part.dynamic + part.static))).toBeCloseTo(energy.total, 15)
      expect(sum(Object.values(energy.layers).flatMap((parts) => Object.values(parts)))).toBeCloseTo(energy.dynamic, 15)
      expect(energy.dynamic + energy.static).toBeCloseTo(energy.total, 15)
      const doubled = counts.map((count) => ({ ...count, count: 2 * count.count }))
      expect(price(doubled, 0, table, []).total).toBeCloseTo(2 * energy.dynamic, 15)
    }
  })

  it.each([
    [
      () => price([one('lut', 'actve', 1)], 1, table, []),
      "actions.lut.actve: energy table 'zynq-28nm' has no price for it, and it is not declared free; did you mean 'lut.active'?",
    ],
    [
      () => priceOf(table, 'constructor', 'name'),
      "actions.constructor.name: energy table 'zynq-28nm' has no price for it, and it is not declared free",
    ],
    [
      () => price([], 1, table, ['ddr3-chp']),
      "static.ddr3-chp: energy table 'zynq-28nm' has no price for it; did you mean 'ddr3-chip'?",
    ],
    [
      () => checkPrices(table, [{ component: 'lut', action: 'actve' }], []),
      "actions.lut.actve: energy table 'zynq-28nm' has no price for it, and it is not declared free; did you mean 'lut.active'?",
    ],
  ])('refuses what the table does not price: %#', (run, message) => {
    expect(problem(run)).toBe(`configs/energy/zynq-28nm.yaml: ${message}`)
  })
})
