// What `bnnsim --help` prints: 80 columns, which need nothing broken.

import type { Command, Example } from './command.ts'
import { commandGroups } from './commands.ts'

const examples: readonly Example[] = [
  { line: 'run demo', meaning: 'latency, energy and accuracy of a trained network on a small FPGA' },
  { line: 'run gao2021 --format csv', meaning: 'variants of a published optimisation beside the baseline' },
  { line: 'asm traces/binary-dot.s --core cortex-a72', meaning: 'an assembly program on an ARM core, cycle by cycle' },
]

export function helpText(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length))
  const described = new Map(commands.map(({ name, describe }) => [name, `  ${name.padEnd(width)}  ${describe}`]))
  const lines = [
    'bnnsim COMMAND ...',
    '',
    ...[...commandGroups].flatMap(([group, names]) => [`${group}:`, ...names.map((name) => described.get(name)!), '']),
    'Examples:',
    ...examples.flatMap(({ line, meaning }) => [`  # ${meaning}`, `  bnnsim ${line}`]),
    '',
    "'bnnsim COMMAND --help' tells flags and examples of one, 'bnnsim --version' the",
    'version. docs/guide.md leads through a first experiment, and',
    'docs/README.md says where all else is written.',
  ]
  return `${lines.join('\n')}\n`
}
