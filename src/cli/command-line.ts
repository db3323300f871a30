// From the words of a command line to the command that they name, and help.

import yargs from 'yargs'
import { version } from '../version.ts'
import { didYouMean, InputError } from '../work/input-error.ts'
import { addCommand, type Command } from './command.ts'
import { commandNames, loadCommand, loadCommands } from './commands.ts'
import { helpText } from './help.ts'

/** Runs what `words` say. Throws InputError for what is wrong in them. */
export async function commandLine(words: readonly string[]): Promise<void> {
  const given = await loadCommand(words[0] ?? '')
  const commands = given === undefined ? await loadCommands() : [given]
  if (words[0] === '--help') {
    process.stdout.write(helpText(commands))
    return
  }
  let cli = yargs([...words]).scriptName('bnnsim')
  for (const command of commands) cli = addCommand(cli, command)
  await cli
    .version(version)
    .demandCommand(1, 'expected a command; bnnsim --help lists them')
    .strict()
    .parserConfiguration({ 'duplicate-arguments-array': true, 'camel-case-expansion': false })
    .wrap(Math.min(100, process.stdout.columns ?? 80))
    .exitProcess(true)
    .fail((message, error) => {
      if (error !== undefined && error.name !== 'YError') throw error
      throw wrongUse(message ?? error.message, words, commands)
    })
    .parseAsync()
}

/** What yargs complains of, with the nearest flag or command. */
function wrongUse(message: string, words: readonly string[], commands: readonly Command[]): InputError {
  const command = commands.find(({ name }) => words.includes(name))
  if (command?.argument !== undefined && message.startsWith('Not enough non-option arguments'))
    return new InputError(`expected <${command.argument.name}>; bnnsim ${command.name} --help tells more`)
  const unknown = /^Unknown (argument|command)s?: ([^,]+)/.exec(message)
  if (unknown === null) return new InputError(message.replace(/^[A-Z]/, (letter) => letter.toLowerCase()))
  const [, , name = ''] = unknown
  if (!words.some((word) => word === `--${name}` || word.startsWith(`--${name}=`))) {
    return new InputError(`unknown command or argument '${name}'${didYouMean(name, commandNames)}`)
  }
  const flags = Object.keys(command?.options ?? {})
  return new InputError(`unknown flag${didYouMean(name, flags)}`, { key: `--${name}` })
}
