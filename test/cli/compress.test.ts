// `bnnsim compress`: a row for each layer with 3x3 kernels and one for all, and flags that are refused.

import { expect, it } from 'vitest'
import { inProcess } from './in-process.ts'

async function output(...args: readonly string[]): Promise<string> {
  const { stdout, error } = await inProcess('compress', ...args)
  expect(error).toBeNull()
  return stdout
}

it('prints layers and all of them, in each format', async () => {
  const { layers, all, modelRatio } = JSON.parse(await output('cnv-cifar10', '--format', 'json'))
  expect(layers.map(({ layer }: { layer: string }) => layer)).toEqual(['conv1', 'conv2', 'conv3', 'conv4', 'conv5'])
  expect(all.sequences).toBe(126_976)
  expect(modelRatio).toBeGreaterThan(0.9)
  const huffman = ['cnv-cifar10', '--code', 'huffman'] // sooner made than groups
  const lines = (await output(...huffman, '--format', 'csv')).trim().split('\n')
  expect(lines[0]).toBe('layer,sequences,distinct,entropy,coded,streamBits,tableBits,ratio')
  expect(lines).toHaveLength(7)
  expect(await output(...huffman)).toMatch(/^all +126,976 +512 /m)
})

it('clusters first where told to, and codes smaller then', async () => {
  const [plain, clustered] = await Promise.all(
    [[], ['--keep', '64', '--distance', '2']].map(async (flags) =>
      JSON.parse(await output('cnv-cifar10', '--code', 'huffman', '--format', 'json', ...flags)),
    ),
  )
  expect(clustered.all.coded).toBeLessThan(plain.all.coded - 2)
  expect(clustered.modelRatio).toBeGreaterThan(plain.modelRatio)
})

it.each([
  [['--code', 'hufman'], "--code: expected huffman, limited, grouped, got 'hufman'; did you mean 'huffman'?"],
  [['--groups', '4,x'], /^--groups: expected a whole number/],
  [['--groups', '4,4'], '--groups: conv1: expected groups with room for 512 symbols, got room for 32'],
  [['--code', 'limited', '--longest', '40'], /^--longest: expected .*32/],
  [['--keep', '1000'], /^--keep: expected .*512/],
  [['--distance', '0'], "--distance: expected a whole number of at least 1, got '0'"],
] as const)('refuses %j', async (flags, message) => {
  const { stdout, error } = await inProcess('compress', 'cnv-cifar10', ...flags)
  expect(stdout).toBe('')
  expect(error).toMatch(message)
})
