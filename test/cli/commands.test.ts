// Each command does its job and emits what tools read.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { bnnsim } from './bnnsim.ts'
import { inProcess } from './in-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'bnnsim-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function output(...args: readonly string[]): Promise<string> {
  const { stdout, error } = await inProcess(...args)
  expect(error).toBeNull()
  return stdout
}

const json = async (...args: readonly string[]) => JSON.parse(await output(...args, '--format', 'json'))

describe('run', () => {
  it('has the stable keys, sums that fit, and values that were checked', async () => {
    const result = await json('run', 'cnv-z7020', '--set', 'images.count=3')
    expect(result).toMatchObject({
      format: 'bnnsim-result/1',
      experiment: 'cnv-z7020',
      network: 'cnv-cifar10',
      machine: 'cnv-z7020',
      energyTable: 'zynq-28nm',
      seed: 1,
    })
    const [baseline] = result.variants
    expect(baseline).toMatchObject({ name: 'baseline', speedup: 1, images: 3, accuracy: { images: 3 } })
    expect(baseline.checked).toMatchObject({ tensors: 33, mismatches: 0 })
    expect(baseline.cyclesPerImage).toBe(baseline.totalCycles / 3)
    expect(baseline.imagesPerSecond).toBeCloseTo(1e8 / baseline.cyclesPerImage, 6)
    for (const { cycles, busy, stalls } of baseline.layers) {
      const waits = Object.values<number>(stalls).reduce((sum, each) => sum + each, 0)
      expect(busy + waits).toBeCloseTo(cycles, 6)
    }
    const parts = Object.values<number>(baseline.energy).reduce((sum, each) => sum + each, 0)
    expect(parts).toBeCloseTo(baseline.energyPerImageJoules, 12)
  })

  it('leaves a folder that reproduces it, byte for byte', async () => {
    const [first, second] = [join(folder, 'first'), join(folder, 'second')]
    await output('run', 'lfc-z7020', '--set', 'images.count=20', '--out', first, '--quiet')
    expect(readdirSync(first).sort()).toEqual([
      'config.yaml',
      'result.csv',
      'result.json',
      'result.txt',
      'stats.json',
      'stats.txt',
    ])
    const { status } = await bnnsim('run', join(first, 'config.yaml'), '--out', second, '--quiet')
    expect(status).toBe(0)
    for (const name of readdirSync(first))
      expect(readFileSync(join(second, name)), name).toEqual(readFileSync(join(first, name)))
  })

  it('says what a lossy variant was, and what its values were compared with', async () => {
    const clustered =
      'variants=[{name: baseline, passes: []}, {name: few, passes: [{name: cluster-kernels, keep: 64}]}]'
    const { variants } = await json('run', 'demo', '--set', clustered)
    expect(variants.map(({ passes, lossy }: { passes: string; lossy: boolean }) => [passes, lossy])).toEqual([
      ['', false],
      ['cluster-kernels {"keep":64,"distance":1,"ties":"frequent","scope":"layer"}', true],
    ])
    const [exact, lossy] = (await output('run', 'demo', '--set', clustered)).split('\nVariant few: cluster-kernels')
    expect(exact).toContain('all equal to the golden evaluation')
    expect(lossy).toMatch(/all equal to the evaluation of the network that its passes\s+leave/)
  })

  it('blames the passes of a variant for what they cannot do', async () => {
    const variants =
      'variants=[{name: baseline, passes: []}, {name: v, passes: [{name: compress-kernels, groups: [4]}]}]'
    const { error } = await inProcess('run', 'demo', '--set', variants)
    expect(error).toMatch(
      /--set variants\[1\]\.passes: conv1: expected groups with room for 512 symbols, got room for 16/,
    )
  })

  it('compares variants with the baseline', async () => {
    const faster = 'variants=[{name: fast, passes: [], set: {machine.clock: 120 MHz}}, {name: baseline, passes: []}]'
    const { variants } = await json('run', 'lfc-z7020', '--set', faster)
    expect(variants.map(({ name }: { name: string }) => name)).toEqual(['baseline', 'fast'])
    expect(variants[1].speedup).toBeCloseTo(1.2, 12)
  })

  it('traces what each unit did, every cycle once', async () => {
    const file = join(folder, 'trace.json')
    await output('run', 'lfc-z7020', '--set', 'images.count=2', '--trace', file)
    const { traceEvents } = JSON.parse(readFileSync(file, 'utf8'))
    const ends = new Map<number, number>() // of the latest span, by track
    for (const { ph, tid, ts, dur } of traceEvents) {
      if (ph !== 'X') continue
      expect(ts).toBe(ends.get(tid) ?? 0)
      ends.set(tid, ts + dur)
    }
    expect(ends.size).toBeGreaterThan(6)
    expect(new Set(ends.values()).size).toBe(1)
  })

  it('ends the demo with what to try next', async () => {
    const { stdout, stderr, status } = await bnnsim('run', 'demo')
    expect([stderr, status]).toEqual(['', 0])
    expect(stdout).toMatch(/all equal to the golden evaluation/)
    expect(stdout).toMatch(/images\.file=test_batch\.bin/)
  })
})

