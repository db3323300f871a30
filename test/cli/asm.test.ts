// bnnsim asm, as a user runs it.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bnnsim } from './bnnsim.ts'
import { inProcess } from './in-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'bnnsim-asm-'))
const file = (name: string): string => join(folder, name)
const sample = fileURLToPath(new URL('../../traces/binary-dot.s', import.meta.url))
const cores = ['cortex-a53', 'cortex-a72', 'neoverse-n1'] as const

const loop = `.Lloop:
        ldr     q0, [x0], #16
        ldr     q1, [x1], #16
        eor     v0.16b, v0.16b, v1.16b
        cnt     v0.16b, v0.16b
        uadalp  v2.8h, v0.16b
        subs    x2, x2, #1
        b.ne    .Lloop
`

const sources = {
  'loop.s': loop,
  'mnemonic.s': 'main:\n        mov x0, #1\n        frob x0, x1\n        ret\n',
  'fault.s': 'main:\n        mov x0, #8\n        ldr x1, [x0]\n        ret\n',
  'endless.s': 'main:\n        add x0, x0, #1\n',
  'two.s': 'main:\n        mov x0, #1\n        ret\nsecond: mov x0, #2\n        ret\n',
  'dot.s': 'main:\n        sdot v0.4s, v1.16b, v2.16b\n        ret\n',
}

beforeAll(() => {
  for (const [name, text] of Object.entries(sources)) writeFileSync(file(name), text)
  mkdirSync(file('a folder'))
})
afterAll(() => rmSync(folder, { recursive: true }))

interface Report {
  readonly instructions: number
  readonly cycles: number
  readonly ipc: number
  readonly cyclesPerIteration: number | null
  readonly stalls: Readonly<Record<string, number>>
  readonly memory: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly energy: { readonly total: number; readonly dynamic: number; readonly static: number }
}

async function asm(...args: readonly string[]): Promise<string> {
  const { stdout, error } = await inProcess('asm', ...args)
  expect(error).toBeNull()
  return stdout
}

const report = async (...args: readonly string[]): Promise<Report> => JSON.parse(await asm(...args, '--format', 'json'))

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0)

describe('bnnsim asm', () => {
  it.each(cores)('runs a program on %s', async (core) => {
    const text = await asm(sample, '--core', core)
    const fast = await report(sample, '--core', core)
    expect(await report(sample, '--core', core, '--slow')).toEqual(fast)
    expect(Object.keys(fast)).toEqual(
      expect.arrayContaining(['instructions', 'cycles', 'ipc', 'cyclesPerIteration', 'stalls', 'memory', 'energy']),
    )
    expect(fast.instructions).toBe(3336)
    expect(fast.cyclesPerIteration).toBeNull()
    expect(fast.ipc).toBe(fast.instructions / fast.cycles)
    expect(sum(fast.stalls)).toBe(fast.cycles)
    expect(fast.memory.l1d!.readMisses).toBeGreaterThan(0)
    expect(fast.memory.dram!.reads).toBeGreaterThan(0)
    expect(fast.energy.total).toBeCloseTo(fast.energy.dynamic + fast.energy.static, 15)
    expect(text).toContain(`${core} at `)
    expect(text).toContain(`${fast.instructions.toLocaleString('en')} instructions in`)
    for (const [reason, count] of Object.entries(fast.stalls))
      if (count > 0) expect(text).toMatch(new RegExp(`^ *${reason} `, 'm'))
  })

  it.each(cores)('repeats a loop on %s', async (core) => {
    const args = ['--core', core, '--loop', '.Lloop', '--iterations']
    const short = await report(file('loop.s'), ...args, '100')
    const long = await report(file('loop.s'), ...args, '1000')
    expect(long.instructions).toBe(7000)
    expect(long.memory.l1d!.readMisses).toBe(0)
    expect(long.cyclesPerIteration).toBeCloseTo((long.cycles - short.cycles) / 900, 1)
    expect(long.cyclesPerIteration).toBeLessThan(13)
  })

  it('gives the same bytes twice, from a process of its own', { timeout: 120_000 }, async () => {
    for (const format of ['json', 'text']) {
      const { stdout, stderr, status } = await bnnsim('asm', sample, '--format', format)
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
      expect(await asm(sample, '--format', format)).toBe(stdout)
      expect(stdout).not.toBe('')
    }
  })

  it('changes what --set names', async () => {
    const own = await report(sample)
    const small = await report(sample, '--set', 'l1d.bytes.value=4 KiB', '--set', 'l1d.prefetcher.streams.value=1')
    expect(small.memory.l1d!.evictions).toBeGreaterThan(own.memory.l1d!.evictions!)
    expect(small.instructions).toBe(own.instructions)
  })

  it('starts where --entry says', async () => {
    expect(await asm(sample, '--entry', 'main')).toBe(await asm(sample))
    const { instructions } = await report(file('two.s'), '--entry', 'second')
    expect(instructions).toBe(2)
  })

  it('traces a window of the pipeline, and takes as many cycles', async () => {
    const own = await asm(sample)
    expect(await asm(sample, '--trace', file('pipeline.kanata'), '--window', '100:200')).toBe(own)
    expect(await asm(sample, '--trace', file('pipeline.json'), '--window', '100:200')).toBe(own)
    expect(readFileSync(file('pipeline.kanata'), 'utf8')).toMatch(/^Kanata\t0004\n/)
    expect(JSON.parse(readFileSync(file('pipeline.json'), 'utf8'))).toBeTypeOf('object')
  })
})

