import type { ArgumentsCamelCase, Argv, Options } from 'yargs'

interface Argument {
  readonly name: string
  readonly describe: string
  readonly optional?: true
  /** One or more. */
  readonly several?: true
}

/** One subcommand. */
export interface Command {
  readonly name: string
  /** What its one argument is, if it has one. */
  readonly argument?: Argument
  readonly describe: string
  readonly options: Readonly<Record<string, Options>>
  readonly examples: readonly string[]
  handler(args: ArgumentsCamelCase): void | Promise<void>
}

/** Adds `command` to the command line. */
export function addCommand(cli: Argv, { name, argument, describe, options, examples, handler }: Command): Argv {
  const given = argument === undefined ? '' : ` ${placeOf(argument)}`
  const build = (own: Argv): Argv => {
    if (argument !== undefined) own.positional(argument.name, { describe: argument.describe, type: 'string' })
    for (const example of examples) own.example(`bnnsim ${name} ${example}`, '')
    return own.options(options)
  }
  return cli.command(`${name}${given}`, describe, build, handler)
}

const placeOf = ({ name, optional, several }: Argument): string =>
  optional ? `[${name}]` : several ? `<${name}..>` : `<${name}>`

/** Prints a document as JSON. */
export const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}
