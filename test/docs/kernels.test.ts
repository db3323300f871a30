// docs/kernels.md: its commands run, its outputs and figures are those that come out, its kernels are right.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { assemble } from '../../src/isa/assemble.ts'
import { Execution } from '../../src/isa/execute.ts'
import { bnnsim } from '../cli/bnnsim.ts'
import { inProcess } from '../cli/in-process.ts'
import { blockPattern, commandsOf, filled, kernels, page, root, tablePattern, words } from './guide.ts'

const text = readFileSync(page, 'utf8')
const blocks = [...text.matchAll(blockPattern)].map(([, script, shown]) => ({ script: script!, shown }))
const names = ['conv-1', 'conv-2', 'conv-3', 'conv-4']
const source = (name: string) => readFileSync(join(kernels, name), 'utf8')

const folder = mkdtempSync(join(tmpdir(), 'bnnsim-docs-'))
symlinkSync(join(root, 'docs'), join(folder, 'docs'))
afterAll(() => rmSync(folder, { recursive: true }))

const executed = new Map<string, Execution>()

/** `main` of a kernel, executed but not timed: what it returns, and what its memory holds. The same text is run once. */
function mainOf(assembly: string, file: string) {
  const execution = executed.get(assembly) ?? execute(assembly, file)
  executed.set(assembly, execution)
  return { returned: execution.getX(0), array: arrayOf(execution) }
}

function execute(assembly: string, file: string): Execution {
  const program = assemble(assembly, file)
  const execution = new Execution(program)
  execution.start(program.symbols.get('main')!)
  while (execution.run() > 0);
  return execution
}

const arrayOf =
  ({ program: { symbols }, memory }: Execution) =>
  (name: string, bytes: number): Uint8Array =>
    memory.slice(symbols.get(name)!, symbols.get(name)! + bytes)

/** One operation of the kernel made another: some scores then are wrong. */
const spoiled = (assembly: string) => assembly.replace(/\teor\t(v.*16b)/, '\torr\t$1')

describe('commands', () => {
  const shown = blocks.flatMap(({ script, shown }) => {
    const commands = commandsOf(script)
    return commands.map((command, i) => ({ command, output: i === commands.length - 1 ? shown : undefined }))
  })
  const outputs = new Map<string, string>()

  it.each(shown)('bnnsim $command', async ({ command, output }) => {
    const { stdout, error } = await inProcess(...words(command, folder))
    expect(error).toBeNull()
    if (output !== undefined) expect(output).toBe(stdout)
    outputs.set(command, stdout)
  })

  it('replay a trace in the cycles of the execution, which are in the table', () => {
    const [replayed] = [...outputs].filter(([command]) => command.startsWith('replay')).map(([, output]) => output)
    const [row] = /^\| `conv-4\.s`.*/m.exec(text)!
    const [, cycles] = /in ([\d,]+) cycles/.exec(replayed!)!
    expect(row.split(' | ')).toContain(cycles)
  })

  it('write traces of what the page says is in them', () => {
    const uadalp = /\tvector, 2 cycles/
    expect(readFileSync(join(folder, 'conv-1.kanata'), 'utf8')).toMatch(uadalp)
    const { traceEvents } = JSON.parse(readFileSync(join(folder, 'conv-1.json'), 'utf8'))
    const slices = traceEvents.filter(({ name, dur }: { name: string; dur: number }) => name === 'uadalp' && dur === 2)
    expect(slices.length).toBeGreaterThan(10)
  })
})

describe('tables', () => {
  const tables = [...text.matchAll(tablePattern)].map(([table, label]) => ({ table, label }))

  it.each(tables)('$label', ({ table }) => expect(table).toBe(filled(table)))

  it('are found', () => expect(tables.length).toBe(3))
})

describe('kernels', () => {
  it.each(names)('%s has the scores that its data have by definition', (name) => {
    const { returned, array } = mainOf(source(`${name}.s`), name)
    expect(returned).toBe(0n)
    const [pixels, weights] = [array('pixels', 16 * 16 * 16), array('weights', 64 * 3 * 3 * 16)]
    const scores = new Int16Array(array('scores', 2 * 14 * 14 * 64).buffer)
    expect(scores).toEqual(scoresOf(pixels, weights))
    expect(new Set(scores).size).toBeGreaterThan(50)
  })

  it('that are wrong are noticed, as the page says', async () => {
    const file = join(folder, 'wrong.s')
    writeFileSync(file, spoiled(source('conv-1.s')))
    const { status, stderr } = await bnnsim('asm', file)
    expect(status).toBe(2)
    expect(text).toContain(stderr.replace(file, 'conv-1.s'))
  })

  it('shown are those of the files', () => {
    const [, shown] = /^```c\n(#include.*?)^```/ms.exec(text)!
    expect(source('conv-1.c').endsWith(shown!)).toBe(true)
  })
})

