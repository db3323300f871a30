// GNU as and objdump for AArch64 as an oracle, where they are installed.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const tool = (name: string): string => `aarch64-linux-gnu-${name}`

export const gasInstalled = ['as', 'objdump'].every((name) => spawnSync(tool(name), ['--version']).status === 0)

export interface Judged {
  /** Indices of the lines that GNU as refuses. */
  readonly refused: ReadonlySet<number>
  /** What objdump prints, of the accepted lines. */
  readonly disassembly: string
}

/** Has GNU as judge each of `lines`, one instruction a line, and disassembles those it accepts. */
export function judge(lines: readonly string[]): Judged {
  const folder = mkdtempSync(join(tmpdir(), 'bnnsim-gas-'))
  try {
    const [source, object] = [join(folder, 'a.s'), join(folder, 'a.o')]
    const write = (kept: readonly string[]) =>
      writeFileSync(source, `${['.arch armv8.2-a+dotprod', ...kept].join('\n')}\n`)
    write(lines)
    const { stderr } = spawnSync(tool('as'), ['-o', object, source], { encoding: 'utf8', maxBuffer: 1 << 28 })
    const refused = new Set([...stderr.matchAll(/a\.s:(\d+): Error/g)].map(([, line]) => Number(line) - 2))
    write(lines.filter((_, k) => !refused.has(k)))
    execFileSync(tool('as'), ['-o', object, source], { stdio: ['ignore', 'ignore', 'ignore'] })
    const disassembly = execFileSync(tool('objdump'), ['-d', '-z', object], { encoding: 'utf8', maxBuffer: 1 << 28 })
    return { refused, disassembly }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
