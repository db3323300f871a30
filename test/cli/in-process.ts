// Runs one command of the command line within this process, which spares it the start of another one.

import yargs from 'yargs'
import { asmCommand } from '../../src/cli/asm.ts'
import { clusterCommand } from '../../src/cli/cluster.ts'
import { addCommand, type Command } from '../../src/cli/command.ts'
import { compressCommand } from '../../src/cli/compress.ts'
import { dramCommand } from '../../src/cli/dram.ts'
import { evalCommand } from '../../src/cli/eval.ts'
import { foldCommand } from '../../src/cli/fold.ts'
import { layerCommand } from '../../src/cli/layer.ts'
import { listCommand } from '../../src/cli/list.ts'
import { multiplicationsCommand } from '../../src/cli/multiplications.ts'
import { replayCommand } from '../../src/cli/replay.ts'
import { runCommand } from '../../src/cli/run.ts'
import { schemaCommand } from '../../src/cli/schema.ts'
import { shareCommand } from '../../src/cli/share.ts'
import { showCommand } from '../../src/cli/show.ts'
import { InputError } from '../../src/work/input-error.ts'

const commands: readonly Command[] = [
  runCommand,
  evalCommand,
  asmCommand,
  replayCommand,
  dramCommand,
  layerCommand,
  foldCommand,
  listCommand,
  showCommand,
  multiplicationsCommand,
  clusterCommand,
  compressCommand,
  shareCommand,
  schemaCommand,
]

const signals = ['SIGINT', 'SIGTERM'] as const

export interface Outcome {
  readonly stdout: string
  /** What a user has wrong, null where the command succeeded. */
  readonly error: string | null
}

/** `args` begin with the name of the command. Not to be called concurrently: standard output is that of the process. */
export async function inProcess(...args: readonly string[]): Promise<Outcome> {
  const command = commands.find(({ name }) => name === args[0])
  if (command === undefined) throw new Error(`no command '${args[0]}'`)
  const pieces: string[] = []
  const { write } = process.stdout
  process.stdout.write = (piece: string | Uint8Array) => {
    pieces.push(String(piece))
    return true
  }
  const listeners = signals.map((signal) => process.listeners(signal))
  try {
    await addCommand(yargs([...args]), command)
      .strict()
      .parserConfiguration({ 'duplicate-arguments-array': true, 'camel-case-expansion': false })
      .exitProcess(false)
      .fail((message, error) => {
        throw error ?? new InputError(message)
      })
      .parseAsync()
    return { stdout: pieces.join(''), error: null }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { stdout: pieces.join(''), error: error.message }
  } finally {
    process.stdout.write = write
    for (const [i, signal] of signals.entries())
      for (const listener of process.listeners(signal))
        if (!listeners[i]!.includes(listener)) process.off(signal, listener)
  }
}
