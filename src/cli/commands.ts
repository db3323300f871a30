// Every command, by its name. The one that is given is loaded alone: it starts sooner.

import type { Command } from './command.ts'

type Loader = () => Promise<Command>

/** As `bnnsim --help` groups and orders them. */
const groups: Readonly<Record<string, Readonly<Record<string, Loader>>>> = {
  Experiments: {
    run: async () => (await import('./run.ts')).runCommand,
    sweep: async () => (await import('./sweep.ts')).sweepCommand,
    explore: async () => (await import('./explore.ts')).exploreCommand,
    report: async () => (await import('./report.ts')).reportCommand,
    reproduce: async () => (await import('./reproduce.ts')).reproduceCommand,
  },
  'ARM cores and memory': {
    asm: async () => (await import('./asm.ts')).asmCommand,
    replay: async () => (await import('./replay.ts')).replayCommand,
    dram: async () => (await import('./dram.ts')).dramCommand,
  },
  'Streaming FPGA machines': {
    fold: async () => (await import('./fold.ts')).foldCommand,
    layer: async () => (await import('./layer.ts')).layerCommand,
  },
  'Networks, without hardware': {
    show: async () => (await import('./show.ts')).showCommand,
    eval: async () => (await import('./eval.ts')).evalCommand,
    multiplications: async () => (await import('./multiplications.ts')).multiplicationsCommand,
    compress: async () => (await import('./compress.ts')).compressCommand,
    cluster: async () => (await import('./cluster.ts')).clusterCommand,
    share: async () => (await import('./share.ts')).shareCommand,
  },
  'What there is': {
    list: async () => (await import('./list.ts')).listCommand,
    schema: async () => (await import('./schema.ts')).schemaCommand,
    completion: async () => (await import('./completion.ts')).completionCommand,
  },
}

const loaders = new Map(Object.values(groups).flatMap((group) => Object.entries(group)))

export const commandNames: readonly string[] = [...loaders.keys()]

/** The command `name`, undefined where there is none. */
export const loadCommand = (name: string): Promise<Command> | undefined => loaders.get(name)?.()

/** Names of the commands of each group. */
export const commandGroups: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(groups).map(([group, members]) => [group, Object.keys(members)]),
)

/** All commands, in order. */
export const loadCommands = (): Promise<Command[]> => Promise.all([...loaders.values()].map((load) => load()))
