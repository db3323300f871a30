#!/usr/bin/env node

// The command line. What a user has wrong is one line and exit code 2; a defect of the
// simulator is a stack trace and exit code 1.

import yargs from 'yargs'
import { hideBin } from 'yargs/helpers'
import { version } from '../version.ts'
import { didYouMean, InputError } from '../work/input-error.ts'
import { asmCommand } from './asm.ts'
import { addCommand } from './command.ts'
import { dramCommand } from './dram.ts'
import { evalCommand } from './eval.ts'
import { foldCommand } from './fold.ts'
import { layerCommand } from './layer.ts'
import { listCommand } from './list.ts'
import { replayCommand } from './replay.ts'
import { runCommand } from './run.ts'
import { schemaCommand } from './schema.ts'
import { showCommand } from './show.ts'

const commands = [
  runCommand,
  evalCommand,
  asmCommand,
  replayCommand,
  dramCommand,
  layerCommand,
  foldCommand,
  listCommand,
  showCommand,
  schemaCommand,
]

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0) // the reader, such as head, has seen enough
  process.stderr.write(`bnnsim: standard output: ${error.message}\n`)
  process.exit(1)
})

try {
  let cli = yargs(hideBin(process.argv)).scriptName('bnnsim').usage('$0 <command>')
  for (const command of commands) cli = addCommand(cli, command)
  await cli
    .version(version)
    .demandCommand(1, 'expected a command; bnnsim --help lists them')
    .strict()
    .parserConfiguration({ 'duplicate-arguments-array': true, 'camel-case-expansion': false })
    .wrap(Math.min(100, process.stdout.columns ?? 100))
    .exitProcess(true)
    .fail((message, error) => {
      if (error !== undefined && error.name !== 'YError') throw error
      throw wrongUse(message ?? error.message)
    })
    .parseAsync()
} catch (error) {
  if (!(error instanceof InputError)) throw error
  process.stderr.write(`bnnsim: ${error.message}\n`)
  process.exitCode = 2
}

/** What yargs complains of, with the nearest flag or command. */
function wrongUse(message: string): InputError {
  const words = process.argv.slice(2)
  const command = commands.find(({ name }) => words.includes(name))
  if (command?.argument !== undefined && message.startsWith('Not enough non-option arguments'))
    return new InputError(`expected <${command.argument.name}>; bnnsim ${command.name} --help tells more`)
  const unknown = /^Unknown (argument|command)s?: ([^,]+)/.exec(message)
  if (unknown === null) return new InputError(message.replace(/^[A-Z]/, (letter) => letter.toLowerCase()))
  const [, , name = ''] = unknown
  if (!words.some((word) => word === `--${name}` || word.startsWith(`--${name}=`))) {
    const names = commands.map((command) => command.name)
    return new InputError(`unknown command or argument '${name}'${didYouMean(name, names)}`)
  }
  const flags = Object.keys(command?.options ?? {})
  return new InputError(`unknown flag${didYouMean(name, flags)}`, { key: `--${name}` })
}