describe('the other commands', () => {
  it('layer times one layer as the RTL does', async () => {
    const flags = '--kernel 3 --input 5 --in 128 --out 256 --pe 4 --simd 32 --stall outI:8'.split(' ')
    expect(await json('layer', ...flags)).toEqual({
      firstOutputCycle: 104,
      firstFrameCycles: 23_105,
      intervalMean: 23_040,
      intervalLast: 23_040,
    })
  })

  it('eval gives class and scores of each picture', async () => {
    const result = await json('eval', 'cnv-cifar10', '--limit', '2')
    expect(Object.keys(result)).toEqual(['images', 'correct', 'accuracy', 'imagesPerSecond', 'predictions'])
    expect(result.predictions).toHaveLength(2)
    expect(Object.keys(result.predictions[1])).toEqual(['index', 'label', 'class', 'scores'])
    const csv = await output('eval', 'cnv-cifar10', '--limit', '2', '--format', 'csv')
    expect(csv.split('\n')[0]).toMatch(/^index,label,class,scores\.0,/)
  })

  it('fold plans for a rate and tries the plan out', async () => {
    const plan = await json('fold', 'cnv-cifar10', '--device', 'XC7Z045', '--fps', '2000')
    expect(plan.imagesPerSecond).toBeGreaterThanOrEqual(2000)
    expect(plan.simulated.imagesPerSecond).toBeGreaterThan(0.9 * 2000)
    expect(plan.used.lut).toBeLessThan(plan.available.lut)
  })

  it('show, list and schema print what ships', async () => {
    const shown = await json('show', 'cnv-cifar10')
    expect(shown.totals).toEqual({
      binaryMacs: 57_906_176,
      integerMacs: 1_555_200,
      realMacs: 0,
      weightBits: 1_542_848,
    })
    const machines = await json('list', 'machines')
    expect(machines.map(({ name }: { name: string }) => name)).toContain('cnv-z7020')
    expect(JSON.parse(await output('schema', 'experiment'))).toMatchObject({
      type: 'object',
      properties: { network: { type: 'string' } },
    })
  })

  it('start as processes, each with what it alone loads', async () => {
    const layer = '--kernel 3 --input 5 --in 128 --out 256 --pe 4 --simd 32'.split(' ')
    for (const args of [
      ['layer', ...layer],
      ['eval', 'cnv-cifar10', '--limit', '1'],
      ['fold', 'tfc-w1a1', '--device', 'XC7Z045', '--fps', '2000'],
      ['show', 'cnv-cifar10'],
      ['list', 'machines'],
      ['schema', 'experiment'],
    ]) {
      const { status, stdout, stderr } = await bnnsim(...args)
      expect({ stderr, status }, args[0]!).toEqual({ stderr: '', status: 0 })
      expect(stdout, args[0]!).not.toBe('')
    }
    expect((await bnnsim('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
