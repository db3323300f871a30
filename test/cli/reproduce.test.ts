import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { withFiles } from '../config/files.ts'
import { files, paper } from '../reproduce/papers.ts'
import { bnnsim } from './bnnsim.ts'
import { inProcess } from './in-process.ts'

describe('bnnsim reproduce', () => {
  it('prints and keeps the same on one thread and on two', async () => {
    const folder = withFiles(files)
    const [claims, out] = [join(folder, 'author2000.yaml'), join(folder, 'out')]
    const one = await inProcess('reproduce', claims, '--jobs', '1', '--out', out, '--report', '--format', 'json')
    const two = await bnnsim('reproduce', claims, '--jobs', '2', '--format', 'json')
    expect(two).toMatchObject({ status: 0, stdout: one.stdout, stderr: '' })
    expect(readFileSync(join(out, 'reproduction.json'), 'utf8')).toBe(one.stdout)
    expect(readdirSync(out).sort()).toEqual([
      'figures',
      'report.html',
      'reproduction.csv',
      'reproduction.json',
      'reproduction.txt',
      'store',
    ])
    expect(readdirSync(join(out, 'figures')).sort()).toEqual(['author2000-multiplications.svg', 'author2000-speed.svg'])
    expect(
      readdirSync(join(out, 'store'), { recursive: true }).filter((file) => `${file}`.endsWith('.json')),
    ).toHaveLength(2)
  })

  it('ends with 1 where a claim failed', async () => {
    const folder = withFiles({
      ...files,
      'author2000.yaml': paper.replace('./e.yaml', './e.yaml, settings: { network: fracbnn-resnet20 }'),
    })
    onTestFinished(() => {
      process.exitCode = undefined
    })
    const { stdout, error } = await inProcess('reproduce', join(folder, 'author2000.yaml'), '--jobs', '1')
    expect(error).toBeNull()
    expect(process.exitCode).toBe(1)
    expect(stdout).toMatch(/0 claims with an independent basis: .* 1 derived\. 1 claim failed\./s)
  })

  it('has its papers and the schema of their files listed', async () => {
    const listed = await inProcess('list', 'reproduction', '--format', 'json')
    expect(JSON.parse(listed.stdout)).toContainEqual({ name: 'gao2021', summary: expect.stringMatching(/^Gao/) })
    const { stdout } = await inProcess('schema', 'reproduction')
    const claim = JSON.parse(stdout).properties.claims.items.properties
    expect(claim.basis.enum).toEqual(['independent', 'derived', 'chosen', 'incomparable'])
  })

  it('refuses papers and flags that cannot be, and writes nothing then', async () => {
    const folder = withFiles(files)
    const error = async (...args: readonly string[]) => (await inProcess('reproduce', ...args)).error
    expect(await error('gao2020')).toMatch(/did you mean 'gao2021'\?/)
    expect(await error('gao2021', '--report')).toMatch(/^--report: expected with --out/)
    expect(await error('gao2021', '--jobs', '0')).toMatch(/^--jobs: expected a whole number/)
    expect(await error('gao2021', '--data', join(folder, 'no'))).toMatch(/^--data: no such folder/)
    const out = join(folder, 'out')
    expect(await error('gao2020', '--out', out)).not.toBeNull()
    expect(existsSync(out)).toBe(false)
  })
})
