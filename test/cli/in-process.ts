// Runs one command of the command line within the test's process, which spares it the start of another one.

import { vi } from 'vitest'
import yargs from 'yargs'
import { addCommand, type Command } from '../../src/cli/command.ts'
import { InputError } from '../../src/work/input-error.ts'

export interface Outcome {
  readonly stdout: string
  /** What a user has wrong, null where the command succeeded. */
  readonly error: string | null
}

/** `args` begin with the name of the command. Not to be called concurrently: standard output is that of the process. */
export async function inProcess(command: Command, args: readonly string[]): Promise<Outcome> {
  const pieces: string[] = []
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((piece) => {
    pieces.push(String(piece))
    return true
  })
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
    write.mockRestore()
  }
}
