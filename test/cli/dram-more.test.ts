// bnnsim dram: comments, order, and what is left at the end.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { inProcess } from './in-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'bnnsim-dram-'))
afterAll(() => rmSync(folder, { recursive: true }))

function dram(lines: readonly string[], ...flags: readonly string[]) {
  const trace = join(folder, 'requests.trace')
  writeFileSync(trace, lines.join('\n'))
  return inProcess('dram', trace, '--memory', 'ddr3-1066', ...flags)
}

const writes = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `0x${(64 * i).toString(16)} WRITE ${i}`)

describe('bnnsim dram', () => {
  it('tells of writes that are left', async () => {
    const lines = ['# three, one of them replaced', '', ...writes(2), '0x0 WRITE 9']
    const report = JSON.parse((await dram(lines, '--format', 'json')).stdout)
    expect(report).toMatchObject({ writes: 3, writesReplaced: 1, linesWritten: 0, writesLeft: 2 })
    const { stdout } = await dram(lines, '--until', '5000')
    expect(stdout).toMatch(/^writes left +2 still in the queue at the end, at no cost$/m)
  })

  it('has none to tell of where all are done', async () => {
    const lines = writes(300)
    const { writesLeft, linesWritten } = JSON.parse((await dram(lines, '--format', 'json')).stdout)
    expect(linesWritten + writesLeft).toBe(300)
    expect(writesLeft).toBeLessThanOrEqual(8)
    const reads = lines.map((line) => line.replace('WRITE', 'READ'))
    expect(JSON.parse((await dram(reads, '--format', 'json')).stdout).writesLeft).toBe(0)
    expect((await dram(reads)).stdout).not.toContain('writes left')
  })

  it('refuses requests out of order', async () => {
    const { stdout, error } = await dram(['# later first', '0x0 READ 10', '0x40 READ 9'])
    expect(error).toMatch(/requests\.trace:3: expected requests in the order of their cycles, 10 or later; got "9"$/)
    expect(stdout).toBe('')
  })
})
