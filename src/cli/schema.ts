import { coreSchema } from '../config/core.ts'
import { jsonSchemas } from '../config/json-schema.ts'
import { memorySchema } from '../config/memory.ts'
import { energyTableSchema } from '../energy/table.ts'
import { machines } from '../machines/index.ts'
import { passes } from '../opt/index.ts'
import { type Command, printJson } from './command.ts'
import { choice } from './options.ts'

export const schemaCommand: Command = {
  name: 'schema',
  argument: {
    name: 'kind',
    describe: 'experiment, machine, device, core, memory or energy; all by default',
    optional: true,
  },
  describe: 'Print the JSON Schema of configuration files, for editors',
  options: {},
  examples: ['experiment > experiment.schema.json'],
  handler: (args) => {
    const schemas = jsonSchemas({
      machineSchemas: machines,
      passSchemas: passes,
      others: { energy: energyTableSchema, core: coreSchema, memory: memorySchema },
    })
    printJson(args.kind === undefined ? schemas : schemas[choice('kind', Object.keys(schemas), args.kind)])
  },
}
