import { besideGrid, explore } from '../sweep/explore.ts'
import { runSweep } from '../sweep/sweep.ts'
import type { Command } from './command.ts'
import { sweepArgument, sweepOptions, sweepWith } from './sweep-files.ts'

export const exploreCommand: Command = {
  name: 'explore',
  argument: sweepArgument,
  describe: 'Search a space too large to sweep, by successive halving',
  options: {
    ...sweepOptions,
    grid: { describe: 'then run the whole space, and tell what the search missed', type: 'boolean', default: false },
  },
  examples: [
    { line: 'cnv-explore', meaning: 'many points at low fidelity, the best of them as the experiment says' },
    { line: 'cnv-explore --grid', meaning: 'the same beside the whole space: what part of its front was found' },
  ],
  handler: (args) =>
    sweepWith(args, async (sweep, options, say) => {
      const rung = (i: number, rungs: number) => say(`rung ${i + 1} of ${rungs}: `)
      const explored = await explore(sweep, { ...options, rung })
      if (args.grid !== true) return { document: explored }
      say('whole space: ')
      const grid = await runSweep(sweep, { ...options, ready: () => {} })
      return { document: besideGrid(explored, grid), grid }
    }),
}
