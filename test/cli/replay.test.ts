// bnnsim replay, as a user runs it: what asm --record wrote takes as many cycles as the execution.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bnnsim } from './bnnsim.ts'
import { inProcess } from './in-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'bnnsim-replay-'))
const file = (name: string): string => join(folder, name)
const traces = fileURLToPath(new URL('../../traces/', import.meta.url))
const cores = ['cortex-a53', 'cortex-a72', 'neoverse-n1'] as const

afterAll(() => rmSync(folder, { recursive: true }))

async function output(...args: readonly string[]): Promise<string> {
  const { stdout, error } = await inProcess(...args)
  expect(error).toBeNull()
  return stdout
}

/** All but what only an execution can tell. */
async function figures(...args: readonly string[]) {
  const {
    cyclesPerIteration: _,
    returned: __,
    replaced,
    ...rest
  } = JSON.parse(await output(...args, '--format', 'json'))
  return { rest, replaced }
}

describe('bnnsim replay', () => {
  it.each(cores)('gives the figures of the execution on %s, fast and slow', async (core) => {
    const trace = file(`${core}.trace.gz`)
    const { rest: executed } = await figures('asm', `${traces}binary-dot.s`, '--core', core, '--record', trace)
    expect(executed.cycles).toBeGreaterThan(1000)
    expect((await figures('asm', `${traces}binary-dot.s`, '--core', core, '--slow')).rest).toEqual(executed)
    for (const args of [[trace], [trace, '--slow'], [`${traces}binary-dot.trace.gz`]])
      expect(await figures('replay', ...args, '--core', core)).toEqual({ rest: executed, replaced: 0 })
  })

  it.each(cores)('gives those of a repeated loop on %s, whose data are in L1 from the start', async (core) => {
    const trace = file('loop.trace')
    const loop = ['--loop', 'words', '--iterations', '500', '--core', core, '--record', trace]
    const { rest: executed } = await figures('asm', `${traces}binary-dot.s`, ...loop)
    expect(executed.memory.l1d.readMisses).toBe(0)
    for (const args of [[trace], [trace, '--slow']])
      expect((await figures('replay', ...args, '--core', core)).rest).toEqual(executed)
  })

  it('reads plain and compressed traces', async () => {
    writeFileSync(file('plain.trace'), gunzipSync(readFileSync(`${traces}bit-pack.trace.gz`)))
    expect(await output('replay', file('plain.trace'))).toBe(await output('replay', `${traces}bit-pack.trace.gz`))
  })

  it("reads QEMU's log", async () => {
    expect(await output('replay', `${traces}bit-pack.execlog.gz`)).toContain('1,927 instructions')
  })

  it('gives the same bytes twice, from a process of its own', { timeout: 120_000 }, async () => {
    const { stdout, stderr, status } = await bnnsim('replay', `${traces}binary-dot.trace.gz`)
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    expect(stdout).toContain('3,336 instructions')
    expect(await output('replay', `${traces}binary-dot.trace.gz`)).toBe(stdout)
  })

  it('traces the pipeline, and takes as many cycles', async () => {
    const trace = `${traces}bit-pack.trace.gz`
    const own = await output('replay', trace)
    expect(await output('replay', trace, '--trace', file('pipeline.kanata'))).toBe(own)
    expect(readFileSync(file('pipeline.kanata'), 'utf8').match(/^R\t/gm)!.length).toBe(1926)
  })
})

describe('bnnsim replay refuses', () => {
  beforeAll(() => {
    writeFileSync(file('other.trace'), 'something else\n')
    writeFileSync(file('cut.trace'), 'bnnsim-trace 1\nB 400000 nop\n400000\n')
    writeFileSync(file('empty.trace'), '')
    writeFileSync(file('wrong.trace'), 'bnnsim-trace 1\nB 400000 frob x0\n400000\nE 1\n')
  })

  const refused: readonly (readonly [args: readonly string[], message: RegExp])[] = [
    [[file('other.trace')], /other\.trace:1/],
    [[file('cut.trace')], /cut\.trace/],
    [[file('empty.trace')], /empty\.trace: expected a trace, found an empty file$/],
    [[file('wrong.trace')], /wrong\.trace:2.*'frob'/],
    [[file('none.trace')], /none\.trace/],
    [
      [`${traces}bit-pack.trace.gz`, '--unknown', 'nope'],
      /--unknown: expected error, nop, got 'nope'; did you mean 'nop'/,
    ],
    [[`${traces}bit-pack.trace.gz`, '--core', 'neoverse-n2'], /'neoverse-n2'.*; did you mean 'neoverse-n1'\?$/],
    [[`${traces}bit-pack.trace.gz`, '--loop', 'x'], /[Uu]nknown argument.*: loop/],
  ]

  it.each(refused)('%j', async (args, message) => {
    const { stdout, error } = await inProcess('replay', ...args)
    expect(error).toMatch(message)
    expect(error).not.toContain('\n')
    expect(stdout).toBe('')
  })
})
