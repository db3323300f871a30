// Multiplications of ReActNets against the numbers that A&B BNN (Ma et al., CVPR 2024) says it removes.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadNetwork } from '../../src/model/load.ts'
import { type MultiplicationRole, type MultiplicationRow, multiplicationsOf } from '../../src/work/multiplications.ts'

/** Shapes of these networks are multiples of 112 x 112 in all that is counted but stem and classifier. */
const UNIT = 112 ** 2

const known = new Map<string, readonly MultiplicationRow[]>()

function rowsOf(name: string): readonly MultiplicationRow[] {
  const rows = known.get(name) ?? multiplicationsOf(loadNetwork(name))
  known.set(name, rows)
  return rows
}

const sumOf = (name: string, key: 'counted' | 'published', ...roles: readonly MultiplicationRole[]) =>
  rowsOf(name)
    .filter(({ role }) => roles.length === 0 || roles.includes(role))
    .reduce((sum, row) => sum + row[key], 0)

/** Millions as published; the exact number and its parts, in units, are derived. */
const published = [
  {
    name: 'reactnet-18',
    millions: '22.37',
    exact: 22_365_952,
    parts: { normalisation: 120, slope: 120, pool: 7, shortcut: 1536 },
  },
  { name: 'reactnet-a', millions: '10.79', exact: 10_787_840, parts: { normalisation: 370, slope: 370, pool: 120 } },
  { name: 'reactnet-18-nf', millions: '4.60', exact: 4_603_648, parts: { scale: 120, mask: 120, slope: 120, pool: 7 } },
  {
    name: 'reactnet-a-nf',
    millions: '14.65',
    exact: 14_651_392,
    parts: { scale: 370, mask: 308, slope: 370, pool: 120 },
  },
] as const

describe.each(published)('$name', ({ name, millions, exact, parts }) => {
  it(`has the published ${millions} M by the published convention`, () => {
    expect((sumOf(name, 'published') / 1e6).toFixed(2)).toBe(millions)
    expect(sumOf(name, 'published')).toBe(exact)
  })

  it('has them in the parts that the rule was derived from', () => {
    for (const [role, units] of Object.entries(parts))
      expect(sumOf(name, 'published', role as MultiplicationRole) / UNIT, role).toBe(units)
  })
})

/** Nothing left out, each node as it is written. */
const natural = [
  ['reactnet-18', 141_870_848],
  ['reactnet-a', 21_923_328],
  ['reactnet-18-nf', 123_280_640],
  ['reactnet-a-nf', 25_360_384],
] as const

it.each(natural)('%s takes %i multiplications in all', (name, all) => {
  expect(sumOf(name, 'counted')).toBe(all)
})

it('docs/networks.md shows these figures', () => {
  const text = readFileSync(new URL('../../docs/networks.md', import.meta.url), 'utf8')
  const all = new Map<string, number>(natural)
  for (const { name, millions, exact } of published)
    expect(text).toContain(
      `| \`${name}\` | ${millions} M | ${exact.toLocaleString('en')} | ${all.get(name)!.toLocaleString('en')} |`,
    )
})

it('stems and classifiers, left out by the convention, are most of them', () => {
  const ends = (name: string) => sumOf(name, 'counted', 'stem', 'classifier')
  expect(ends('reactnet-18-nf')).toBe(64 * UNIT * 7 * 7 * 3 + 1000 * 512 + 512)
  expect(ends('reactnet-a-nf')).toBe(32 * UNIT * 3 * 3 * 3 + 1000 * 1024 + 1024)
})

it('masks read 398 units of reals in ReActNet-A, of which 92 are multiplied by 1', () => {
  expect(sumOf('reactnet-a-nf', 'counted', 'mask')).toBe((398 - 92) * UNIT)
  expect(sumOf('reactnet-18-nf', 'counted', 'mask')).toBe((134 - 16) * UNIT)
})
