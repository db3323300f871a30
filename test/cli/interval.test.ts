import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { withFiles } from '../config/files.ts'
import { inProcess } from './in-process.ts'

describe('bnnsim run --interval', () => {
  it('dumps at every so many cycles, and at the end', async () => {
    const out = join(withFiles({}), 'dumped')
    const { error } = await inProcess(
      'run',
      'lfc-z7020',
      '--set',
      'images.count=3',
      '--out',
      out,
      '--interval',
      '300',
      '--quiet',
    )
    expect(error).toBeNull()
    const { dumps } = JSON.parse(readFileSync(join(out, 'stats.json'), 'utf8'))
    const total = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')).variants[0].totalCycles
    const cycles = dumps.map(({ cycle }: { cycle: number }) => cycle)
    expect(cycles).toEqual([...Array.from({ length: Math.ceil(total / 300) - 1 }, (_, i) => 300 * (i + 1)), total])
    const text = readFileSync(join(out, 'stats.txt'), 'utf8')
    expect(text.match(/^---------- Begin Simulation Statistics ----------$/gm)).toHaveLength(cycles.length)
  })

  it.each([
    [['--interval', '300'], '--interval: expected --out as well: stats.txt is written there'],
    [['--interval', '0', '--out', 'x'], "--interval: expected a whole number of at least 1, got '0'"],
    [['--interval', 'often', '--out', 'x'], "--interval: expected a whole number of at least 1, got 'often'"],
    [['--interval', '2.5', '--out', 'x'], "--interval: expected a whole number of at least 1, got '2.5'"],
  ])('%j is refused before anything runs', async (flags, message) => {
    const folder = withFiles({})
    const given = flags.map((flag) => (flag === 'x' ? join(folder, 'never') : flag))
    const { error } = await inProcess('run', 'lfc-z7020', '--quiet', ...given)
    expect(error).toBe(message)
    expect(existsSync(join(folder, 'never'))).toBe(false)
  })
})
