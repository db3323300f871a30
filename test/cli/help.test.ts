// Help: whole at 80 columns, with uses of every command.

import { describe, expect, it } from 'vitest'
import yargs from 'yargs'
import { addCommand, type Command } from '../../src/cli/command.ts'
import { loadCommands } from '../../src/cli/commands.ts'
import { helpText } from '../../src/cli/help.ts'

const commands = await loadCommands()

const flowing = (text: string): string => text.replaceAll(/\s+/g, ' ')

const widest = (text: string): number => Math.max(...text.split('\n').map((line) => line.length))

/** Words as a shell makes them of `line`, up to a redirection. */
const wordsOf = (line: string): string[] =>
  (line.split(' > ')[0]!.match(/(?:[^\s"]|"[^"]*")+/g) ?? []).map((word) => word.replaceAll('"', ''))

const helpOf = (command: Command): Promise<string> =>
  new Promise((resolve) => {
    addCommand(yargs([]), command)
      .wrap(80)
      .parse([command.name, '--help'], (_error: unknown, _args: unknown, output: string) => resolve(output))
  })

describe('help', () => {
  it('lists every command within 80 columns', () => {
    const text = helpText(commands)
    expect(widest(text)).toBeLessThanOrEqual(80)
    for (const { name, describe } of commands) expect(text).toMatch(new RegExp(`^  ${name} +${describe}$`, 'm'))
    expect(text.match(/^ {2}bnnsim /gm)).toHaveLength(3)
  })

  it.each(commands.map((command) => [command.name, command] as const))(
    'of %s tells all flags, and examples to copy',
    async (name, command) => {
      const text = await helpOf(command)
      expect(widest(text)).toBeLessThanOrEqual(80)
      const lines = text.split('\n').map((line) => line.trim())
      expect(text).toContain(command.describe)
      for (const { describe } of Object.values(command.options)) {
        expect(describe).toBeTruthy()
        expect(flowing(text)).toContain(flowing(describe!))
      }
      expect(command.examples.length).toBeGreaterThanOrEqual(2)
      for (const { line, meaning } of command.examples) {
        expect(lines).toContain(`bnnsim ${name} ${line}`)
        expect(lines).toContain(`# ${meaning}`)
      }
    },
  )

  it('has examples with flags that there are', async () => {
    for (const command of commands)
      for (const { line } of command.examples)
        await addCommand(yargs([command.name, ...wordsOf(line)]), { ...command, handler: () => {} })
          .strict()
          .exitProcess(false)
          .fail((message, error) => {
            throw error ?? new Error(`bnnsim ${command.name} ${line}: ${message}`)
          })
          .parseAsync()
  })
})
