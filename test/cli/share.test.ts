// `bnnsim share`: points in each format, the best ones, and flags that are refused.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { passes as known } from '../../src/opt/index.ts'
import { inProcess } from './in-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'bnnsim-'))
afterAll(() => rmSync(folder, { recursive: true }))

const few = ['--limit', '2', '--distance', '1', '--loss', '100']

async function output(...args: readonly string[]): Promise<string> {
  const { stdout, error } = await inProcess('share', 'cnv-cifar10', ...few, ...args)
  expect(error).toBeNull()
  return stdout
}

it('removes more the more changes, and nothing is lost by exact sharing', async () => {
  const svg = join(folder, 'curve.svg')
  const { exact, points, best } = JSON.parse(await output('--changed', '0.02', '--format', 'json', '--svg', svg))
  const plain = await inProcess('eval', 'cnv-cifar10', '--limit', '2', '--format', 'json')
  expect(points.map(({ slices, changed }: Record<string, unknown>) => [slices, changed])).toEqual([
    ['equal', null],
    ['equal, inverse', null],
    ['similar', 0.02],
    ['similar', 1],
  ])
  for (const point of points.slice(0, 2))
    expect(point).toMatchObject({ images: 2, correct: JSON.parse(plain.stdout).correct, lost: 0 })
  for (const rule of ['removedResults', 'removedBits']) {
    const removed: number[] = points.map((point: Record<string, number>) => point[rule])
    expect(removed).toEqual(removed.toSorted((a, b) => a - b))
    expect(exact.at(-1)[rule]).toBe(removed[1])
  }
  expect(exact.map(({ layer }: { layer: string }) => layer)).toEqual([
    'conv0',
    'conv1',
    'conv2',
    'conv3',
    'conv4',
    'conv5',
    'all',
  ])
  // 28 x 28 pixels, 64 kernels of 64 channels.
  expect(exact[1].baseline).toEqual({ results: 3_211_264, terms: 28_901_376, additions: 3_161_088 })
  expect(best.at(-1)).toMatchObject({ slices: 'similar', distance: 1, changed: 1 })
  expect(readFileSync(svg, 'utf8')).toContain('2-D results removed, %')
})

it('prints tables', async () => {
  const [head, ...rows] = (await output('--format', 'csv', '--changed', '1')).trim().split('\n')
  expect(head).toBe('slices,distance,changed,signs,removedResults,removedBits,images,correct,accuracy,lost,error')
  expect(rows).toHaveLength(3)
  const text = await output('--changed', '1')
  expect(text).toMatch(/^all +6,562,560 +6,420,992 +117,984,512 /m)
  expect(text).toMatch(/^similar +1 +100\.000 /m)
  expect(text).toMatch(/^Best with at most 100\.00 points lost/m)
})

it('prints passes that change each layer in its own way', async () => {
  const lines = (await output('--changed', '1', '--each-layer')).split('\n')
  const from = lines.indexOf('Layers of their own, as a variant has them:')
  const passes: Record<string, unknown>[] = parse(lines.slice(from + 1).join('\n'))
  expect(passes.at(-1)).toEqual({ name: 'share-results', share: 'inverse' })
  expect(passes[0]).toMatchObject({ name: 'share-similar', distance: 1, changed: 1 })
  for (const { name, ...options } of passes) expect(known[String(name)]!.schema.safeParse(options).success).toBe(true)
})

it('has no best point where pictures have no labels', async () => {
  const ppm = join(folder, 'grey.ppm')
  writeFileSync(ppm, Buffer.concat([Buffer.from('P6 32 32 255\n'), Buffer.alloc(3 * 32 * 32, 128)]))
  const text = await output('--changed', '1', '--images', ppm)
  expect(text).toMatch(/^similar +1 +100\.000 .* - +- +-$/m)
  expect(text).toMatch(/^Pictures without labels/m)
})

it.each([
  [['--changed', '0.1,x'], "--changed: expected a number, got 'x'"],
  [['--changed', '1.5'], /^--changed: expected .*1/],
  [['--distance', '1,26'], /^--distance: expected .*25/],
  [['--distance', '0.5'], /^--distance: /],
  [['--loss', '-1'], '--loss: expected 0 or more percent points, got -1'],
  [['--images', 'none.bin'], /none\.bin/],
] as const)('refuses %j', async (flags, message) => {
  const { stdout, error } = await inProcess('share', 'cnv-cifar10', ...flags)
  expect(stdout).toBe('')
  expect(error).toMatch(message)
})

it('refuses a network that has no slices', async () => {
  const { error } = await inProcess('share', 'tfc-w1a1')
  expect(error).toBe('tfc-w1a1 has no layer of binary weights with kernels of 2x2 to 5x5')
})
