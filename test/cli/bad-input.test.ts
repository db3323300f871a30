// What a user can have wrong: one line that says where and what was expected, exit code 2,
// nothing on standard output, nothing left in the results folder.

import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bnnsim, command } from './bnnsim.ts'
import { inProcess } from './in-process.ts'

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

type Case = readonly [args: readonly string[], message: RegExp]

/** What the command line itself refuses, and something of each command, from a process of its own. */
const refused: readonly Case[] = [
  [['run', file('key.yaml')], /key\.yaml:5: machine\.clok: unknown key 'clok'; did you mean 'clock'\?$/],
  [['run', 'demo', '--formt', 'json'], /--formt: unknown flag; did you mean 'format'\?$/],
  [['run', 'demo', '--out'], /not enough arguments following: out$/],
  [['rn', 'demo'], /unknown command or argument 'rn'; did you mean 'run'\?$/],
  [['eval', 'cnv-cifr10'], /no network named 'cnv-cifr10'; did you mean 'cnv-cifar10'\?$/],
  [['fold', 'cnv-cifar10', '--max', '--device', 'xc7z02'], /--device: expected one of .*; did you mean 'xc7z020'\?$/],
  [['layer', '--pe', '3'], /--pe: 3 does not divide the 128 output channels$/],
  [['run'], /^bnnsim: expected <experiment>; bnnsim run --help tells more$/],
  [['list', 'netwrks'], /--what: expected networks, .*; did you mean 'networks'\?$/],
]

const cases: readonly Case[] = [
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
  [['run', 'demo', '--set', 'images.file=nowhere.bin'], /nowhere\.bin: no such file$/],
  [['run', 'demo', '--set', `images.file=${file('images.bin')}`], /images\.bin: .*3073/],
  [['run', 'demo', '--set', `weights=${file('cut.json')}`], /cut\.(json|bin)/],
  [['run', 'demo', '--set', `weights=${file('odd.json')}`], /odd\.json:\d+: layers/],
  [['run', 'demo', '--set', 'network=reactnet-a'], /layer .*: machine streaming has no unit for real weights/],
  [['run', 'demo', '--format', 'jsn'], /--format: expected text, json, csv, got 'jsn'; did you mean 'json'\?$/],
  [['eval', 'lfc-w1a1', '--images', file('images.bin')], /images\.bin/],
  [['eval', 'cnv-cifar10', '--limit', 'two'], /--limit: expected a whole number of at least 1, got 'two'$/],
  [
    ['fold', 'cnv-cifar10', '--fps', '1000000'],
    /--fps: layer conv0 takes 8,100 cycles fully unfolded: expected at most 12,345 images\/s$/,
  ],
  [['layer', '--stall', 'outX:3'], /--stall: expected none, outI:N, .* got 'outX:3'$/],
  [['run', 'demo', '--trace', folder], /--trace: expected a file, got a folder$/],
  [['run', 'demo', '--trace', ''], /^--trace: expected the name of a file$/],
  [
    ['run', 'demo', '--trace', file('nowhere/trace.json')],
    /trace\.json: --trace: expected a file that can be written \(ENOENT\)$/,
  ],
  [['layer', '--input', '100000'], /--input: 40,000,000,000 input words a frame, expected at most 16,777,216$/],
  [['layer', '--in', '1e9'], /--in: 9,000,000,000 columns of the weight matrix, expected at most 1,048,576$/],
  [
    ['layer', '--out', '1600000', '--in', '1024'],
    /--out: expected at most 29,127 for 268,435,456 weights, got 1600000$/,
  ],
  [['layer', '--frames', '1000000'], /--frames: expected at most 29,127, 576 input words each$/],
  [
    ['layer', '--kernel', '1', '--input', '4096', '--in', '1', '--simd', '1', '--frames', '1'],
    /--input: 134,217,728 output words a frame, expected at most 16,777,216$/,
  ],
  [
    ['layer', '--kernel', '32', '--input', '1024', '--in', '1', '--simd', '1', '--pe', '128', '--frames', '1'],
    /--input: 1,009,714,176 steps a frame, expected at most 268,435,456$/,
  ],
  [['layer', '--stall', 'outB:1000000000'], /--stall: expected .* with N of 1 to 999,999,999, got 'outB:1000000000'$/],
  [
    ['fold', 'cnv-cifar10', '--fps', '5000'],
    /^--fps: does not fit xc7z020: [\d,]+ of 37,240 \(70 % of 53,200\) LUT, [\d,]+ too many; /,
  ],
  [['fold', 'cnv-cifar10', '--max', '--clock', '5'], /^--clock: expected a frequency such as '200 MHz', got 5$/],
  [['fold', 'cnv-cifar10', '--max', '--style', 'x'], /^--style: expected one of rtl, hls, got "x"$/],
  [
    ['eval', join(models, 'cnv-cifar10.bin')],
    /cnv-cifar10\.bin: a model file is a JSON manifest; did you mean .*cnv-cifar10\.json\?$/,
  ],
  [['run', 'demo', '--set', `network=${file('images.bin')}`], /images\.bin: a model file is a JSON manifest$/],
  [['run', 'demo', '--set', `images.file=${folder}`], /is a folder; expected a file$/],
]