/** Tap by tap and bit by bit. */
function scoresOf(pixels: Uint8Array, weights: Uint8Array): Int16Array {
  const ones = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length)
  const scores = new Int16Array(14 * 14 * 64).fill(1152)
  for (let i = 0; i < scores.length; i++) {
    const [output, x, y] = [i % 64, Math.floor(i / 64) % 14, Math.floor(i / 64 / 14)]
    for (let tap = 0; tap < 9; tap++) {
      const [pixel, weight] = [16 * (16 * (y + Math.floor(tap / 3)) + x + (tap % 3)), 16 * (9 * output + tap)]
      for (let byte = 0; byte < 16; byte++) scores[i]! -= 2 * ones[pixels[pixel + byte]! ^ weights[weight + byte]!]!
    }
  }
  return scores
}

const absent = (tool: string) => spawnSync(tool, ['--version']).status !== 0
const noCompiler = absent('aarch64-linux-gnu-gcc')
const noQemu = noCompiler || absent('qemu-aarch64')
if (noCompiler) console.log('Kernels are not compiled: aarch64-linux-gnu-gcc is absent (apt: gcc-aarch64-linux-gnu).')
if (noQemu) console.log('Kernels are not run on QEMU: it is absent, or the compiler is (apt: qemu-user).')

describe.skipIf(noCompiler)('compiled', () => {
  const scripts = blocks.map(({ script }) => script).filter((script) => commandsOf(script).length === 0)
  const [compile, emulate] = scripts as [string, string]
  /** A block of the page for another of its kernels. */
  const shell = (script: string, name: string) =>
    spawnSync('sh', ['-eu', '-c', script.replaceAll('conv-1', name)], { cwd: folder, encoding: 'utf8' })

  it.each(names)('%s is as committed, or right at least', (name) => {
    expect(shell(compile, name)).toMatchObject({ status: 0, stderr: '' })
    const fresh = readFileSync(join(folder, `${name}.s`), 'utf8')
    const [ours, theirs] = [source(`${name}.s`), fresh].map((assembly) => /\.ident.*/.exec(assembly)![0])
    if (ours === theirs) expect(fresh).toBe(source(`${name}.s`))
    expect(mainOf(fresh, name).returned).toBe(0n)
  })

  it.each(['-O1', '-O2 -mcpu=cortex-a53', '-O3 -fPIE -mcpu=neoverse-n1'])('works with %s too', (flags) => {
    expect(shell(compile.replace('-O3', flags), 'conv-4').status).toBe(0)
    expect(mainOf(readFileSync(join(folder, 'conv-4.s'), 'utf8'), 'conv-4.s').returned).toBe(0n)
  })

  it('calls memcpy where the page says, which then must be there', () => {
    const [, memcpy] = /^```c\n(void \*memcpy.*?)^```/ms.exec(text)!
    const copy = 'struct big { int x[200]; } from = {{5, 6, 7}}, to;\nint main(void) { to = from; return to.x[2]; }\n'
    const [flags] = /-O3[^"]*/.exec(compile)!
    const returned = (c: string) => {
      const gcc = [...flags!.split(' '), '-x', 'c', '-S', '-o', '-', '-']
      return mainOf(execFileSync('aarch64-linux-gnu-gcc', gcc, { input: c, encoding: 'utf8' }), 'copy.s').returned
    }
    expect(() => returned(copy)).toThrow("undefined symbol 'memcpy'")
    expect(returned(memcpy + copy)).toBe(7n)
  })

  it.skipIf(noQemu).each(names)('%s has the same verdict on QEMU', (name) => {
    const run = (assembly: string) => {
      writeFileSync(join(folder, `${name}.s`), assembly)
      return shell(emulate, name)
    }
    expect(run(source(`${name}.s`))).toMatchObject({ status: 0, stderr: '' })
    expect(run(spoiled(source(`${name}.s`))).status).not.toBe(0)
  })
})