const refused: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [[file('mnemonic.s')], /mnemonic\.s:3:9: .*'frob'/],
  [[file('fault.s')], /fault\.s:3: 'ldr x1, \[x0\]' accesses 0x8, expected from /],
  [[file('endless.s')], /endless\.s:2: 'add x0, x0, #1' is the last instruction/],
  [[file('dot.s')], /dot\.s:2: /],
  [[file('none.s')], /none\.s: cannot be read \(ENOENT\)$/],
  [[file('a folder')], /a folder: cannot be read \(EISDIR\)$/],
  [[file('loop.s'), '--loop', '.Llop'], /no label '\.Llop'; did you mean '\.Lloop'\?$/],
  [[sample, '--loop', 'scores'], /no branch behind label 'scores' goes back to it/],
  [[sample, '--entry', 'mian'], /binary-dot\.s: --entry: no label 'mian'; did you mean 'main'\?$/],
  [[sample, '--entry', 'main', '--loop', 'row'], /--loop: cannot be given with --entry$/],
  [[file('loop.s'), '--loop', '.Lloop', '--iterations', '0'], /--iterations: expected a whole number of at least 1/],
  [[sample, '--core', 'cortex-a35'], /'cortex-a35'.*; did you mean 'cortex-a[57][325]'\?$/],
  [[sample, '--set', 'l1d.byts.value=4 KiB'], /l1d\.byts\.value: unknown key 'byts'; did you mean 'bytes'\?$/],
  [[sample, '--set', 'l1d.bytes.value=5 KiB'], /l1d/],
  [[sample, '--format', 'csv'], /--format: expected text, json, got 'csv'/],
  [[sample, '--trace', file('pipeline.vcd')], /--trace: expected a name in \.kanata or \.json, got '.*pipeline\.vcd'$/],
  [[sample, '--window', '1:2'], /--window: expected --trace with it$/],
  [
    [sample, '--trace', file('w.json'), '--window', '9:2'],
    /--window: expected FROM:TO, two cycles in order, got '9:2'$/,
  ],
  [[sample, '--trace', file('nowhere/t.json')], /--trace: expected a file that can be written \(ENOENT\)$/],
  [[sample, '--record', file('nowhere/r.trace')], /--record: expected a file that can be written \(ENOENT\)$/],
  [[sample, '--record', file('a folder')], /--record: expected a file, got a folder$/],
  [[file('fault.s'), '--record', file('r.trace'), '--trace', file('t.json')], /fault\.s:3: /],
]

describe('bnnsim asm refuses', () => {
  it.each(refused)('%j', async (args, message) => {
    const { stdout, error } = await inProcess('asm', ...args)
    expect(error).toMatch(message)
    expect(error).not.toContain('\n')
    expect(stdout).toBe('')
  })

  it('with one line and status 2', { timeout: 120_000 }, async () => {
    const { status, stdout, stderr } = await bnnsim('asm', file('mnemonic.s'))
    expect(stderr).toMatch(/^bnnsim: [^\n]*mnemonic\.s:3:9: [^\n]+\n$/)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  })

  it('and leaves nothing behind', () => {
    const left = readdirSync(folder).filter((name) => /\.part$|^r\.trace|^t\.json|^w\.json|vcd/.test(name))
    expect(left).toEqual([])
    expect(existsSync(file('nowhere'))).toBe(false)
  })
})
