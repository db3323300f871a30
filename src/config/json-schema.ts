// JSON Schema of each kind of configuration file, for editors that complete and check as one types.

import { z } from 'zod'
import type { Choices } from './choice.ts'
import { deviceSchema } from './device.ts'
import { experimentSchema, machineEntry, passEntry } from './experiment.ts'

export type JsonSchema = z.core.JSONSchema.JSONSchema

export interface JsonSchemaParts {
  readonly machineSchemas: Choices
  readonly passSchemas?: Choices
  /** Schemas of further folders, by the singular: `energy`, `sweep`. */
  readonly others?: Readonly<Record<string, z.ZodType>>
}

/**
 * By kind of file: `experiment`, `machine`, `device` and the `others`. Nothing is required, since a file
 * that extends another states only differences; missing entries are reported when it is loaded.
 */
export function jsonSchemas({ machineSchemas, passSchemas, others = {} }: JsonSchemaParts): Record<string, JsonSchema> {
  const machine = oneOf(machineSchemas, 'kind', fileEntries)
  const concrete = new Map<unknown, JsonSchema>([[machineEntry, { anyOf: [{ type: 'string' }, machine] }]])
  if (passSchemas !== undefined) {
    const names: JsonSchema = { enum: Object.keys(passSchemas) }
    const none: JsonSchema = { not: {} } // a version without passes
    concrete.set(passEntry, names.enum?.length === 0 ? none : { anyOf: [names, oneOf(passSchemas, 'name', {})] })
  }
  return {
    experiment: fileSchema(experimentSchema, concrete),
    machine,
    device: fileSchema(deviceSchema),
    ...Object.fromEntries(Object.entries(others).map(([name, schema]) => [name, fileSchema(schema)])),
  }
}

/** JSON Schema of what may be written for `schema`; parts of it that `concrete` holds are replaced. */
function written(schema: z.ZodType, concrete: ReadonlyMap<unknown, JsonSchema> = new Map()): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const replacement = concrete.get(zodSchema)
      if (replacement !== undefined) {
        for (const key of Object.keys(jsonSchema)) delete jsonSchema[key]
        Object.assign(jsonSchema, replacement)
      }
      const device = jsonSchema.properties?.device
      if (typeof device === 'object' && device.properties !== undefined && jsonSchema.properties !== undefined) {
        const mapping = { ...device, properties: { ...device.properties, extends: { type: 'string' as const } } }
        jsonSchema.properties.device = { anyOf: [{ type: 'string' }, mapping] }
      }
      delete jsonSchema.required
    },
  })
  return rest
}

const fileEntries: Readonly<Record<string, JsonSchema>> = {
  name: { type: 'string' },
  title: { type: 'string' },
  extends: { type: 'string' },
}

const withEntries = (json: JsonSchema, entries: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  ...json,
  properties: { ...json.properties, ...entries },
})

const fileSchema = (schema: z.ZodType, concrete?: ReadonlyMap<unknown, JsonSchema>): JsonSchema =>
  withEntries(written(schema, concrete), fileEntries)

const oneOf = (choices: Choices, tag: string, common: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  anyOf: Object.entries(choices).map(([name, { schema }]) =>
    withEntries(written(schema), { ...common, [tag]: { const: name } }),
  ),
})
