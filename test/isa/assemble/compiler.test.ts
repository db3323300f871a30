// What the compiler prints, and what objdump prints of it: gcc/*.c, with gcc/*.s as gcc 12.2 -O2 -S made them.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { assemble } from '../../../src/isa/assemble.ts'
import type { Instruction, Program } from '../../../src/isa/instruction.ts'
import { shown } from './one.ts'

const folder = join(dirname(fileURLToPath(import.meta.url)), 'gcc')
const names = ['binary', 'plain'] as const
const read = (file: string): Program => assemble(readFileSync(join(folder, file), 'utf8'), file)

const tool = (name: string): string => `aarch64-linux-gnu-${name}`
const absent = ['gcc', 'objdump'].some((name) => spawnSync(tool(name), ['--version']).status !== 0)
if (absent) console.log('The compiler is not run: aarch64-linux-gnu-gcc is not installed (apt: gcc-aarch64-linux-gnu).')

describe('text of gcc -S', () => {
  it('assembles, with its functions and tables', () => {
    const { symbols, instructions, data } = read('binary.s')
    for (const name of ['dot', 'gemm', 'pack', 'scale', 'interleave']) expect(symbols.has(name)).toBe(true)
    const count = readFileSync(join(folder, 'binary.s'), 'utf8')
      .split('\n')
      .filter((line) => /^\t[a-z]/.test(line)).length
    const padding = instructions.filter(({ text }) => text === 'nop').length
    expect(instructions.length - padding).toBe(count)
    expect(data.some(({ bytes }) => [...bytes.subarray(0, 8)].join() === '1,2,4,8,16,32,64,128')).toBe(true)
  })

  it('has tables of branch distances', () => {
    const [, table] = /(\.L\d+):\n\t\.byte\t\(/.exec(readFileSync(join(folder, 'plain.s'), 'utf8'))!
    const { symbols, data, instructions } = read('plain.s')
    const at = symbols.get(table!)!
    const { address, bytes } = data.find((one) => one.address <= at && at < one.address + one.bytes.length)!
    const behindBranch = instructions.find(({ op }) => op === 'br')!.address + 4
    const distances = new Int8Array(bytes.buffer.slice(at - address, at - address + 12))
    const targets = [...distances].map((distance) => behindBranch + 4 * distance)
    expect(new Set(targets).size).toBe(12)
    for (const target of targets) expect([...symbols.values()]).toContain(target)
  })
})

/** Without what a disassembly cannot show: names, and distances as addresses. */
const meaning = (instruction: Instruction): string =>
  `${instruction.op} ${shown({
    ...instruction,
    operands: instruction.operands.map((operand) =>
      operand.kind === 'label' ? { ...operand, name: '', address: operand.address - instruction.address } : operand,
    ),
  })} ${instruction.timing}`

describe.skipIf(absent)('the compiler', () => {
  const work = mkdtempSync(join(tmpdir(), 'bnnsim-gcc-'))
  afterAll(() => rmSync(work, { recursive: true }))

  const compile = (name: string, ...flags: string[]): string => {
    const output = join(work, 'out')
    execFileSync(tool('gcc'), [...flags, '-ffreestanding', join(folder, `${name}.c`), '-o', output], { stdio: 'pipe' })
    return output
  }

  it.each(['-O0', '-O1 -g', '-Os', '-O3 -ffast-math', '-O3 -mcpu=cortex-a53 -funroll-loops'])(
    'prints with %s what assembles',
    (flags) => {
      for (const name of names) {
        const text = readFileSync(compile(name, '-S', ...flags.split(' ')), 'utf8')
        expect(assemble(text, `${name} ${flags}`).instructions.length).toBeGreaterThan(100)
      }
    },
    20_000,
  )

  it('makes what means the same when it is disassembled', () => {
    const source = readFileSync(compile('binary', '-S', '-O3'), 'utf8').replaceAll(
      /^\tadrp.*\n\tldr\tq\d+, \[x\d+, #:lo12:.*/gm,
      '',
    )
    const text = join(work, 'text.s')
    execFileSync('tee', [text], { input: source, stdio: ['pipe', 'ignore', 'pipe'] })
    execFileSync(tool('gcc'), ['-c', text, '-o', join(work, 'text.o')])
    const disassembled = (...flags: string[]): string =>
      execFileSync(tool('objdump'), ['-d', ...flags, join(work, 'text.o')], { encoding: 'utf8' })
    const listing = disassembled()
    const [ours, theirs] = [assemble(source, 'source'), assemble(listing, 'listing')]
    expect(theirs.instructions.map(meaning)).toEqual(ours.instructions.map(meaning))
    expect(theirs.blocks).toEqual(ours.blocks)
    expect(theirs.symbols.get('gemm')).toBe(ours.symbols.get('gemm'))
    const bare = assemble(disassembled('--no-show-raw-insn'), 'listing')
    expect(bare.instructions).toEqual(theirs.instructions)
  })
})

describe('text of objdump -d', () => {
  const listing = (...lines: string[]) =>
    ['a.out:     file format elf64-littleaarch64', '', '', 'Disassembly of section .text:', '', ...lines].join('\n')

  it('has branches to addresses, immediates explained, and gaps', () => {
    const program = assemble(
      listing(
        '0000000000400110 <dot>:',
        '  400110:\t4f000401 \tmovi\tv1.4s, #0x0',
        '  400114:\td2800003 \tmov\tx3, #0x10                  \t// #16',
        '  400118:\t54ffffe8 \tb.hi\t400114 <dot+0x4>  // b.pmore',
        '\t...',
        '',
        '0000000000400140 <main@@Base>:',
        '  400140:\t97fffff4 \tbl\t400110 <dot>',
        '  400144:\td65f03c0 \tret',
      ),
      'a.dis',
    )
    const [base] = program.instructions.map(({ address }) => address)
    expect(program.instructions.map(({ text }) => text)).toEqual([
      'movi v1.4s, #0x0',
      'mov x3, #0x10',
      'b.hi 400114 <dot+0x4>',
      'bl 400110 <dot>',
      'ret',
    ])
    expect(program.instructions[2]!.branch).toEqual({ kind: 'conditional', target: base! + 4 })
    expect(program.instructions[3]!.branch).toEqual({ kind: 'call', target: base })
    expect(Object.fromEntries(program.symbols)).toEqual({ dot: base, 'main@@Base': base! + 12 })
    expect(program.blocks.map(({ first }) => first)).toEqual([0, 1, 3, 4])
  })

  it.each([
    ['  400110:\t58000003 \tldr\tx3, 411000 <table>', /^a.dis:6:29: address 0x411000 is not in the disassembly/],
    ['  400110:\t14000003 \tb\t40011c <far>', /^a.dis:6:23: address 0x40011c is not in the disassembly/],
    ['  400110:\t94000000 \tbl\t0 <memcpy>', /^a.dis:6:21: a call that is not linked/],
    ['\t\t\t10: R_AARCH64_CALL26\tmemcpy', /^a.dis:6:4: R_AARCH64_CALL26: link the program/],
    ['  400110:\td4000001 \tsvc\t#0x0', /^a.dis:6:21: unknown instruction 'svc'/],
  ])('is refused where it is incomplete: %j', (line, message) => {
    const text = line.includes('R_') ? listing(line, '  400110:\td65f03c0 \tret') : listing(line)
    expect(() => assemble(text, 'a.dis')).toThrow(message)
  })
})
