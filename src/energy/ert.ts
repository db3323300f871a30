// Energy reference tables of Accelergy (Wu, Emer and Sze, ICCAD 2019), in picojoules:
// ERT: {version, tables: [{name: system.buffer[0..3], actions: [{name, arguments, energy}]}]}

import { z } from 'zod'
import { header } from '../config/load.ts'
import type { EnergyTable, Price } from './table.ts'

const action = z.object({
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()).nullish(),
  energy: z.number().min(0, { error: 'expected an energy of at least 0 (pJ)' }),
})

const component = z.object({ name: z.string(), actions: z.array(action) })

export const ertSchema = z.strictObject({
  ...header,
  ERT: z.object({ version: z.union([z.string(), z.number()]), tables: z.array(component) }),
})

/**
 * The prices of an ERT. A component goes by its full name without instance range and, where no other ends
 * alike, by the last part of that name. Of an action listed for several arguments the dearest counts.
 */
export function pricesOfErt({ ERT, ...head }: z.infer<typeof ertSchema>): Omit<EnergyTable, 'file'> {
  const fullNames = ERT.tables.map(({ name }) => name.replaceAll(/\[[^\]]*\]/g, ''))
  const lastParts = fullNames.map((name) => name.slice(name.lastIndexOf('.') + 1))
  const unique = (name: string) => lastParts.filter((other) => other === name).length === 1
  const actions = ERT.tables.flatMap(({ actions }, index) => {
    const prices = pricesOf(actions)
    const [full = '', last = ''] = [fullNames[index], lastParts[index]]
    return unique(last) ? [[full, prices] as const, [last, prices] as const] : [[full, prices] as const]
  })
  const citation = `Accelergy energy reference table, version ${ERT.version}`
  return { ...head, actions: Object.fromEntries(actions), static: {}, area: {}, sources: { ert: citation } }
}

function pricesOf(actions: readonly z.infer<typeof action>[]): Readonly<Record<string, Price>> {
  const dearest = new Map<string, number>()
  for (const { name, energy } of actions) dearest.set(name, Math.max(energy, dearest.get(name) ?? 0))
  const prices = [...dearest].map(([name, picojoules]): [string, Price] => [
    name,
    { energy: picojoules / 1e12, kind: 'derived', source: 'ert' },
  ])
  return Object.fromEntries(prices)
}
