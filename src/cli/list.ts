import { listConfigs } from '../config/load.ts'
import { machines } from '../machines/index.ts'
import { loadNetwork, networkNames } from '../model/load.ts'
import { passes } from '../opt/index.ts'
import { type Command, printJson } from './command.ts'
import { choice, textOrJson } from './options.ts'

interface Entry {
  readonly name: string
  readonly summary: string
}

const configs = (folder: string) => (): Entry[] =>
  listConfigs(folder).map(({ name, title }) => ({ name, summary: title }))

const lists: Record<string, () => Entry[]> = {
  networks: () =>
    networkNames.map((name) => {
      const { weights, source } = loadNetwork(name)
      return { name, summary: `${weights} weights; ${source}` }
    }),
  machines: () => [
    ...configs('machines')(),
    ...Object.values(machines).map(({ kind, summary }) => ({ name: `(kind) ${kind}`, summary })),
  ],
  energy: configs('energy'),
  passes: () => Object.values(passes).map(({ name, summary }) => ({ name, summary })),
  devices: configs('devices'),
  cores: configs('cores'),
  memories: configs('memories'),
  experiments: configs('experiments'),
  sweeps: configs('sweeps'),
  reproduction: configs('reproduction'),
}

export const listCommand: Command = {
  name: 'list',
  argument: { name: 'what', describe: Object.keys(lists).join(', '), names: () => Object.keys(lists) },
  describe: 'List what ships, by name: networks, machines, passes and more',
  options: {
    ...textOrJson,
  },
  examples: [
    { line: 'networks', meaning: 'names that eval, show and experiments take, and where weights come from' },
    { line: 'passes', meaning: 'optimisations that a variant of an experiment can list' },
    { line: 'experiments --format json', meaning: 'what bnnsim run takes by name, for a script' },
    { line: 'reproduction', meaning: 'papers whose claims bnnsim reproduce checks' },
  ],
  handler: (args) => {
    const what = choice('what', Object.keys(lists), args.what)
    const entries = lists[what]!()
    if (choice('format', ['text', 'json'], args.format) === 'json') printJson(entries)
    else if (entries.length === 0) process.stdout.write(`this version has no ${what}\n`)
    else process.stdout.write(lines(entries))
  },
}

function lines(entries: readonly Entry[]): string {
  const width = Math.max(...entries.map(({ name }) => name.length))
  return entries.map(({ name, summary }) => `${name.padEnd(width)}  ${summary}\n`).join('')
}
