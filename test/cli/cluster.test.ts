// `bnnsim cluster`: a point for each number of sequences kept, in each format, and flags that are refused.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { inProcess } from './in-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'bnnsim-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function output(...args: readonly string[]): Promise<string> {
  const { stdout, error } = await inProcess('cluster', 'cnv-cifar10', '--limit', '4', ...args)
  expect(error).toBeNull()
  return stdout
}

it('loses nothing where all are kept, and codes smaller the fewer are', async () => {
  const svg = join(folder, 'curve.svg')
  const { points } = JSON.parse(await output('--keep', '512, 64', '--format', 'json', '--svg', svg))
  expect(points.map(({ keep }: { keep: number }) => keep)).toEqual([512, 64])
  const [all, few] = points
  const plain = await inProcess('eval', 'cnv-cifar10', '--limit', '4', '--format', 'json')
  expect(all).toMatchObject({ images: 4, correct: JSON.parse(plain.stdout).correct })
  expect(few.codedBits).toBeLessThan(6)
  expect(few.modelRatio).toBeGreaterThan(all.modelRatio)
  expect(readFileSync(svg, 'utf8').match(/<circle/g)).toHaveLength(4)
})

it('prints tables', async () => {
  const [head, ...rows] = (await output('--keep', '64', '--format', 'csv')).trim().split('\n')
  expect(head).toBe('keep,codedBits,ratio,modelRatio,images,correct,accuracy')
  expect(rows).toHaveLength(1)
  expect(await output('--keep', '64', '--distance', '1')).toMatch(/^ *64 +\d\.\d{3} /m)
})

it.each([
  [['--keep', '64,x'], "--keep: expected a whole number of at least 1, got 'x'"],
  [['--keep', '513'], /^--keep: expected .*512/],
  [['--distance', '10'], /^--distance: expected .*9/],
  [['--images', 'none.bin'], /none\.bin/],
] as const)('refuses %j', async (flags, message) => {
  const { stdout, error } = await inProcess('cluster', 'cnv-cifar10', ...flags)
  expect(stdout).toBe('')
  expect(error).toMatch(message)
})
