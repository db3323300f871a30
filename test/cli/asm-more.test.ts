// bnnsim asm: what a function returns, whether a loop has settled, and what a user may get wrong besides.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { inProcess } from './in-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'bnnsim-asm-'))
afterAll(() => rmSync(folder, { recursive: true }))

const sample = fileURLToPath(new URL('../../traces/binary-dot.s', import.meta.url))

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

const functions = file(
  'functions.s',
  `f: mov x0, #304
   ret
g: mov w0, #-3
   fmov d0, #1.5
   ret
h: fmov s0, #0.5
   fdiv s0, s0, s1
   mov x0, #-1
   ret
`,
)
const divisions = file('divisions.s', 'l: sdiv x3, x3, x5\n add x4, x4, #1\n subs x2, x2, #1\n b.ne l\n')

async function text(...args: readonly string[]): Promise<string> {
  const { stdout, error } = await inProcess('asm', ...args)
  expect(error).toBeNull()
  return stdout.replaceAll(/\s+/g, ' ')
}
const json = async (...args: readonly string[]) => JSON.parse(await text(...args, '--format', 'json'))

describe('what a function returns', () => {
  it.each([
    ['f', { x0: '0x130', w0: 304, d0: 0, s0: 0 }, 'Returned x0 = 0x130, w0 = 304.'],
    ['g', { x0: '0xfffffffd', w0: -3, d0: 1.5, s0: 0 }, 'Returned x0 = 0xfffffffd, w0 = -3, d0 = 1.5.'],
    ['h', { x0: '0xffffffffffffffff', w0: -1, s0: null }, 'Returned x0 = 0xffffffffffffffff, w0 = -1.'],
  ])('is shown: %s', async (entry, returned, sentence) => {
    expect((await json(functions, '--entry', entry)).returned).toMatchObject(returned)
    expect(await text(functions, '--entry', entry)).toContain(sentence)
  })

  it('is nothing of a loop', async () => {
    const loop = [divisions, '--loop', 'l', '--iterations', '9']
    expect((await json(...loop)).returned).toBeNull()
    expect(await text(...loop)).not.toContain('Returned')
  })
})

describe('the steady state of a loop', () => {
  const loop = (iterations: number, core: string) => [
    divisions,
    '--loop',
    'l',
    '--iterations',
    `${iterations}`,
    '--core',
    core,
  ]

  it.each([
    ['cortex-a53', 1],
    ['cortex-a53', 2],
    ['neoverse-n1', 2],
    ['neoverse-n1', 4], // takes in an iteration a cycle until it is full
    ['neoverse-n1', 16],
    ['neoverse-n1', 40],
  ] as const)('is not reached on %s in %i iterations', async (core, iterations) => {
    expect((await json(...loop(iterations, core))).cyclesPerIteration).toBeNull()
    expect(await text(...loop(iterations, core))).toContain('Steady state: not reached.')
  })

  it.each([
    ['cortex-a53', 8, 4],
    ['cortex-a53', 2000, 4],
    ['neoverse-n1', 200, 5],
    ['neoverse-n1', 2000, 5],
  ] as const)('is on %s in %i iterations', async (core, iterations, cycles) => {
    expect((await json(...loop(iterations, core))).cyclesPerIteration).toBe(cycles)
    expect(await text(...loop(iterations, core))).toContain(`${cycles} cycles per iteration in the steady state.`)
  })

  it('is none where the last quarter is another than the one before', async () => {
    // x1 begins at the window of x1, the low byte of whose address is 64.
    const late = (count: number) => `l: add x1, x1, #1
 and x6, x1, #0xff
 cmp x6, #${64 + count}
 b.lo k
 sdiv x3, x3, x5
 sdiv x3, x3, x5
k: subs x2, x2, #1
 b.ne l
`
    const settled = async (count: number): Promise<boolean> => {
      const report = await json(file('late.s', late(count)), '--loop', 'l', '--iterations', '180')
      return report.cyclesPerIteration !== null
    }
    expect([await settled(50), await settled(135), await settled(190)]).toEqual([true, false, true])
  })
})

describe('a window without an instruction', () => {
  it.each(['t.kanata', 't.json'])('is told on standard error: %s', async (name) => {
    const lines: string[] = []
    const write = vi.spyOn(process.stderr, 'write').mockImplementation((line) => {
      lines.push(String(line))
      return true
    })
    const trace = join(folder, name)
    try {
      await text(functions, '--entry', 'f', '--trace', trace, '--window', '70000:70010')
      expect(lines).toEqual([
        expect.stringMatching(
          /^bnnsim: .*: --window: nothing is in flight within 70000:70010 of \d+ cycles: the trace is empty\n$/,
        ),
      ])
      expect(readFileSync(trace, 'utf8')).not.toContain('ret')
      lines.length = 0
      await text(sample, '--trace', trace, '--window', '1000:2000')
      expect(lines).toEqual([])
    } finally {
      write.mockRestore()
    }
  })
})

describe('standard input', () => {
  it.each(['asm', 'replay'])('is not read by %s', async (command) => {
    const { error, stdout } = await inProcess(command, '-')
    expect({ error, stdout }).toEqual({ error: 'expected the name of a file: standard input is not read', stdout: '' })
  })
})
