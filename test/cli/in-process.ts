// Runs one command of the command line within this process, which spares it the start of another one.

import yargs from 'yargs'
import { addCommand } from '../../src/cli/command.ts'
import { loadCommand } from '../../src/cli/commands.ts'
import { InputError } from '../../src/work/input-error.ts'

const signals = ['SIGINT', 'SIGTERM'] as const

export interface Outcome {
  readonly stdout: string
  /** What a user has wrong, null where the command succeeded. */
  readonly error: string | null
}

/** `args` begin with the name of the command. Not to be called concurrently: standard output is that of the process. */
export async function inProcess(...args: readonly string[]): Promise<Outcome> {
  const command = await loadCommand(args[0] ?? '')
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
