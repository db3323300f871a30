// `bnnsim compress --assembly`: a layer's coded kernels as a file, and what is refused, which leaves no file.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { bnnsim } from './bnnsim.ts'
import { inProcess } from './in-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'bnnsim-assembly-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function written(...flags: readonly string[]): Promise<string> {
  const file = join(folder, 'weights.s')
  const { stdout, error } = await inProcess('compress', 'cnv-cifar10', '--assembly', file, ...flags)
  expect(error).toBeNull()
  expect(stdout).toMatch(/^conv5 /m)
  const text = readFileSync(file, 'utf8')
  rmSync(file)
  return text
}

it('writes the file that ships, and says what it is of', async () => {
  const text = await written('--layer', 'conv1')
  expect(text).toBe(readFileSync(new URL('../../traces/decode-weights.s', import.meta.url), 'utf8'))
  expect(text).toMatch(/^\/\/ Layer conv1 of cnv-cifar10: trained weights; /)
  expect(text).toContain('compress-kernels {"code":"grouped","tables":"layer"}')
  expect(text).toContain('4096 sequences of 9 weights in 36353 bits, 8.875 each.')
})

it('writes what the other flags ask for', async () => {
  const text = await written('--layer', 'conv2', '--keep', '32', '--distance', '3', '--code', 'huffman')
  expect(text).toContain('cluster-kernels {"keep":32,"distance":3')
  expect(text).toContain('"code":"huffman"')
  expect(text).toMatch(/\.equ +weights_outputs, 128\n/)
  expect(Number(/([\d.]+) each\./.exec(text)![1])).toBeLessThan(6.5)
})

it.each([
  [['--assembly', 'FILE'], '--layer: missing; expected conv1, conv2, conv3, conv4, conv5'],
  [['--layer', 'conv1'], '--layer: expected with --assembly only'],
  [['--assembly', 'FILE', '--layer', 'cnv1'], "--layer: no layer 'cnv1'; did you mean 'conv1'?"],
  [
    ['--assembly', 'FILE', '--layer', 'fc6'],
    "--layer: 'fc6' is no layer of bits with 3x3 kernels; expected conv1, conv2, conv3, conv4, conv5",
  ],
  [['--assembly', 'FILE', '--layer', 'conv1', '--layer', 'conv2'], '--layer: given more than once'],
  [
    ['--assembly', 'FILE', '--layer', 'conv1', '--groups', '4,4'],
    '--groups: conv1: expected groups with room for 512 symbols, got room for 32',
  ],
  [['--assembly', '', '--layer', 'conv1'], '--assembly: expected the name of a file'],
])('refuses %j', async (flags, message) => {
  const file = join(folder, 'refused.s')
  writeFileSync(file, 'as it was')
  const args = flags.map((flag) => (flag === 'FILE' ? file : flag))
  expect(await inProcess('compress', 'cnv-cifar10', ...args)).toEqual({ stdout: '', error: message })
  expect(readFileSync(file, 'utf8')).toBe('as it was')
  rmSync(file)
  expect(readdirSync(folder)).toEqual([])
})

it('names the seed of seeded weights, which are others with another one', async () => {
  const file = join(folder, 'seeded.s')
  const texts: string[] = []
  for (const seed of ['1', '2']) {
    const flags = ['--layer', 'conv', '--assembly', file, '--seed', seed, '--code', 'huffman']
    expect((await inProcess('compress', 'layer-3x3-56x64', ...flags)).error).toBeNull()
    texts.push(readFileSync(file, 'utf8'))
    expect(texts.at(-1)).toContain(`seeded weights of seed ${seed};`)
  }
  rmSync(file)
  expect(texts[0]!.split('weights_stream:')[1]).not.toBe(texts[1]!.split('weights_stream:')[1])
})

it('refuses a network without such kernels', async () => {
  const args = ['--assembly', join(folder, 'none.s'), '--layer', 'fc0']
  const { error } = await inProcess('compress', 'lfc-w1a1', ...args)
  expect(error).toBe('--assembly: lfc-w1a1 has no layer of bits with 3x3 kernels')
  expect(readdirSync(folder)).toEqual([])
})

it('ends with exit code 2 and one line where the file cannot be written', async () => {
  const file = join(folder, 'absent', 'weights.s')
  const { status, stdout, stderr } = await bnnsim('compress', 'cnv-cifar10', '--layer', 'conv1', '--assembly', file)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toBe(`bnnsim: ${file}: --assembly: expected a file that can be written (ENOENT)\n`)
})
