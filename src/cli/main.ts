#!/usr/bin/env node

// The command line. What a user has wrong is one line and exit code 2; a defect of the
// simulator is a stack trace and exit code 1.

import yargs from 'yargs'
import { hideBin } from 'yargs/helpers'
import { version } from '../version.ts'
import { didYouMean, InputError } from '../work/input-error.ts'
import { addCommand, type Command } from './command.ts'

/** Commands in the order in which help lists them. The one that is given is loaded alone: it starts sooner. */
const loaders: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./run.ts')).runCommand,
  eval: async () => (await import('./eval.ts')).evalCommand,
  asm: async () => (await import('./asm.ts')).asmCommand,
  replay: async () => (await import('./replay.ts')).replayCommand,
  dram: async () => (await import('./dram.ts')).dramCommand,
  layer: async () => (await import('./layer.ts')).layerCommand,
  fold: async () => (await import('./fold.ts')).foldCommand,
  list: async () => (await import('./list.ts')).listCommand,
  show: async () => (await import('./show.ts')).showCommand,
  multiplications: async () => (await import('./multiplications.ts')).multiplicationsCommand,
  compress: async () => (await import('./compress.ts')).compressCommand,
  cluster: async () => (await import('./cluster.ts')).clusterCommand,
  share: async () => (await import('./share.ts')).shareCommand,
  schema: async () => (await import('./schema.ts')).schemaCommand,
}
const names = Object.keys(loaders)
const given = process.argv[2] ?? ''
const commands = await Promise.all((names.includes(given) ? [given] : names).map((name) => loaders[name]!()))

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
    return new InputError(`unknown command or argument '${name}'${didYouMean(name, names)}`)
  }
  const flags = Object.keys(command?.options ?? {})
  return new InputError(`unknown flag${didYouMean(name, flags)}`, { key: `--${name}` })
}
