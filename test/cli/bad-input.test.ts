// What a user can have wrong: one line that says where and what was expected, exit code 2,
// nothing on standard output, nothing left in the results folder.

import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bnnsim } from './bnnsim.ts'

const folder = mkdtempSync(join(tmpdir(), 'bnnsim-'))
const file = (name: string): string => join(folder, name)
const models = fileURLToPath(new URL('../../models/', import.meta.url))

const experiment = `network: cnv-cifar10
images: { count: 1 }
machine:
  extends: cnv-z7020
  clock: 100 MHz
energy: zynq-28nm
`

beforeAll(async () => {
  const manifest = readFileSync(join(models, 'cnv-cifar10.json'), 'utf8')
  writeFileSync(file('cut.json'), manifest.replace('cnv-cifar10.bin', 'cut.bin'))
  await copyFile(join(models, 'cnv-cifar10.bin'), file('cut.bin'))
  truncateSync(file('cut.bin'), 1000)
  writeFileSync(file('odd.json'), manifest.replace('"out_channels": 64', '"out_channels": 63'))
  await copyFile(join(models, 'cnv-cifar10.bin'), file('cnv-cifar10.bin'))
  writeFileSync(file('images.bin'), Buffer.alloc(3073 * 2 + 1))
  writeFileSync(file('key.yaml'), experiment.replace('clock:', 'clok:'))
  writeFileSync(file('unit.yaml'), experiment.replace('100 MHz', '100 ms'))
  writeFileSync(
    file('small.yaml'),
    experiment.replace(
      'clock: 100 MHz',
      'device: xc7z020\n  folding: [{pe: 64, simd: 3}, {pe: 64, simd: 64}, {pe: 128, simd: 64}, {pe: 128, simd: 128}, {pe: 64, simd: 128}, {pe: 1, simd: 32}, {pe: 1, simd: 4}, {pe: 1, simd: 8}, {pe: 4, simd: 1}]',
    ),
  )
  writeFileSync(file('broken.yaml'), 'network: [cnv\n')
})

afterAll(() => rmSync(folder, { recursive: true }))

const cases: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [['run', file('key.yaml')], /key\.yaml:5: machine\.clok: unknown key 'clok'; did you mean 'clock'\?$/],
  [['run', file('unit.yaml')], /unit\.yaml:5: machine\.clock: expected a frequency such as '200 MHz', got "100 ms"$/],
  [['run', file('broken.yaml')], /broken\.yaml:\d+: /],
  [['run', file('none.yaml')], /none\.yaml/],
  [['run', 'dmo'], /no 'dmo' in configs\/experiments; did you mean 'demo'\?$/],
  [['run', file('small.yaml')], /machine\.folding: the design does not fit xc7z020: lut \d+ of 53200 \(\d+ too many\)/],
  [['run', 'demo', '--set', 'machine.folding=[{pe: 7, simd: 3}]'], /machine\.folding: 1 entries for the 9 layers/],
  [
    ['run', 'demo', '--set', 'machine.folding.0.pe=7'],
    /machine\.folding\.0\.pe: 7 does not divide the 64 of layer conv0; nearest: 4 or 8$/,
  ],
  [['run', 'demo', '--set', 'machine.clok=1 MHz'], /--set machine\.clok: unknown key 'clok'; did you mean 'clock'\?$/],
  [['run', 'demo', '--set', 'images.count=0'], /images\.count.*expected a whole number of at least 1, got 0$/],
  [['run', 'demo', '--set', 'images.file=nowhere.bin'], /nowhere\.bin: cannot be read \(ENOENT\)$/],
  [['run', 'demo', '--set', `images.file=${file('images.bin')}`], /images\.bin: .*3073/],
  [['run', 'demo', '--set', `weights=${file('cut.json')}`], /cut\.(json|bin)/],
  [['run', 'demo', '--set', `weights=${file('odd.json')}`], /odd\.json:\d+: layers/],
  [['run', 'demo', '--set', 'network=reactnet-a'], /layer .*: machine streaming has no unit for real weights/],
  [['run', 'demo', '--formt', 'json'], /--formt: unknown flag; did you mean 'format'\?$/],
  [['run', 'demo', '--format', 'jsn'], /--format: expected text, json, csv, got 'jsn'; did you mean 'json'\?$/],
  [['run', 'demo', '--out'], /not enough arguments following: out$/],
  [['rn', 'demo'], /unknown command or argument 'rn'; did you mean 'run'\?$/],
  [['eval', 'cnv-cifr10'], /no network named 'cnv-cifr10'; did you mean 'cnv-cifar10'\?$/],
  [['eval', 'lfc-w1a1', '--images', file('images.bin')], /images\.bin/],
  [['eval', 'cnv-cifar10', '--limit', 'two'], /--limit: expected a whole number of at least 1, got 'two'$/],
  [
    ['fold', 'cnv-cifar10', '--fps', '1000000'],
    /layer conv0 takes 8100 cycles fully unfolded, .*; at most 12345 images\/s$/,
  ],
  [['fold', 'cnv-cifar10', '--max', '--device', 'xc7z02'], /--device: expected one of .*; did you mean 'xc7z020'\?$/],
  [['layer', '--pe', '3'], /--pe: 3 does not divide the 128 output channels$/],
  [['layer', '--stall', 'outX:3'], /--stall: expected none, outI:N, .* got 'outX:3'$/],
  [['list', 'netwrks'], /--what: expected networks, .*; did you mean 'networks'\?$/],
]

it.concurrent.each(cases)('bnnsim %j', { timeout: 60_000 }, async (args, message) => {
  const out = file(`out-${cases.findIndex(([each]) => each === args)}`)
  const withOut = args[0] === 'run' && !args.includes('--out') ? [...args, '--out', out] : args
  const { status, stdout, stderr } = await bnnsim(...withOut)
  expect(stderr.trimEnd()).toMatch(message)
  expect(stderr).toMatch(/^bnnsim: [^\n]+\n$/)
  expect(stdout).toBe('')
  expect(status).toBe(2)
  expect(existsSync(out)).toBe(false)
})
