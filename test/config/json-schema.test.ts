import { expect, it } from 'vitest'
import { z } from 'zod'
import { jsonSchemas } from '../../src/config/json-schema.ts'
import { energyTableSchema } from '../../src/energy/table.ts'
import { frequency } from '../../src/work/quantity.ts'

const schemas = jsonSchemas({
  machineSchemas: { grid: { schema: z.strictObject({ clock: frequency(), device: z.strictObject({}).optional() }) } },
  passSchemas: { share: { schema: z.strictObject({ distance: z.int() }) } },
  others: { energy: energyTableSchema },
})

it('describes quantities as patterns with an example', () => {
  const machine = schemas.machine?.anyOf?.[0]
  expect(machine?.properties).toMatchObject({
    extends: { type: 'string' },
    kind: { const: 'grid' },
    clock: { type: 'string', description: "a frequency such as '200 MHz'" },
    device: { anyOf: [{ type: 'string' }, { properties: { extends: { type: 'string' } } }] },
  })
  const { pattern } = z.object({ pattern: z.string() }).parse(machine?.properties?.clock)
  expect(['200 MHz', '1.5 GHz', '200', 'MHz', '200 MHzz'].map((text) => new RegExp(pattern).test(text))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ])
})

it('puts machines and passes into the experiment', () => {
  const { properties } = schemas.experiment ?? {}
  expect(properties?.machine).toEqual({ anyOf: [{ type: 'string' }, schemas.machine] })
  expect(properties?.variants).toMatchObject({
    items: {
      properties: {
        passes: {
          items: {
            anyOf: [{ enum: ['share'] }, { anyOf: [{ properties: { name: { const: 'share' }, distance: {} } }] }],
          },
        },
      },
    },
  })
})

it('requires nothing, since files may extend others, and knows every key', () => {
  expect(Object.keys(schemas).sort()).toEqual(['device', 'energy', 'experiment', 'machine'])
  for (const name of ['device', 'energy', 'experiment']) {
    expect(schemas[name]?.additionalProperties).toBe(false)
    expect(schemas[name]?.properties).toHaveProperty('extends')
  }
  expect(JSON.stringify(schemas)).not.toContain('"required"')
})
