import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadDevice } from '../../src/config/device.ts'
import { priceOf } from '../../src/energy/price.ts'
import { loadEnergyTable } from '../../src/energy/table.ts'
import { exactly, problem, withFiles } from '../config/files.ts'

const load = (text: string) => {
  const folder = withFiles({ 't.yaml': text })
  return { folder, table: () => loadEnergyTable(join(folder, 't.yaml')) }
}

describe('zynq-28nm', () => {
  const table = loadEnergyTable('zynq-28nm')
  const idle = loadDevice('xc7z045').staticPower.value

  it('explains every price and cites its source', () => {
    for (const actions of Object.values(table.actions)) {
      for (const price of Object.values(actions)) {
        expect(price.per).toMatch(/\w/)
        expect(table.sources).toHaveProperty([price.source])
      }
    }
  })

  // Chip power of FINN accelerators on XC7Z045 at 200 MHz (FPGA 2017, rows recalled): W, LUT, BRAM36.
  it.each([
    [3.6, 46_253, 186],
    [8.8, 82_988, 396],
  ])(
    'with all LUT active and all block RAM read, explains a published %s W within a factor of two',
    (watts, luts, rams) => {
      const perClock = luts * priceOf(table, 'lut', 'active').energy + rams * priceOf(table, 'ramb36', 'read').energy
      const predicted = perClock * 200e6 + idle
      expect(predicted / watts).toBeGreaterThan(1 / 2)
      expect(predicted / watts).toBeLessThan(2)
    },
  )
})

describe('loadEnergyTable', () => {
  it('takes changes over a shipped table', () => {
    const { table } = load(
      'extends: zynq-28nm\nactions: {lut: {active: {energy: 1 pJ}}, mine: {go: {free: true, kind: assumed, source: defaults}}}',
    )
    expect(priceOf(table(), 'lut', 'active')).toMatchObject({ energy: 1e-12, kind: 'derived' })
    expect(priceOf(table(), 'mine', 'go')).toEqual({ energy: 0, kind: 'assumed', source: 'defaults' })
    expect(Object.isFrozen(table().actions.lut)).toBe(true)
  })

  it('reads areas', () => {
    const { table } = load('sources: {s: S}\nactions: {}\narea: {pe: {area: 430 um2, kind: measured, source: s}}')
    expect(table().area.pe?.area).toBe(0.00043)
  })

  it.each([
    ['actions: {}', 't.yaml:1: sources: missing; expected a mapping'],
    [
      'sources: {s: S}\nactions:\n  lut:\n    active: {energy: 3, kind: derived, source: s}',
      "t.yaml:4: actions.lut.active.energy: expected an energy such as '0.4 pJ', got 3",
    ],
    [
      'sources: {s: S}\nactions:\n  lut:\n    active: {energy: 3 pJ, kind: derived, source: t}',
      't.yaml:4: actions.lut.active.source: expected one of the file\'s sources (s), got "t"',
    ],
    [
      'sources: {s: S}\nactions:\n  lut:\n    active: {energy: 3 pJ, source: s}',
      't.yaml:4: actions.lut.active.kind: missing; expected one of measured, published, derived, assumed',
    ],
    [
      'sources: {s: S}\nactions: {}\nstatic:\n  pe: {power: 3 pJ, kind: derived, source: s}',
      't.yaml:4: static.pe.power: expected a power such as \'1.6 W\', got "3 pJ"',
    ],
  ])('refuses %#', (text, message) => {
    const { folder, table } = load(text)
    expect(problem(table, folder)).toMatch(exactly(message))
  })
})

const ert = `ERT:
  version: '0.4'
  tables:
    - name: system.chip.buffer[1..1]
      actions:
        - {name: read, arguments: {}, energy: 32.5}
        - {name: write, arguments: {address_delta: 0}, energy: 3}
        - {name: write, arguments: {address_delta: 1}, energy: 26}
    - name: system.chip.pe[0..15].mac[1..256]
      actions:
        - name: compute
          energy: 0.315
    - name: system.left.spad
      actions: [{name: read, arguments: null, energy: 1}]
    - name: system.right.spad
      actions: [{name: read, energy: 2}]
`

describe('Accelergy tables', () => {
  it('go before the prices of a table that names them', () => {
    const lut = "ERT: {version: '0.4', tables: [{name: system.fabric.lut, actions: [{name: active, energy: 0.25}]}]}"
    const folder = withFiles({ 'tables/lut.yaml': lut, 't.yaml': 'extends: zynq-28nm\nert: tables/lut.yaml' })
    const table = loadEnergyTable(join(folder, 't.yaml'))
    expect(priceOf(table, 'lut', 'active').energy).toBe(0.25e-12)
    expect(priceOf(table, 'lut', 'clocked').energy).toBe(0.12e-12)
    expect(table.static).toHaveProperty('processing-system')
    expect(table.sources).toHaveProperty('ert')
    expect(problem(() => load('extends: zynq-28nm\nert: zynq-28nm').table())).toMatch(/zynq-28nm/)
  })

  it('price components by full name and by an unambiguous last part', () => {
    const table = load(ert).table()
    expect(priceOf(table, 'buffer', 'read').energy).toBe(32.5e-12)
    expect(priceOf(table, 'system.chip.buffer', 'read').energy).toBe(32.5e-12)
    expect(priceOf(table, 'buffer', 'write').energy).toBe(26e-12)
    expect(priceOf(table, 'mac', 'compute').energy).toBe(0.315e-12)
    expect(priceOf(table, 'system.chip.pe.mac', 'compute').energy).toBe(0.315e-12)
    expect(priceOf(table, 'system.right.spad', 'read').energy).toBe(2e-12)
    expect(problem(() => priceOf(table, 'spad', 'read'))).toMatch(/actions\.spad\.read: .* has no price for it/)
    expect(table).toMatchObject({
      name: 't',
      static: {},
      sources: { ert: 'Accelergy energy reference table, version 0.4' },
    })
  })

  it.each([
    ['ERT: {version: 1}', 't.yaml:1: ERT.tables: missing; expected a list'],
    [ert.replace('32.5', 'much'), 't.yaml:6: ERT.tables[0].actions[0].energy: expected a number, got "much"'],
    [
      ert.replace('32.5', '-1'),
      't.yaml:6: ERT.tables[0].actions[0].energy: expected an energy of at least 0 (pJ), got -1',
    ],
    [`${ert}ART: {}`, "t.yaml:17: ART: unknown key 'ART'; did you mean 'ERT'?"],
  ])('refuse %#', (text, message) => {
    const { folder, table } = load(text)
    expect(problem(table, folder)).toMatch(exactly(message))
  })
})
