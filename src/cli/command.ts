import type { ArgumentsCamelCase, Argv, Options } from 'yargs'

/** What may stand in a place of the command line, for shells to complete. Without it, a file's name. */
type Names = () => readonly string[]

interface Argument {
  readonly name: string
  readonly describe: string
  readonly optional?: true
  /** One or more. */
  readonly several?: true
  readonly names?: Names
}

export interface Flag extends Options {
  readonly names?: Names
}

/** A use of a command. */
export interface Example {
  /** What is typed behind the command's name. It and its meaning fit a terminal of 80 columns. */
  readonly line: string
  /** What this does. */
  readonly meaning: string
}

/** One subcommand. */
export interface Command {
  readonly name: string
  /** What its one argument is, if it has one. */
  readonly argument?: Argument
  /** 61 characters at most, for the list of all commands. */
  readonly describe: string
  readonly options: Readonly<Record<string, Flag>>
  /** Two at least. */
  readonly examples: readonly Example[]
  handler(args: ArgumentsCamelCase): void | Promise<void>
}

/** Adds `command` to the command line. It tells about itself; what lists all commands is the caller's. */
export function addCommand(cli: Argv, { name, argument, describe, options, examples, handler }: Command): Argv {
  const usage = argument === undefined ? name : `${name} ${placeOf(argument)}`
  const build = (own: Argv): Argv => {
    own.usage(`bnnsim ${usage}\n\n${describe}`)
    if (argument !== undefined) own.positional(argument.name, { describe: argument.describe, type: 'string' })
    // In two columns, yargs would break lines of 40 characters.
    for (const { line, meaning } of examples) own.example(`# ${meaning}`, '').example(`bnnsim ${name} ${line}`, '')
    for (const [flag, { names: _, ...option }] of Object.entries(options)) own.option(flag, option)
    return own
  }
  return cli.command(usage, false, build, handler)
}

function placeOf({ name, optional, several }: Argument): string {
  const place = several ? `${name}..` : name
  return optional ? `[${place}]` : `<${place}>`
}

/** Prints a document as JSON. */
export const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}
