import { coreSchema } from '../config/core.ts'
import { jsonSchemas } from '../config/json-schema.ts'
import { memorySchema } from '../config/memory.ts'
import { energyTableSchema } from '../energy/table.ts'
import { machines } from '../machines/index.ts'
import { passes } from '../opt/index.ts'
import { paperSchema } from '../reproduce/paper-schema.ts'
import { sweepSchema } from '../sweep/definition.ts'
import { type Command, printJson } from './command.ts'
import { choice } from './options.ts'

/** Kinds of files with a schema. */
const kinds = ['experiment', 'sweep', 'machine', 'device', 'core', 'memory', 'energy', 'reproduction']

export const schemaCommand: Command = {
  name: 'schema',
  argument: {
    name: 'kind',
    describe: `${kinds.slice(0, -1).join(', ')} or ${kinds.at(-1)}; all by default`,
    optional: true,
    names: () => kinds,
  },
  describe: 'Print the JSON Schema of configuration files, for editors',
  options: {},
  examples: [
    {
      line: 'experiment > experiment.schema.json',
      meaning: 'a file that an editor completes and checks experiments by',
    },
    { line: 'machine', meaning: 'what a machine may say, in every kind' },
  ],
  handler: (args) => {
    const schemas = jsonSchemas({
      machineSchemas: machines,
      passSchemas: passes,
      others: {
        energy: energyTableSchema,
        core: coreSchema,
        memory: memorySchema,
        sweep: sweepSchema,
        reproduction: paperSchema,
      },
    })
    printJson(args.kind === undefined ? schemas : schemas[choice('kind', Object.keys(schemas), args.kind)])
  },
}
