import type { Argv, ArgumentsCamelCase } from 'yargs'

/** One subcommand: `command` starts with its name, then its arguments. */
export interface Command {
  readonly command: string
  readonly describe: string
  builder(cli: Argv): Argv
  handler(args: ArgumentsCamelCase): void | Promise<void>
}

/** Prints a document as JSON. */
export const printJson = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