/** `args`; those of a run without `--out` get one. */
const withOut = (args: readonly string[], out: string): readonly string[] =>
  args[0] === 'run' && !args.includes('--out') ? [...args, '--out', out] : args

it.concurrent.each(refused)('bnnsim %j, with one line and exit code 2', async (args, message) => {
  const out = file(`out-${refused.findIndex(([each]) => each === args)}`)
  const { status, stdout, stderr } = await bnnsim(...withOut(args, out))
  expect(stderr.trimEnd()).toMatch(message)
  expect(stderr).toMatch(/^bnnsim: [^\n]+\n$/)
  expect(stdout).toBe('')
  expect(status).toBe(2)
  expect(existsSync(out)).toBe(false)
})

it.each(cases)('bnnsim %j', async (args, message) => {
  const out = file('out')
  const { stdout, error } = await inProcess(...withOut(args, out))
  expect(error).toMatch(message)
  expect(error).not.toContain('\n')
  expect(stdout).toBe('')
  expect(existsSync(out)).toBe(false)
})

describe.skipIf(process.platform !== 'linux')('what Linux has beside regular files (skipped on other systems)', () => {
  it.each([
    [['run', 'demo', '--set', 'images.file=/dev/zero'], /zero: expected a regular file$/],
    [['run', 'demo', '--trace', '/dev/null'], /null: --trace: expected a file, got a device$/],
    [
      ['run', 'demo', '--set', 'images.count=1', '--quiet', '--out', '/proc/x'],
      /x: expected a folder that can be written \(ENOENT\)$/,
    ],
  ] as const)('bnnsim %j', async (args, message) => {
    const { stdout, error } = await inProcess(...args)
    expect(error).toMatch(message)
    expect(error).not.toContain('\n')
    expect(stdout).toBe('')
  })

  it('a full device as standard output is one line and exit code 1', async () => {
    const child = spawn(process.execPath, command('show', 'cnv-w1a1'), {
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    })
    let complaint = ''
    child.stderr!.on('data', (text) => {
      complaint += text
    })
    const status = await new Promise((resolve) => child.once('close', resolve))
    expect(complaint).toMatch(/^bnnsim: standard output: ENOSPC[^\n]*\n$/)
    expect(status).toBe(1)
  })
})

it.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends a run at once and leaves no part of its trace',
  async (signal) => {
    const traces = file(`traces-${signal}`)
    mkdirSync(traces)
    const begun = nextChange(traces)
    const args = ['run', 'demo', '--set', 'images.count=1000', '--trace', join(traces, 'trace.json')]
    const child = spawn(process.execPath, command(...args), { stdio: ['ignore', 'ignore', 'ignore'] })
    const ended = new Promise((resolve) => child.once('exit', (_, by) => resolve(by)))
    expect(await begun).toMatch(/^trace\.json/)
    await setTimeout(500)
    expect(child.exitCode).toBeNull()
    child.kill(signal)
    expect(await ended).toBe(signal)
    expect(readdirSync(traces)).toEqual([])
  },
)

/** Name of the file in `folder` that is the next to appear or disappear, as a trace's does when its run begins. */
const nextChange = (folder: string): Promise<string | null> =>
  new Promise((resolve) => {
    const watcher = watch(folder, (_, name) => {
      watcher.close()
      resolve(name)
    })
  })

it('a trace is in its place, alone, when the run is over', async () => {
  const traces = file('traces')
  mkdirSync(traces)
  const { status } = await bnnsim('run', 'demo', '--set', 'images.count=1', '--trace', join(traces, 'trace.json'))
  expect(status).toBe(0)
  expect(readdirSync(traces)).toEqual(['trace.json'])
  expect(JSON.parse(readFileSync(join(traces, 'trace.json'), 'utf8')).traceEvents.length).toBeGreaterThan(0)
})
