import yargs from 'yargs'
import type { Command } from './command.ts'
import { choice } from './options.ts'

const shells = ['bash', 'zsh', 'fish'] as const

export const completionCommand: Command = {
  name: 'completion',
  argument: {
    name: 'shell',
    describe: 'bash, zsh or fish; that of the variable SHELL by default',
    optional: true,
    names: () => shells,
  },
  describe: 'Print a script that completes commands, flags and names',
  options: {},
  examples: [
    { line: 'bash > bnnsim-completion.bash', meaning: "a file to 'source' in ~/.bashrc" },
    { line: 'zsh > _bnnsim', meaning: 'a file for a folder of $fpath' },
  ],
  handler: ({ shell }) => {
    // yargs asks the variable which script to print.
    if (shell !== undefined) process.env.SHELL = choice('shell', shells, shell)
    yargs([]).scriptName('bnnsim').completion('completion').showCompletionScript()
  },
}
