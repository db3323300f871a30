// `.include`: text in place, found by whom the caller says.

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { includeBeside } from '../../../src/isa/assemble/include.ts'
import { assemble, assembleAll } from '../../../src/isa/assemble.ts'
import { Execution } from '../../../src/isa/execute.ts'
import { loadTarget, runAssembly } from '../../../src/program.ts'
import { gasInstalled } from './gas.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bnnsim-include-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Writes files; the first one's path and text. */
function written(files: Readonly<Record<string, string>>): { file: string; text: string } {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const [name, text] = Object.entries(files)[0]!
  return { file: join(folder, name), text }
}

const assembled = (files: Readonly<Record<string, string>>) => {
  const { file, text } = written(files)
  return assemble(text, file, { include: includeBeside })
}

/** What is thrown, with paths from the folder. */
function refusal(files: Readonly<Record<string, string>>): string {
  try {
    const execution = new Execution(assembled(files))
    execution.start(execution.program.textBase)
    execution.run()
    return ''
  } catch (error) {
    return (error as Error).message.replaceAll(`${folder}/`, '')
  }
}

/** Text, names, constants and macros of an included file, and of one that it includes from its own folder. */
const sum = {
  'main.s':
    '.global main\nmain: mov w0, #1\nfirst: .include "parts/defs.inc" // here\n twice total\n add total, total, #ONE\n ret',
  'parts/defs.inc': 'total .req w0\n.equ ONE, 1\n .INCLUDE "twice.inc"\n add total, total, #3\n',
  'parts/twice.inc': '.macro twice what\n add \\what, \\what, \\what\n.endm',
}

describe('.include', () => {
  it('puts text in place; what it defines holds for the rest', () => {
    const { instructions, symbols } = assembled(sum)
    expect(instructions.map(({ text }) => text)).toEqual([
      'mov w0, #1',
      'add total, total, #3',
      'add total, total, total',
      'add total, total, #ONE',
      'ret',
    ])
    expect(symbols.get('first')).toBe(instructions[1]!.address)
    expect(instructions.map(({ line }) => line)).toEqual([2, 4, 4, 5, 6])
  })

  it('is read by bnnsim asm', () => {
    const { file, text } = written(sum)
    expect(runAssembly(loadTarget('cortex-a53'), text, file, {}).returned?.w0).toBe(9)
  })

  it.skipIf(!gasInstalled)('is read by GNU as alike', () => {
    const { file } = written(sum)
    const object = join(folder, 'main.o')
    execFileSync('aarch64-linux-gnu-as', ['-I', folder, '-I', join(folder, 'parts'), file, '-o', object])
    const listing = execFileSync('aarch64-linux-gnu-objdump', ['-d', object], { encoding: 'utf8' })
    const meaning = (text: string) => assemble(text, 'a').instructions.map(({ op, operands }) => ({ op, operands }))
    const { instructions } = assembled(sum)
    expect(meaning(listing)).toEqual(instructions.map(({ op, operands }) => ({ op, operands })))
  })

  it('can come several times, also from a macro and for several files', () => {
    const text = '.macro more\n .include "add.inc"\n.endm\n.rept 2\n more\n.endr\n.include "add.inc"\n'
    const { file } = written({ 'a.s': text, 'add.inc': 'add x0, x0, #1' })
    const program = assembleAll(
      [
        { file, text },
        { file: join(folder, 'b.s'), text },
      ],
      includeBeside,
    )
    expect(program.instructions).toHaveLength(6)
  })

  it.each([
    ['what the assembler refuses', 'nop\n ad x0, x1, x2', /^sub\/b\.inc:2:2: unknown instruction 'ad'/],
    ['operands that are wrong', 'nop\n mul v0.2d, v1.2d, v2.2d', /^sub\/b\.inc:2:2: no such form of mul/],
    ['a symbol that is missing', 'nop\nnop\n b nowhere', /^sub\/b\.inc:3:4: undefined symbol 'nowhere'/],
    ['a block without end', '.macro m\n nop', /^sub\/b\.inc:1:1: this block has no end/],
    ['an access outside of memory', 'nop\n ldr x0, [null]', /^sub\/b\.inc:2: 'ldr x0, \[null\]' accesses 0x0/],
  ])('is named with its line: %s', (_, text, message) => {
    const main = 'null .req x9\nmain: mov null, #0\n .include "sub/b.inc"\n ret'
    expect(refusal({ 'a.s': main, 'sub/b.inc': text })).toMatch(message)
  })

  it('is over at the end of the file', () => {
    expect(refusal({ 'a.s': '.include "b.inc"\n nop\n ad x0, x1', 'b.inc': 'nop' })).toMatch(/^a\.s:3:2: unknown/)
  })

  it.each([
    ['a file that is not there', '.include "tile.ink"', "a.s:1:1: no file 'tile.ink'; did you mean 'tile.inc'?"],
    ['a folder that is not there', ' .include "x/y/tile.inc"', "a.s:1:2: no file 'x/y/tile.inc'"],
    ['a folder', '.include "sub"', "a.s:1:1: 'sub' cannot be read (EISDIR)"],
    ['no quotes', '.include tile.inc', "a.s:1:1: expected a file's name in double quotes"],
    ['itself', 'nop\n.include "a.s"', "a.s:2:1: 'a.s' includes itself"],
    ['itself by way of another', '.include "sub/again.inc"', "sub/again.inc:2:1: '../a.s' includes itself"],
    ['a macro once more', '.include "tile.inc"\n.include "tile.inc"', "tile.inc:1:1: macro 'm' is defined twice"],
  ])('refuses %s', (_, text, message) => {
    const others = { 'tile.inc': '.macro m\n.endm', 'sub/again.inc': '\n.include "../a.s"' }
    expect(refusal({ 'a.s': text, ...others })).toBe(message)
  })

  it('finds nothing unless the caller says where', () => {
    expect(() => assemble('nop\n.include "tile.inc"', 'a.s')).toThrow("a.s:2:1: no file 'tile.inc'")
  })
})
