// Sweeps as users run them: the same bytes from any number of workers, and nothing lost by a kill.

import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { withFiles } from '../config/files.ts'
import { bnnsim, command } from './bnnsim.ts'
import { inProcess } from './in-process.ts'

const experiment = 'network: lfc-w1a1\nimages: { count: 1 }\nmachine: lfc-z7020\nenergy: zynq-28nm\n'
const sweep = `
title: Clocks and folding of LFC
experiment: ./e.yaml
grid:
  machine.folding[2].pe: [4, 8, 5]
  machine.clock: [${Array.from({ length: 12 }, (_, i) => `${10 * (i + 5)} MHz`)}]
`

const filesIn = (folder: string): Map<string, string> => {
  if (!existsSync(folder)) return new Map()
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  // A part is gone at any moment, or stays for an hour where its process was killed.
  const files = names.filter((name) => !name.endsWith('.part') && statSync(join(folder, name)).isFile())
  return new Map(files.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}

const stored = (folder: string): string[] =>
  [...filesIn(join(folder, 'store')).keys()].filter((name) => name.endsWith('.json'))

describe('bnnsim sweep', () => {
  it('gives the same bytes on one worker, on two, and after a kill', async () => {
    const folder = withFiles({ 'e.yaml': experiment, 's.yaml': sweep })
    const file = join(folder, 's.yaml')
    const [one, two, killed] = ['one', 'two', 'killed'].map((name) => join(folder, name)) as [string, string, string]

    const child = spawn(process.execPath, command('sweep', file, '--out', killed, '--jobs', '2'), { stdio: 'ignore' })
    while (stored(killed).length < 2 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5))
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
    const kept = stored(killed).map((name) => join(killed, 'store', name))
    expect(kept.length).toBeGreaterThanOrEqual(2)
    expect(kept.length).toBeLessThan(24)
    expect(existsSync(join(killed, 'sweep.json'))).toBe(false)
    const before = kept.map((name) => statSync(name).mtimeMs)

    const [first, second, third] = await Promise.all([
      inProcess('sweep', file, '--out', one, '--jobs', '1'),
      bnnsim('sweep', file, '--out', two, '--jobs', '2'),
      bnnsim('sweep', file, '--out', killed, '--jobs', '2'),
    ])
    // In this process the program is its sources: other keys, so another store.
    const outside = (files: Map<string, string>) => [...files].filter(([name]) => !name.startsWith('store'))
    expect(outside(filesIn(two))).toEqual(outside(filesIn(one)))
    expect([...filesIn(killed)]).toEqual([...filesIn(two)])
    expect(kept.map((name) => statSync(name).mtimeMs)).toEqual(before)
    expect(stored(two)).toHaveLength(24)
    expect([second.status, third.status]).toEqual([1, 1])
    expect(second.stdout.replaceAll(two, one)).toBe(first.stdout)
    expect(second.stdout).toMatch(/^Clocks and folding of LFC\nsweep s: 36 points, 24 results/)
    expect(second.stdout).toMatch(
      /12 points failed:\n {2}points 24, 25, 26 and 9 more: [^:]*s\.yaml:5: [^:]*: 5 does\s+not\s+divide the 1024/,
    )

    const again = await inProcess('sweep', join(one, 'config.yaml'), '--out', two, '--jobs', '1', '--format', 'csv')
    const withoutErrors = (csv: string) => csv.split('\n').filter((line) => !line.includes('does not divide'))
    expect(withoutErrors(again.stdout)).toEqual(withoutErrors(filesIn(one).get('points.csv')!))
    process.exitCode = undefined // of a sweep with points that failed, in this process
  })

  it('refuses what is wrong before anything is written', async () => {
    const folder = withFiles({ 's.yaml': 'experiment: cnv-z702\n', 'ok.yaml': 'experiment: lfc-z7020\n' })
    const out = join(folder, 'out')
    const error = async (...args: string[]) => (await inProcess('sweep', ...args, '--out', out)).error
    expect(await error(join(folder, 's.yaml'))).toContain(
      "no 'cnv-z702' in configs/experiments; did you mean 'cnv-z7020'?",
    )
    expect(await error('cnv-foldin')).toContain("no 'cnv-foldin' in configs/sweeps; did you mean 'cnv-folding'?")
    expect(await error(join(folder, 'ok.yaml'), '--jobs', '0')).toContain(
      '--jobs: expected a whole number of at least 1',
    )
    expect(await error(join(folder, 'ok.yaml'), '--format', 'xml')).toContain('--format: expected text, json, csv')
    expect((await inProcess('explore', join(folder, 'ok.yaml'), '--out', out)).error).toContain('explore: missing')
    expect(filesIn(out)).toEqual(new Map())
  })
})
