// Variants of what disassemblers print: without code words, of llvm-objdump, with data that they do not show.

import { afterAll, describe, expect, it } from 'vitest'
import { assemble } from '../../../src/isa/assemble.ts'
import { Execution } from '../../../src/isa/execute.ts'
import { TraceReader } from '../../../src/isa/trace/read.ts'
import { record, TraceFiles } from '../trace/files.ts'

const files = new TraceFiles()
afterAll(() => files.remove())

const encoded = `
out:     file format elf64-littleaarch64


Disassembly of section .text:

0000000000400150 <sum>:
  400150:	d2800003 	mov	x3, #0x0                   	// #0
  400154:	b8404402 	ldr	w2, [x0], #4
  400158:	8b020063 	add	x3, x3, x2
  40015c:	71000421 	subs	w1, w1, #0x1
  400160:	54ffffa1 	b.ne	400154 <sum+0x4>  // b.any
  400164:	17fffffe 	b	40015c <sum+0xc>
`
const bare = encoded.replaceAll(/\t[0-9a-f]{8} \t/g, '\t')
/** As llvm-objdump prints the same. */
const llvm = encoded
  .replaceAll(/\t(..)(..)(..)(..) \t/g, ' $4 $3 $2 $1  \t')
  .replaceAll(/\t(b\S*)\t/g, '\t$1\t0x')
  .replace(/ *\t\/\/ #0/, '')
const llvmBare = llvm.replaceAll(/: (?:[0-9a-f]{2} ){4} \t/g, ':      \t')
/** A loop cut out of it. */
const part = bare.split('\n').slice(8, 11).join('\n')

const meaning = (text: string) => {
  const { instructions, blocks, symbols } = assemble(text, 'a.dis')
  return {
    instructions: instructions.map(({ address, op, operands, line }) => ({ address, op, operands, line })),
    blocks,
    symbols,
  }
}

describe('a disassembly', () => {
  it('means the same without code words, and of llvm-objdump', () => {
    const expected = meaning(encoded)
    expect(expected.instructions.map(({ op }) => op)).toEqual(['mov', 'ldr', 'add', 'subs', 'b.cond', 'b'])
    expect(expected.instructions[4]!.operands[1]).toMatchObject({ address: expected.instructions[1]!.address })
    for (const text of [bare, llvm, llvmBare]) expect(meaning(text)).toEqual(expected)
  })

  it('may be cut to the part of interest', () => {
    const branch = part.replace(/400154 <.*/, '400158 <sum+0x8>  // b.any')
    expect(assemble(`${branch}\n  400160:\tb.ne\t400158 <sum+0x8>  // b.any`, 'a.dis').instructions).toHaveLength(4)
  })

  it.each([
    ['  8:\tbl\t8 <f+0x8>'],
    ['  8:\tbl\t0x8 <f+0x8>'],
    ['  8:\tbl\t0 <memcpy>'],
    ['  8: 00 00 00 94  \tbl\t0x8 <f+0x8>'],
  ])('of an object file with a call that is not linked is refused: %j', (call) => {
    const text = `0000000000000000 <f>:\n   0:\tnop\n   4:\tnop\n ${call}\n`
    expect(() => assemble(text, 'a.dis')).toThrow(/^a\.dis:4:\d+: a call that is not linked/)
  })

  it('may call its first function, at address 0', () => {
    const text = '0000000000000000 <f>:\n   0:\tnop\n   4:\tbl\t0 <f>\n   8:\tret\n'
    const [first, call] = assemble(text, 'a.dis').instructions
    expect(call!.branch).toEqual({ kind: 'call', target: first!.address })
  })
})

/** `adrp` and `adr` as they are printed, of data that are not shown; the last one of what is. */
const pointing = `
0000000000400150 <main>:
  400150:	adrp	x4, 41f000 <table+0x1ee20>
  400154:	adr	x5, 41e0f0 <table+0x10>
  400158:	adr	x6, 400160 <main+0x10>
  40015c:	ldr	w2, [x4, #4080]
  400160:	subs	x1, x1, #0x1
  400164:	b.ne	40015c <main+0xc>
  400168:	ret
`

describe('adrp and adr', () => {
  it('of what is shown give its address', () => {
    const { instructions } = assemble(pointing, 'a.dis')
    expect(instructions[2]!.operands[1]).toMatchObject({ address: instructions[4]!.address })
  })

  it('of what is not shown are no error, but its use is', () => {
    const execution = new Execution(assemble(pointing, 'a.dis'))
    execution.start(execution.program.textBase)
    expect(() => execution.run()).toThrow(
      "a.dis:6: 'ldr w2, [x4, #4080]' needs what is at 0x41fff0, of which a disassembly shows the address alone",
    )
    const called = new Execution(assemble(pointing.replace('ldr\tw2, [x4, #4080]', 'blr\tx5'), 'a.dis'))
    called.start(called.program.textBase)
    expect(() => called.run()).toThrow("a.dis:6: 'blr x5' needs what is at 0x41e0f0, of which")
  })

  it('are timed in a loop, and recorded', async () => {
    const text = pointing.replace('b.ne\t40015c <main+0xc>', 'b.ne\t400150 <main>')
    const loop = { label: 'main', iterations: 3 }
    const reader = new TraceReader(files.file(record(new Execution(assemble(text, 'a.dis'), { loop }))))
    while ((await reader.run()) > 0);
    const [adrp, adr] = reader.instructions
    expect(adrp!.operands[1]).toMatchObject({ address: 2 ** 32 + 0x41f000 })
    expect(adr!.operands[1]).toMatchObject({ address: 2 ** 32 + 0x41e0f0 })
  })

  it('elsewhere leave an access behind memory what it was', () => {
    const execution = new Execution(assemble('mov x0, #0x100000000\nldr x1, [x0]\nret\n', 'a.s'))
    execution.start(execution.program.textBase)
    expect(() => execution.run()).toThrow("a.s:2: 'ldr x1, [x0]' accesses 0x100000000, expected from")
  })
})
