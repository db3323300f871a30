// What may stand where the cursor is: the answer to the script that `bnnsim completion` prints.

import type { Command, Flag } from './command.ts'
import { commandNames, loadCommand } from './commands.ts'

/** The script calls bnnsim with this, its name and the words up to the cursor, the last one unfinished. */
export const completing = '--get-yargs-completions'

/**
 * What may stand in the place of the last of `words`, which begin behind `bnnsim`. None where the shell is to complete
 * names of files.
 */
export async function completions(words: readonly string[]): Promise<readonly string[]> {
  const [name = '', ...rest] = words.filter((word) => word !== '=') // bash makes three words of --flag=value
  const command = rest.length === 0 ? undefined : await loadCommand(name)
  if (command !== undefined) return inCommand(command, rest.slice(0, -1), rest.at(-1)!)
  if (rest.length > 0) return []
  return name.startsWith('-') ? common : commandNames
}

const common = ['--help', '--version']

function inCommand({ argument, options }: Command, before: readonly string[], word: string): readonly string[] {
  const flags = [...Object.keys(options).map((flag) => `--${flag}`), ...common]
  if (word.startsWith('-')) return flags
  const { waiting, others } = taken(options, before)
  if (waiting !== undefined) return waiting.names?.() ?? []
  if (argument === undefined || (others > 0 && argument.several === undefined)) return flags
  return argument.names?.() ?? []
}

interface Taken {
  /** The flag that the next word is a value of. */
  readonly waiting: Flag | undefined
  /** Words that are neither flags nor their values. */
  readonly others: number
}

function taken(options: Command['options'], words: readonly string[]): Taken {
  let waiting: Flag | undefined
  let others = 0
  for (const word of words) {
    if (word.startsWith('--')) {
      const flag = options[word.slice(2)]
      waiting = flag === undefined || flag.type === 'boolean' || word.includes('=') ? undefined : flag
    } else if (waiting === undefined) others++
    else if (waiting.array !== true) waiting = undefined
  }
  return { waiting, others }
}
